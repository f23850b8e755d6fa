import type { Place } from '../holdings/holding.js';
import { UNKNOWN } from '../holdings/holding.js';
import type { Fact } from './fact.js';

/** The place that a fact states for a package that was at `now`; null when it states none. */
export function placeStatedBy(fact: Fact, now: Place): Place | null {
  if (fact.move === 'ship')
    return { mode: 'TO', site: fact.dest ?? null, back: siteBeforeShipping(now), by: fact.eventId };
  if (fact.site !== undefined) return { mode: 'AT', site: fact.site };
  return fact.move === 'void' ? placeBeforeShipping(now) : null;
}

function siteBeforeShipping(now: Place): string | null {
  if (now.mode === 'TO') return now.back;
  return now.mode === 'AT' ? now.site : null;
}

function placeBeforeShipping(now: Place): Place {
  if (now.mode !== 'TO') return now;
  return now.back === null ? UNKNOWN : { mode: 'AT', site: now.back };
}
