import { Problem } from '../shared/problem.js';

/** Default number of items of a page. */
const DEFAULT_PER_PAGE = 30;
/** Most items of a page; a request for more gets this many, as the standard allows. */
const MAX_PER_PAGE = 1000;

/** The requested page. */
export interface EpcisPage {
  readonly perPage: number;
  readonly token?: string;
}

/**
 * Reads `perPage` and `nextPageToken` of a query string.
 *
 * @throws Problem `QUERY_PARAMETER`
 */
export function readPage(query: URLSearchParams): EpcisPage {
  const perPage = only(query, 'perPage') ?? String(DEFAULT_PER_PAGE);
  const token = only(query, 'nextPageToken');
  if (!/^[1-9]\d{0,8}$/.test(perPage))
    throw refusal('perPage', perPage, 'must be a whole number from 1.');
  return {
    perPage: Math.min(Number(perPage), MAX_PER_PAGE),
    ...(token === undefined ? {} : { token }),
  };
}

/** Headers with the link to the next page, if there is one. It keeps the query of this request. */
export function pageHeaders(
  url: string,
  page: { readonly next?: string; readonly expiresAtMs?: number },
): Readonly<Record<string, string>> {
  if (page.next === undefined) return {};
  const [path = '', ...search] = url.split('?');
  // A value may contain a question mark, for example the eventID ni:///…?ver=CBV2.0.
  const pairs = search.join('?').split('&');
  const kept = pairs.filter((pair) => pair !== '' && !/^nextPageToken(=|$)/.test(pair));
  const query = [...kept, `nextPageToken=${encodeURIComponent(page.next)}`].join('&');
  const { expiresAtMs } = page;
  return {
    link: `<${path}?${query.replaceAll('>', '%3E')}>; rel="next"`,
    ...(expiresAtMs === undefined
      ? {}
      : { 'GS1-Next-Page-Token-Expires': new Date(expiresAtMs).toISOString() }),
  };
}

/**
 * Refuses unknown parameters of a resource that is not an event query.
 *
 * @throws Problem `QUERY_PARAMETER`
 */
export function refuseParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const [name, value] of query)
    if (!known.includes(name))
      throw refusal(
        name.slice(0, 100),
        value,
        `is unknown here. Known are ${known.length === 0 ? 'none' : known.join(', ')}.`,
      );
}

function only(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  if (more.length > 0) throw refusal(name, more.join(', '), 'may be given only once.');
  return value;
}

function refusal(name: string, found: string, rule: string): Problem {
  const shown = found.slice(0, 100);
  return new Problem(
    'QUERY_PARAMETER',
    `Parameter ${name} ${rule} Found ${JSON.stringify(shown)}.`,
    { details: { parameter: name, found: shown } },
  );
}
