import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import type { Places } from './places.rules.js';
import type { Organisations, Sight } from './sight.js';
import { NOBODY, audienceOf } from './sight.js';
import type { Finding } from './state.js';
import { packsInOrOut, namesOf } from './state.js';
import type { Viewed, Viewers } from './viewers.js';

/** Notes who sees each event and finding of the instant (README.md rule 27), and events that do not count for a package they name. */
export function noteViewers(instant: InstantState, places: Places): void {
  const events = new Map<string, Fact[]>();
  for (const fact of instant.facts) {
    const facts = events.get(fact.eventId);
    if (facts === undefined) events.set(fact.eventId, [fact]);
    else facts.push(fact);
  }
  const audiences = new Map<string, readonly string[]>();
  const audience = (key: string): readonly string[] => {
    const known = audiences.get(key);
    if (known !== undefined) return known;
    const around = audienceAround(instant.sightBefore(key), places.after(key)?.sight ?? NOBODY);
    audiences.set(key, around);
    return around;
  };
  for (const [eventId, facts] of events) {
    const counts = noteStanding(instant, facts);
    instant.result.seen.set(
      eventId,
      viewersOf(facts, {
        counts,
        audience: (key) => (isOnlyClaimed(instant, key, facts) ? [] : audience(key)),
        organisations: instant.reads.organisations,
      }),
    );
  }
  noteViewersOfFindings(instant, audience);
}

/** What others claim of a package is not told to those who see it. */
function isOnlyClaimed(instant: InstantState, key: string, facts: readonly Fact[]): boolean {
  return facts.every((fact) => !namesOf(fact).includes(key) || instant.isClaim(fact, key));
}

function noteViewersOfFindings(
  instant: InstantState,
  audience: (key: string) => readonly string[],
): void {
  const { findings } = instant.result;
  for (const [key, list] of findings)
    findings.set(
      key,
      list.map((one) => {
        const viewers = viewersOfFinding(instant, key, one, audience);
        return viewers.length === 0 ? one : { ...one, viewers: [...viewers].sort() };
      }),
    );
}

/** Only the host is told of claims, and of a container that something was not told to be in. */
function viewersOfFinding(
  instant: InstantState,
  key: string,
  { code }: Finding,
  audience: (key: string) => readonly string[],
): readonly string[] {
  if (code === 'NO_STANDING') return [];
  if (code !== 'SEEN_APART') return audience(key);
  const wasToldInside = instant.reads.row(key)?.apart === undefined;
  return wasToldInside ? audienceOf(instant.sightBefore(key)) : [];
}

function audienceAround(before: Sight, after: Sight): readonly string[] {
  const now = audienceOf(after);
  const earlier = audienceOf(before);
  if (earlier.length === 0) return now;
  return now.length === 0 ? earlier : [...new Set([...earlier, ...now])];
}

/** @returns whether the event counts for some package */
function noteStanding(instant: InstantState, facts: readonly Fact[]): boolean {
  let counts = false;
  for (const fact of facts) {
    if (fact.by === undefined) return true;
    for (const key of namesOf(fact)) {
      const isClaim = instant.standing(fact, key) === 'NONE';
      if (isClaim || isNoContainer(instant, fact, key)) instant.flag(key, 'NO_STANDING', fact);
      if (!isClaim) counts = true;
    }
  }
  return counts;
}

/** Whether a fact packs into a unit, or out of it: its sender may not say that it is a container. */
function isNoContainer({ reads }: InstantState, fact: Fact, key: string): boolean {
  return fact.parent === key && packsInOrOut(fact) && !reads.isContainer(key);
}

interface Seeing {
  /** The event counts, so that those it names see it. */
  readonly counts: boolean;
  readonly audience: (key: string) => readonly string[];
  readonly organisations: Organisations;
}

function viewersOf(facts: readonly Fact[], { counts, audience, organisations }: Seeing): Viewers {
  const names = new Set(facts.flatMap(namesOf));
  const seen = new Map<string, string[]>();
  for (const key of names)
    for (const one of audience(key)) {
      const list = seen.get(one);
      if (list === undefined) seen.set(one, [key]);
      else list.push(key);
    }
  const viewers = new Map<string, Viewed>();
  for (const [one, keys] of seen)
    viewers.set(one, { whole: false, names: keys.length === names.size ? null : keys.sort() });
  const [told] = facts;
  if (told !== undefined)
    for (const one of [...senderOf(told), ...(counts ? namedBy(told, organisations) : [])])
      viewers.set(one, { whole: true, names: null });
  return viewers;
}

/** Who sees an event of which nothing is derived, because it was declared in error: who sent it and whom it names. */
export function viewersOfWithdrawn(facts: readonly Fact[], organisations: Organisations): Viewers {
  return viewersOf(facts, { counts: true, audience: () => [], organisations });
}

function senderOf({ by }: Fact): readonly string[] {
  return by === undefined ? [] : [by];
}

function namedBy({ parties = [], t }: Fact, organisations: Organisations): readonly string[] {
  return parties.flatMap((key) => organisations.of(key, t) ?? []);
}
