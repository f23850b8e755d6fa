import { NOW } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { windowOf } from '../holdings/history.rules.js';
import { readHistory } from '../holdings/whereabouts.read-model.js';
import { readMoves } from '../location/index.js';
import { custodyLegsOf } from './custody-legs.rules.js';
import { readLinks, readLotsOfProduct, readStart } from './lineage.read-model.js';
import { LineageWalk } from './lineage.rules.js';
import type {
  LineageCut,
  LineageEdge,
  LineageNode,
  LineageState,
  LineageWay,
} from './lineage.rules.js';
import { append } from '../shared/append.js';

/** What something came from and what became of it. */
export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  /** Why it does not show everything; empty when it does. */
  readonly cuts: readonly LineageCut[];
}

/** What to follow. */
export interface LineageQuestion {
  /** A package, a lot or a product. */
  readonly key: string;
  readonly direction: LineageWay | 'BOTH';
  /** The most hops, 1 to MAX_DEPTH. */
  readonly depth: number;
}

/**
 * Walks from one package, lot or product through containers and contents, inputs and outputs, lots and their units. For a package it adds
 * the transfers from hand to hand. BOTH is two walks, one back and one forward; it never goes back and then forward to siblings.
 *
 * @returns null when nothing with that key is known
 */
export async function findLineage(
  view: View,
  { key, direction, depth }: LineageQuestion,
): Promise<Lineage | null> {
  const start = await readStart(view, key);
  if (start === null) return null;
  const walk = new LineageWalk();
  const ways: readonly LineageWay[] = direction === 'BOTH' ? ['BACK', 'FORWARD'] : [direction];
  walk.begin(start);
  if (start.kind === 'UNIT' || start.kind === 'CONTAINER') await addCustody(view, walk, key);
  for (const way of ways) await follow({ view, walk, way, depth }, walk.begin(start));
  return { nodes: walk.nodes, edges: walk.edges, cuts: walk.cuts };
}

interface Following {
  readonly view: View;
  readonly walk: LineageWalk;
  readonly way: LineageWay;
  readonly depth: number;
}

async function follow({ view, walk, way, depth }: Following, start: LineageState): Promise<void> {
  let level: readonly LineageState[] = [start];
  for (let hops = 0; level.length > 0; hops++) {
    const links = await readLinks(view, level, way);
    if (hops === 0 && start.kind === 'PRODUCT')
      append(links, await readLotsOfProduct(view, start.key));
    if (hops >= depth) {
      walk.endAtDepth(level, links, way);
      return;
    }
    level = walk.take(level, links, way);
    if (walk.cuts.length > 0) return;
  }
}

/** Two statements, however many moves there are. */
async function addCustody(view: View, walk: LineageWalk, key: string): Promise<void> {
  const point = { key, at: NOW };
  const history = await readHistory(view, [point], { whole: true });
  const [moves = []] = await readMoves(view, [history.touching(windowOf(point))]);
  const placed = moves.map((move) => ({
    move,
    before: history.whereabouts({ key, at: move.t - 1 }),
    after: history.whereabouts({ key, at: move.t }),
  }));
  for (const { edge, giver, taker } of custodyLegsOf(placed)) walk.add([giver, taker], edge);
}
