import { HOST } from '../access/principal.js';
import { appendAccess, changeBy } from '../audit/index.js';
import type { Graph } from '../graph/graph.js';
import type { Clock } from '../shared/clock.js';
import { systemClock } from '../shared/clock.js';
import type { Progress } from './event-pages.js';
import { storeOrganisation } from './organisation.store.js';
import { rebuildProjection } from './rebuild-projection.js';

/** An organisation that takes part from now on. */
export interface Admission {
  /** Key of its party, the topmost of its group. */
  readonly organisation: string;
  /** GS1 company prefixes: its first events of packages with one of them count. */
  readonly prefixes: readonly string[];
}

/**
 * Lets organisations take part: from now on it is derived who sees what. As this follows from all events, also those from before,
 * the projection is derived again. Do the same after their prefixes, or who runs a site, have changed.
 */
export async function admitOrganisations(
  graph: Graph,
  admissions: readonly Admission[],
  progress: Progress,
  clock: Clock = systemClock,
): Promise<void> {
  await graph.write(async (tx) => {
    for (const { organisation, prefixes } of admissions)
      await storeOrganisation(tx, organisation, prefixes);
    const ids = admissions.flatMap(({ organisation, prefixes }) => [organisation, ...prefixes]);
    const told = { operation: 'admitOrganisation', ids, address: null };
    await appendAccess(tx, [changeBy(HOST, clock.now(), told)]);
  });
  await rebuildProjection(graph, progress, clock);
}

/** {@link admitOrganisations} for one. */
export function admitOrganisation(
  graph: Graph,
  admission: Admission,
  progress: Progress,
  clock?: Clock,
): Promise<void> {
  return admitOrganisations(graph, [admission], progress, clock);
}
