import { decodeEscapes, encodeForUrn, isDigits } from './characters.js';
import { withCheckDigit } from './check-digit.js';
import { keySpec } from './key-table.js';
import type { GivenKey } from './key.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault } from './parsed.js';

/** How a URN scheme writes its key. The check digit is never in it. */
export interface UrnScheme {
  readonly ai: string;
  /** Digits of company prefix and reference together; 0 when the reference is free text. */
  readonly digits: number;
  /** The first digit of the reference stands before the company prefix in the key (indicator or extension digit). */
  readonly leads: boolean;
  /** Where the last field goes: a qualifier's AI, `''` for behind the value in the same AI, null when there is no last field. */
  readonly last: string | null;
  /** Written before the digits in the key. */
  readonly before: string;
}

function scheme(ai: string, digits: number, last: string | null, leads = false): UrnScheme {
  return { ai, digits, last, leads, before: ai === '8003' ? '0' : '' };
}

const LGTIN = scheme('01', 13, '10', true);

/**
 * The schemes of `urn:epc:id:` that are GS1 keys.
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

const NOT_GS1: ReadonlySet<string> = new Set(['gid', 'usdod', 'adi', 'bic', 'imovn']);
/** Schemes with a last field whose class `urn:epc:idpat:` can name. */
const PATTERNS: ReadonlySet<string> = new Set([
  'sgtin',
  'grai',
  'gdti',
  'sgcn',
  'cpi',
  'itip',
  'upui',
]);

const FORM = /^urn:epc:(?:(id|class|idpat):([a-z]+)|(tag):([a-z]+)-[a-z0-9]+):(.*)$/is;

/**
 * Reads an EPC URN: pure identity (`urn:epc:id:`), lot (`urn:epc:class:lgtin:`), class as a pattern that leaves the serial open
 * (`urn:epc:idpat:sgtin:0614141.112345.*`), or tag (`urn:epc:tag:sgtin-96:3.…`, the filter value is dropped).
 *
 * Null when it is a well-formed URN of a scheme that is no GS1 key. Check digits are computed; escapes are resolved, and a
 * character that ought to be escaped and is not is taken as it stands.
 *
 * @see EPC TDS 6 (pure identity), 8 (patterns), 12 (tags); CBV 8.3 (class-level URIs)
 */
export function readUrn(urn: string): GivenKey | IdentifierFault | null {
  const match = FORM.exec(urn);
  if (match === null) return unknownForm(urn);
  const form = (match[1] ?? match[3] ?? '').toLowerCase();
  const name = (match[2] ?? match[4] ?? '').toLowerCase();
  const body = match[5] ?? '';
  if (form !== 'class' && NOT_GS1.has(name)) return null;
  if (form === 'class') return name === 'lgtin' ? readBody(LGTIN, name, body) : unknownForm(urn);

  const known = URN_SCHEMES.get(name);
  if (known === undefined) return unknownForm(urn);
  if (form === 'idpat') return readPattern(known, name, body);
  if (form === 'id') return readBody(known, name, body);
  return readBody(known, name, body.slice(body.indexOf('.') + 1));
}

/**
 * The URN of a key, when the length of its company prefix is known; null when no URN says it (a lot of an ITIP, a prefix length
 * that does not fit).
 *
 * @param given a key already judged, GTIN with 14 digits
 */
export function writeUrn(given: GivenKey, companyPrefixLength: number): string | null {
  if (companyPrefixLength < 6 || companyPrefixLength > 12) return null;
  const last = lastField(given);
  const name = schemeName(given, last);
  const found = name === 'lgtin' ? LGTIN : URN_SCHEMES.get(name);
  if (found === undefined || (given.spec.ai === '8006' && given.qualifiers.has('10'))) return null;

  const fields =
    found.digits > 0
      ? digitFields(found, given.value, companyPrefixLength)
      : textFields(given.value, companyPrefixLength);
  if (fields === null) return null;
  if (found.last === null) return `urn:epc:id:${name}:${fields}`;
  if (name === 'lgtin') return `urn:epc:class:lgtin:${fields}.${encodeForUrn(last)}`;
  if (last === '')
    return name === 'sgln' ? `urn:epc:id:sgln:${fields}.0` : `urn:epc:idpat:${name}:${fields}.*`;
  return `urn:epc:id:${name}:${fields}.${encodeForUrn(last)}`;
}

function readPattern(known: UrnScheme, name: string, body: string): GivenKey | IdentifierFault {
  const open = body.endsWith('.*') ? body.slice(0, -2) : null;
  if (open === null || !PATTERNS.has(name) || open.includes('*')) {
    return fault(
      'UNKNOWN_FORM',
      `A pattern ${quoted(body)} names a class only when the serial, and nothing else, is "*" (urn:epc:idpat:sgtin:0614141.112345.*).`,
    );
  }
  return readBody({ ...known, last: null }, name, open);
}

function readBody(known: UrnScheme, name: string, body: string): GivenKey | IdentifierFault {
  const fields = splitFields(
    body,
    2 + (known.ai === '8006' ? 2 : 0) + (known.last === null ? 0 : 1),
  );
  const spec = keySpec(known.ai);
  if (fields === null || spec === undefined) {
    return fault(
      'LENGTH',
      `${name} has the fields ${fieldNames(known)}, separated by dots; found ${quoted(body)}.`,
    );
  }
  const [prefix = '', reference = ''] = fields;
  const problem = faultOfPrefix(known, name, prefix, reference);
  if (problem !== undefined) return problem;

  const last = decodeEscapes(known.last === null ? '' : (fields.at(-1) ?? ''));
  const value =
    known.digits > 0 ? digitValue(known, prefix, reference) : textValue(prefix, reference);
  if (last === null || value === null) {
    return fault(
      'CHARACTER',
      `In ${quoted(body)} a "%" is not followed by two hexadecimal digits. Write a plain "%" as %25.`,
    );
  }
  const pieces = known.ai === '8006' ? `${fields[2] ?? ''}${fields[3] ?? ''}` : '';
  if (known.ai === '8006' && (pieces.length !== 4 || fields[2]?.length !== 2)) {
    return fault(
      'LENGTH',
      `The piece and the total of an ITIP have 2 digits each, found ${quoted(body)}.`,
    );
  }
  if (known.last !== null && last === '') {
    return fault(
      'LENGTH',
      `The last field of ${name} is empty in ${quoted(body)}; its fields are ${fieldNames(known)}.`,
    );
  }
  return {
    spec,
    value: value + pieces + (known.last === '' ? last : ''),
    qualifiers: new Map(known.last === null || known.last === '' ? [] : [[known.last, last]]),
    companyPrefixLength: prefix.length,
  };
}

/** Splits at dots into exactly `count` fields; the last one keeps its dots. Null when there are fewer. */
function splitFields(body: string, count: number): string[] | null {
  const fields: string[] = [];
  let from = 0;
  while (fields.length < count - 1) {
    const dot = body.indexOf('.', from);
    if (dot < 0) return null;
    fields.push(body.slice(from, dot));
    from = dot + 1;
  }
  fields.push(body.slice(from));
  return fields;
}

function faultOfPrefix(
  known: UrnScheme,
  name: string,
  prefix: string,
  reference: string,
): IdentifierFault | undefined {
  if (prefix.length < 6 || prefix.length > 12 || !isDigits(prefix)) {
    return fault(
      'PREFIX_LENGTH',
      `The company prefix of ${name} has 6 to 12 digits, found ${quoted(prefix)}.`,
    );
  }
  if (known.digits === 0) {
    return reference === ''
      ? fault('LENGTH', `The reference behind the company prefix of ${name} is empty.`)
      : undefined;
  }
  const digits = prefix + reference;
  if (!isDigits(digits)) {
    return fault(
      'CHARACTER',
      `Company prefix and reference of ${name} are digits, found ${quoted(`${prefix}.${reference}`)}.`,
    );
  }
  if (digits.length === known.digits) return undefined;
  return fault(
    'LENGTH',
    `Company prefix and reference of ${name} have ${known.digits} digits together, found ${digits.length} in ${quoted(`${prefix}.${reference}`)}.`,
  );
}

function digitValue(known: UrnScheme, prefix: string, reference: string): string {
  const digits = known.leads
    ? reference.slice(0, 1) + prefix + reference.slice(1)
    : prefix + reference;
  return known.before + withCheckDigit(digits);
}

function textValue(prefix: string, reference: string): string | null {
  const decoded = decodeEscapes(reference);
  return decoded === null ? null : prefix + decoded;
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

function schemeName(given: GivenKey, last: string): string {
  if (given.spec.ai !== '01') return given.spec.scheme;
  if (given.qualifiers.has('10') && last !== '') return 'lgtin';
  return given.qualifiers.has('235') ? 'upui' : 'sgtin';
}

function fieldNames(known: UrnScheme): string {
  const pieces = known.ai === '8006' ? '.piece.total' : '';
  return `companyPrefix.reference${pieces}${known.last === null ? '' : '.serial'}`;
}

function unknownForm(urn: string): IdentifierFault {
  return fault(
    'UNKNOWN_FORM',
    `${quoted(urn)} is no EPC URN known here: urn:epc:id: with ${[...URN_SCHEMES.keys(), ...NOT_GS1].join(', ')}; urn:epc:class:lgtin:; urn:epc:idpat: with ${[...PATTERNS].join(', ')}.`,
  );
}
