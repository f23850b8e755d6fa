/**
 * The canonical key: the path of a canonical GS1 Digital Link, without leading slash and escapes.
 *
 * `01/<gtin14>` · `01/<gtin14>/21/<serial>` · `01/<gtin14>/10/<lot>` · `01/<gtin14>/235/<tpx>` · `00/<sscc18>` · `414/<gln13>` ·
 * `414/<gln13>/254/<extension>` · `417/<gln13>` · `8003/0<13 digits><serial>` · `8004/<giai>` · `8006/<18 digits>[/21/<serial>]` ·
 * `8010/<cpid>[/8011/<serial>]` · `253/`, `255/`, `401/`, `402/`, `8017/`, `8018/`. The key of any
 * other identifier is its URI.
 *
 * A key has at most one qualifier, and only its last value may contain a `/`. So it is unambiguous:
 * everything after `01/<gtin14>/21/` is the serial. The exception is the CPID (8010), which may
 * contain a `/` before a serial: only there `/` is written `%2F` (a CPID cannot contain `%`).
 */
import { firstOutside, isDigits } from './characters.js';
import { checkDigit } from './check-digit.js';
import { checkPair } from './check-pair.js';
import { keySpec } from './key-table.js';
import type { KeySpec, QualifierSpec } from './key-table.js';
import { fault, quoted, SET_NAMES } from './parsed.js';
import type { Identifier, IdentifierFault, ParsedIdentifier } from './parsed.js';

/** Fewest digits of a company prefix (GS1 General Specifications 1.4.4). */
const SHORTEST_PREFIX = 4;

/** A key and its qualifiers as read from any written form, decoded but not yet judged. */
export interface GivenKey {
  readonly spec: KeySpec;
  readonly value: string;
  /** By AI. */
  readonly qualifiers: ReadonlyMap<string, string>;
  readonly companyPrefixLength?: number;
}

/**
 * Judges lengths, characters and check digits. The key has the finest level: a serial before a lot.
 *
 * @see GS1 General Specifications 3.2 to 3.9 and 7.9
 */
export function makeIdentifier(given: GivenKey): ParsedIdentifier {
  const { spec, value } = given;
  const problem = faultOfValue(spec, value) ?? faultOfQualifiers(given);
  if (problem !== undefined) return problem;

  const finest = finestQualifier(given);
  return {
    ok: true,
    id: {
      key: writeKey(spec, value, finest),
      ...kindOf(spec, value, finest),
      ...partsOf(given),
    },
  };
}

/** Reads a text in the form of a key; null when it does not begin with a key's AI and a slash. */
export function readKey(text: string): GivenKey | IdentifierFault | null {
  const slash = text.indexOf('/');
  const spec = slash < 0 ? undefined : keySpec(text.slice(0, slash));
  if (spec === undefined) return null;

  const rest = text.slice(slash + 1);
  const next = spec.qualifiers.some((qualifier) => qualifier.makes) ? rest.indexOf('/') : -1;
  const value = next < 0 ? rest : rest.slice(0, next);
  const decoded = spec.ai === '8010' ? value.replaceAll('%2F', '/') : value;
  if (next < 0) return { spec, value: decoded, qualifiers: new Map() };

  const qualifier = rest.slice(next + 1);
  const end = qualifier.indexOf('/');
  const ai = end < 0 ? qualifier : qualifier.slice(0, end);
  if (end < 0 || !spec.qualifiers.some((known) => known.ai === ai && known.makes)) {
    return fault(
      'QUALIFIER',
      `A key ${spec.ai}/… is followed by ${listOf(spec)} and a value, found ${quoted(`/${qualifier}`)}.`,
    );
  }
  return { spec, value: decoded, qualifiers: new Map([[ai, qualifier.slice(end + 1)]]) };
}

/**
 * The key of a lot.
 *
 * @param gtin 14 digits
 */
export function lotKey(gtin: string, lot: string): string {
  return `01/${gtin}/10/${lot}`;
}

/**
 * GTIN-8, -12 and -13 as 14 digits; anything else unchanged. Not for element strings: there AI 01
 * has 14 digits, and fewer digits mean that the scan was cut short.
 *
 * @see GS1 General Specifications 3.3.1
 */
export function padGtin(value: string): string {
  return value.length === 8 || value.length === 12 || value.length === 13
    ? value.padStart(14, '0')
    : value;
}

/** The GTIN-14 in a canonical key (SGTIN, lot, product, UPUI, ITIP); null for any other key. */
export function gtinOfKey(key: string): string | null {
  if (key.startsWith('01/')) return key.slice(3, 17);
  return key.startsWith('8006/') ? key.slice(5, 19) : null;
}

interface Finest {
  readonly spec: QualifierSpec;
  readonly value: string;
}

function writeKey(spec: KeySpec, value: string, finest: Finest | undefined): string {
  const written = spec.ai === '8010' ? value.replaceAll('/', '%2F') : value;
  const key = `${spec.ai}/${written}`;
  return finest === undefined ? key : `${key}/${finest.spec.ai}/${finest.value}`;
}

function kindOf(
  spec: KeySpec,
  value: string,
  finest: Finest | undefined,
): Pick<Identifier, 'scheme' | 'level'> {
  if (finest?.spec.makes !== undefined) return finest.spec.makes;
  const hasSerial = spec.digits > 0 && value.length > spec.digits;
  return { scheme: spec.scheme, level: hasSerial ? 'instance' : spec.level };
}

function finestQualifier(given: GivenKey): Finest | undefined {
  for (const spec of given.spec.qualifiers.toReversed()) {
    const value = given.qualifiers.get(spec.ai);
    // Extension 0 stands for "no extension" (EPC TDS, SGLN).
    if (value === undefined || spec.makes === undefined || (spec.ai === '254' && value === '0'))
      continue;
    return { spec, value };
  }
  return undefined;
}

function partsOf(given: GivenKey): Partial<Identifier> {
  const { spec, value, qualifiers, companyPrefixLength } = given;
  const inValue = spec.digits > 0 ? value.slice(spec.digits) : '';
  const serial = qualifiers.get('21') ?? qualifiers.get('235') ?? qualifiers.get('8011') ?? inValue;
  const lot = qualifiers.get('10');
  const extension = qualifiers.get('254');
  return {
    ...numberOf(spec, value),
    ...(serial !== '' && { serial }),
    ...(lot !== undefined && { lot }),
    ...(extension !== undefined && extension !== '0' && { extension }),
    ...(companyPrefixLength !== undefined && { companyPrefixLength }),
  };
}

function numberOf(spec: KeySpec, value: string): Partial<Identifier> {
  switch (spec.ai) {
    case '00':
      return { sscc: value };
    case '01':
    case '8006':
      return { gtin: value.slice(0, 14) };
    case '414':
    case '417':
      return { gln: value };
    default:
      return {};
  }
}

function faultOfValue(spec: KeySpec, value: string): IdentifierFault | undefined {
  const digits = value.slice(0, spec.digits);
  return (
    faultOfLength(spec, value) ??
    faultOfCharacters(digits, 'N', spec) ??
    faultOfCheckDigit(digits.slice(0, spec.checkedDigits), spec) ??
    faultOfCharacters(value.slice(spec.digits), spec.tail?.set ?? 'N', spec) ??
    faultOfNumber(spec, value)
  );
}

function faultOfLength(spec: KeySpec, value: string): IdentifierFault | undefined {
  const most = spec.digits + (spec.tail?.maxLength ?? 0);
  const least = Math.max(spec.digits, 1);
  if (value.length >= least && value.length <= most) return undefined;
  const wanted = spec.tail === undefined ? `${most} digits` : `${least} to ${most} characters`;
  return fault(
    'LENGTH',
    `${spec.name} (AI ${spec.ai}) has ${wanted}, found ${value.length} in ${quoted(value)}.`,
  );
}

function faultOfCharacters(
  text: string,
  set: keyof typeof SET_NAMES,
  spec: { readonly name: string; readonly ai: string },
): IdentifierFault | undefined {
  const at = firstOutside(text, set);
  if (at < 0) return undefined;
  return fault(
    'CHARACTER',
    `${spec.name} (AI ${spec.ai}): character ${quoted(text.charAt(at))} at position ${at + 1} of ${quoted(text)} is not allowed (${SET_NAMES[set]}).`,
  );
}

function faultOfCheckDigit(digits: string, spec: KeySpec): IdentifierFault | undefined {
  if (digits === '') return undefined;
  const found = digits.slice(-1);
  const expected = checkDigit(digits.slice(0, -1));
  if (found === expected) return undefined;
  return fault(
    'CHECK_DIGIT',
    `The check digit of ${spec.name} ${digits} is ${found}, expected ${expected}. Scan or type it again: a digit is wrong or two are swapped.`,
  );
}

function faultOfText(spec: KeySpec, value: string): IdentifierFault | undefined {
  if (!isDigits(value.slice(0, SHORTEST_PREFIX)) || value.length < SHORTEST_PREFIX) {
    return fault(
      'VALUE',
      `${spec.name} (AI ${spec.ai}) begins with the digits of a GS1 company prefix, found ${quoted(value)}.`,
    );
  }
  const expected = spec.ai === '8013' ? checkPair(value.slice(0, -2)) : null;
  if (expected === null || value.endsWith(expected)) return undefined;
  return fault(
    'CHECK_DIGIT',
    `The check characters of ${spec.name} ${value} are ${value.slice(-2)}, expected ${expected}. Scan or type it again.`,
  );
}

function faultOfNumber(spec: KeySpec, value: string): IdentifierFault | undefined {
  if (spec.digits === 0) return faultOfText(spec, value);
  if (spec.ai === '8003' && !value.startsWith('0')) {
    return fault(
      'VALUE',
      `GRAI (AI 8003) begins with a 0 before its 13 digits, found ${quoted(value.charAt(0))}.`,
    );
  }
  if (spec.ai !== '8006') return undefined;
  const [piece, total] = [value.slice(14, 16), value.slice(16)];
  if (piece !== '00' && piece <= total) return undefined;
  return fault(
    'VALUE',
    `ITIP (AI 8006): piece ${piece} of ${total} does not exist; pieces count from 01 up to the total.`,
  );
}

function faultOfQualifiers(given: GivenKey): IdentifierFault | undefined {
  if (given.qualifiers.has('21') && given.qualifiers.has('235')) {
    return fault(
      'QUALIFIER',
      'Serial (AI 21) and third-party serial (AI 235) exclude each other. Give one.',
    );
  }
  for (const [ai, value] of given.qualifiers) {
    const spec = given.spec.qualifiers.find((qualifier) => qualifier.ai === ai);
    if (spec === undefined) {
      return fault(
        'QUALIFIER',
        `AI ${ai} does not qualify ${given.spec.name} (AI ${given.spec.ai}).`,
      );
    }
    const problem = faultOfQualifier(spec, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function faultOfQualifier(spec: QualifierSpec, value: string): IdentifierFault | undefined {
  if (value.length < 1 || value.length > spec.maxLength) {
    const remedy =
      value.length > spec.maxLength
        ? ' In a scan, the FNC1 separator (GS, code 29) after it may have been lost.'
        : '';
    return fault(
      'LENGTH',
      `The ${spec.name} (AI ${spec.ai}) has 1 to ${spec.maxLength} characters, found ${value.length} in ${quoted(value)}.${remedy}`,
    );
  }
  if (spec.ai === '8011' && value.length > 1 && value.startsWith('0')) {
    return fault(
      'VALUE',
      `The component serial (AI 8011) has no leading zero, found ${quoted(value)}.`,
    );
  }
  return faultOfCharacters(value, spec.set, spec);
}

function listOf(spec: KeySpec): string {
  return spec.qualifiers
    .filter((qualifier) => qualifier.makes)
    .map((qualifier) => `/${qualifier.ai}/`)
    .join(' or ');
}

/** Keys of classes, except a GTIN and its lots: `isClassKey` tells those by their length. */
const CLASS =
  /^(?:8006\/\d{18}(?:\/10\/.+)?|8010\/[^/]+|8003\/\d{14}|25[35]\/\d{13}|8013\/.+|urn:epc:idpat:.+)$/;

/** True when a canonical key names a class of objects, not one object. */
export function isClassKey(key: string): boolean {
  if (key.startsWith('01/')) return key.length === 17 || key.startsWith('/10/', 17);
  if (key.startsWith('00/')) return false;
  return CLASS.test(key);
}
