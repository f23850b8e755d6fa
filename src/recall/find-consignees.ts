import { NOW } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import {
  readHistories,
  readLotSteps,
  readNamedPaths,
  readPathsThrough,
} from './consignees.read-model.js';
import { consigneesOf, lookOf, pathsOf, stepsWithout } from './custody-path.rules.js';
import type { Consignee, LotPath } from './custody-path.rules.js';
import type { RecallScope } from './recall-scope.js';

/**
 * Everybody who holds, held or is about to receive affected units. The cost grows with the holdings they were in. Units are read only where
 * some units of a holding moved on and others, which came by another path, stayed.
 */
export async function findConsignees(view: View, scope: RecallScope): Promise<Consignee[]> {
  const { asOf, ...selection } = scope.selection;
  const t = asOf ?? NOW;
  const lots = [...selection.lots.keys()];
  const [{ steps, holdings }, named] = await Promise.all([
    readLotSteps(view, lots, t),
    readNamedPaths(view, [...selection.named.keys()], t),
  ]);
  const asked = named.flatMap((path) => path.steps.map(({ holding }) => holding));
  const sites = scope.rows.flatMap(({ site, origin }) => [site ?? [], origin ?? []].flat());
  const histories = await readHistories(view, { known: holdings, asked, sites }, t);
  const unclear = new Set<string>();
  let known: readonly LotPath[] = [];
  for (;;) {
    const ways = pathsOf(stepsWithout(steps, known), (path) => lookOf(path, histories));
    const fresh = ways.unclear.filter((holding) => !unclear.has(holding));
    if (fresh.length === 0)
      return consigneesOf([...known, ...ways.paths, ...named], scope.rows, histories, t);
    for (const holding of fresh) unclear.add(holding);
    known = await readPathsThrough(view, { holdings: [...unclear], lots }, t);
  }
}
