import { HOST } from '../../../src/access/principal.js';
import { hostView } from '../../../src/access/view.js';
import { Writer, captureDocument } from '../../../src/capture/index.js';
import type { CaptureDeps } from '../../../src/capture/index.js';
import { jsonSource } from '../../../src/epcis/source-document.js';
import { findEvents, parametersOfJson, parseEventQuery } from '../../../src/epcis-query/index.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { fixedClock } from '../../../src/shared/clock.js';
import type { Clock } from '../../../src/shared/clock.js';
import { silentLogger } from '../../../src/shared/logger.js';
import { noMetrics } from '../../../src/shared/metrics.js';
import { epcisDocument } from '../../support/history-document.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const NOON = Date.UTC(2026, 2, 14, 12);
const MINUTE = 60_000;

const RECORDED = cypher<{ seq: number; recordTime: number }>('test.recorded', {
  mayScan: 'reads a small graph',
})`
MATCH (e:Event) RETURN e.seq AS seq, e.recordTime AS recordTime ORDER BY seq`;

let graph: Graph;
let other: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  other = await graphForTests();
}, 60_000);
afterAll(async () => {
  await Promise.all([graph.close(), other.close()]);
});
beforeEach(() => emptyGraph(graph));

/** A process that captures: a writer of its own, with a clock of its own. */
function processWith(clock: Clock, its: Graph): CaptureDeps & { readonly writer: Writer } {
  const writer = new Writer({
    ...{ graph: its, clock, logger: silentLogger, metrics: noMetrics },
    queueLimitEvents: 10_000,
    retention: { batches: 10_000, toldMs: 86_400_000 },
    onCommit: () => undefined,
  });
  return {
    ...{ writer, clock, metrics: noMetrics, view: hostView(its), partnerBackdateDays: 30 },
    limits: { maxEvents: 1000, maxEpcsPerEvent: 1000, maxDepth: 64, digitalLinkDomains: [] },
  };
}

let serial = 0;
const capture = (from: CaptureDeps): ReturnType<typeof captureDocument> => {
  const event = {
    type: 'ObjectEvent',
    action: 'OBSERVE',
    eventID: `urn:x:recorded:${++serial}`,
    eventTime: '2026-03-14T09:00:00Z',
    eventTimeZoneOffset: '+00:00',
    epcList: [`https://id.gs1.org/01/09506000134352/21/R${serial % 7}`],
  };
  return captureDocument(from, jsonSource(epcisDocument([event])), {
    errorBehaviour: 'ROLLBACK',
    sender: HOST,
  });
};

async function poll(from: number, nowMs: number): Promise<{ id: string; recordTime: number }[]> {
  const asked = { GE_recordTime: new Date(from).toISOString(), orderBy: 'recordTime' };
  const query = parseEventQuery(parametersOfJson({ ...asked, orderDirection: 'ASC' }), {});
  const { events } = await findEvents(hostView(graph), query, { perPage: 1000, nowMs });
  return events.map(({ id, recordTimeMs }) => ({ id, recordTime: recordTimeMs }));
}

test('record time rises with the log, whatever the clocks of two processes say', async () => {
  const [ahead, behind] = [fixedClock(NOON + MINUTE), fixedClock(NOON)];
  const [one, two] = [processWith(ahead, graph), processWith(behind, other)];
  const outcomes: Awaited<ReturnType<typeof captureDocument>>[] = [];
  let begun = 0;
  for (const its of [graph, other])
    its.onStatement(({ name }) => (begun += name === 'capture.lockLog' ? 1 : 0));
  for (let i = 0; i < 12; i++) {
    outcomes.push(...(await Promise.all([capture(one), capture(two)])));
    ahead.set(NOON + MINUTE + (i % 3 === 0 ? -3_600_000 : i));
    behind.set(NOON + i);
  }
  const recorded = await graph.read(RECORDED);
  const bySeq = new Map(recorded.map((row) => [row.seq, row.recordTime]));
  const times = [...bySeq.values()];

  expect(recorded).toHaveLength(24);
  // None was thrown back and tried again: Neo4j does so with who waits for the log in a circle.
  expect(begun).toBe(24);
  expect(times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0))).toBe(true);
  expect(times[0]).toBeGreaterThanOrEqual(NOON);
  for (const { createdAt, finishedAt } of outcomes)
    expect(finishedAt).toBeGreaterThanOrEqual(createdAt);
  await Promise.all([one.writer.close(), two.writer.close()]);
});

test('who asks before anything was ever captured sees what a slow clock records next', async () => {
  const slow = processWith(fixedClock(NOON - MINUTE), graph);
  expect(await poll(NOON - 10 * MINUTE, NOON)).toEqual([]);

  const { eventIds } = await capture(slow);

  expect((await poll(NOON, NOON + 1)).map(({ id }) => id)).toEqual(eventIds);
  await slow.writer.close();
});

test.each([
  ['the newest record time it saw', false],
  ['when it asked last', true],
])('a poller that goes on from %s sees every event', async (_, byItsClock) => {
  const mine = fixedClock(NOON);
  const [fast, slow] = [fixedClock(NOON + MINUTE), fixedClock(NOON - MINUTE)];
  const [one, two] = [processWith(fast, graph), processWith(slow, other)];
  const captured: string[] = [];
  const seen = new Set<string>();
  let from = NOON - 10 * MINUTE;
  for (let round = 0; round < 10; round++) {
    mine.set(NOON + round * 1000);
    fast.set(NOON + MINUTE + (round === 4 ? -30 * MINUTE : round * 1000));
    slow.set(NOON - MINUTE + (round === 6 ? -30 * MINUTE : round * 1000));
    const writing = Promise.all([capture(one), capture(two), capture(two)]);
    const asked = mine.now();
    const found = await poll(from, asked);
    for (const { id } of found) seen.add(id);
    from = byItsClock ? asked : Math.max(from, ...found.map(({ recordTime }) => recordTime));
    captured.push(...(await writing).flatMap(({ eventIds }) => eventIds));
  }
  for (const { id } of await poll(from, mine.now())) seen.add(id);

  expect(captured).toHaveLength(30);
  expect(captured.filter((id) => !seen.has(id))).toEqual([]);
  await Promise.all([one.writer.close(), two.writer.close()]);
});
