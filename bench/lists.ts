import type { HttpClient } from './http-client.js';
import type { Network } from './network.js';
import type { Question } from './questions.js';

/** Rows of a page, and how many rows come before the hundredth one. */
const ROWS = 50;
const BEFORE_PAGE_100 = 99 * ROWS;

interface Page {
  readonly nodes: readonly object[];
  readonly pageInfo: { readonly endCursor: string | null };
}

/** Page 1 and page 100 of each list, the newest first or filtered. A list that is shorter has no page 100. */
export async function questionsOfLists(network: Network, http: HttpClient): Promise<Question[]> {
  const [lot] = network.lots;
  const site = lot?.plant ?? '';
  const ofLot = `lot: "${lot?.id ?? ''}"`;
  const lists: readonly (readonly [name: string, field: string, args: string])[] = [
    ['events, newest first', 'events', 'orderBy: { direction: DESC }'],
    ['events, last recorded first', 'events', 'orderBy: { field: RECORD_TIME, direction: DESC }'],
    [
      'events at a site, newest first',
      'events',
      `filter: { site: "${site}" }, orderBy: { direction: DESC }`,
    ],
    ['handoffs, newest first', 'handoffs', ''],
    ['open handoffs', 'handoffs', 'filter: { openLongerThanHours: 1 }'],
    ['handoffs from a site', 'handoffs', `filter: { from: ["${site}"] }`],
    ['packages', 'packages', ''],
    ['packages of a lot', 'packages', `filter: { ${ofLot} }`],
    ['packages at a site', 'packages', `filter: { site: "${site}" }`],
    ['units in a status', 'packages', 'filter: { status: "in_transit", level: UNIT }'],
    ['lots', 'lots', ''],
    ['sites', 'sites', ''],
    ['parties', 'parties', ''],
  ];
  const questions: Question[] = [];
  for (const [name, field, args] of lists) {
    const page = (first: string): string => `${field}(${[first, args].filter(Boolean).join(', ')})`;
    const key = field === 'events' ? 'eventId' : 'key';
    const query = `query List($after: Cursor) { ${page(`first: ${ROWS}, after: $after`)} { nodes { ${key} } pageInfo { endCursor } } }`;
    questions.push({
      name: `list of ${name}, page 1`,
      query,
      goal: GOAL,
      asked: [{ variables: {}, params: {} }],
    });
    const after = await cursorBefore(http, page(`first: $first, after: $after`));
    if (after === null) continue;
    questions.push({
      name: `list of ${name}, page 100`,
      query,
      goal: GOAL,
      asked: [{ variables: { after }, params: {} }],
    });
  }
  return questions;
}

const GOAL = { most: 3, unit: 'round trips', applies: true } as const;

/** The cursor of the row before page 100; null when the list ends sooner. */
async function cursorBefore(http: HttpClient, list: string): Promise<string | null> {
  let after: string | null = null;
  for (let left = BEFORE_PAGE_100; left > 0;) {
    const first = Math.min(left, 1000);
    const data: Record<string, Page> = await http.graphql<Record<string, Page>>(
      `query List($first: Int, $after: Cursor) { ${list} { nodes { __typename } pageInfo { endCursor } } }`,
      { first, after },
    );
    const page: Page | undefined = Object.values(data)[0];
    if (page === undefined || page.nodes.length < first) return null;
    after = page.pageInfo.endCursor;
    left -= first;
  }
  return after;
}
