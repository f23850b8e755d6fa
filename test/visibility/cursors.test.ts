/** The cursors of lists tell a partner nothing, and are good for nobody else. */
import { DEPOT, PLANT, now, place, sold, startWithPartners } from '../support/access-client.js';
import { MAKER, OTHER } from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const PACKS = ['C1', 'C2', 'C3'].map((serial) => `https://id.gs1.org/01/${GTIN}/21/${serial}`);
const LOT = { 'cbvmda:lotNumber': 'C' };
const BOX = 'https://id.gs1.org/00/095060001343520055';

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;

beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners());
  const at = { bizLocation: place(PLANT) };
  const together = {
    type: 'AggregationEvent',
    parentID: BOX,
    childEPCs: PACKS,
    epcList: undefined,
  };
  const story = [
    { bizStep: 'commissioning', action: 'ADD', epcList: PACKS, ilmd: LOT, ...at },
    { bizStep: 'packing', action: 'ADD', ...together, ...at },
    { bizStep: 'shipping', action: 'OBSERVE', epcList: [BOX], ...sold(MAKER, OTHER, DEPOT) },
  ];
  for (const [i, told] of story.entries())
    await client.send(keys.host, { eventTime: now(i * 1000 - 3_600_000), ...told });
});
afterAll(() => app.stop());

const PACKAGES = `query ($after: Cursor, $before: Cursor, $last: Int) {
  packages(filter: { lot: "(01)${GTIN}(10)C" }, after: $after, before: $before, last: $last) {
    edges { cursor node { key } } pageInfo { startCursor endCursor } } }`;

interface Listed {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly key: string } }[];
  readonly pageInfo: { readonly startCursor: string; readonly endCursor: string };
}

async function packages(key: string, variables: object = {}): Promise<Listed> {
  const { data, errors } = await client.ask(key, PACKAGES, { variables });
  expect(errors).toEqual([]);
  return data!['packages'] as unknown as Listed;
}

const keysOf = ({ edges }: Listed): string[] => edges.map(({ node }) => node.key);

test('a partner goes through a list by its cursors, from either end', async () => {
  const all = await packages(keys.birch);
  expect(all.edges).toHaveLength(3);
  expect(all.pageInfo).toEqual({
    startCursor: all.edges[0]!.cursor,
    endCursor: all.edges[2]!.cursor,
  });
  const [first, , third] = all.edges;
  expect(keysOf(await packages(keys.birch, { after: first!.cursor }))).toEqual(
    keysOf(all).slice(1),
  );
  const back = { before: third!.cursor, last: 1 };
  expect(keysOf(await packages(keys.birch, back))).toEqual([keysOf(all)[1]]);
});

test('its cursors do not tell how its list is read, such as in which container its packages are', async () => {
  const readable = ({ edges }: Listed): string[] =>
    edges.map(({ cursor }) => Buffer.from(cursor, 'base64url').toString('latin1'));
  for (const text of readable(await packages(keys.birch))) expect(text).not.toMatch(/095060/);
  const { data } = await client.ask(keys.birch, '{ sites(first: 1) { edges { cursor } } }');
  const [site] = (data!['sites'] as unknown as Listed).edges;
  expect(site!.cursor).toHaveLength((await packages(keys.birch)).edges[0]!.cursor.length);
});

test('a cursor of somebody else, of another list, or altered is refused as one that nobody gave', async () => {
  const [own] = (await packages(keys.birch)).edges;
  const [others] = (await packages(keys.alder)).edges;
  const [hosts] = (await packages(keys.host)).edges;
  const events = await client.ask(keys.birch, '{ events(first: 1) { pageInfo { endCursor } } }');
  const elsewhere = events.data!['events'] as unknown as Listed;
  const refusals = [];
  for (const after of [
    others!.cursor,
    hosts!.cursor,
    elsewhere.pageInfo.endCursor,
    `A${own!.cursor.slice(1)}`,
    'nonsense',
  ]) {
    const { errors } = await client.ask(keys.birch, PACKAGES, { variables: { after } });
    refusals.push(errors.map(({ message }) => message.replace(/Found "[^"]*"/, 'Found …')));
  }
  expect(new Set(refusals.map(String)).size).toBe(1);
  expect(refusals[0]).toEqual([expect.stringContaining('a cursor must come from this list')]);
});

test('a refusal quotes the cursor that it was given, also beside one for the other end', async () => {
  const { cursor } = (await packages(keys.birch)).edges[0]!;
  for (const more of [{ last: 1 }, { before: cursor }]) {
    const variables = { after: cursor, ...more };
    const { errors } = await client.ask(keys.birch, PACKAGES, { variables });
    expect(errors[0]?.message).toContain(`Found "${cursor.slice(0, 100)}"`);
  }
});
