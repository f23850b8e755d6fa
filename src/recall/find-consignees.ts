import { NOW } from '../holdings/holding.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { readHoldersAt } from '../master-data/operators.read-model.js';
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
 *
 * For a partner they are read from its rows: who has what it sees now, and to whom it goes.
 */
export async function findConsignees(view: View, scope: RecallScope): Promise<Consignee[]> {
  if (isPartner(view)) return consigneesOfRows(view, scope);
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

async function consigneesOfRows(view: View, { rows }: RecallScope): Promise<Consignee[]> {
  const sites = rows.flatMap(({ site, origin }) => [site ?? [], origin ?? []].flat());
  const holders = await readHoldersAt(view, sites, NOW);
  const histories = { holders, holdings: new Map(), boxes: new Map(), takers: new Map() };
  return consigneesOf([], rows, histories, NOW).map((one) => ({
    ...one,
    everHeld: one.holdingNow,
  }));
}
