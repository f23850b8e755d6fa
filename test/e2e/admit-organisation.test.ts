/** What is derived once others than the host take part. */
import { admitOrganisation, readAdmitted, verifyProjection } from '../../src/rebuild/index.js';
import { cypher } from '../../src/graph/cypher.js';
import { DEPOT, MAKER, OTHER, PLANT, startWithKeys } from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const SEEN = cypher<{ id: string; by: string[] }>('test.whoSees')`
MATCH (e:Event) WHERE e.seq > 0
RETURN e.id AS id, COLLECT { MATCH (e)-[s:SEEN_BY]->(e) RETURN s.p ORDER BY s.p } AS by ORDER BY e.eventTime`;
const SHOWN = cypher<{ by: string; units: number }>('test.whatIsShown')`
MATCH (h:Holding)-[s:SHOWS]->() WHERE h.id > ''
RETURN s.p AS by, sum(s.n) AS units ORDER BY by`;

const [ALDER, BIRCH] = [`417/${MAKER}`, `417/${OTHER}`];
const PACK = 'https://id.gs1.org/01/09506000134352/21/S1';

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys({ PARTNER_BACKDATE_DAYS: '3650' }));
});
afterAll(() => app.stop());

let minute = 0;
/** An event of the one pack, a minute after the one before. */
function event(told: Record<string, unknown>, place: Record<string, string> = {}): object {
  return {
    ...client.event(place),
    ...{ epcList: [PACK], eventTime: new Date(Date.UTC(2026, 9, 1, 8, ++minute)).toISOString() },
    ...told,
  };
}
const nothing = (): void => undefined;
const sent = async (key: string, one: object): Promise<void> => {
  const { status, body } = await client.capture(key, one);
  if (status !== 202) throw new Error(JSON.stringify(body));
};
const to = (gln: string): object => ({
  sourceList: [],
  destinationList: [{ type: 'possessing_party', destination: `https://id.gs1.org/417/${gln}` }],
});

test('who sees an event is derived from what was captured before and after, and a claim opens nothing', async () => {
  const { administrator } = client;
  const birch = await client.make({ organisation: OTHER });
  const made = { bizStep: 'commissioning', action: 'ADD' };
  await sent(administrator, event(made, { readPoint: PLANT, bizLocation: PLANT }));
  const before = await app.graph.read(SEEN);
  await admitOrganisation(app.graph, { organisation: ALDER, prefixes: ['950600013435'] }, nothing);
  const after = await app.graph.read(SEEN);

  expect([before, after].map(([one]) => one?.by)).toEqual([[], [ALDER]]);
  expect(await app.graph.write(readAdmitted)).toEqual([
    { organisation: ALDER, name: 'Alder', prefixes: ['950600013435'] },
  ]);

  // Birch claims to have the pack before it was sent anything.
  await sent(
    birch.secret,
    event({ bizStep: 'receiving' }, { readPoint: DEPOT, bizLocation: DEPOT }),
  );
  const claimed = await app.graph.read(SHOWN);
  const { data } = await client.ask(
    administrator,
    `{ packageById(id: "${PACK}") { exceptions { code } } }`,
  );
  await sent(administrator, event({ bizStep: 'shipping', ...to(OTHER) }, { readPoint: PLANT }));
  const shipped = await app.graph.read(SEEN);

  expect(claimed).toEqual([{ by: ALDER, units: 1 }]);
  expect(data!['packageById']!['exceptions']).toEqual([{ code: 'NO_STANDING' }]);
  // Only who claims something sees the claim. Alder, which has the pack, is told as if nobody had.
  expect(shipped.map(({ by }) => by)).toEqual([[ALDER], [BIRCH], [ALDER, BIRCH]]);
  const { unexpected, missing } = await verifyProjection(app.graph, nothing);
  expect([unexpected, missing]).toEqual([[], []]);
});
