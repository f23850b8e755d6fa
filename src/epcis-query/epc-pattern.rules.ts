import { keyOfUri } from '../gs1/identifier.js';
import { urnScheme } from '../gs1/epc-urn.js';
import type { UrnScheme } from '../gs1/epc-urn.js';
import type { EpcPattern } from './event-query.js';
import { keyIn, refusal } from './parameter-values.rules.js';

const GTIN_ENDS = '01/'.length + 14;
const QUALIFIER = /^(?:\/\d+\/)?/;

/** Whether a canonical key matches a pattern. */
export function matchesPattern(key: string, pattern: EpcPattern): boolean {
  if (pattern.kind === 'exact') return key === pattern.key;
  const { prefixes, range, joint } = pattern;
  if (joint !== undefined && QUALIFIER.exec(key.slice(GTIN_ENDS))?.[0] !== joint) return false;
  return prefixes.some(
    (prefix) => key.startsWith(prefix) && isWithin(key.slice(prefix.length), range),
  );
}

function isWithin(rest: string, range: readonly [number, number] | undefined): boolean {
  if (range === undefined) return true;
  return /^\d{1,15}$/.test(rest) && Number(rest) >= range[0] && Number(rest) <= range[1];
}

const PATTERN = /^urn:epc:(idpat|pat|class):([a-z]+)(?:-[\w+]+)?:(.*)$/i;

/**
 * Reads one value of MATCH_epc and the like: a pure identity pattern (`urn:epc:idpat:sgtin:0614141.112345.*`), a tag pattern
 * (`urn:epc:pat:sgtin-96:3.0614141.112345.[100-199]`), or an identifier in any form. A class (a GTIN, a GRAI without serial) stands for its
 * instances. EPC patterns are not SQL: `%`, `_` and a `*` that is not a whole field are data or are refused.
 *
 * @throws Problem QUERY_PARAMETER
 * @see EPC TDS 8 (patterns)
 */
export function epcPatternOf(parameter: string, text: string): EpcPattern {
  const found = PATTERN.exec(text.trim());
  if (found?.[1]?.toLowerCase() !== 'class' && found !== null)
    return patternIn(parameter, text, found);
  const key = keyIn(parameter, text);
  const prefixes = instancesOf(key);
  return prefixes === null ? { kind: 'exact', key } : { kind: 'prefix', prefixes };
}

/**
 * Reads one value of MATCH_epcClass and the like: the class itself as URN, pattern or Digital Link. `urn:epc:class:lgtin:….*` stands for
 * all lots of the product. A pattern with an open item stands for all products of a company.
 *
 * @throws Problem QUERY_PARAMETER
 */
export function classPatternOf(parameter: string, text: string): EpcPattern {
  const found = PATTERN.exec(text.trim());
  if (found === null) return { kind: 'exact', key: keyIn(parameter, text) };
  const [, form = '', scheme = '', body = ''] = found;
  const isLot = scheme.toLowerCase() === 'lgtin';
  if (isLot && body.endsWith('.*')) return patternIn(parameter, text, [text, form, 'lgtin', body]);
  const key = keyOfUri(text.trim());
  return key === null || isLot ? patternOrKey(parameter, text, found) : { kind: 'exact', key };
}

function patternOrKey(parameter: string, text: string, found: readonly string[]): EpcPattern {
  if (!text.includes('*')) return { kind: 'exact', key: keyIn(parameter, text) };
  const pattern = patternIn(parameter, text, found);
  return 'joint' in pattern ? { ...pattern, joint: '' } : pattern;
}

/** Prefixes of the keys of a class's instances; null when the key is not a class of things. */
function instancesOf(key: string): readonly string[] | null {
  if (/^01\/\d{14}$/.test(key)) return [`${key}/21/`, `${key}/235/`];
  if (/^8006\/\d{18}$/.test(key)) return [`${key}/21/`];
  if (/^8010\/[^/]+$/.test(key)) return [`${key}/8011/`];
  if (/^(?:8003\/\d{14}|25[35]\/\d{13})$/.test(key)) return [key];
  return null;
}

/** The filter value of a tag does not belong to the identifier. A GID has no filter value. */
const FILTERED = /^urn:epc:pat:(?!gid-)/i;

function patternIn(parameter: string, text: string, found: readonly string[]): EpcPattern {
  const [, , name = '', body = ''] = found;
  const scheme = name.toLowerCase();
  const fields = body.split('.');
  if (FILTERED.test(text.trim())) fields.shift();
  checkStars(parameter, text, fields);
  const range = rangeIn(fields.at(-1) ?? '');
  if (range !== undefined) fields[fields.length - 1] = '*';
  const open = fields.filter((field) => field === '*').length;
  if (open === 0)
    return { kind: 'exact', key: keyIn(parameter, `urn:epc:id:${scheme}:${fields.join('.')}`) };
  const wanted = { scheme, given: fields.slice(0, -open), open, isRange: range !== undefined };
  const prefixes = prefixesIn(wanted);
  if (prefixes === null) throw unreadable(parameter, text);
  if (range === undefined) return { kind: 'prefix', prefixes, ...joint(wanted) };
  const keys = keysInRange(wanted, prefixes, range);
  if (keys !== null) return { kind: 'prefix', ...keys };
  throw refusal(
    parameter,
    text,
    'has a range that is too wide.',
    'Its numbers must fit into the field. Those of SSCCs must begin with the same digit.',
  );
}

/** In a key without a serial, a check digit follows the number, and the first digit of an SSCC's number precedes the company prefix. */
function keysInRange(
  { scheme, given: [company = ''] }: Fields,
  prefixes: readonly string[],
  range: readonly [number, number],
): { readonly prefixes: readonly string[]; readonly range: readonly [number, number] } | null {
  const known = urnScheme(scheme);
  if (known?.last !== null || known.digits === 0) return { prefixes, range };
  const size = 10 ** (known.digits - company.length - Number(known.leads));
  const [first, last] = range.map((number) => Math.floor(number / size));
  const prefix = prefixes[first ?? 0];
  if (prefix === undefined || first !== last) return null;
  return { prefixes: [prefix], range: [(range[0] % size) * 10, (range[1] % size) * 10 + 9] };
}

/** EPCs that are not GS1 keys are compared as URNs. */
function prefixesIn(fields: Fields): readonly string[] | null {
  const { scheme, given } = fields;
  const known = urnScheme(scheme);
  if (known !== undefined) return prefixesOf(known, fields);
  return [`urn:epc:id:${scheme}:${given.map((field) => `${field}.`).join('')}`];
}

/** Serials, lots and products all begin with a GTIN. When the item is open, the prefix does not tell which of them is meant. */
function joint({ scheme, given }: Fields): { readonly joint?: string } {
  const { ai, last } = urnScheme(scheme) ?? {};
  return ai === '01' && last && given.length < 2 ? { joint: `/${last}/` } : {};
}

/** A star stands for a whole field, and only stars may follow a star (EPC TDS 8.1). */
function checkStars(parameter: string, text: string, fields: readonly string[]): void {
  const first = fields.findIndex((field) => field === '*' || field.startsWith('['));
  const open = first < 0 ? [] : fields.slice(first + 1);
  const whole = fields.every((field) => field === '*' || !field.includes('*'));
  if (whole && open.every((field) => field === '*')) return;
  throw unreadable(parameter, text);
}

function unreadable(parameter: string, text: string): Error {
  return refusal(
    parameter,
    text,
    'is not an EPC pattern.',
    'A star stands for a whole field, and only stars may follow it: urn:epc:idpat:sgtin:0614141.112345.* (EPC TDS 8).',
  );
}

function rangeIn(field: string): readonly [number, number] | undefined {
  const [, from, to] = /^\[(\d{1,15})-(\d{1,15})\]$/.exec(field) ?? [];
  return from === undefined || to === undefined ? undefined : [Number(from), Number(to)];
}

interface Fields {
  readonly scheme: string;
  readonly given: readonly string[];
  readonly open: number;
  /** The last field is a number between two. */
  readonly isRange: boolean;
}

function prefixesOf(known: UrnScheme, fields: Fields): readonly string[] | null {
  const [company, ...rest] = fields.given;
  const head = `${known.ai}/${known.before}`;
  if (company === undefined) return fields.isRange ? null : [head];
  if (!/^\d{6,12}$/.test(company)) return null;
  if (rest.length === 0 && !(fields.isRange && known.last !== null))
    return companyPrefixes(known, head, company);
  return finestPrefix(known, fields);
}

/** The indicator or extension digit comes before the company prefix, and a pattern leaves it open. */
function companyPrefixes(known: UrnScheme, head: string, company: string): readonly string[] {
  if (!known.leads) return [head + company];
  return Array.from({ length: 10 }, (_, digit) => `${head}${digit}${company}`);
}

/** When only the last field is open, takes the key with `1` in this field and cuts the `1` off. */
function finestPrefix(
  known: UrnScheme,
  { scheme, given, open, isRange }: Fields,
): readonly string[] | null {
  if (scheme === 'itip' && given.length < 4) return itipPrefix(given);
  if (open !== 1 || known.last === null) return null;
  const form = scheme === 'lgtin' ? 'class' : 'id';
  const key = keyOfUri(`urn:epc:${form}:${scheme}:${given.join('.')}.1`);
  if (key === null) return null;
  // A pattern for any extension includes the place without extension.
  return [scheme === 'sgln' && !isRange ? key.slice(0, 4 + 13) : key.slice(0, -1)];
}

function itipPrefix(given: readonly string[]): readonly string[] | null {
  const [company = '', item = '', ...pieces] = given;
  const key = keyOfUri(`urn:epc:id:sgtin:${company}.${item}.1`);
  return key === null ? null : [`8006/${key.slice(3, 17)}${pieces.join('')}`];
}
