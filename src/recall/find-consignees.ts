import type { View } from '../access/view.js';
import type { ReadOptions } from '../graph/graph.js';
import {
  readHistories,
  readLotSteps,
  readNamedPaths,
  readPathsThrough,
} from './consignees.read-model.js';
import { consigneesOf, lookOf, pathsOf, stepsWithout } from './custody-path.rules.js';
import type { Consignee, LotPath } from './custody-path.rules.js';
import type { RecallScope } from './recall-scope.js';
import { NOW } from '../holdings/surrounding.read-model.js';

/**
 * Everybody who holds, held or is about to receive affected units. Costs by the holdings they were in; by the units only of holdings of
 * which some units went on while others that came by another way stayed.
 */
export async function findConsignees(
  graph: View,
  scope: RecallScope,
  options: ReadOptions = {},
): Promise<Consignee[]> {
  const { asOf, ...selection } = scope.selection;
  const t = asOf ?? NOW;
  const lots = [...selection.lots.keys()];
  const [{ steps, holdings }, named] = await Promise.all([
    readLotSteps(graph, lots, t, options),
    readNamedPaths(graph, [...selection.named.keys()], t, options),
  ]);
  const asked = named.flatMap((path) => path.steps.map(({ holding }) => holding));
  const sites = scope.rows.flatMap(({ site, origin }) => [site ?? [], origin ?? []].flat());
  const histories = await readHistories(graph, { known: holdings, asked, sites }, t, options);
  const unclear = new Set<string>();
  let known: readonly LotPath[] = [];
  for (;;) {
    const ways = pathsOf(stepsWithout(steps, known), (path) => lookOf(path, histories));
    const fresh = ways.unclear.filter((holding) => !unclear.has(holding));
    if (fresh.length === 0)
      return consigneesOf([...known, ...ways.paths, ...named], scope.rows, histories, t);
    for (const holding of fresh) unclear.add(holding);
    known = await readPathsThrough(graph, { holdings: [...unclear], lots }, t, options);
  }
}
