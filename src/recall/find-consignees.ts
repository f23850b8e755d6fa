import type { View } from '../access/view.js';
import type { ReadOptions } from '../graph/graph.js';
import { readHistories, readUnitPaths } from './consignees.read-model.js';
import { consigneesOf } from './custody-path.rules.js';
import type { Consignee } from './custody-path.rules.js';
import type { RecallScope } from './recall-scope.js';
import { NOW } from '../holdings/surrounding.read-model.js';

/** Everybody who holds, held or is about to receive affected units; costs by the units, as it reads all their ways. */
export async function findConsignees(
  graph: View,
  scope: RecallScope,
  options: ReadOptions = {},
): Promise<Consignee[]> {
  const { lots, named, asOf } = scope.selection;
  const t = asOf ?? NOW;
  const units = { lots: [...lots.keys()], keys: [...named.keys()] };
  const paths = await readUnitPaths(graph, units, t, options);
  const sites = scope.rows.flatMap(({ site, origin }) => [site ?? [], origin ?? []].flat());
  const histories = await readHistories(graph, { paths, sites }, t, options);
  return consigneesOf(paths, scope.rows, histories, t);
}
