import { MAX_DEPTH, UNKNOWN } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import { recorded } from './sight.js';
import type { Effect } from './state.js';
import { placeStatedBy } from './stated-place.rules.js';

/** Phase 1, unpack. It is judged against what was inside before the instant. */
export function unpackAll(instant: InstantState): void {
  for (const fact of instant.facts)
    if (fact.act === 'unpack' && namesContainer(instant, fact)) unpack(instant, fact, fact.parent);
}

type Packing = Fact & { readonly parent: string };

/** Packing into a unit, by somebody who may not say that it is a container, only tells where all of them were seen (rule 5). */
function namesContainer({ reads }: InstantState, fact: Fact): fact is Packing {
  return fact.parent !== undefined && reads.isContainer(fact.parent);
}

/** Who only claims to empty a container empties nothing. */
function unpack(instant: InstantState, fact: Fact, parent: string): void {
  if (fact.all !== true) for (const kid of fact.kids) takeOut(instant, kid, parent, fact);
  else if (!instant.isClaim(fact, parent)) {
    instant.emptiedBy.set(instant.openNow(parent), fact);
    instant.empty(parent, fact, leftByUnpacking(instant, fact, parent));
  }
}

function leftByUnpacking(instant: InstantState, fact: Fact, parent: string): Effect {
  const before = instant.before(parent);
  const { disposition } = fact;
  const { sight } = instant.take(instant.sightBefore(parent), fact, parent);
  return {
    ...recorded(sight),
    place: placeStatedBy(fact, before?.place ?? UNKNOWN) ?? UNKNOWN,
    status: disposition ?? instant.statusBefore(parent),
    since: disposition === undefined ? instant.sinceBefore(parent) : instant.t,
  };
}

function takeOut(instant: InstantState, kid: string, parent: string, fact: Fact): void {
  if (instant.isAbsorbed(kid) || instant.isClaim(fact, kid)) return;
  if (instant.boxNow(kid) === parent) instant.nowIn.set(kid, null);
  else if (instant.boxBefore(kid) !== parent) instant.flag(kid, 'NOT_IN', fact, parent);
}

/** Phase 2, pack, in the order of the content hash and with the cycle check. */
export function packAll(instant: InstantState): void {
  for (const fact of instant.facts)
    if (fact.act === 'pack' && namesContainer(instant, fact))
      for (const kid of fact.kids) putIn(instant, kid, fact.parent, fact);
}

function putIn(instant: InstantState, kid: string, parent: string, fact: Fact): void {
  if (instant.isClaim(fact, kid)) return;
  if (instant.isAbsorbed(kid)) {
    instant.flag(kid, 'PACKED_AFTER_END', fact, parent);
    return;
  }
  if (surrounds(instant, kid, parent)) {
    instant.flag(kid, 'CYCLE', fact, parent);
    return;
  }
  const was = instant.boxNow(kid);
  if (was !== null && was !== parent) instant.flag(kid, 'REPACK_WITHOUT_UNPACK', fact, was);
  instant.nowIn.set(kid, instant.openNow(parent));
  instant.joined.add(kid);
}

function surrounds(instant: InstantState, kid: string, parent: string): boolean {
  let box: string | null = parent;
  for (let depth = 0; box !== null && depth < MAX_DEPTH; depth++) {
    if (box === kid) return true;
    box = instant.boxNow(box);
  }
  // The nesting is deeper than any real packing, so the pack is refused.
  return box !== null;
}
