import { decodeEscapes, encodeForUrn, isDigits } from './characters.js';
import type { CharacterSet } from './characters.js';
import { withCheckDigit } from './check-digit.js';
import { readTag } from './epc-tag.js';
import { keySpec } from './key-table.js';
import type { GivenKey } from './key.js';
import { faultOfOther, OTHER_SCHEMES } from './other-epc.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault } from './parsed.js';

/** How a URN scheme writes its key. The check digit is never in it. */
export interface UrnScheme {
  readonly ai: string;
  /** Digits of company prefix and reference together; 0 when the reference is free text. */
  readonly digits: number;
  /** In the key, the reference's first digit (indicator, extension) precedes the company prefix. */
  readonly leads: boolean;
  /** AI of the last field: `''` when it ends the same AI's value, null when there is none. */
  readonly last: string | null;
  /** Text before the digits in the key. */
  readonly before: string;
}

function scheme(ai: string, digits: number, last: string | null, leads = false): UrnScheme {
  return { ai, digits, last, leads, before: ai === '8003' ? '0' : '' };
}

/** The scheme of `urn:epc:class:`: a lot of a product. */
export const LGTIN = scheme('01', 13, '10', true);

/**
 * The schemes of `urn:epc:id:` that are GS1 keys. This is the only such table: the fast path, the
 * event hash and the patterns of queries are made from it.
 *
 * @see EPC TDS 6.3 "EPC pure identity URIs"
 */
export const URN_SCHEMES: ReadonlyMap<string, UrnScheme> = new Map([
  ['sgtin', scheme('01', 13, '21', true)],
  ['sscc', scheme('00', 17, null, true)],
  ['sgln', scheme('414', 12, '254')],
  ['pgln', scheme('417', 12, null)],
  ['grai', scheme('8003', 12, '')],
  ['giai', scheme('8004', 0, null)],
  ['gsrn', scheme('8018', 17, null)],
  ['gsrnp', scheme('8017', 17, null)],
  ['gdti', scheme('253', 12, '')],
  ['cpi', scheme('8010', 0, '8011')],
  ['itip', scheme('8006', 13, '21', true)],
  ['upui', scheme('01', 13, '235', true)],
  ['sgcn', scheme('255', 12, '')],
  ['ginc', scheme('401', 0, null)],
  ['gsin', scheme('402', 16, null)],
]);

const NOT_GS1: ReadonlySet<string> = new Set(OTHER_SCHEMES);
/** Schemes with classes for `urn:epc:idpat:`. Not SGLN: without extension it is still a place. */
export const CLASS_PATTERNS: ReadonlyMap<string, UrnScheme> = new Map(
  [...URN_SCHEMES].filter(([name, { last }]) => last !== null && name !== 'sgln'),
);

/** The scheme of this name; `lgtin` is one too. */
export function urnScheme(name: string): UrnScheme | undefined {
  return name === 'lgtin' ? LGTIN : URN_SCHEMES.get(name);
}

/** What the last field of a scheme may hold; undefined when there is none. */
export function lastFieldOf({
  ai,
  last,
}: UrnScheme): { readonly set: CharacterSet; readonly maxLength: number } | undefined {
  const key = keySpec(ai);
  return last === '' ? key?.tail : key?.qualifiers.find((qualifier) => qualifier.ai === last);
}

const FORM = /^urn:epc:(id|class|idpat):([a-z]+):(.*)$/is;
const TAG = /^urn:epc:(tag|pat):/i;
const RAW = /^urn:epc:raw:/i;

/**
 * Reads an EPC URN: pure identity (`urn:epc:id:`), lot (`urn:epc:class:lgtin:`), class pattern with
 * open serial (`urn:epc:idpat:sgtin:0614141.112345.*`), tag (`urn:epc:tag:sgtin-96:3.…`) or tag
 * pattern (`urn:epc:pat:`). The filter value of a tag is dropped.
 *
 * Null for a well-formed URN whose scheme is not a GS1 key. Check digits are computed and escapes
 * are resolved. A character that should be escaped and is not is accepted.
 *
 * @see EPC TDS 6 (pure identity), 8 (patterns), 12 (tags), 13 (tag patterns); CBV 8.3 (class-level URIs)
 */
export function readUrn(urn: string): GivenKey | IdentifierFault | null {
  if (TAG.test(urn)) return readTagUrn(urn);
  return RAW.test(urn) ? rawForm(urn) : readPureUrn(urn);
}

function readPureUrn(urn: string): GivenKey | IdentifierFault | null {
  const [, form = '', name = '', body = ''] = FORM.exec(urn) ?? [];
  const scheme = name.toLowerCase();
  switch (form.toLowerCase()) {
    case 'class':
      return scheme === 'lgtin' ? readBody(LGTIN, scheme, body) : unknownForm(urn);
    case 'idpat':
      return readPattern(urn, scheme, body);
    case 'id':
      return readId(urn, scheme, body);
    default:
      return unknownForm(urn);
  }
}

function readTagUrn(urn: string): GivenKey | IdentifierFault | null {
  const tag = readTag(urn);
  if ('ok' in tag) return tag;
  return /[*[\]]/.test(tag.body)
    ? readPattern(urn, tag.scheme, tag.body)
    : readId(urn, tag.scheme, tag.body);
}

function rawForm(urn: string): IdentifierFault {
  return fault(
    'UNKNOWN_FORM',
    `${quoted(urn)} holds the bits of a tag, undecoded. Decode it to its pure identity (urn:epc:id:…), as readers do when asked for it.`,
  );
}

/**
 * The URN of a key. Null when no URN can express it (a lot of an ITIP, a prefix length that does
 * not fit).
 *
 * @param given a key that was already judged, with a GTIN of 14 digits
 */
export function writeUrn(given: GivenKey, companyPrefixLength: number): string | null {
  const last = lastField(given);
  const name = schemeName(given);
  const found = urnScheme(name);
  if (found === undefined || companyPrefixLength < 6 || companyPrefixLength > 12) return null;

  const fields =
    found.digits > 0
      ? digitFields(found, given.value, companyPrefixLength)
      : textFields(given.value, companyPrefixLength);
  return fields === null ? null : writeFields(found, name, fields, last);
}

/** The digits of a key that can belong to its company prefix: from its start on. */
export function digitsFromPrefix(given: GivenKey): string {
  const { ai, digits } = given.spec;
  const leading = ai === '00' || ai === '01' || ai === '8006' || ai === '8003' ? 1 : 0;
  return /^\d*/.exec(given.value.slice(leading, digits > 0 ? digits : 12))?.[0] ?? '';
}

function writeFields(known: UrnScheme, name: string, fields: string, last: string): string {
  if (known.last === null) return `urn:epc:id:${name}:${fields}`;
  if (name === 'lgtin') return `urn:epc:class:lgtin:${fields}.${encodeForUrn(last)}`;
  if (last !== '') return `urn:epc:id:${name}:${fields}.${encodeForUrn(last)}`;
  return name === 'sgln' ? `urn:epc:id:sgln:${fields}.0` : `urn:epc:idpat:${name}:${fields}.*`;
}

function readId(urn: string, name: string, body: string): GivenKey | IdentifierFault | null {
  const known = URN_SCHEMES.get(name);
  if (known !== undefined) return readBody(known, name, body);
  return NOT_GS1.has(name) ? faultOfOther(name, body) : unknownForm(urn);
}

function readPattern(urn: string, name: string, body: string): GivenKey | IdentifierFault | null {
  if (NOT_GS1.has(name)) return null;
  const known = CLASS_PATTERNS.get(name);
  if (known === undefined) return unknownForm(urn);
  const open = body.endsWith('.*') ? body.slice(0, -2) : '*';
  if (open.includes('*')) {
    return fault(
      'UNKNOWN_FORM',
      `A pattern names a class when the serial, and nothing else, is "*" (urn:epc:idpat:sgtin:0614141.112345.*), found ${quoted(body)}.`,
    );
  }
  return readBody({ ...known, last: null }, name, open);
}

function readBody(known: UrnScheme, name: string, body: string): GivenKey | IdentifierFault {
  const spec = keySpec(known.ai);
  const fields = splitFields(known, body);
  if (fields === null || spec === undefined) {
    return fault(
      'LENGTH',
      `The fields of ${name} are ${fieldNames(known)}, separated by dots and not empty; found ${quoted(body)}.`,
    );
  }
  const problem = faultOfPrefix(known, name, fields);
  if (problem !== undefined) return problem;

  const { prefix } = fields;
  const reference = decodeEscapes(fields.reference);
  const last = decodeEscapes(fields.last);
  if (last === null || reference === null) {
    return fault(
      'CHARACTER',
      `In ${quoted(body)} a "%" is not followed by two hexadecimal digits. Write a plain "%" as %25.`,
    );
  }
  const value = known.digits > 0 ? digitValue(known, prefix, reference) : prefix + reference;
  return {
    spec,
    value: value + fields.pieces + (known.last === '' ? last : ''),
    qualifiers: new Map(known.last ? [[known.last, last]] : []),
    companyPrefixLength: prefix.length,
  };
}

interface UrnFields {
  readonly prefix: string;
  readonly reference: string;
  /** Piece and total of an ITIP, four digits. */
  readonly pieces: string;
  readonly last: string;
}

const FIELDS = /^([^.]*)\.(.*)$/s;
const FIELDS_AND_LAST = /^([^.]*)\.([^.]*)\.(.+)$/s;
const ITIP_FIELDS = /^([^.]*)\.([^.]*)\.(\d\d\.\d\d)$/;
const ITIP_FIELDS_AND_LAST = /^([^.]*)\.([^.]*)\.(\d\d\.\d\d)\.(.+)$/s;

function fieldsPattern(known: UrnScheme): RegExp {
  if (known.ai === '8006') return known.last === null ? ITIP_FIELDS : ITIP_FIELDS_AND_LAST;
  return known.last === null ? FIELDS : FIELDS_AND_LAST;
}

/** Splits at dots; the last field may contain dots. Null when a field is missing or it is empty. */
function splitFields(known: UrnScheme, body: string): UrnFields | null {
  const match = fieldsPattern(known).exec(body);
  if (match === null) return null;
  const [, prefix = '', reference = '', third = '', fourth = ''] = match;
  const isItip = known.ai === '8006';
  return {
    prefix,
    reference,
    pieces: isItip ? third.replace('.', '') : '',
    last: isItip ? fourth : third,
  };
}

function faultOfPrefix(
  known: UrnScheme,
  name: string,
  fields: UrnFields,
): IdentifierFault | undefined {
  const { prefix, reference } = fields;
  if (prefix.length < 6 || prefix.length > 12 || !isDigits(prefix)) {
    return fault(
      'PREFIX_LENGTH',
      `The company prefix of ${name} has 6 to 12 digits, found ${quoted(prefix)}.`,
    );
  }
  if (known.digits > 0) return faultOfDigits(known, name, fields);
  return reference === ''
    ? fault('LENGTH', `The reference after the company prefix of ${name} is empty.`)
    : undefined;
}

function faultOfDigits(
  known: UrnScheme,
  name: string,
  fields: UrnFields,
): IdentifierFault | undefined {
  const digits = fields.prefix + fields.reference;
  const found = quoted(`${fields.prefix}.${fields.reference}`);
  if (!isDigits(digits)) {
    return fault(
      'CHARACTER',
      `Company prefix and reference of ${name} are digits, found ${found}.`,
    );
  }
  if (digits.length === known.digits) return undefined;
  return fault(
    'LENGTH',
    `Company prefix and reference of ${name} have ${known.digits} digits together, without check digit; found ${digits.length} in ${found}.`,
  );
}

/** The digits of a key in its own order, with the check digit. */
export function digitValue(known: UrnScheme, prefix: string, reference: string): string {
  const digits = known.leads
    ? reference.slice(0, 1) + prefix + reference.slice(1)
    : prefix + reference;
  return known.before + withCheckDigit(digits);
}

function digitFields(known: UrnScheme, value: string, companyPrefixLength: number): string {
  const digits = value.slice(known.before.length, known.before.length + known.digits);
  const lead = known.leads ? digits.slice(0, 1) : '';
  const rest = digits.slice(lead.length);
  const fields = `${rest.slice(0, companyPrefixLength)}.${lead}${rest.slice(companyPrefixLength)}`;
  return known.ai === '8006' ? `${fields}.${value.slice(14, 16)}.${value.slice(16)}` : fields;
}

function textFields(value: string, companyPrefixLength: number): string | null {
  const prefix = value.slice(0, companyPrefixLength);
  const reference = value.slice(companyPrefixLength);
  return isDigits(prefix) && reference !== '' ? `${prefix}.${encodeForUrn(reference)}` : null;
}

function lastField(given: GivenKey): string {
  const [qualifier] = given.qualifiers.values();
  return qualifier ?? (given.spec.digits > 0 ? given.value.slice(given.spec.digits) : '');
}

/** Empty when no URN can express the key: a lot of an ITIP. */
function schemeName(given: GivenKey): string {
  const { spec, qualifiers } = given;
  if (spec.ai === '8006' && qualifiers.has('10')) return '';
  if (spec.ai !== '01') return spec.scheme;
  if (qualifiers.has('10')) return 'lgtin';
  return qualifiers.has('235') ? 'upui' : 'sgtin';
}

function fieldNames(known: UrnScheme): string {
  const pieces = known.ai === '8006' ? '.piece.total' : '';
  return `companyPrefix.reference${pieces}${known.last === null ? '' : '.serial'}`;
}

function unknownForm(urn: string): IdentifierFault {
  return fault(
    'UNKNOWN_FORM',
    `${quoted(urn)} is not a known EPC URN: urn:epc:id: with ${[...URN_SCHEMES.keys(), ...NOT_GS1].join(', ')}; urn:epc:class:lgtin:; urn:epc:idpat: with ${[...CLASS_PATTERNS.keys()].join(', ')}.`,
  );
}
