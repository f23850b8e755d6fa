/** A site is run by one company after another. Each has what happened in its time, and nobody inherits the time before. */
import fc from 'fast-check';
import { cypher } from '../../src/graph/cypher.js';
import { rebuildProjection } from '../../src/rebuild/index.js';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  codeOf,
  now,
  place,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, Answer, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const HOUR = 3_600_000;

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;

beforeAll(async () => {
  ({ app, client, keys } = await startWithPartners());
});
afterAll(() => app.stop());

const REGISTER = `mutation ($sites: [SiteInput!]!) { registerSites(sites: $sites) {
  ... on MasterDataRegistered { keys } ... on MasterDataRefused { faults { code pointer expected remedy } } } }`;
const register = (...sites: object[]): Promise<Answer> =>
  client.ask(keys.host, REGISTER, { variables: { sites } });

async function statusOf(key: string, event: object): Promise<number> {
  const { status } = await client.capture(key, { ...client.event(), ...event });
  return status;
}

test('who took a site over sends its events from that day on, and who had it sends what happened before', async () => {
  const { errors } = await register({ gln: DEPOT, operator: THIRD, operatedFrom: now(-HOUR) });
  expect(errors).toEqual([]);
  const [before, after] = [-2 * HOUR, -HOUR / 2].map((ms) => ({
    ...{ eventTime: now(ms), bizLocation: place(DEPOT) },
  })) as [object, object];
  const sent = [];
  for (const key of [keys.birch, keys.cedar])
    for (const event of [before, after]) sent.push(await statusOf(key, event));
  expect(sent).toEqual([202, 403, 403, 202]);
});

test('what stood there before is not seen by who came later, and it stays seen by who had it', async () => {
  const pack = (serial: string): string => `https://id.gs1.org/01/${GTIN}/21/${serial}`;
  const make = (serial: string, ms: number): Promise<void> =>
    client.send(keys.host, {
      ...{ action: 'ADD', bizStep: 'commissioning', epcList: [pack(serial)] },
      ...{ eventTime: now(ms), bizLocation: place(SHOP) },
    });
  await make('EARLY', -3 * HOUR);
  await register({ gln: SHOP, operator: MAKER, operatedFrom: now(-2 * HOUR) });
  await make('LATE', -HOUR);
  await rebuildProjection(app.graph, () => undefined);

  const known = async (key: string): Promise<unknown[]> => {
    const ask = `query ($id: ID!) { locate(id: $id) { known } }`;
    const answers = ['EARLY', 'LATE'].map(async (serial) => {
      const { data } = await client.ask(key, ask, { variables: { id: pack(serial) } });
      return data!['locate']!['known'];
    });
    return Promise.all(answers);
  };
  expect(await known(keys.cedar)).toEqual([true, false]);
  expect(await known(keys.alder)).toEqual([false, true]);
});

test('the sites of a company are those that it runs now, each once', async () => {
  const [from, until] = [now(-2 * HOUR), now(-HOUR)];
  await register({ gln: PLANT, operator: OTHER, operatedFrom: from, operatedUntil: until });
  const ask = `query ($gln: ID!) { party(gln: $gln) { sites { nodes { key } totalCount { exact } } } }`;
  const sitesOf = async (gln: string): Promise<unknown> =>
    (await client.ask(keys.host, ask, { variables: { gln } })).data!['party']!['sites'];
  const once = { nodes: expect.arrayContaining([{ key: `414/${PLANT}` }]) as unknown };
  const ofMaker = (await sitesOf(MAKER)) as { nodes: { key: string }[] };
  expect(ofMaker).toMatchObject({ ...once, totalCount: { exact: ofMaker.nodes.length } });
  expect(new Set(ofMaker.nodes.map(({ key }) => key)).size).toBe(ofMaker.nodes.length);
  expect(await sitesOf(OTHER)).not.toMatchObject(once);
});

test('times without an operator, or that end before they begin, are refused', async () => {
  const faults = async (site: object): Promise<unknown> =>
    (await register({ gln: DEPOT, ...site })).data!['registerSites']!['faults'];
  expect(await faults({ operatedFrom: now() })).toMatchObject([
    { code: 'OPERATOR', pointer: '/0/operatedFrom', remedy: expect.any(String) as unknown },
  ]);
  const times = { operator: OTHER, operatedFrom: now(), operatedUntil: now(-1) };
  expect(await faults(times)).toMatchObject([{ code: 'OPERATOR', pointer: '/0/operatedFrom' }]);
  expect(codeOf(await register({ gln: DEPOT, operator: OTHER, operatedFrom: 'soon' }))).toBe(
    'BAD_USER_INPUT',
  );
});

const RUN = cypher<{ party: string; from: number; to: number }>('test.whoRuns')`
MATCH (:Site {k: $site})-[r:OPERATED_BY]->(p:Party)
RETURN p.k AS party, coalesce(r.from, -1) AS from, coalesce(r.to, 99) AS to`;
const days = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null });
const registration = fc
  .record({ operator: fc.constantFrom(MAKER, OTHER, THIRD), from: days, to: days })
  .filter(({ from, to }) => from === null || to === null || from < to);

test('at any time a site is run by whoever was registered last for that time', async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(registration, { maxLength: 6 }), async (told) => {
      const gln = `urn:x:site:${n++}`;
      const expected = Array.from({ length: 12 }, () => 'nobody');
      const day = (i: number | null): string | null =>
        i === null ? null : new Date(i).toISOString();
      for (const { operator, from, to } of told) {
        // Who runs it now need not be told again.
        if (from === null && to === null && expected[11] === operator) continue;
        expected.fill(operator, from === null ? 0 : from + 1, to === null ? 12 : to + 1);
      }
      await register(
        { gln, name: 'A site' },
        ...told.map(({ operator, from, to }) => ({
          ...{ gln, operator, operatedFrom: day(from), operatedUntil: day(to) },
        })),
      );
      const runs = await app.graph.read(RUN, { site: gln });
      const found = expected.map((_, i) =>
        runs
          .filter(({ from, to }) => from <= i - 1 && i - 1 < to)
          .map(({ party }) => party.slice(4))
          .join(),
      );
      expect(found.map((one) => one || 'nobody')).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});
