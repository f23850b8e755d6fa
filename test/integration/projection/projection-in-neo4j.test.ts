import fc from 'fast-check';
import { rebuildProjection, verifyProjection } from '../../../src/capture/index.js';
import { readDigest } from '../../../src/projection/index.js';
import type { History, Message } from '../../support/histories.js';
import { arrivalOrders, dense, lawful, random, wild } from '../../support/histories.js';
import { epcisDocument, toEpcisEvents } from '../../support/history-document.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';
import { historiesToTry, seed } from '../../support/test-settings.js';

const runs = historiesToTry({ daily: 60, nightly: 1_000 });

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(async () => {
  await app.stop();
});

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

async function holds(history: History): Promise<void> {
  let digest: string | undefined;
  for (const [i, messages] of arrivalOrders(history).entries()) {
    if (i > 2) break;
    await emptyGraph(app.graph);
    await captureAll(messages, history, history.seed + i);
    const stored = (await readDigest(app.graph)).join('\n');
    if (i === 0) {
      const { missing, unexpected } = await verifyProjection(app.graph, () => undefined);
      expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
    }
    digest ??= stored;
    if (stored !== digest) expect(stored).toBe(digest);
    if (i > 0) continue;
    await rebuildProjection(app.graph, () => undefined);
    expect((await readDigest(app.graph)).join('\n')).toBe(digest);
  }
}

describe('the projection in Neo4j', () => {
  test.each([
    ['dense', dense, Math.ceil(runs / 3)],
    ['wild', wild, Math.ceil(runs / 3)],
    ['lawful', lawful, Math.ceil(runs / 3)],
  ] as const)(
    'is the same for any order, batching and repetition, as derived in memory, and after a rebuild: %s histories',
    async (_, histories, numRuns) => {
      await fc.assert(fc.asyncProperty(histories, holds), { numRuns, seed, endOnFailure: true });
    },
    3_600_000,
  );
});
