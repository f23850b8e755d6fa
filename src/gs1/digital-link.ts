import { APPLICATION_IDENTIFIERS } from './application-identifiers.js';
import { decodeEscapes, encodeForLink, isDigits } from './characters.js';
import { keySpec } from './key-table.js';
import type { KeySpec } from './key-table.js';
import { padGtin } from './key.js';
import type { GivenKey } from './key.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault } from './parsed.js';

/** Names of AIs in early Digital Links (1.0 and 1.1, since withdrawn). */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['gtin', '01'],
  ['cpv', '22'],
  ['lot', '10'],
  ['ser', '21'],
  ['sscc', '00'],
  ['gln', '414'],
  ['glnx', '254'],
  ['party', '417'],
  ['grai', '8003'],
  ['giai', '8004'],
  ['itip', '8006'],
  ['cpid', '8010'],
  ['cpsn', '8011'],
  ['gsrnp', '8017'],
  ['gsrn', '8018'],
  ['gdti', '253'],
  ['gcn', '255'],
  ['ginc', '401'],
  ['gsin', '402'],
  ['gmn', '8013'],
  ['payTo', '415'],
  ['refno', '8020'],
  ['srin', '8019'],
]);

/** The domain of canonical Digital Links. */
const CANONICAL_LINK = 'https://id.gs1.org/';

/**
 * Reads an uncompressed GS1 Digital Link of any domain and path prefix. Qualifiers must be in the
 * path, in the order of the standard. A query with one of them (`?21=…`) is refused, because the
 * unit would be taken for its product. The rest of the query and the fragment are ignored.
 *
 * Null when the URL is not a Digital Link. A path that looks like one (`/2024/01/15`) is judged
 * only if the value could be the key (the right number of digits), a qualifier of that key follows,
 * or the domain is id.gs1.org. The caller decides what a fault means on another domain.
 *
 * @see GS1 Digital Link URI Syntax, "Uncompressed GS1 Digital Link URI"
 */
export function readDigitalLink(url: string): GivenKey | IdentifierFault | null {
  const path = pathOf(url);
  if (path === null) return null;
  const segments = path.split('/');
  if (segments.at(-1) === '') segments.pop();

  const at = primaryAt(segments);
  const spec = at < 0 ? undefined : keySpec(aiOf(segments[at] ?? ''));
  if (spec === undefined) return isOnCanonicalDomain(url) ? notALink(url, segments) : null;

  const values = segments.slice(at + 1).map(decodeEscapes);
  if (!isMeant(url, spec, values)) return null;
  if (values.includes(null)) {
    return fault(
      'CHARACTER',
      `In ${quoted(url)} a "%" is not followed by two hexadecimal digits. Write a plain "%" as %25.`,
    );
  }
  return faultOfPlaces(spec, values, url) ?? keyIn(spec, values);
}

/** The canonical Digital Link of a key that was already judged. */
export function writeDigitalLink(given: GivenKey): string {
  let link = `${CANONICAL_LINK}${given.spec.ai}/${encodeForLink(given.value)}`;
  for (const [ai, value] of given.qualifiers) link += `/${ai}/${encodeForLink(value)}`;
  return link;
}

function pathOf(url: string): string | null {
  const match = /^https?:\/\/[^/?#]+\/([^?#]*)/i.exec(url);
  return match?.[1] ?? null;
}

/** True for a URL on GS1's own domain, which has only Digital Links. */
export function isOnCanonicalDomain(url: string): boolean {
  return /^https?:\/\/id\.gs1\.org(?::\d*)?\//i.test(url);
}

function aiOf(segment: string): string {
  return SHORT_NAMES.get(segment) ?? segment;
}

/** Reads pairs from the end, back over the qualifiers to their key; -1 when there is none. */
function primaryAt(segments: readonly string[]): number {
  const passed: string[] = [];
  for (let at = segments.length - 2; at >= 0; at -= 2) {
    const ai = aiOf(segments[at] ?? '');
    const spec = keySpec(ai);
    if (spec !== undefined) return passed.every((one) => isQualifierOf(spec, one)) ? at : -1;
    passed.push(ai);
  }
  return -1;
}

function isQualifierOf(spec: KeySpec, ai: string): boolean {
  return spec.qualifiers.some((qualifier) => qualifier.ai === ai);
}

function faultOfPlaces(
  spec: KeySpec,
  values: readonly (string | null)[],
  url: string,
): IdentifierFault | undefined {
  const given = values.filter((_, at) => at % 2 === 1).map((name) => aiOf(name ?? ''));
  return faultOfOrder(spec, given) ?? faultOfQuery(spec, given, url);
}

/** The order is fixed: /01/…/22/…/10/…/21/…. A qualifier may be left out, but not repeated. */
function faultOfOrder(spec: KeySpec, given: readonly string[]): IdentifierFault | undefined {
  const paths = pathsOf(spec);
  if (paths.some((path) => isInOrder(given, path))) return undefined;
  const wanted = paths.map((path) => ['', spec.ai, ...path].join('/…/').slice(2)).join(' or ');
  return fault(
    'QUALIFIER',
    `In the path of a Digital Link the qualifiers of ${spec.name} (AI ${spec.ai}) stand once each and in the order ${wanted}; found /${[spec.ai, ...given].join('/…/')}. Put them in that order.`,
  );
}

/** The beginnings of `name=value` in the query. */
const PARAMETERS = /(?<=[?&;])\d{2,4}(?==)/g;

/** Qualifiers belong in the path. A lot may be an attribute beside a TPX, whose path has no lot. */
function faultOfQuery(
  spec: KeySpec,
  given: readonly string[],
  url: string,
): IdentifierFault | undefined {
  const open = pathsOf(spec).filter((path) => isInOrder(given, path));
  const query = /^[^?#]*(\?[^#]*)/.exec(url)?.[1] ?? '';
  const stray = query
    .match(PARAMETERS)
    ?.find((ai) =>
      APPLICATION_IDENTIFIERS.get(ai)?.isAttribute === true
        ? open.some((path) => path.includes(ai))
        : isQualifierOf(spec, ai),
    );
  if (stray === undefined) return undefined;
  return fault(
    'QUALIFIER',
    `In ${quoted(url)} (${stray}) is in the query. Put it in the path after its key, as in ${['', spec.ai, stray, ''].join('/…/').slice(2, -1)}.`,
  );
}

function pathsOf(spec: KeySpec): readonly (readonly string[])[] {
  return APPLICATION_IDENTIFIERS.get(spec.ai)?.linkPaths ?? [];
}

function isInOrder(given: readonly string[], path: readonly string[]): boolean {
  let next = 0;
  for (const ai of path) if (given[next] === ai) next += 1;
  return next === given.length;
}

function isMeant(url: string, spec: KeySpec, values: readonly (string | null)[]): boolean {
  const [value] = values;
  if (values.length > 1 || isOnCanonicalDomain(url)) return true;
  return typeof value === 'string' && couldBe(spec, value);
}

function couldBe(spec: KeySpec, value: string): boolean {
  if (spec.digits === 0) return isDigits(value.slice(0, 6)) && value.length > 6;
  if (spec.ai === '01') return isDigits(value) && [8, 12, 13, 14].includes(value.length);
  const rest = value.length - spec.digits;
  return (
    isDigits(value.slice(0, spec.digits)) && (rest === 0 || (rest > 0 && spec.tail !== undefined))
  );
}

function keyIn(spec: KeySpec, values: readonly (string | null)[]): GivenKey {
  const value = values[0] ?? '';
  return {
    spec,
    value: spec.ai === '01' ? padGtin(value) : value,
    qualifiers: qualifiersOf(values),
  };
}

function qualifiersOf(values: readonly (string | null)[]): ReadonlyMap<string, string> {
  const qualifiers = new Map<string, string>();
  for (let at = 1; at + 1 < values.length; at += 2)
    qualifiers.set(aiOf(values[at] ?? ''), values[at + 1] ?? '');
  return qualifiers;
}

function notALink(url: string, segments: readonly string[]): IdentifierFault {
  if (/^[\w-]{8,}$/.test(segments.at(-1) ?? '') && segments.length % 2 === 1) {
    return fault(
      'UNKNOWN_FORM',
      `${quoted(url)} looks like a compressed GS1 Digital Link, which is not read here. Decompress it to /01/<GTIN>/21/<serial> first (GS1 Digital Link: Compression).`,
    );
  }
  return fault(
    'UNKNOWN_FORM',
    `${quoted(url)} is on id.gs1.org, but its path is not a GS1 key with its qualifiers, as in /01/<GTIN>/21/<serial>.`,
  );
}
