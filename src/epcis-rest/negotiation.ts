/** The two syntaxes of the EPCIS interface. */
export type EpcisSyntax = 'JSON' | 'XML';

/** The syntax and media type of an answer. */
export interface Negotiated {
  readonly syntax: EpcisSyntax;
  /** For `Content-Type`, without charset. */
  readonly mediaType: string;
}

interface AcceptedRange {
  readonly type: string;
  readonly q: number;
}

/** Media types of answers; the first of a syntax is its default. */
const OFFERS: readonly Negotiated[] = [
  { syntax: 'JSON', mediaType: 'application/json' },
  { syntax: 'JSON', mediaType: 'application/ld+json' },
  { syntax: 'XML', mediaType: 'application/xml' },
  { syntax: 'XML', mediaType: 'text/xml' },
];

/** Media types of a resource with these syntaxes. */
export function mediaTypesOf(syntaxes: readonly EpcisSyntax[]): readonly string[] {
  return OFFERS.filter(({ syntax }) => syntaxes.includes(syntax)).map(({ mediaType }) => mediaType);
}

const PROBLEM_XML = 'application/problem+xml';
const PROBLEM_JSON = 'application/problem+json';

/**
 * The media type of the answer: the one with the highest `q`; among equals the most specific one,
 * then the first one.
 *
 * @param accept   the `Accept` header; absent or empty means any, so JSON if it is served
 * @param syntaxes the syntaxes of the resource
 * @returns undefined when none of them is accepted
 * @see RFC 9110, 12.5.1
 */
export function negotiate(
  accept: string | undefined,
  syntaxes: readonly EpcisSyntax[],
): Negotiated | undefined {
  const offers = OFFERS.filter(({ syntax }) => syntaxes.includes(syntax));
  const ranges = rangesOf(accept);
  if (ranges.length === 0) return offers[0];
  const rated = offers
    .map((offer, order) => ({ offer, order, ...ratingOf(offer.mediaType, ranges) }))
    .filter(({ q }) => q > 0);
  rated.sort((a, b) => b.q - a.q || b.exact - a.exact || a.place - b.place || a.order - b.order);
  return rated[0]?.offer;
}

/** The media type of a problem: XML only if preferred, so that there is always an answer. */
export function negotiateProblem(accept: string | undefined): Negotiated {
  const ranges = rangesOf(accept);
  const best = (types: readonly string[]): { q: number; exact: number; place: number } =>
    types
      .map((type) => ratingOf(type, ranges))
      .reduce((a, b) => (b.q > a.q || (b.q === a.q && b.exact > a.exact) ? b : a));
  const json = best([PROBLEM_JSON, 'application/json', 'application/ld+json']);
  const xml = best([PROBLEM_XML, 'application/xml', 'text/xml']);
  const isXml =
    xml.q > json.q ||
    (xml.q === json.q &&
      xml.q > 0 &&
      (xml.exact > json.exact || (xml.exact === json.exact && xml.place < json.place)));
  return isXml
    ? { syntax: 'XML', mediaType: PROBLEM_XML }
    : { syntax: 'JSON', mediaType: PROBLEM_JSON };
}

/** The type of a `Content-Type` header, without parameters, in lower case; empty when absent. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Ranges of an `Accept` header in their order; invalid parts are skipped. */
function rangesOf(accept: string | undefined): readonly AcceptedRange[] {
  return (accept ?? '').split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (!/^(\*\/\*|[\w!#$%&'*+.^`|~-]+\/(\*|[\w!#$%&'*+.^`|~-]+))$/.test(type)) return [];
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const q = weight === undefined ? 1 : Number(weight.replace(/^q\s*=\s*/, ''));
    return [{ type, q: q >= 0 && q <= 1 ? q : 1 }];
  });
}

/** The rating of a media type, by the most specific range that matches it. */
function ratingOf(
  mediaType: string,
  ranges: readonly AcceptedRange[],
): { readonly q: number; readonly exact: number; readonly place: number } {
  const major = mediaType.split('/', 1)[0] ?? '';
  const found = ranges
    .map(({ type, q }, place) => ({ q, place, exact: exactnessOf(type, mediaType, major) }))
    .filter(({ exact }) => exact > 0)
    .sort((a, b) => b.exact - a.exact || a.place - b.place)[0];
  return found ?? { q: 0, exact: 0, place: ranges.length };
}

function exactnessOf(range: string, mediaType: string, major: string): number {
  if (range === mediaType) return 3;
  if (range === `${major}/*`) return 2;
  return range === '*/*' ? 1 : 0;
}
