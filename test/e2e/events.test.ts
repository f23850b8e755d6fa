import { cypher } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import { serverForTests } from '../support/server-for-tests.js';
import type { TestServer } from '../support/server-for-tests.js';

const SITE = '414/9506000134352';
const CREATE = cypher('test.createEvents')`
  CREATE (:Log {id: 'log', seq: 20})
  WITH range(1, 6) AS all
  UNWIND all AS i
  CREATE (e:Event {id: 'e' + i, hash: 'h' + i, type: CASE WHEN i = 6 THEN 'AggregationEvent' ELSE 'ObjectEvent' END, action: 'OBSERVE',
    bizStep: CASE WHEN i % 2 = 0 THEN 'shipping' ELSE 'receiving' END, eventTime: toInteger(1000 * (i / 2)), eventTimeZoneOffset: '+02:00',
    recordTime: toInteger(9000 - i), seq: toInteger(10 - i), text: $text})
  SET e.readPoint = CASE WHEN i <= 2 THEN $site END, e.bizLocation = CASE WHEN i IN [2, 3] THEN $site END
  WITH e WHERE e.id IN ['e4', 'e5']
  SET e.retracted = (e.id = 'e5')
  MERGE (p:Package:Unit {k: '01/09506000134352/21/U1'})
  MERGE (l:Lot {id: '01/09506000134352/10/L1'})
  CREATE (e)-[:OF {role: 'epc'}]->(p), (e)-[:OF {role: 'parent'}]->(p), (e)-[:OF_QUANTITY {role: 'quantity'}]->(l)
  WITH e WHERE e.id = 'e5'
  CREATE (:ErrorDeclaration {id: 'd1', of: 'e5', reason: 'did_not_occur', declarationTime: toInteger(7000), correctiveEventIDs: ['e6'],
    recordTime: toInteger(8000), seq: toInteger(20), text: '{"x":1}'})-[:DECLARES]->(e)`;

const DOCUMENT = {
  type: 'ObjectEvent',
  epcList: ['urn:epc:id:sgtin:9506000.013435.U1', 'https://id.gs1.org/00/095060001343520000'],
  quantityList: [{ epcClass: 'urn:epc:class:lgtin:9506000.013435.L1', quantity: 3.5, uom: 'KGM' }],
  sourceList: [{ type: 'owning_party', source: 'urn:epc:id:pgln:9506000.13435' }],
  bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:po:1' }],
  'ext:thing': { deep: [1, null] },
};

interface EventList {
  readonly events: {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

let graph: Graph;
let server: TestServer;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await graph.write((tx) => tx.run(CREATE, { site: SITE, text: JSON.stringify(DOCUMENT) }));
  server = await serverForTests(graph);
});
afterAll(async () => {
  await server.stop();
  await graph.close();
});

const RECORDED = { field: 'RECORD_TIME' };

async function idsOf(filter: Record<string, unknown>, orderBy: object = {}): Promise<string[]> {
  const answer = await server.graphql<EventList>(
    'query ($f: EventFilter, $o: EventOrder!) { events(filter: $f, orderBy: $o) { nodes { id: eventId } } }',
    { f: filter, o: orderBy },
  );
  expect(answer.errors).toEqual([]);
  return answer.data.events.nodes.map(({ id }) => id);
}

async function pageOf(filter: object, after: string | undefined): Promise<EventList['events']> {
  const query = `query ($f: EventFilter, $a: Cursor) {
    events(filter: $f, first: 1, after: $a) { nodes { id: eventId } pageInfo { hasNextPage endCursor } }
  }`;
  return (await server.graphql<EventList>(query, { f: filter, a: after ?? null })).data.events;
}

test('an event is given back as it came, with its dimensions', async () => {
  const { data } = await server.graphql(`{ event(id: "e5") {
    type eventTime eventTimeZoneOffset recordTime seq bizStep retracted document readPoint { key } bizLocation { key }
    epcList { key urn } quantityList { key quantity uom } sourceList { type key } bizTransactionList { type bizTransaction }
    parentID { key } childEPCs { key } declarations { reason declarationTime correctiveEventIDs document }
  } none: event(id: "e99") { id: eventId } }`);

  expect(data).toEqual({
    event: {
      type: 'ObjectEvent',
      eventTime: '1970-01-01T00:00:02.000Z',
      eventTimeZoneOffset: '+02:00',
      recordTime: '1970-01-01T00:00:08.995Z',
      seq: 5,
      bizStep: 'receiving',
      retracted: true,
      document: DOCUMENT,
      readPoint: null,
      bizLocation: null,
      epcList: [
        { key: '01/09506000134352/21/U1', urn: 'urn:epc:id:sgtin:9506000.013435.U1' },
        { key: '00/095060001343520000', urn: null },
      ],
      quantityList: [{ key: '01/09506000134352/10/L1', quantity: 3.5, uom: 'KGM' }],
      sourceList: [{ type: 'owning_party', key: '417/9506000134352' }],
      bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:po:1' }],
      parentID: null,
      childEPCs: [],
      declarations: [
        {
          reason: 'did_not_occur',
          declarationTime: '1970-01-01T00:00:07.000Z',
          correctiveEventIDs: ['e6'],
          document: { x: 1 },
        },
      ],
    },
    none: null,
  });
});

test('events are listed by time, or as they were recorded', async () => {
  expect(await idsOf({})).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
  expect(await idsOf({}, RECORDED)).toEqual(['e6', 'e5', 'e4', 'e3', 'e2', 'e1']);
});

test('every filter narrows the list', async () => {
  expect(
    await idsOf({ eventTimeFrom: '1970-01-01T00:00:01Z', eventTimeUntil: '1970-01-01T00:00:02Z' }),
  ).toEqual(['e2', 'e3']);
  expect(await idsOf({ seqFrom: 5, seqUntil: 7 })).toEqual(['e4', 'e5']);
  expect(await idsOf({ recordTimeUntil: '1970-01-01T01:00:08.996+01:00' })).toEqual(['e5', 'e6']);
  expect(await idsOf({ bizSteps: ['urn:epcglobal:cbv:bizstep:shipping'] })).toEqual([
    'e2',
    'e4',
    'e6',
  ]);
  expect(await idsOf({ types: ['AggregationEvent'] })).toEqual(['e6']);
  expect(await idsOf({ site: '9506000134352' })).toEqual(['e1', 'e2', 'e3']);
  expect(await idsOf({ site: '9506000134352' }, RECORDED)).toEqual(['e3', 'e2', 'e1']);
  expect(await idsOf({ package: '(01)09506000134352(21)U1' })).toEqual(['e4', 'e5']);
  expect(await idsOf({ package: '(01)09506000134352(21)U1' }, RECORDED)).toEqual(['e5', 'e4']);
  expect(await idsOf({ lot: '(01)09506000134352(10)L1', retracted: false })).toEqual(['e4']);
  expect(await idsOf({ retracted: true })).toEqual(['e5']);
});

test.each([{}, { site: '9506000134352' }, { package: '(01)09506000134352(21)U1' }])(
  'pages of one join to the whole list, filter %j',
  async (filter) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await pageOf(filter, after);
      seen.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
    } while (after !== undefined);

    expect(seen).toEqual(await idsOf(filter));
  },
);

test('a cursor of another order is refused', async () => {
  const { data } = await server.graphql<EventList>(
    '{ sites { pageInfo { endCursor } } events(first: 1) { pageInfo { endCursor } } }',
  );
  const { endCursor } = data.events.pageInfo;

  const answer = await server.graphql('query ($a: Cursor) { sites(after: $a) { nodes { key } } }', {
    a: endCursor,
  });

  expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
});

test('a time without an offset is refused', async () => {
  const answer = await server.graphql(
    '{ events(filter: { eventTimeFrom: "2026-01-01T00:00:00" }) { nodes { id: eventId } } }',
  );

  expect(answer.status).toBe(400);
  expect(answer.errors[0]?.message).toContain('with an offset');
});
