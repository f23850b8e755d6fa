import type { View } from '../../../src/access/view.js';
import { hostView } from '../../../src/access/view.js';
import neo4j from 'neo4j-driver';
import type { Driver } from 'neo4j-driver';
import { findEvents, parametersOfUrl, parseEventQuery } from '../../../src/epcis-query/index.js';
import { termsOfEvent } from '../../../src/event-terms/event-terms.rules.js';
import { storeTerms } from '../../../src/event-terms/event-terms.store.js';
import type { EpcisEvent } from '../../../src/epcis/event.js';
import { cypher, asSent, int } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../../support/neo4j-for-tests.js';

const EVENTS = 20_000;
const RARE_EVERY = 5000;
const PER_PAGE = 30;
/** A page, its batch and the roots of trees; a scan would cost several hits for each of 20,000 events. */
const MOST_HITS = 6000;

const CREATE = cypher('test.profiledEvents')`
UNWIND $rows AS row
CREATE (e:Event) SET e = row.node
MERGE (p:Package {k: row.package})
CREATE (e)-[:OF {role: 'epc'}]->(p)`;

const LOG = cypher('test.profiledLog')`CREATE (:Log {id: 'log', seq: $seq})`;

let graph: Graph;
let driver: Driver;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await graph.write((tx) => tx.run(LOG, { seq: int(EVENTS) }));
  const { uri, user, password } = neo4jOfTests();
  driver = neo4j.driver(uri, neo4j.auth.basic(user, password));
  for (let start = 0; start < EVENTS; start += 2000) await create(start, 2000);
  // The planner must know this store, not the ones that tests before had here.
  const session = driver.session({ database: 'neo4j' });
  await session.run('CALL db.prepareForReplanning(60)');
  await session.run('CALL db.clearQueryCaches()');
  await session.close();
});
afterAll(async () => {
  await driver.close();
  await emptyGraph(graph);
  await graph.close();
});

const ORDER = 'urn:epcglobal:cbv:bt:9506000134352:7';
const idOf = (n: number): string => `urn:example:event:${n}`;
const timeOf = (n: number): string => new Date(1_767_225_600_000 + n * 60_000).toISOString();

function eventOf(n: number): EpcisEvent {
  const rare = n % RARE_EVERY === 7;
  const site = { id: rare ? 'urn:example:rare' : 'urn:example:usual' };
  return {
    ...(rare ? { type: 'TransformationEvent' } : whatOf(n)),
    eventID: idOf(n),
    eventTime: timeOf(n),
    eventTimeZoneOffset: '+00:00',
    bizStep: rare ? 'destroying' : 'shipping',
    disposition: rare ? 'destroyed' : 'in_transit',
    readPoint: site,
    bizLocation: site,
    ...someFields(n % RARE_EVERY),
  } as EpcisEvent;
}

function whatOf(n: number): object {
  const action = n % RARE_EVERY === 8 ? 'DELETE' : 'OBSERVE';
  return { type: 'ObjectEvent', action, epcList: [`urn:example:box:${n % 1000}`] };
}

/** Every tenth has a field of its own, every hundredth an order; of each one in 5,000 is a rare one. */
function someFields(n: number): object {
  const order = { type: 'po', bizTransaction: n === 2 ? ORDER : 'urn:example:usual' };
  return {
    ...(n % 10 === 1 ? { 'https://example.org/ns#colour': n === 11 ? 'green' : 'red' } : {}),
    ...(n % 100 === 2 ? { bizTransactionList: [order] } : {}),
  };
}

async function create(start: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => [start + i, eventOf(start + i)] as const);
  await graph.write(async (tx) => {
    await tx.run(CREATE, {
      rows: events.map(([n, event]) => ({
        package: `urn:example:box:${n % 1000}`,
        node: nodeOf(n, event),
      })),
    });
    const rows = events.flatMap(([n, event]) => {
      const terms = termsOfEvent({ id: idOf(n), event, prefixes: new Map() });
      return terms.length === 0 ? [] : [{ id: idOf(n), at: Date.parse(timeOf(n)), terms }];
    });
    await storeTerms(tx, { events: rows, declarations: [] });
  });
}

function nodeOf(n: number, event: EpcisEvent): object {
  const { type, action, bizStep, disposition, readPoint, bizLocation } = event as Extract<
    EpcisEvent,
    { type: 'ObjectEvent' }
  >;
  return {
    id: idOf(n),
    type,
    action: (action as string | undefined) ?? null,
    bizStep: bizStep ?? null,
    disposition: disposition ?? null,
    readPoint: readPoint?.id ?? null,
    bizLocation: bizLocation?.id ?? null,
    eventTime: int(Date.parse(timeOf(n))),
    recordTime: int(n),
    seq: int(n),
    text: JSON.stringify(event),
  };
}

/** Every statement of one page, run again under PROFILE: how often the store was asked. */
async function hitsOf(search: string): Promise<{ found: number; hits: number; told: string[] }> {
  const run: ReturnType<typeof asSent>[] = [];
  const recording: View = {
    ...hostView(graph),
    read: (statement, params = {}, options) => {
      run.push(asSent(statement, params));
      return graph.read(statement, params, options);
    },
  };
  const query = parseEventQuery(parametersOfUrl(new URLSearchParams(search)));
  const { events } = await findEvents(recording, query, { perPage: PER_PAGE, nowMs: 0 });
  const told: string[] = [];
  let hits = 0;
  for (const [text, params] of run) {
    const session = driver.session({ database: 'neo4j' });
    const { summary } = await session.run(`PROFILE ${text}`, params);
    await session.close();
    const cost = summary.profile === false ? 0 : dbHits(summary.profile);
    hits += cost;
    told.push(`${cost} ${text.slice(0, 60)}`);
  }
  return { found: events.length, hits, told };
}

interface Profiled {
  readonly dbHits: number;
  readonly children: readonly Profiled[];
}

const dbHits = (plan: Profiled): number =>
  plan.dbHits + plan.children.reduce((sum, child) => sum + dbHits(child), 0);

test.each([
  ['no parameter', 'perPage=30', 30],
  ['a frequent type', 'eventType=ObjectEvent', 30],
  ['a rare type', 'eventType=TransformationEvent', 4],
  ['a rare action', 'EQ_action=DELETE', 4],
  ['a range of time', `GE_eventTime=${timeOf(100)}&LT_eventTime=${timeOf(110)}`, 10],
  [
    'a range of time, as recorded',
    `GE_eventTime=${timeOf(100)}&LT_eventTime=${timeOf(110)}&orderBy=recordTime`,
    10,
  ],
  ['a frequent step', 'EQ_bizStep=shipping', 30],
  ['a rare step', 'EQ_bizStep=destroying', 4],
  ['a rare step, as recorded', 'EQ_bizStep=destroying&orderBy=recordTime', 4],
  [
    'a frequent disposition, oldest first',
    'EQ_disposition=in_transit&orderBy=eventTime&orderDirection=ASC',
    30,
  ],
  ['a rare disposition', 'EQ_disposition=destroyed', 4],
  ['a frequent place', 'EQ_readPoint=urn:example:usual', 30],
  ['a rare place', 'EQ_bizLocation=urn:example:rare', 4],
  ['an EPC', 'MATCH_epc=urn:example:box:12', 20],
  ['an event', `EQ_eventID=${idOf(77)}`, 1],
  ['a rare order', `EQ_bizTransaction_po=${ORDER}`, 4],
  ['a frequent field', 'EQ_https://example.org/ns%23colour=red', 30],
  ['a rare field', 'EQ_https://example.org/ns%23colour=green', 4],
  ['a field that nobody has', 'EXISTS_https://example.org/ns%23size', 0],
  ['a frequent step with a rare order', `EQ_bizStep=shipping&EQ_bizTransaction_po=${ORDER}`, 4],
  ['declarations, where there are none', 'EXISTS_errorDeclaration=true', 0],
])('%s costs about what a page costs', async (_name, search, found) => {
  const cost = await hitsOf(search);
  expect(cost).toMatchObject({ found });
  expect([cost.hits < MOST_HITS, cost.told]).toEqual([true, cost.told]);
});
