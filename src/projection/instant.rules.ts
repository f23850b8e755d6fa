import { MAX_DEPTH, boxOf } from '../holdings/holding.js';
import { endAll } from './ends.rules.js';
import type { Fact } from './fact.js';
import type { InstantReads, InstantResult } from './instant-state.js';
import { InstantState } from './instant-state.js';
import { packAll, unpackAll } from './membership.rules.js';
import { Places } from './places.rules.js';
import { inOrder } from './state.js';
import { noteViewers } from './viewers.rules.js';

/**
 * Judges all facts of one instant together, in phases: commission, unpack, pack, places (outermost first), ends.
 *
 * It is pure. It reads only `reads`, the state just before the instant, and `facts`, which must be all active facts of
 * that instant that can influence each other. So the order of arrival has no effect.
 *
 * @param also packages to judge although no fact names them now, because a fact that did was retracted
 * @see ../../schema/graph-model.md, and README.md in this folder for the numbered rules
 */
export function judgeInstant(
  t: number,
  facts: readonly Fact[],
  also: Iterable<string>,
  reads: InstantReads,
): InstantResult {
  const instant = new InstantState(t, [...facts].sort(inOrder), also, reads);
  for (const key of instant.factsOf.keys()) noteSurroundingBefore(instant, key);
  unpackAll(instant);
  packAll(instant);
  const places = new Places(instant);
  places.resolveAll();
  endAll(instant, places);
  for (const key of instant.factsOf.keys()) writeAfter(instant, key);
  noteViewers(instant, places);
  return instant.result;
}

function noteSurroundingBefore(instant: InstantState, key: string): void {
  let box = instant.boxBefore(key);
  for (let depth = 0; box !== null && depth < MAX_DEPTH; depth++) {
    instant.result.surrounding.add(box);
    box = instant.boxBefore(box);
  }
}

function noteSurroundingNow(instant: InstantState, key: string): void {
  let box = instant.boxNow(key);
  for (let depth = 0; box !== null && depth < MAX_DEPTH; depth++) {
    instant.result.surrounding.add(box);
    box = instant.boxNow(box);
  }
}

function writeAfter(instant: InstantState, key: string): void {
  const { result, nowIn, nowOwn, reads, t } = instant;
  const holding = nowIn.get(key);
  if (holding === undefined) {
    result.after.set(key, reads.row(key));
    return;
  }
  if (holding === null) {
    result.after.set(key, { from: t, holding, own: nowOwn.get(key) ?? null });
    return;
  }
  const inside = boxOf(holding) === null ? {} : instant.insideNow(key);
  result.after.set(key, { from: t, holding, own: null, ...inside });
  noteSurroundingNow(instant, key);
}
