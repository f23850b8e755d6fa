import type { Graph } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { MemoryWorld, memoryDigest, readDigest, saveChanges } from '../projection/index.js';
import { CLOCK_ALLOWANCE_MS, isAhead } from '../shared/ahead.js';
import type { Clock } from '../shared/clock.js';
import { systemClock } from '../shared/clock.js';
import { holdEventsBack, joinEvents, linkAhead } from './ahead.store.js';
import { linkNames, linkParts } from './capture.store.js';
import { ghostsOf, nameGroupsOf } from './event-batch.rules.js';
import { readLotFactsAgain } from './lot-facts.store.js';
import { saveMaking, unmake } from './made-from.store.js';
import { namedThingsOf } from './named-things.rules.js';
import { nameThings } from './named-things.store.js';
import { projectBatch } from './project-batch.js';
import type { EventPageRow, EventPlace } from './rebuild.store.js';
import {
  DROPS,
  beginRebuild,
  countEvents,
  dropRest,
  endRebuild,
  lockForRebuild,
  readEvents,
  readEventsForUpdate,
  readRebuildState,
} from './rebuild.store.js';
import { rereadEvents } from './reread-events.js';
import { saveCustody } from './save-custody.js';
import { readFacts, toAdmitted } from './stored-facts.rules.js';
import { lotChangedIn, madeIn, partOf } from './batch-parts.rules.js';

/** Called after each page with the events done and their total. */
export type Progress = (done: number, total: number) => void;

const PAGE = 500;
/** Most characters of event texts in one transaction, some 20,000 EPCs; one event may be longer. */
const PAGE_TEXT = 1_000_000;
const START = { eventTime: -8_640_000_000_000_000, id: '' };

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
  for await (const page of pages(next)) {
    done += page.length;
    progress(done, total);
  }
  await graph.write(endRebuild);
}

async function* pages(
  read: (after: EventPlace, limit: number) => Promise<readonly EventPageRow[]>,
): AsyncGenerator<readonly EventPageRow[]> {
  let after: EventPlace = START;
  let limit = PAGE;
  for (;;) {
    const page = await read(after, limit);
    const last = page[page.length - 1];
    if (last === undefined) return;
    yield page;
    after = last;
    // Where events are long, a page is cut; so few more are read than are used.
    limit = Math.min(PAGE, 2 * page.length);
  }
}

/** Derives the events of the next page that are not derived yet. It reads behind the lock, because captures and other rebuilds change events. */
async function deriveNext(
  tx: GraphTransaction,
  { after, limit }: { readonly after: EventPlace; readonly limit: number },
  clock: Clock,
): Promise<readonly EventPageRow[]> {
  const seq = await lockForRebuild(tx);
  const page = await rereadEvents(
    tx,
    forOneTransaction(await readEventsForUpdate(tx, after, limit)),
  );
  const now = clock.now();
  const waits = ({ retracted, eventTime }: EventPageRow): boolean =>
    !retracted && isAhead(eventTime, now);
  const waiting = page.filter((row) => waits(row) && !row.derived);
  await holdPage(tx, waiting);
  const due = page.filter((row) => !waits(row) && !row.derived);
  await derivePage(tx, seq, due);
  await joinPage(
    tx,
    due.filter((row) => row.waits),
  );
  return page;
}

/** As many of the first events as one transaction derives within its time and memory. */
function forOneTransaction(page: readonly EventPageRow[]): readonly EventPageRow[] {
  let length = 0;
  const end = page.findIndex(({ text }, i) => (length += text.length) > PAGE_TEXT && i > 0);
  return end < 0 ? page : page.slice(0, end);
}

/** Ties events ahead of the clock to what they name, and takes back what was derived from them before. */
async function holdPage(tx: GraphTransaction, page: readonly EventPageRow[]): Promise<void> {
  const loose = page.filter(({ tiedAhead }) => !tiedAhead).map(toAdmitted);
  if (loose.length === 0) return;
  await linkNames(tx, [], ghostsOf(loose));
  await linkAhead(tx, { names: loose.flatMap(nameGroupsOf), classes: [] });
  const ids = page.flatMap(({ id, waits }) => (waits ? [] : [id]));
  if (ids.length === 0) return;
  const made = await unmake(tx, ids);
  await holdEventsBack(tx, ids);
  await readLotFactsAgain(tx, ids);
  await saveMaking(tx, { made, retracted: [], lotChanged: [] });
}

/** Lets events that no longer wait join with their lots, transformations and relationships. */
async function joinPage(tx: GraphTransaction, page: readonly EventPageRow[]): Promise<void> {
  const ids = page.map(({ id }) => id);
  if (ids.length === 0) return;
  const active = page.map(toAdmitted);
  await joinEvents(tx, ids);
  await linkParts(tx, active.flatMap(partOf));
  await readLotFactsAgain(tx, ids);
  await saveMaking(tx, { made: madeIn(active), retracted: [], lotChanged: [] });
}

async function derivePage(
  tx: GraphTransaction,
  seq: number,
  page: readonly EventPageRow[],
): Promise<void> {
  const events = page.map(toAdmitted);
  const active = events.filter((_, i) => page[i]?.retracted === false);
  const inError = events.filter((_, i) => page[i]?.retracted === true);
  const added = active.flatMap(({ facts }) => facts);
  const projected = await projectBatch(tx, { added, takenOut: [], readFacts });
  await saveChanges(tx, projected.changes, {
    seq,
    wasJudged: (key, t) => projected.world.head(key).last >= t,
  });
  await linkNames(tx, events.flatMap(nameGroupsOf), ghostsOf(inError));
  await nameThings(tx, namedThingsOf(events.map(({ parsed }) => parsed.event)));
  await saveCustody(tx, seq, { active, takenOut: [] }, projected);
  const lotChanged = lotChangedIn(projected);
  await saveMaking(tx, { made: madeIn(active), retracted: [], lotChanged });
}

/** How the stored projection and a fresh derivation differ. */
export interface Verification {
  readonly events: number;
  readonly lines: number;
  /** Lines that are stored but not derived, and the reverse; sorted. */
  readonly unexpected: readonly string[];
  readonly missing: readonly string[];
  /** Something was captured meanwhile, which may explain the differences. */
  readonly movedOn: boolean;
}

/** Whether something is derived from an event. Within the difference of clocks, the stored state decides. */
function counts({ retracted, waits, eventTime }: EventPageRow, now: number): boolean {
  if (retracted) return false;
  return isAhead(eventTime, now)
    ? !waits && !isAhead(eventTime, now + CLOCK_ALLOWANCE_MS)
    : !waits || eventTime <= now;
}

/**
 * Derives everything again in memory and compares packages, rows, holdings, counts and exceptions.
 * Events ahead of the clock do not take part. The whole projection is held in memory, about 2 kB for each package.
 */
export async function verifyProjection(
  graph: Graph,
  progress: Progress,
  clock: Clock = systemClock,
): Promise<Verification> {
  const now = clock.now();
  const memory = new MemoryWorld();
  const began = await graph.log.read();
  const total = await countEvents(graph);
  let done = 0;
  for await (const page of pages((after, limit) => readEvents(graph, after, limit))) {
    memory.apply(
      page.flatMap((event) => (counts(event, now) ? [...readFacts(event)] : [])),
      [],
    );
    done += page.length;
    progress(done, total);
  }
  const derived = new Set(memoryDigest(memory));
  const stored = (await readDigest(graph)).filter((line) => !/^(?:handoff|lot) /.test(line));
  const known = new Set(stored);
  return {
    events: done,
    lines: derived.size,
    unexpected: stored.filter((line) => !derived.has(line)),
    missing: [...derived].filter((line) => !known.has(line)),
    movedOn: (await graph.log.read()) !== began,
  };
}
