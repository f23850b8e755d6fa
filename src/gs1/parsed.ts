/**
 * Which GS1 key an identifier is. `payee` is the GLN of an invoicing party (415). `other` is an
 * absolute URI that is not a GS1 key (gid, usdod, adi, bic, imovn, a URL, …).
 */
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

/** What an identifier stands for: one object, a class of objects, a place or a party. */
export type IdentifierLevel = 'instance' | 'class' | 'location' | 'party';

/**
 * One identifier, independent of the form it came in.
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
  /** Also present beside a serial if the input had both; the key then has only the serial. */
  readonly lot?: string;
  /** 13 digits. */
  readonly gln?: string;
  readonly extension?: string;
  /** 18 digits. */
  readonly sscc?: string;
  /** 6 to 12; known only when it came as an EPC URN. */
  readonly companyPrefixLength?: number;
}

/**
 * Why a text is not an identifier.
 *
 * `PREFIX_LENGTH` the company prefix of a URN does not have 6 to 12 digits · `QUALIFIER` qualifiers
 * exclude each other or do not belong to the key · `AMBIGUOUS` one scan has two keys · `VALUE` a
 * well-formed number is never assigned · `WRONG_KIND` the identifier is right, but of another kind
 * than expected · `PAIRING` AIs exclude each other, or an AI lacks one that it needs.
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

/** A refusal. The `message` says what was found, which rule it breaks and what to do. */
export interface IdentifierFault {
  readonly ok: false;
  readonly code: IdentifierFaultCode;
  readonly message: string;
}

/** An identifier, or why there is none. */
export type ParsedIdentifier = { readonly ok: true; readonly id: Identifier } | IdentifierFault;

/** The names of the character sets, for messages. */
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

/** Quotes a user's text for a message: cut at 80 characters, control characters visible. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
