import type { Graph } from '../graph/graph.js';
import type { Clock } from '../shared/clock.js';
import { systemClock } from '../shared/clock.js';
import type { Progress } from './event-pages.js';
import { storeOrganisation } from './organisation.store.js';
import { rebuildProjection } from './rebuild-projection.js';

/**
 * Lets an organisation take part: from now on it is derived who sees what. As this follows from all events, also those from before,
 * the projection is derived again. Do the same after its prefixes, or who runs a site, have changed.
 *
 * @param organisation key of its party, the topmost of its group
 * @param prefixes GS1 company prefixes: its first events of packages with one of them count
 */
export async function admitOrganisation(
  graph: Graph,
  {
    organisation,
    prefixes,
  }: { readonly organisation: string; readonly prefixes: readonly string[] },
  progress: Progress,
  clock: Clock = systemClock,
): Promise<void> {
  await graph.write((tx) => storeOrganisation(tx, organisation, prefixes));
  await rebuildProjection(graph, progress, clock);
}
