import type { GraphReader } from '../graph/graph.js';
import { windowOf } from '../holdings/history.rules.js';
import { readHistory } from '../holdings/whereabouts.read-model.js';
import { NOW } from '../holdings/whereabouts.rules.js';
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
  /** Most hops, 1 to MAX_DEPTH. */
  readonly depth: number;
}

/**
 * Containers and contents, inputs and outputs, lots and their units, from one package, lot or product on; of a package also how it
 * went from hand to hand. BOTH is the one walk and the other, never a walk back and then forward to its siblings.
 *
 * @returns null when nothing of that key is known
 */
export async function findLineage(
  graph: GraphReader,
  { key, direction, depth }: LineageQuestion,
  signal?: AbortSignal,
): Promise<Lineage | null> {
  const start = await readStart(graph, key, signal);
  if (start === null) return null;
  const walk = new LineageWalk();
  const ways: readonly LineageWay[] = direction === 'BOTH' ? ['BACK', 'FORWARD'] : [direction];
  walk.begin(start);
  if (start.kind === 'UNIT' || start.kind === 'CONTAINER')
    await addCustody(graph, walk, key, signal);
  for (const way of ways) await follow({ graph, walk, way, depth, signal }, walk.begin(start));
  return { nodes: walk.nodes, edges: walk.edges, cuts: walk.cuts };
}

interface Following {
  readonly graph: GraphReader;
  readonly walk: LineageWalk;
  readonly way: LineageWay;
  readonly depth: number;
  readonly signal: AbortSignal | undefined;
}

async function follow(
  { graph, walk, way, depth, signal }: Following,
  start: LineageState,
): Promise<void> {
  let level: readonly LineageState[] = [start];
  for (let hops = 0; level.length > 0; hops++) {
    const links = await readLinks(graph, level, way, signal);
    if (hops === 0 && start.kind === 'PRODUCT')
      append(links, await readLotsOfProduct(graph, start.key, signal));
    if (hops >= depth) {
      walk.endAtDepth(level, links, way);
      return;
    }
    level = walk.take(level, links, way);
    if (walk.cuts.length > 0) return;
  }
}

/** Two statements whatever the number of moves. */
async function addCustody(
  graph: GraphReader,
  walk: LineageWalk,
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const point = { key, at: NOW };
  const history = await readHistory(graph, [point], { signal, whole: true });
  const [moves = []] = await readMoves(graph, [history.touching(windowOf(point))], signal);
  const placed = moves.map((move) => ({
    move,
    before: history.whereabouts({ key, at: move.t - 1 }),
    after: history.whereabouts({ key, at: move.t }),
  }));
  for (const { edge, giver, taker } of custodyLegsOf(placed)) walk.add([giver, taker], edge);
}
