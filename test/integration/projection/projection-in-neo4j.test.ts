import fc from 'fast-check';
import { joinDue } from '../../../src/capture/index.js';
import { rebuildProjection, verifyProjection } from '../../../src/rebuild/index.js';
import { readDigest } from '../../../src/projection/index.js';
import { fixedClock } from '../../../src/shared/clock.js';
import type { History, Message, Step } from '../../support/histories.js';
import { arrivalOrders, dense, lawful, random, wild, withClock } from '../../support/histories.js';
import { epcisDocument, toEpcisEvents } from '../../support/history-document.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';
import { together } from '../../support/worlds.js';
import { historiesToTry, seed } from '../../support/test-settings.js';

/** Of each kind. Some share a store, each in its world. */
const runs = Math.ceil(historiesToTry({ daily: 60, nightly: 1_000 }) / 3);
const TOGETHER = 10;

const clock = fixedClock(0);
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(async () => {
  await app.stop();
});

/** Later than anything in a history. */
const LATE = Date.UTC(2026, 0, 1);

async function captureAll(steps: readonly Step[], history: History, salt: number): Promise<void> {
  const next = random(salt);
  clock.set(LATE);
  let batch: Message[] = [];
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    const events = toEpcisEvents(batch, history.facts);
    batch = [];
    const { status, body } = await app.capture(epcisDocument(events));
    if (status !== 202) throw new Error(JSON.stringify(body));
  };
  for (const step of steps) {
    if (step.kind === 'clock') {
      await send();
      clock.set(step.now);
      await joinDue({
        graph: app.graph,
        clock,
        retention: { batches: 10_000, toldMs: 86_400_000 },
        onCommit: () => undefined,
      });
    } else {
      batch.push(step);
      if (next() < 0.3 / TOGETHER) await send();
    }
  }
  await send();
}

async function holds(history: History): Promise<void> {
  let digest: string | undefined;
  for (const [i, messages] of arrivalOrders(history).entries()) {
    if (i > 2) break;
    await emptyGraph(app.graph);
    await captureAll(withClock(messages, history), history, history.seed + i);
    const stored = (await readDigest(app.graph)).join('\n');
    if (i === 0) {
      const { missing, unexpected } = await verifyProjection(app.graph, () => undefined, clock);
      expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
    }
    digest ??= stored;
    if (stored !== digest) expect(stored).toBe(digest);
    if (i > 0) continue;
    await rebuildProjection(app.graph, () => undefined, clock);
    expect((await readDigest(app.graph)).join('\n')).toBe(digest);
  }
}

describe('the projection in Neo4j', () => {
  test.each([
    ['dense', dense],
    ['wild', wild],
    ['lawful', lawful],
  ] as const)(
    'is the same for any order, batching, repetition and clock, as derived in memory, and after a rebuild: %s histories',
    async (_, histories) => {
      const several = fc.array(histories, { minLength: TOGETHER, maxLength: TOGETHER });
      await fc.assert(fc.asyncProperty(several.map(together), holds), {
        numRuns: Math.ceil(runs / TOGETHER),
        seed,
        endOnFailure: true,
      });
    },
    3_600_000,
  );
});
