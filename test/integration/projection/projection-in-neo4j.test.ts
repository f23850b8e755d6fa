import fc from 'fast-check';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import { readDigest } from '../../../src/projection/digest.read-model.js';
import { cypher } from '../../../src/graph/cypher.js';
import { readFacts } from '../../../src/capture/stored-facts.rules.js';
import type { StoredEvent } from '../../../src/projection/index.js';
import type { History, Message } from '../../support/histories.js';
import { arrivalOrders, dense, lawful, random, wild } from '../../support/histories.js';
import { epcisDocument, toEpcisEvents } from '../../support/history-document.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';

const nightly = process.env['CUSTODY_TEST_NIGHTLY'] === '1';
const runs = Number(process.env['CUSTODY_TEST_RUNS'] ?? (nightly ? 1000 : 60));
const seed = Number(process.env['CUSTODY_TEST_SEED'] ?? 20_261_121);

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(async () => {
  await app.stop();
});

const ACTIVE = cypher<StoredEvent>('test.activeEvents', { mayScan: 'reads all events of a test' })`
MATCH (e:Event) WHERE e.retracted IS NULL
RETURN e.id AS id, e.hash AS hash, e.eventTime AS eventTime, e.text AS text, e.ilmdLot AS ilmdLot`;

async function captureAll(
  messages: readonly Message[],
  history: History,
  salt: number,
): Promise<void> {
  const next = random(salt);
  for (let i = 0; i < messages.length;) {
    const size = 1 + Math.floor(next() * 6);
    const events = toEpcisEvents(messages.slice(i, i + size), history.facts);
    i += size;
    const { status, body } = await app.capture(epcisDocument(events));
    if (status !== 202) throw new Error(JSON.stringify(body));
  }
}

/** The projection that a fresh derivation in memory gives, in the lines of the digest that do not hang on documents. */
async function expectedRows(): Promise<string[]> {
  const memory = new MemoryWorld();
  const events = await app.graph.read(ACTIVE);
  memory.apply(
    events.flatMap((event) => [...readFacts(event)]),
    [],
  );
  return [...memory.world.packages.values()]
    .flatMap(({ key, history }) =>
      (history?.rows ?? []).map((row) => `${key} ${row.from} ${row.holding ?? 'STAY'}`),
    )
    .sort();
}

async function storedRows(): Promise<{ digest: string; rows: string[] }> {
  const lines = await readDigest(app.graph);
  const rows = lines.flatMap((line) => {
    const found = /^row (\S+) (\d+)\.\.\d* (?:IN ([FLD] .*?)(?: mark .*)?|(STAY) .*)$/.exec(line);
    return found === null ? [] : [`${found[1]} ${found[2]} ${found[3] ?? 'STAY'}`];
  });
  return { digest: lines.join('\n'), rows: rows.sort() };
}

async function holds(history: History): Promise<void> {
  let digest: string | undefined;
  for (const [i, messages] of arrivalOrders(history).entries()) {
    if (i > 2) break;
    await emptyGraph(app.graph);
    await captureAll(messages, history, history.seed + i);
    const stored = await storedRows();
    if (i === 0) expect(stored.rows).toEqual(await expectedRows());
    digest ??= stored.digest;
    if (stored.digest !== digest) expect(stored.digest).toBe(digest);
  }
}

describe('the projection in Neo4j', () => {
  test.each([
    ['dense', dense, Math.ceil(runs / 3)],
    ['wild', wild, Math.ceil(runs / 3)],
    ['lawful', lawful, Math.ceil(runs / 3)],
  ] as const)(
    'is the same for any order, batching and repetition, and as derived in memory: %s histories',
    async (_, histories, numRuns) => {
      await fc.assert(fc.asyncProperty(histories, holds), { numRuns, seed, endOnFailure: true });
    },
    3_600_000,
  );
});
