import { cypher } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import type { GraphReader } from '../graph/graph.js';
import { joined, missingKeys, touchingOf } from './touching.rules.js';
import type { Membership, Touching, Window } from './touching.rules.js';
import { MAX_CHAIN, NOW } from './whereabouts.rules.js';
import type { Point } from './whereabouts.rules.js';

const MEMBERSHIPS = cypher<Membership & { readonly key: string }>('location.memberships')`
UNWIND $keys AS key
MATCH (p:Package {k: key})-[i:IN]->(h:Holding)
WHERE h.kind = 'FILLING' AND i.from < $until
RETURN key, h.id AS holding, h.box AS box, i.from AS from, i.to AS to,
       h.dissolvedAt AS dissolvedAt, h.endedBy AS endedBy`;

/**
 * What touched each package up to its instant, in the order of `points`. Walks outward for all of them together: one statement for
 * each level of packing.
 */
export async function readTouching(
  graph: GraphReader,
  points: readonly Point[],
  signal?: AbortSignal,
): Promise<Touching[]> {
  const starts = points.map(startOf);
  const until = Math.max(0, ...starts.map((start) => Math.min(start.to, NOW)));
  const known = new Map<string, readonly Membership[]>();
  for (let depth = 0; depth <= MAX_CHAIN; depth++) {
    const keys = missingKeys(starts, known);
    if (keys.length === 0) break;
    const found = await readMemberships(graph, { keys, until }, signal);
    for (const key of keys) known.set(key, joined(found.get(key) ?? []));
  }
  return starts.map((start) => touchingOf(start, known));
}

/** The package itself, in all the time up to and with an instant. */
function startOf({ key, at }: Point): Window {
  return { key, level: 0, from: -Infinity, to: at === NOW ? Infinity : at + 1 };
}

/** The bounds of a window as integers Neo4j takes. */
export function boundsOf(window: { readonly from: number; readonly to: number }): {
  readonly from: unknown;
  readonly to: unknown;
} {
  return { from: int(Math.max(window.from, -NOW)), to: int(Math.min(window.to, NOW)) };
}

async function readMemberships(
  graph: GraphReader,
  { keys, until }: { readonly keys: readonly string[]; readonly until: number },
  signal: AbortSignal | undefined,
): Promise<Map<string, Membership[]>> {
  const rows = await graph.read(MEMBERSHIPS, { keys, until: int(until) }, signal ? { signal } : {});
  const found = new Map<string, Membership[]>();
  for (const { key, ...membership } of rows) {
    const same = found.get(key);
    if (same === undefined) found.set(key, [membership]);
    else same.push(membership);
  }
  return found;
}
