import fc from 'fast-check';
import { joinDue } from '../../../src/capture/index.js';
import type { Graph } from '../../../src/graph/graph.js';
import { readDigest } from '../../../src/projection/index.js';
import { rebuildProjection, verifyProjection } from '../../../src/rebuild/index.js';
import { fixedClock } from '../../../src/shared/clock.js';
import type { History, Message, Step } from '../../support/histories.js';
import { arrivalOrders, dense, random, wild, withClock } from '../../support/histories.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import type { SightCapture } from '../../support/sight-capture.js';
import { captureSent, registerPartners, sightCapture } from '../../support/sight-capture.js';
import { sent, trade } from '../../support/sight-histories.js';
import { historiesToTry, nightly, seed } from '../../support/test-settings.js';
import { together } from '../../support/worlds.js';

const TOGETHER = nightly ? 10 : 4;
const runs = Math.ceil(historiesToTry({ daily: 30, nightly: 1_000 }) / 30);
/** Later than anything in a history. */
const LATE = Date.UTC(2026, 0, 1);

const clock = fixedClock(LATE);
let graph: Graph;
let deps: SightCapture;
beforeAll(async () => {
  graph = await graphForTests();
  deps = sightCapture(graph, clock);
}, 60_000);
afterAll(async () => {
  await graph.close();
});

async function captureAll(steps: readonly Step[], history: History, salt: number): Promise<void> {
  const next = random(salt);
  clock.set(LATE);
  let batch: Message[] = [];
  const send = async (): Promise<void> => {
    const sending = batch.map((message) => captureSent(deps, message, history));
    batch = [];
    await Promise.all(sending);
  };
  for (const step of steps) {
    if (step.kind === 'clock') {
      await send();
      clock.set(step.now);
      await joinDue({
        graph,
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
    await emptyGraph(graph);
    await registerPartners(graph);
    await captureAll(withClock(messages, history), history, history.seed + i);
    const stored = (await readDigest(graph)).join('\n');
    if (i === 0) {
      const { missing, unexpected } = await verifyProjection(graph, () => undefined, clock);
      expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
    }
    digest ??= stored;
    if (stored !== digest) expect(stored).toBe(digest);
    if (i > 0) continue;
    await rebuildProjection(graph, () => undefined, clock);
    expect((await readDigest(graph)).join('\n')).toBe(digest);
  }
  expect(digest).toMatch(/^seen /m);
}

test.each([
  ['trade', trade],
  ['dense', dense.map(sent)],
  ['wild', wild.map(sent)],
] as const)(
  'who sees what is the same for any order, batching, repetition and clock, as derived in memory, and after a rebuild: %s histories',
  async (_, histories) => {
    const several = fc.array(histories, { minLength: TOGETHER, maxLength: TOGETHER });
    await fc.assert(fc.asyncProperty(several.map(together), holds), {
      numRuns: runs,
      seed,
      endOnFailure: true,
    });
  },
  3_600_000,
);
