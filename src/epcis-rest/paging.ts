import { Problem } from '../shared/problem.js';

/** Things on a page when nobody says. */
const DEFAULT_PER_PAGE = 30;
/** Most things of a page; asking for more gives this many, as the standard allows. */
const MAX_PER_PAGE = 1000;

/** Which page a request asks for. */
export interface EpcisPage {
  readonly perPage: number;
  readonly token?: string;
}

/**
 * `perPage` and `nextPageToken` of a query string.
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

/** The headers that lead to the next page; none on the last. The link has the query of this request. */
export function pageHeaders(
  url: string,
  page: { readonly next?: string; readonly expiresAtMs?: number },
): Readonly<Record<string, string>> {
  if (page.next === undefined) return {};
  const [path = '', ...search] = url.split('?');
  // A value may hold a question mark of its own, as an eventID ni:///…?ver=CBV2.0 does.
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
 * Refuses what a resource that is no event query does not know.
 *
 * @throws Problem `QUERY_PARAMETER`
 */
export function refuseParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const [name, value] of query)
    if (!known.includes(name))
      throw refusal(
        name.slice(0, 100),
        value,
        `is not known here; ${known.length === 0 ? 'there are none' : `${known.join(', ')} are`}.`,
      );
}

function only(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  if (more.length > 0) throw refusal(name, more.join(', '), 'may be given once.');
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
