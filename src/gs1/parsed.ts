/** Which GS1 key an identifier is; `payee` the GLN of an invoicing party (415); `other` is an absolute URI that is no GS1 key (gid, usdod, adi, bic, imovn, a URL, …). */
export type IdentifierScheme =
  | 'sgtin'
  | 'lgtin'
  | 'gtin'
  | 'sscc'
  | 'sgln'
  | 'pgln'
  | 'grai'
  | 'giai'
  | 'gsrn'
  | 'gsrnp'
  | 'gdti'
  | 'cpi'
  | 'itip'
  | 'upui'
  | 'sgcn'
  | 'ginc'
  | 'gsin'
  | 'gmn'
  | 'payee'
  | 'other';

/** What an identifier stands for: one thing, a kind of things, a place or a party. */
export type IdentifierLevel = 'instance' | 'class' | 'location' | 'party';

/**
 * One identifier, whatever form it came in.
 *
 * @see ./key.ts for the form of `key`
 */
export interface Identifier {
  readonly key: string;
  readonly scheme: IdentifierScheme;
  readonly level: IdentifierLevel;
  /** 14 digits. */
  readonly gtin?: string;
  /** Also the TPX of an UPUI. */
  readonly serial?: string;
  /** Also beside a serial, when a scan or a Digital Link told both; the key then has the serial only. */
  readonly lot?: string;
  /** 13 digits. */
  readonly gln?: string;
  readonly extension?: string;
  /** 18 digits. */
  readonly sscc?: string;
  /** 6 to 12; known when it came as an EPC URN. */
  readonly companyPrefixLength?: number;
}

/**
 * Why a text is no identifier.
 *
 * `PREFIX_LENGTH` company prefix of a URN is not 6 to 12 digits · `QUALIFIER` qualifiers that do not go together or do not belong
 * to the key · `AMBIGUOUS` two keys in one scan · `VALUE` well-formed, but a number that is never given out · `WRONG_KIND` a good
 * identifier of another kind than asked · `PAIRING` AIs that exclude each other, or one that lacks its companion.
 */
export type IdentifierFaultCode =
  | 'CHECK_DIGIT'
  | 'UNKNOWN_FORM'
  | 'LENGTH'
  | 'CHARACTER'
  | 'PREFIX_LENGTH'
  | 'QUALIFIER'
  | 'AMBIGUOUS'
  | 'VALUE'
  | 'WRONG_KIND'
  | 'PAIRING';

/** A refusal: `message` says what was found, which rule it breaks and what to do. */
export interface IdentifierFault {
  readonly ok: false;
  readonly code: IdentifierFaultCode;
  readonly message: string;
}

/** An identifier, or why there is none. */
export type ParsedIdentifier = { readonly ok: true; readonly id: Identifier } | IdentifierFault;

/** What the characters of a set are, for messages. */
export const SET_NAMES = {
  N: 'digits only',
  X: 'GS1 set 82',
  Y: 'GS1 set 39: digits, A to Z, # - /',
  Z: 'GS1 set 64: letters, digits, - _ and = at the end',
} as const;

/** Makes a refusal. */
export function fault(code: IdentifierFaultCode, message: string): IdentifierFault {
  return { ok: false, code, message };
}

/** A text of the user's, fit for a message: quoted, cut at 80 characters, control characters visible. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
