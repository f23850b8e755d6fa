import type { Whereabouts } from '../holdings/whereabouts.rules.js';
import type { CustodyMove } from '../location/index.js';
import type { LineageEdge, LineageNode } from './lineage.rules.js';
import { append } from '../shared/append.js';

/** A custody move that touched a package, with where the package was before and after its instant. */
export interface PlacedMove {
  readonly move: CustodyMove;
  readonly before: Whereabouts | undefined;
  readonly after: Whereabouts | undefined;
}

/** One transfer from hand to hand: the edge, and the nodes at both ends. */
export interface CustodyLeg {
  readonly edge: LineageEdge;
  readonly giver: LineageNode;
  readonly taker: LineageNode;
}

interface OpenLeg {
  readonly from: LineageNode | null;
  to: LineageNode | null;
  readonly since: number | null;
  until: number | null;
  readonly eventId: string;
}

/**
 * The transfers of a package, oldest first: each shipping with the receiving that ended it, and each receiving at another site without a
 * shipping. A voided shipping is left out. Each end is a site, or the named party when no site is known. A transfer with an unknown end is
 * left out.
 *
 * @param moves in the order of events
 */
export function custodyLegsOf(moves: readonly PlacedMove[]): CustodyLeg[] {
  const legs: OpenLeg[] = [];
  let open: OpenLeg | undefined;
  for (const placed of moves) {
    const { move, after } = placed;
    if (move.move === 'ship') {
      if (open !== undefined) open.until = move.t;
      open = after?.state === 'IN_TRANSIT' ? shipped(placed) : undefined;
      if (open !== undefined) legs.push(open);
    } else if (move.move === 'receive') {
      if (open === undefined) append(legs, receivedOnly(placed));
      else receive(open, placed);
      open = undefined;
    } else {
      if (open !== undefined) legs.splice(legs.indexOf(open), 1);
      open = undefined;
    }
  }
  return legs.flatMap(toLeg);
}

function shipped({ move, after }: PlacedMove): OpenLeg {
  return {
    from: site(after?.origin) ?? party(move.parties?.source),
    to: site(after?.destination) ?? party(move.parties?.destination),
    since: move.t,
    until: null,
    eventId: move.eventId,
  };
}

function receive(leg: OpenLeg, { move, after }: PlacedMove): void {
  leg.until = move.t;
  leg.to = site(after?.site) ?? leg.to ?? party(move.parties?.destination);
}

function receivedOnly({ move, before, after }: PlacedMove): OpenLeg[] {
  const from = site(before?.site) ?? party(move.parties?.source);
  const to = site(after?.site) ?? party(move.parties?.destination);
  if (from?.key === to?.key) return [];
  return [{ from, to, since: null, until: move.t, eventId: move.eventId }];
}

function toLeg({ from, to, since, until, eventId }: OpenLeg): CustodyLeg[] {
  if (from === null || to === null) return [];
  const edge = { from: from.key, to: to.key, kind: 'CUSTODY', since, until, eventId } as const;
  return [{ edge, giver: from, taker: to }];
}

function site(key: string | null | undefined): LineageNode | null {
  return key === null || key === undefined ? null : { key, kind: 'SITE' };
}

function party(
  end: { readonly possessor?: string; readonly owner?: string } | undefined,
): LineageNode | null {
  const key = end?.possessor ?? end?.owner;
  return key === undefined ? null : { key, kind: 'PARTY' };
}
