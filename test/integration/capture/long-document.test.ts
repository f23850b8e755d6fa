import fc from 'fast-check';
import { cypher } from '../../../src/graph/cypher.js';
import { readDigest } from '../../../src/projection/digest.read-model.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import type { EpcisJson } from '../../support/history-document.js';
import { epcisDocument, toEpcisEvents } from '../../support/history-document.js';
import { arrivalOrders, dense, shuffle } from '../../support/histories.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';

// Long enough to be written in portions: what one portion says of a package, the next finds in the same transaction.
const EVENTS = 600;
const SEED = 20_261_129;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop());
beforeEach(() => emptyGraph(app.graph));

/** Events and declarations of many histories of the same packages, each with ids of its own, mixed. */
function entangled(): readonly EpcisJson[] {
  const events = fc.sample(dense, { seed: SEED, numRuns: 200 }).flatMap((history, h) => {
    const of = toEpcisEvents(arrivalOrders(history)[0]!, history.facts);
    return of.map((event) => ({ ...event, eventID: `${String(event['eventID'])}:${h}` }));
  });
  return shuffle(events.slice(0, EVENTS), SEED);
}

/** One unit each. */
function plain(): readonly EpcisJson[] {
  return Array.from({ length: EVENTS }, (_, i) => ({
    eventID: `urn:x:plain:${i}`,
    type: 'ObjectEvent',
    action: 'OBSERVE',
    eventTime: '2026-03-14T09:00:00Z',
    eventTimeZoneOffset: '+00:00',
    epcList: [`https://id.gs1.org/01/09506000134352/21/P${i}`],
  }));
}

const RECORDED = cypher<{ seq: number; recordTime: number; events: number }>('test.recordedBySeq', {
  mayScan: 'reads a small graph',
})`
MATCH (e:Event|ErrorDeclaration) RETURN e.seq AS seq, e.recordTime AS recordTime, count(*) AS events ORDER BY seq`;
const LOG = cypher<{ seq: number; batches: number[] }>('test.logAndBatches', {
  mayScan: 'reads a small graph',
})`
MATCH (l:Log {id: 'log'}) MATCH (b:Batch) WITH l, b ORDER BY b.seq RETURN l.seq AS seq, collect(b.seq) AS batches`;

describe('a document longer than is written at once', () => {
  test('leaves what its events leave that come in many documents', async () => {
    const events = entangled();
    for (let at = 0; at < events.length; at += 200) {
      const { status, body } = await app.capture(epcisDocument(events.slice(at, at + 200)));
      expect([status, body['faults']]).toEqual([202, []]);
    }
    const expected = await readDigest(app.graph);
    await emptyGraph(app.graph);

    const { status, body } = await app.capture(epcisDocument(events));

    expect([status, body['faults']]).toEqual([202, []]);
    expect(await readDigest(app.graph)).toEqual(expected);
  }, 120_000);

  test('is recorded at one time, and has its places in the log one after the other', async () => {
    const { body } = await app.capture(epcisDocument(plain()));
    const recorded = await app.graph.read(RECORDED);
    const [log] = await app.graph.read(LOG);

    expect(recorded.length).toBeGreaterThan(2);
    expect(recorded.reduce((sum, { events }) => sum + events, 0)).toBe(body['captured']);
    expect(new Set(recorded.map(({ recordTime }) => recordTime)).size).toBe(1);
    expect(new Date(recorded[0]!.recordTime).toISOString()).toBe(body['finishedAt']);
    expect(log!.batches).toEqual(recorded.map(({ seq }) => seq));
    expect(log!.seq).toBe(log!.batches.at(-1));
  }, 60_000);

  test('is not stored at all when its last event is refused, and one from before is as it was', async () => {
    const [first, ...others] = plain();
    await app.capture(epcisDocument([first!]));
    const before = await readDigest(app.graph);
    const claim = { ...first!, eventTime: '2020-03-01T00:00:00Z' };

    const { status, body } = await app.capture(epcisDocument([...others, claim]), {
      'gs1-capture-error-behaviour': 'rollback',
    });

    expect([status, (body['faults'] as readonly { code: string }[])[0]?.code]).toEqual([
      409,
      'EVENT_ID_CONFLICT',
    ]);
    expect(await readDigest(app.graph)).toEqual(before);
    expect((await app.graph.read(LOG))[0]!.batches).toHaveLength(2);
  }, 60_000);
});
