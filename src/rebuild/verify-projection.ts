import { readFacts } from '../capture/index.js';
import type { Graph } from '../graph/graph.js';
import { MemoryWorld, memoryDigest, readDigest, readOrganisations } from '../projection/index.js';
import { CLOCK_ALLOWANCE_MS, isAhead } from '../shared/ahead.js';
import type { Clock } from '../shared/clock.js';
import { systemClock } from '../shared/clock.js';
import { eventPages } from './event-pages.js';
import type { Progress } from './event-pages.js';
import { countEvents, readEvents } from './rebuild.store.js';
import type { EventPageRow } from './rebuild.store.js';

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
  const memory = new MemoryWorld(await readOrganisations(graph));
  const began = await graph.log.read();
  const total = await countEvents(graph);
  let done = 0;
  for await (const page of eventPages((after, limit) => readEvents(graph, after, limit))) {
    memory.apply(
      page.flatMap((event) => (event.retracted || counts(event, now) ? [...readFacts(event)] : [])),
      page.flatMap(({ id, retracted }) => (retracted ? [id] : [])),
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
