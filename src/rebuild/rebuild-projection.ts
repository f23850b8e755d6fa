import { deriveStored, holdBack } from '../capture/index.js';
import type { Graph } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { isAhead } from '../shared/ahead.js';
import type { Clock } from '../shared/clock.js';
import { systemClock } from '../shared/clock.js';
import { eventPages } from './event-pages.js';
import type { Progress } from './event-pages.js';
import type { EventPageRow, EventPlace } from './rebuild.store.js';
import {
  DROPS,
  beginRebuild,
  countEvents,
  dropRest,
  endRebuild,
  lockForRebuild,
  readEventsForUpdate,
  readRebuildState,
} from './rebuild.store.js';
import { rereadEvents } from './reread-events.js';

/** Most characters of event texts in one transaction, some 20,000 EPCs; one event may be longer. */
const PAGE_TEXT = 1_000_000;

/**
 * Drops the projection and derives it again from the events, in the order of event time, one page in a transaction. Events ahead of
 * the clock wait, whether they waited before or not.
 *
 * It may be interrupted at any point: the next start finds its mark and goes on with {@link resumeRebuild}.
 * Captures during a rebuild are safe, because order does not matter. Answers are incomplete until it ends.
 */
export async function rebuildProjection(
  graph: Graph,
  progress: Progress,
  clock: Clock = systemClock,
): Promise<void> {
  await graph.write(beginRebuild);
  await dropAll(graph);
  await deriveAll(graph, progress, clock);
}

async function dropAll(graph: Graph): Promise<void> {
  // Captures go on and derive rows meanwhile. So each drop runs twice, and dropRest removes the little that is left, behind the lock.
  for (const drop of [...DROPS, ...DROPS])
    await graph.writeAlone(drop, {}, { timeoutMs: 3_600_000 });
  await graph.write(dropRest);
}

/** Continues a rebuild that was interrupted. @returns whether there was one */
export async function resumeRebuild(
  graph: Graph,
  progress: Progress,
  clock: Clock = systemClock,
): Promise<boolean> {
  const { rebuilding, dropping } = await readRebuildState(graph);
  if (!rebuilding) return false;
  if (dropping) await dropAll(graph);
  await deriveAll(graph, progress, clock);
  return true;
}

async function deriveAll(graph: Graph, progress: Progress, clock: Clock): Promise<void> {
  const total = await countEvents(graph);
  let done = 0;
  const next = (after: EventPlace, limit: number): Promise<readonly EventPageRow[]> =>
    graph.write((tx) => deriveNext(tx, { after, limit }, clock));
  for await (const page of eventPages(next)) {
    done += page.length;
    progress(done, total);
  }
  await graph.write(endRebuild);
}

/** Derives the events of the next page that are not derived yet. It reads behind the lock, because captures and other rebuilds change events. */
async function deriveNext(
  tx: GraphTransaction,
  { after, limit }: { readonly after: EventPlace; readonly limit: number },
  clock: Clock,
): Promise<readonly EventPageRow[]> {
  const log = await lockForRebuild(tx);
  const page = await rereadEvents(
    tx,
    forOneTransaction(await readEventsForUpdate(tx, after, limit)),
  );
  const now = clock.now();
  const waits = ({ retracted, eventTime }: EventPageRow): boolean =>
    !retracted && isAhead(eventTime, now);
  const waiting = page.filter((row) => waits(row) && !row.derived);
  await holdBack(tx, waiting);
  const due = page.filter((row) => !waits(row) && !row.derived);
  await deriveStored(tx, log, due);
  return page;
}

/** As many of the first events as one transaction derives within its time and memory. */
function forOneTransaction(page: readonly EventPageRow[]): readonly EventPageRow[] {
  let length = 0;
  const end = page.findIndex(({ text }, i) => (length += text.length) > PAGE_TEXT && i > 0);
  return end < 0 ? page : page.slice(0, end);
}
