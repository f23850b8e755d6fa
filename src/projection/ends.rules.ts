import type { Place } from '../holdings/holding.js';
import { UNKNOWN } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import type { Places } from './places.rules.js';
import type { Sight } from './sight.js';
import { NOBODY, recorded, settled, suffixOf } from './sight.js';
import type { Effect } from './state.js';
import { isTerminal, namesOf } from './state.js';

/** A package that a fact ends, and what it was just before its end. */
interface Ending {
  readonly key: string;
  readonly fact: Fact;
  readonly effect: Effect | undefined;
}

/** Phase 4, ends. All are judged on the result of phase 3. Every end that counts empties a container, but only the first ends a package. */
export function endAll(instant: InstantState, places: Places): void {
  const packages = new Map<string, Ending>();
  const containers: Ending[] = [];
  for (const fact of instant.facts) {
    if (fact.act !== 'end') continue;
    for (const key of namesOf(fact)) {
      if (instant.isAbsorbed(key) || instant.isClaim(fact, key)) continue;
      const ending = { key, fact, effect: places.after(key) };
      if (!packages.has(key)) packages.set(key, ending);
      if (instant.reads.isContainer(key)) containers.push(ending);
    }
  }
  for (const ending of containers) endFilling(instant, ending);
  for (const ending of packages.values()) endPackage(instant, ending);
}

function placeAtEnd({ fact, effect }: Ending): Place {
  if (fact.site !== undefined) return { mode: 'AT', site: fact.site };
  return effect?.place ?? UNKNOWN;
}

function sightAtEnd(
  instant: InstantState,
  { key, fact, effect }: Ending,
  keepsTitle: boolean,
): Sight {
  const before = effect === undefined ? instant.sightBefore(key) : (effect.sight ?? NOBODY);
  return instant.take(before, fact, key, keepsTitle).sight;
}

/** The contents stay where the container was and are not disposed (rule 8). */
function endFilling(instant: InstantState, ending: Ending): void {
  const { key, fact, effect } = ending;
  const ended = effect === undefined || isTerminal(effect.status);
  instant.empty(key, fact, {
    place: placeAtEnd(ending),
    status: ended ? 'active' : effect.status,
    since: ended ? 0 : effect.since,
    ...recorded(sightAtEnd(instant, ending, true)),
  });
}

function endPackage(instant: InstantState, ending: Ending): void {
  const { nowIn, nowOwn, nowMark, nowTitle, nowApart, reads, result, t } = instant;
  const { key, fact } = ending;
  const sight = sightAtEnd(instant, ending, false);
  const status = fact.end ?? 'decommissioned';
  const place = placeAtEnd(ending);
  nowMark.delete(key);
  nowTitle.delete(key);
  nowApart.delete(key);
  if (reads.isContainer(key)) {
    nowIn.set(key, null);
    nowOwn.set(key, { place, status, since: t, ...recorded(sight) });
    return;
  }
  const at: Place = place.mode === 'AT' ? place : UNKNOWN;
  const kept = recorded(settled(sight));
  const id = `D ${at.mode === 'AT' ? at.site : '?'} ${status}${suffixOf(kept.sight)}`;
  if (!result.holdings.has(id))
    result.holdings.set(id, {
      id,
      kind: 'DISPOSED',
      from: 0,
      effect: { place: at, status, since: 0, ...kept },
    });
  nowIn.set(key, id);
}
