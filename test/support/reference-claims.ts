/** Where the host is told that packages are: as the events that count tell, until somebody claims something else of what stands alone. */
import type { Place } from '../../src/holdings/holding.js';
import type { Step } from './reference-instant.js';
import type { Answer, Reference } from './reference-projection.js';
import { byOrder, show, stated } from './reference-facts.js';

/** Only the answers of `at` know of claims. */
export function withClaims(placed: Reference): Reference {
  const claimed = claimsOf(placed);
  const at = (k: string, t: number): Answer | undefined => {
    const told = placed.at(k, t);
    const last = placed.steps.findLastIndex((step) => step.t <= t);
    const place = claimed[last]?.get(told?.chain.at(-1) ?? k);
    return told === undefined || place === undefined ? told : { ...told, where: show(place) };
  };
  return { ...placed, at };
}

type Claims = ReadonlyMap<string, Place>;

/** After each instant, by package. */
function claimsOf(placed: Reference): readonly Claims[] {
  const claims: Claims[] = [];
  for (const step of placed.steps) {
    const now = new Map(claims.at(-1));
    for (const k of step.after.keys()) {
      const place = claimOn(k, step, { was: now.get(k), isUnit: !placed.isContainer(k) });
      if (place === undefined) now.delete(k);
      else now.set(k, place);
    }
    claims.push(now);
  }
  return claims;
}

function claimOn(
  k: string,
  step: Step,
  { was, isUnit }: { was: Place | undefined; isUnit: boolean },
): Place | undefined {
  const { ended } = step.after.get(k)!;
  if (step.placed.get(k)!.container !== null || step.ended.has(k) || (ended && isUnit))
    return undefined;
  const naming = step.facts.filter(
    (f) => (f.parent === k || f.kids.includes(k)) && f.act !== 'end',
  );
  const isTold = naming.some((f) => step.counts(f, k));
  const start = isTold ? undefined : was;
  const told = naming.filter((f) => !step.counts(f, k)).toSorted(byOrder);
  if (told.length === 0) return start;
  return told.reduce<Place>(
    (place, f) => stated(f, place) ?? { mode: 'UNKNOWN' },
    start ?? step.after.get(k)!.place,
  );
}
