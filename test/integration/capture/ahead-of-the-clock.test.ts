import { joinDue } from '../../../src/capture/index.js';
import { rebuildProjection, verifyProjection } from '../../../src/rebuild/index.js';
import { parseMessages } from '../../../src/feed/messages.js';
import { cypher } from '../../../src/graph/cypher.js';
import { readDigest } from '../../../src/projection/index.js';
import { fixedClock } from '../../../src/shared/clock.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import type { EpcisJson } from '../../support/history-document.js';
import { epcisDocument } from '../../support/history-document.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';

const NOW = Date.UTC(2026, 2, 14, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const U1 = '01/09506000134352/21/F1';
const [A, B] = ['414/9506000134352', '414/9506000134369'];
const uri = (key: string): string => `https://id.gs1.org/${key}`;

const clock = fixedClock(NOW);
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
}, 60_000);
afterAll(() => app.stop());
beforeEach(async () => {
  clock.set(NOW);
  await emptyGraph(app.graph);
});

let told = 0;
const event = (at: number, more: EpcisJson): EpcisJson => ({
  type: 'ObjectEvent',
  action: 'OBSERVE',
  eventID: `urn:x:ahead:${++told}`,
  eventTime: new Date(NOW + at).toISOString(),
  eventTimeZoneOffset: '+00:00',
  epcList: [uri(U1)],
  ...more,
});
const made = event(-DAY, {
  action: 'ADD',
  bizStep: 'commissioning',
  bizLocation: { id: uri(A) },
  ilmd: { 'cbvmda:lotNumber': 'L1' },
});
const arriving = (at: number): EpcisJson =>
  event(at, { bizStep: 'receiving', bizLocation: { id: uri(B) }, disposition: 'in_progress' });
const declared = (one: EpcisJson, at = 0): EpcisJson => ({
  ...one,
  errorDeclaration: { declarationTime: new Date(NOW + at).toISOString(), reason: 'did_not_occur' },
});

async function capture(...events: readonly EpcisJson[]): Promise<Record<string, unknown>> {
  const { status, body } = await app.capture(epcisDocument(events));
  expect([status, body['faults']]).toEqual([202, []]);
  return body;
}

/** The service looks by itself every second; nobody waits for that here. */
const goOn = async (to: number): Promise<void> => {
  clock.set(NOW + to);
  await joinDue({
    graph: app.graph,
    clock,
    retention: { batches: 10_000, toldMs: 86_400_000 },
    onCommit: () => undefined,
  });
};

async function whereIs(): Promise<unknown> {
  const now = new Date(clock.now()).toISOString();
  const query = `query ($id: ID!, $now: DateTime) { now: locate(id: $id) { site { key } status } then: locate(id: $id, asOf: $now) { site { key } status } }`;
  const { data } = await app.graphql(query, { id: uri(U1), now });
  expect(data['now']).toEqual(data['then']);
  return data['now'];
}

async function about(): Promise<{ journey: string[]; exceptions: unknown[]; events: string[] }> {
  const query = `query ($id: ID!) { package: packageById(id: $id) { exceptions { code eventId } } journey(id: $id) { nodes { eventId } }
    events(filter: {package: $id}) { nodes { id: eventId } } }`;
  const { data } = (await app.graphql(query, { id: uri(U1) })) as unknown as {
    data: {
      package: { exceptions: unknown[] };
      journey: { nodes: { eventId: string }[] };
      events: { nodes: { id: string }[] };
    };
  };
  return {
    journey: data.journey.nodes.map((one) => one.eventId),
    exceptions: data.package.exceptions,
    events: data.events.nodes.map((one) => one.id),
  };
}

const isRight = async (): Promise<void> => {
  const { missing, unexpected } = await verifyProjection(app.graph, () => undefined, clock);
  expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
};
const id = (one: EpcisJson): string => String(one['eventID']);

test('what is dated ahead is stored and found, flagged beyond a day, and counts from then on', async () => {
  const later = arriving(2 * DAY);
  const body = await capture(made, later);

  expect(body['warnings']).toMatchObject([
    { code: 'EVENT_IN_FUTURE', pointer: '/epcisBody/eventList/1/eventTime' },
  ]);
  expect(await whereIs()).toEqual({ site: { key: A }, status: 'active' });
  expect(await about()).toEqual({
    journey: [id(made)],
    exceptions: [{ code: 'EVENT_IN_FUTURE', eventId: id(later) }],
    events: [id(made), id(later)],
  });
  await isRight();

  await goOn(DAY);
  expect(await whereIs()).toEqual({ site: { key: A }, status: 'active' });
  await goOn(2 * DAY);
  expect(await whereIs()).toEqual({ site: { key: B }, status: 'in_progress' });
  expect(await about()).toEqual({
    journey: [id(made), id(later)],
    exceptions: [],
    events: [id(made), id(later)],
  });
  await isRight();
});

test('a minute ahead is now, an hour ahead is not and is no finding', async () => {
  const soon = arriving(30_000);
  expect((await capture(made, soon))['warnings']).toEqual([]);
  const { data } = await app.graphql('query ($id: ID!) { locate(id: $id) { site { key } } }', {
    id: uri(U1),
  });
  expect(data['locate']).toEqual({ site: { key: B } });

  await capture(event(HOUR, { bizStep: 'shipping' }));
  const { exceptions, journey } = await about();
  expect([exceptions, journey.length]).toEqual([[], 2]);
  await goOn(HOUR - 90_000);
  expect((await about()).journey).toHaveLength(2);
  await goOn(HOUR - 30_000);
  expect((await about()).journey).toHaveLength(3);
});

test('declared in error while it waits, before it came, or sent twice, it is as if that were done after it counted', async () => {
  const later = arriving(DAY);
  const digests: (readonly string[])[] = [];
  const orders = [
    [made, later, declared(later)],
    [declared(later), later, made],
    [later, later, made, declared(later)],
  ];
  for (const order of orders) {
    clock.set(NOW);
    await emptyGraph(app.graph);
    for (const one of order) await capture(one);
    await goOn(2 * DAY);
    await isRight();
    digests.push(await readDigest(app.graph));
  }
  clock.set(NOW);
  await emptyGraph(app.graph);
  await capture(made, later);
  await goOn(2 * DAY);
  await capture(declared(later));
  digests.push(await readDigest(app.graph));

  for (const digest of digests) expect(digest).toEqual(digests[0]);
  expect(await whereIs()).toEqual({ site: { key: A }, status: 'active' });
});

test('nobody who reads events tells of it before: contents by class, what was made of it, dates of its lot, custody, associations', async () => {
  const CASE = '00/095060001343520017';
  const LOT = '01/09506000134376/10/API-7';
  const ahead = { eventTime: new Date(NOW + DAY).toISOString() };
  const classes = [{ epcClass: uri(LOT), quantity: 5 }];
  await capture(
    made,
    event(0, {
      ...ahead,
      action: 'ADD',
      epcList: [uri('01/09506000134352/21/F2')],
      ilmd: { 'cbvmda:lotNumber': 'L1', 'cbvmda:itemExpirationDate': '2027-01-31' },
    }),
    {
      ...event(0, ahead),
      type: 'AggregationEvent',
      action: 'ADD',
      epcList: undefined,
      parentID: uri(CASE),
      childQuantityList: classes,
    },
    {
      ...event(0, ahead),
      type: 'AssociationEvent',
      action: 'ADD',
      epcList: undefined,
      parentID: uri(U1),
      childEPCs: [uri('8004/95060001343521')],
    },
    {
      ...event(0, ahead),
      type: 'TransformationEvent',
      action: undefined,
      epcList: undefined,
      inputEPCList: [uri(U1)],
      outputEPCList: [uri('01/09506000134369/21/M1')],
      ilmd: { 'cbvmda:lotNumber': 'M1' },
      transformationID: 'urn:x:t',
    },
    event(0, {
      ...ahead,
      bizStep: 'shipping',
      destinationList: [{ type: 'location', destination: uri(B) }],
    }),
  );
  const query = `query ($u: ID!, $c: ID!) { package: packageById(id: $u) { associations { child } } box: packageById(id: $c) { contentsSummary { classes { quantity } } }
    lot(gtin: "01/09506000134352/10/L1") { expiry } handoffs { nodes { id: key } } lineage(id: $u, direction: FORWARD) { nodes { key } } }`;
  const ask = async (): Promise<Record<string, unknown>> =>
    (await app.graphql(query, { u: uri(U1), c: uri(CASE) })).data;

  const before = await ask();
  expect(before).toMatchObject({
    package: { associations: [] },
    box: { contentsSummary: { classes: [] } },
    lot: { expiry: null },
    handoffs: { nodes: [] },
  });
  expect(JSON.stringify(before['lineage'])).not.toContain('M1');
  await goOn(DAY);
  const after = await ask();
  expect(JSON.stringify(after['lineage'])).toContain('M1');
  expect(after).toMatchObject({
    package: { associations: [{ child: '8004/95060001343521' }] },
    box: { contentsSummary: { classes: [{ quantity: 5 }] } },
    lot: { expiry: '2027-01-31' },
    handoffs: { nodes: [{}] },
  });
  await isRight();
});

test('a rebuild by another clock lets events wait that counted, and the other way round', async () => {
  await capture(made, arriving(DAY));
  await goOn(2 * DAY);
  const joined = await readDigest(app.graph);

  clock.set(NOW);
  await rebuildProjection(app.graph, () => undefined, clock);
  expect(await whereIs()).toEqual({ site: { key: A }, status: 'active' });
  await isRight();
  clock.set(NOW + 2 * DAY);
  await rebuildProjection(app.graph, () => undefined, clock);
  expect(await readDigest(app.graph)).toEqual(joined);
});

const MOVES = cypher<{ messages: string }>('test.moves', { mayScan: 'reads a small graph' })`
MATCH (b:Batch) RETURN b.messages AS messages ORDER BY b.seq`;

test('several processes let each event join once, and the move is told then, once', async () => {
  await capture(made, arriving(DAY), event(DAY + HOUR, { bizStep: 'inspecting' }));
  const tellsOf = async (): Promise<number> =>
    (await app.graph.read(MOVES)).filter(({ messages }) =>
      JSON.stringify(parseMessages(messages)).includes(B),
    ).length;
  expect(await tellsOf()).toBe(0);

  clock.set(NOW + DAY);
  const deps = {
    graph: app.graph,
    clock,
    retention: { batches: 10_000, toldMs: 86_400_000 },
    onCommit: () => undefined,
  };
  await Promise.all([joinDue(deps), joinDue(deps), joinDue(deps)]);
  expect(await tellsOf()).toBe(1);
  await isRight();
});

test('a declaration of error dated more than a day ahead is told of, and counts now', async () => {
  const wrong = arriving(-HOUR);
  const body = await capture(made, wrong, declared(wrong, 2 * DAY), declared(made, DAY));

  expect(body['warnings']).toMatchObject([
    {
      code: 'EVENT_IN_FUTURE',
      pointer: '/epcisBody/eventList/2/errorDeclaration/declarationTime',
      found: new Date(NOW + 2 * DAY).toISOString(),
    },
  ]);
  expect((await about()).journey).toEqual([]);
});

test('what only events ahead of the clock name is told so in a recall, and not as never reported', async () => {
  const box = '00/095060001343520017';
  const born = { bizStep: 'commissioning', bizLocation: { id: uri(A) }, action: 'ADD' };
  const [lot, other] = ['01/09506000134352/10/L9', '01/09506000134352/10/L8'];
  await capture(
    event(DAY, { ...born, ilmd: { 'cbvmda:lotNumber': 'L9' } }),
    event(DAY, { ...born, epcList: [uri(box)] }),
  );
  const query = `query ($input: RecallScopeInput!) { recallScope(input: $input) { completeness { gaps { code detail } } } }`;
  const input = {
    lots: ['L8', 'L9'].map((number) => ({ gtin: '09506000134352', lot: number })),
    products: [{ gtin: '09506000134352' }],
    serials: [uri(U1)],
    container: uri(box),
  };
  const { data } = await app.graphql(query, { input });
  const { gaps } = (data as { recallScope: { completeness: { gaps: unknown[] } } }).recallScope
    .completeness;

  const later = (code: string, key: string): unknown => ({
    code,
    detail: `Only events dated later than now name ${key}: what they say counts from then on.`,
  });
  expect(gaps).toEqual([
    {
      code: 'LOT_UNKNOWN',
      detail: `1 lot that was asked for was never reported: ${other}. Check the number.`,
    },
    later('LOT_UNKNOWN', lot),
    later('PRODUCT_UNKNOWN', '01/09506000134352'),
    later('SERIAL_UNKNOWN', U1),
    later('CONTAINER_UNKNOWN', box),
  ]);
});
