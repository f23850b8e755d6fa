/** What one asker sees of a history, told by the naive references alone. */
import type { Fact } from '../../src/projection/fact.js';
import type { Organisations } from '../../src/projection/sight.js';
import { withClaims } from './reference-claims.js';
import type { Reference } from './reference-projection.js';
import { references } from './reference-sight.js';
import type { ReferenceSight, SeenEvent } from './reference-sight.js';

export interface SightOf {
  readonly placed: Reference;
  /** After everything at `t`. */
  readonly sees: (k: string, t: number) => boolean;
  readonly apart: ReferenceSight['apart'];
  /** Some instant up to `t` at which it was seen. */
  readonly saw: (k: string, t: number) => boolean;
  /** Just before or just after an instant of the history. */
  readonly seesAround: (k: string, t: number) => boolean;
  /** Whether an event does not count for it. The host counts all. */
  readonly isClaimed: (k: string, eventId: string) => boolean;
  /** Ids of all events that were ever sent. */
  readonly all: readonly string[];
  /** By id, those declared in error too. Without those of which nothing well-formed would be left. */
  readonly events: ReadonlyMap<string, SightedEvent>;
}

export interface SightedEvent extends SeenEvent {
  readonly fact: Fact;
  readonly isRetracted: boolean;
}

/** The references over one history, for every asker. */
export class Sights {
  private readonly placed: Reference;
  private readonly seen: ReferenceSight;

  constructor(
    private readonly facts: readonly Fact[],
    private readonly retracted: ReadonlySet<string>,
    private readonly organisations: Organisations,
  ) {
    const active = facts.filter(({ eventId }) => !retracted.has(eventId));
    ({ placed: this.placed, seen: this.seen } = references(active, organisations));
  }

  /** Everything. */
  ofHost(): SightOf {
    const placed = withClaims(this.placed);
    const sees = (k: string, t: number): boolean => placed.at(k, t) !== undefined;
    const events = this.facts.map((fact) => ({
      ...{ id: fact.eventId, fact, whole: true, names: namesIn(fact) },
      isRetracted: this.retracted.has(fact.eventId),
    }));
    return {
      ...{ placed, sees, saw: sees, seesAround: () => true, apart: () => null, all: this.all() },
      isClaimed: () => false,
      events: new Map(events.map((event) => [event.id, event])),
    };
  }

  of(organisation: string): SightOf {
    const { placed, seen } = this;
    const windows = new Map<string, readonly boolean[]>();
    const windowsOf = (k: string): readonly boolean[] => {
      const known = windows.get(k) ?? placed.instants.map((t) => seen.sees(organisation, k, t));
      windows.set(k, known);
      return known;
    };
    const flags = seen.flags().filter(({ code }) => code === 'NO_STANDING');
    const claims = new Set(flags.map(({ k, eventId }) => `${eventId} ${k}`));
    const last = (t: number): number => placed.instants.findLastIndex((one) => one <= t);
    const sees = (k: string, t: number): boolean => windowsOf(k)[last(t)] ?? false;
    return {
      ...{ placed, sees, apart: seen.apart, all: this.all() },
      saw: (k, t) =>
        windowsOf(k)
          .slice(0, last(t) + 1)
          .includes(true),
      seesAround: (k, t) => sees(k, t - 1) || sees(k, t),
      isClaimed: (k, eventId) => claims.has(`${eventId} ${k}`),
      events: this.eventsOf(organisation),
    };
  }

  private all(): readonly string[] {
    return this.facts.map(({ eventId }) => eventId);
  }

  private eventsOf(organisation: string): Map<string, SightedEvent> {
    const facts = new Map(this.facts.map((fact) => [fact.eventId, fact]));
    const counted = this.seen.events(organisation).map((event) => ({
      ...{ ...event, fact: facts.get(event.id)!, isRetracted: false },
    }));
    const withdrawn = this.facts
      .filter((fact) => this.retracted.has(fact.eventId) && this.isConcerned(organisation, fact))
      .map((fact) => ({
        ...{ id: fact.eventId, whole: true, names: namesIn(fact), fact, isRetracted: true },
      }));
    const kept = [...counted, ...withdrawn].filter((event) => isWellFormed(event));
    return new Map(kept.map((event) => [event.id, event]));
  }

  /** Rule 27: what was declared in error is seen by its sender and those it names. */
  private isConcerned(organisation: string, { by, parties = [], t }: Fact): boolean {
    return (
      by === organisation || parties.some((key) => this.organisations.of(key, t) === organisation)
    );
  }
}

function namesIn({ parent, kids }: Fact): readonly string[] {
  return [...new Set(parent === undefined ? kids : [parent, ...kids])].sort();
}

/** An ADD of an aggregation has a parent. */
function isWellFormed({ whole, names, fact }: SightedEvent): boolean {
  return whole || fact.act !== 'pack' || names.includes(fact.parent ?? '');
}
