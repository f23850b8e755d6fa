import type { EpcisEvent } from '../epcis/event.js';
import type { Graph, GraphTransaction } from '../graph/graph.js';
import { MemoryWorld, memoryDigest, readDigest, saveChanges } from '../projection/index.js';
import { linkNames, nameThings } from './capture.store.js';
import type { AdmittedEvent } from './event-batch.rules.js';
import { ghostsOf, nameGroupsOf } from './event-batch.rules.js';
import { namedThingsOf } from './named-things.rules.js';
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
import { readFacts } from './stored-facts.rules.js';

/** Told after each page: events done, and of how many. */
export type Progress = (done: number, total: number) => void;

const PAGE = 500;
const START = { eventTime: -8_640_000_000_000_000, id: '' };

/**
 * Drops the projection and derives it again from the events, in the order of event time, a page a transaction.
 *
 * May be interrupted at any point: the mark it leaves is found at the next start, which goes on with {@link resumeRebuild}.
 * Captures meanwhile are safe, since order does not matter; answers are incomplete until it ends.
 */
export async function rebuildProjection(graph: Graph, progress: Progress): Promise<void> {
  await graph.write(beginRebuild);
  await dropAll(graph);
  await deriveAll(graph, progress);
}

async function dropAll(graph: Graph): Promise<void> {
  // Twice: what captures derive meanwhile is little the second time, and less when nobody may.
  for (const drop of [...DROPS, ...DROPS])
    await graph.writeAlone(drop, {}, { timeoutMs: 3_600_000 });
  await graph.write(dropRest);
}

/** Goes on with a rebuild that was interrupted. @returns whether there was one */
export async function resumeRebuild(graph: Graph, progress: Progress): Promise<boolean> {
  const { rebuilding, dropping } = await readRebuildState(graph);
  if (!rebuilding) return false;
  if (dropping) await dropAll(graph);
  await deriveAll(graph, progress);
  return true;
}

async function deriveAll(graph: Graph, progress: Progress): Promise<void> {
  const total = await countEvents(graph);
  let done = 0;
  for await (const page of pages((after) => graph.write((tx) => deriveNext(tx, after)))) {
    done += page.length;
    progress(done, total);
  }
  await graph.write(endRebuild);
}

async function* pages(
  read: (after: EventPlace) => Promise<readonly EventPageRow[]>,
): AsyncGenerator<readonly EventPageRow[]> {
  let after: EventPlace = START;
  for (;;) {
    const page = await read(after);
    const last = page[page.length - 1];
    if (last === undefined) return;
    yield page;
    after = last;
  }
}

/** Derives what is not derived of the next page, which is read behind the lock: a capture may retract, another rebuild derive. */
async function deriveNext(
  tx: GraphTransaction,
  after: EventPlace,
): Promise<readonly EventPageRow[]> {
  const seq = await lockForRebuild(tx);
  const page = await rereadEvents(tx, await readEventsForUpdate(tx, after, PAGE));
  await derivePage(
    tx,
    seq,
    page.filter(({ derived }) => !derived),
  );
  return page;
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
}

function toAdmitted(stored: EventPageRow): AdmittedEvent {
  const { id, hash, eventTime, text } = stored;
  const event = JSON.parse(text) as EpcisEvent;
  const parsed = {
    pointer: '',
    id,
    hash,
    givenId: true,
    event,
    eventTimeMs: eventTime,
    prefixes: new Map(),
  };
  return { parsed, lot: {}, facts: readFacts(stored) };
}

/** How the stored projection and a fresh derivation differ. */
export interface Verification {
  readonly events: number;
  readonly lines: number;
  /** In the store and not derived, and the other way round; sorted. */
  readonly unexpected: readonly string[];
  readonly missing: readonly string[];
  /** Somebody captured meanwhile: differences may come from that. */
  readonly movedOn: boolean;
}

/**
 * Derives everything afresh in memory and compares: packages, rows, holdings, counts and exceptions.
 * Holds the whole projection in memory, about 2 kB a package.
 */
export async function verifyProjection(graph: Graph, progress: Progress): Promise<Verification> {
  const memory = new MemoryWorld();
  const began = await graph.log.read();
  const total = await countEvents(graph);
  let done = 0;
  for await (const page of pages((after) => readEvents(graph, after, PAGE))) {
    memory.apply(
      page.flatMap((event) => (event.retracted ? [] : [...readFacts(event)])),
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
