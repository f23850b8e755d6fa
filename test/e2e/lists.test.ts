/** Every list, read from either end in pages of random sizes while events arrive. */
import { diceFrom } from '../support/dice.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { stories } from '../scenarios/stories.js';

const GTIN = '09506000134352';
const UNIT = `https://id.gs1.org/01/${GTIN}/21/U0011`;

const ARGS = 'first: $first, after: $after, last: $last, before: $before';
const PAGE =
  'totalCount { exact atLeast } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const A2611 = `lots: [{ gtin: "${GTIN}", lot: "A2611" }]`;
const NEWEST = 'orderBy: { field: EVENT_TIME, direction: DESC }';
const LAST_RECORDED = 'orderBy: { field: RECORD_TIME, direction: DESC }';

const LISTS = [
  `{ products(${ARGS}) { nodes { id: gtin } ${PAGE} } }`,
  `{ sites(${ARGS}) { nodes { id: key } ${PAGE} } }`,
  `{ parties(${ARGS}) { nodes { id: key } ${PAGE} } }`,
  `{ unregistered { sites(${ARGS}) { nodes { id: key } ${PAGE} } } }`,
  `{ unregistered { products(${ARGS}) { nodes { id: gtin } ${PAGE} } } }`,
  `{ product(gtin: "${GTIN}") { lots(${ARGS}) { nodes { id: key } ${PAGE} } } }`,
  `{ party(gln: "417/9506000100005") { sites(${ARGS}) { nodes { id: key } ${PAGE} } } }`,
  `{ events(${ARGS}) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, ${NEWEST}) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, ${LAST_RECORDED}) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, ${NEWEST}, filter: { bizSteps: ["shipping", "receiving"] }) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, filter: { lot: "(01)${GTIN}(10)A2611" }) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, ${LAST_RECORDED}, filter: { lot: "(01)${GTIN}(10)A2611" }) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, filter: { site: "414/9506000100012" }) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, ${NEWEST}, filter: { dispositions: ["active"], actions: [ADD] }) { nodes { id: eventId } ${PAGE} } }`,
  `{ events(${ARGS}, ${LAST_RECORDED}, filter: { package: "${UNIT}" }) { nodes { id: eventId } ${PAGE} } }`,
  `{ handoffs(${ARGS}) { nodes { id: key } ${PAGE} } }`,
  `{ handoffs(${ARGS}, orderBy: { field: RECEIVED, direction: ASC }) { nodes { id: key } ${PAGE} } }`,
  `{ journey(id: "${UNIT}", ${ARGS}) { nodes { id: eventId } ${PAGE} } }`,
  `{ package: packageById(id: $box) { contents(${ARGS}) { nodes { id: key } ${PAGE} } } }`,
  `{ recallScope(input: { ${A2611} }) { packages(${ARGS}) { nodes { id: key } ${PAGE} } } }`,
  `{ recallScope(input: { ${A2611} }) { packages(${ARGS}, filter: { state: SITE }) { nodes { id: key } ${PAGE} } } }`,
  `{ serialAllocations(gtin: "${GTIN}", ${ARGS}) { nodes { id: key } ${PAGE} } }`,
];

interface Page {
  readonly nodes: readonly Readonly<Record<string, string>>[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: { readonly exact: number | null; readonly atLeast: number };
}

let app: TestApp;
let box = '';
beforeAll(async () => {
  app = await startApp();
  for (const { documents } of stories)
    for (const document of documents) await app.capture(document);
  for (const gtin of UNREGISTERED) await arrive(gtin);
  for (const allocatedTo of ['A', 'B', 'C', 'D'])
    await app.graphql(
      `mutation ($to: String!) { allocateSerials(input: { gtin: "${GTIN}", count: 1, length: 12, allocatedTo: $to }) { __typename } }`,
      { to: allocatedTo },
    );
  const found = await app.graphql(`{ package: packageById(id: "${UNIT}") { containers { key } } }`);
  const { containers } = found.data['package'] as { containers: { key: string }[] };
  box = containers[0]!.key;
});
afterAll(async () => {
  await app.stop();
});

type Given = Readonly<
  Partial<Record<'first' | 'last', number> & Record<'after' | 'before', string>>
>;

async function pageOf(list: string, given: Given): Promise<Page> {
  const own = list.includes('$box') ? ', $box: ID!' : '';
  const query = `query ($first: Int, $after: Cursor, $last: Int, $before: Cursor${own}) ${list}`;
  const { data, errors } = await app.graphql(query, { ...given, box });
  expect(errors).toBeUndefined();
  let at: object = data;
  while (!('totalCount' in at)) [at = {}] = Object.values(at) as object[];
  return at as Page;
}

const idsOf = ({ nodes }: Page): string[] => nodes.map(({ id }) => id!);

async function read(
  list: string,
  way: 'first' | 'last',
  { size, between }: { readonly size: () => number; readonly between: () => Promise<unknown> },
): Promise<string[]> {
  const seen: string[] = [];
  let from: Given = {};
  for (;;) {
    const page = await pageOf(list, { ...from, [way]: size() });
    if (way === 'first') seen.push(...idsOf(page));
    else seen.unshift(...idsOf(page));
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    if (!(way === 'first' ? hasNextPage : hasPreviousPage)) return seen;
    from = way === 'first' ? { after: endCursor! } : { before: startCursor! };
    await between();
  }
}

/** What nobody registered. */
const UNREGISTERED = ['09506000134376', '09506000134383'];

let arrivals = 0;
/** Something new on every list: an event about units of the lot, at a new site, with a new product. */
function arrive(gtin = GTIN): Promise<unknown> {
  const n = arrivals++;
  const gln = (1_000_000 + n).toString().padStart(12, '950600'.padEnd(12, '0'));
  return app.capture({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-01-02T00:00:00Z',
    epcisBody: {
      eventList: [
        {
          type: 'ObjectEvent',
          eventTime: new Date(Date.UTC(2026, 0, 1 + (n % 60))).toISOString(),
          eventTimeZoneOffset: '+00:00',
          epcList: [`https://id.gs1.org/01/${gtin}/21/NEW${n}`],
          action: n % 2 === 0 ? 'ADD' : 'OBSERVE',
          bizStep: n % 2 === 0 ? 'commissioning' : 'receiving',
          disposition: 'active',
          readPoint: { id: `urn:x:site:${gln}` },
          bizLocation: { id: `urn:x:site:${gln}` },
          ...(n % 2 === 0 ? { ilmd: { 'cbvmda:lotNumber': 'A2611' } } : {}),
        },
      ],
    },
  });
}

test.each(LISTS)(
  '%s: in pages of any size, from either end, while events arrive, it is the whole list once and in order',
  async (list) => {
    const dice = diceFrom(list.length);
    const whole = idsOf(await pageOf(list, { first: 1000 }));
    expect(whole.length).toBeGreaterThan(0);
    expect(new Set(whole).size).toBe(whole.length);
    const longest = Math.max(2, Math.ceil(whole.length / 2));
    const paging = { size: () => 1 + dice.below(longest), between: () => arrive() };

    for (const way of ['first', 'last'] as const) {
      const seen = await read(list, way, paging);
      const known = new Set(whole);
      expect(seen.filter((id) => known.has(id))).toEqual(whole);
      expect(new Set(seen).size).toBe(seen.length);
    }
    const { nodes, totalCount } = await pageOf(list, { first: 1000 });
    expect(totalCount).toEqual({ exact: nodes.length, atLeast: nodes.length });
  },
);

test.each(['EVENT_TIME', 'RECORD_TIME'])(
  'by %s, a direction turns the list round',
  async (field) => {
    const by = (direction: string): Promise<Page> =>
      pageOf(
        `{ events(${ARGS}, orderBy: { field: ${field}, direction: ${direction} }) { nodes { id: eventId } ${PAGE} } }`,
        { first: 1000 },
      );

    expect(idsOf(await by('DESC'))).toEqual(idsOf(await by('ASC')).toReversed());
  },
);

test('a page from both ends is refused', async () => {
  const { errors } = await app.graphql('{ events(first: 1, last: 1) { nodes { id: eventId } } }');
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('"last" with "before"') as string,
      extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
    },
  ]);
});

interface Named {
  readonly id: string;
  readonly bizTransactionList: readonly { readonly bizTransaction: string }[];
  readonly sourceList: readonly { readonly type: string; readonly key: string }[];
  readonly destinationList: readonly { readonly type: string; readonly key: string }[];
}

test('events are found by the business document and by the party they name', async () => {
  const { data } = await app.graphql(
    '{ events(first: 1000) { nodes { id: eventId bizTransactionList { bizTransaction } sourceList { type key } destinationList { type key } } } }',
  );
  const { nodes } = data['events'] as { nodes: Named[] };
  const documents = (one: Named): string[] =>
    one.bizTransactionList.map(({ bizTransaction }) => bizTransaction);
  const parties = (one: Named): string[] =>
    [...one.sourceList, ...one.destinationList]
      .filter(({ type }) => type.endsWith('_party'))
      .map(({ key }) => key);
  const both = nodes.find((one) => documents(one).length > 0 && parties(one).length > 0)!;
  const [document, party] = [documents(both)[0]!, parties(both)[0]!];
  const found = async (filter: string): Promise<string[]> =>
    idsOf(
      await pageOf(`{ events(${ARGS}, filter: ${filter}) { nodes { id: eventId } ${PAGE} } }`, {
        first: 1000,
      }),
    );
  const idsWhere = (meets: (one: Named) => boolean): string[] =>
    nodes.filter(meets).map(({ id }) => id);

  expect(await found(`{ bizTransaction: "${document}" }`)).toEqual(
    idsWhere((one) => documents(one).includes(document)),
  );
  expect(await found(`{ party: "${party}" }`)).toEqual(
    idsWhere((one) => parties(one).includes(party)),
  );
  expect(await found(`{ party: "${party}", bizTransaction: "${document}" }`)).toEqual(
    idsWhere((one) => documents(one).includes(document) && parties(one).includes(party)),
  );
});
