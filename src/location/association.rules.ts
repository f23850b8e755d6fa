import { byMoment } from './custody.rules.js';
import type { EventMoment } from './custody.rules.js';
import type { Association } from './package.js';

/** An AssociationEvent attaches children to a parent (ADD) or detaches them (DELETE). A DELETE without children detaches all. */
export interface AssociationMove extends EventMoment {
  readonly action: string;
  readonly parent: string;
  readonly children: readonly string[];
}

/** What is attached now, after all moves, oldest first. A repeated ADD keeps the first date. */
export function attachedNow(moves: readonly AssociationMove[]): Association[] {
  const attached = new Map<string, Association>();
  for (const move of moves.toSorted((a, b) => a.t - b.t || rank(a) - rank(b) || byMoment(a, b))) {
    if (move.action === 'ADD') attach(attached, move);
    if (move.action === 'DELETE') detach(attached, move);
  }
  return [...attached.values()].sort((a, b) => a.since - b.since);
}

/** As with packing, detaching comes before attaching at one instant. */
function rank(move: AssociationMove): number {
  return move.action === 'DELETE' ? 0 : 1;
}

function attach(attached: Map<string, Association>, move: AssociationMove): void {
  const { parent, t: since, eventId } = move;
  for (const child of move.children) {
    const pair = `${parent} ${child}`;
    if (!attached.has(pair)) attached.set(pair, { parent, child, since, eventId });
  }
}

function detach(attached: Map<string, Association>, move: AssociationMove): void {
  for (const [pair, { parent, child }] of attached) {
    if (parent !== move.parent) continue;
    if (move.children.length === 0 || move.children.includes(child)) attached.delete(pair);
  }
}
