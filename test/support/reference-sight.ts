/**
 * Who sees what, once more and naively: every package carries its own hands and title, and all of them are written at every instant.
 * Nothing is by reference and no code is shared with the product. Where packages are and what they are in comes from the reference
 * projection. Rule numbers are those of the projection's rules.
 */
import type { Place } from '../../src/holdings/holding.js';
import type { Fact } from '../../src/projection/fact.js';
import type { Organisations } from '../../src/projection/sight.js';
import type { Counting } from './reference-facts.js';
import type { Step } from './reference-instant.js';
import type { Reference } from './reference-projection.js';
import { byOrder } from './reference-facts.js';
import { reference } from './reference-projection.js';

/** What is known of a package after an instant. */
interface Known {
  /** Some event counted for it (rule 22). */
  readonly begun: boolean;
  readonly hands: ReadonlySet<string>;
  readonly title: string | null;
  /** The title was stated or passed on at this instant, of the package or of something around it. */
  readonly titledNow: boolean;
  /** An event that counts put it into what it is in. */
  readonly bound: boolean;
  readonly mode: 'AT' | 'TO' | '?';
  /** Where it is, or which site it left. */
  readonly site: string | null;
  readonly holder: string | null;
  /** Who had it before the run of shippings. */
  readonly had: ReadonlySet<string>;
  readonly coming: string | null;
}

const UNHEARD: Known = {
  begun: false,
  hands: new Set(),
  title: null,
  titledNow: false,
  bound: true,
  mode: '?',
  site: null,
  holder: null,
  had: new Set(),
  coming: null,
};

export interface SightFlag {
  readonly k: string;
  readonly t: number;
  readonly code: 'NO_STANDING' | 'TITLE_UNSTATED';
  /** Of an event that does not count. */
  readonly eventId?: string;
}

/** An event as an organisation sees it. */
export interface SeenEvent {
  readonly id: string;
  readonly whole: boolean;
  /** Sorted. */
  readonly names: readonly string[];
}

/** Of a package that does not follow what is around it. */
export interface Apart extends Pick<Known, 'mode' | 'site'> {
  readonly chain: readonly string[];
}

/** Where packages are as the events that count tell, and who sees them. */
export interface References {
  readonly placed: Reference;
  readonly seen: ReferenceSight;
}

export interface ReferenceSight {
  /** After everything at `t`. */
  readonly sees: (organisation: string, k: string, t: number) => boolean;
  /** Where the events that count told that a package is, when none of them put it into what it is in; and what it is in up to there. */
  readonly apart: (k: string, t: number) => Apart | null;
  /** In the order of time. */
  readonly events: (organisation: string) => SeenEvent[];
  readonly flags: () => SightFlag[];
}

type Knowledge = ReadonlyMap<string, Known>;

const naming = (f: Fact, k: string): boolean => f.parent === k || f.kids.includes(k);
const named = (f: Fact): string[] => [
  ...new Set([...(f.parent === undefined ? [] : [f.parent]), ...f.kids]),
];
const audience = (one: Known | undefined): Set<string> =>
  new Set([...(one?.hands ?? []), ...(one?.title == null ? [] : [one.title])]);

type Counts = 'no' | 'owner' | 'full';

interface Told {
  readonly known: Known;
  readonly change: 'stated' | 'passed' | null;
  /** A title went to nobody. */
  readonly lost: boolean;
}

/** Rule 22. */
function countsFor(
  f: Fact,
  k: string,
  was: Known,
  known: { organisations: Organisations; isContainer: (k: string) => boolean },
): Counts {
  if (f.by === undefined) return 'full';
  if (!was.begun) return known.organisations.mayBegin(k, f.by) ? 'full' : 'no';
  if (was.hands.has(f.by)) return 'full';
  if (was.title !== f.by) return 'no';
  return known.isContainer(k) ? 'owner' : 'full';
}

/** One instant for all packages. */
class Instant {
  readonly after: Map<string, Known>;
  readonly flags: SightFlag[] = [];
  private readonly now = new Map<string, Known>();

  constructor(
    readonly step: Step,
    readonly before: Knowledge,
    private readonly organisations: Organisations,
    private readonly isContainer: (k: string) => boolean,
  ) {
    for (const f of step.facts)
      for (const k of named(f))
        if (this.counts(f, k) === 'no' || this.isNoContainer(f, k))
          this.flag(k, 'NO_STANDING', f.eventId);
    for (const k of step.placed.keys()) this.settle(k);
    this.after = new Map(this.now);
    this.end();
  }

  private flag(k: string, code: SightFlag['code'], eventId?: string): void {
    this.flags.push({ k, t: this.step.t, code, ...(eventId === undefined ? {} : { eventId }) });
  }

  /** Rule 5: packed into a unit, or out of it. */
  private isNoContainer({ act, parent }: Fact, k: string): boolean {
    return parent === k && (act === 'pack' || act === 'unpack') && !this.isContainer(k);
  }

  private was(k: string): Known {
    return this.before.get(k) ?? UNHEARD;
  }

  private names(f: Fact, k: string): boolean {
    return naming(f, k) && this.step.counts(f, k);
  }

  /** Rule 22. */
  counts(f: Fact, k: string): Counts {
    const { organisations, isContainer } = this;
    return countsFor(f, k, this.was(k), { organisations, isContainer });
  }

  // Places, hands and titles, the outermost first

  private settle(k: string): Known {
    const settled = this.now.get(k);
    if (settled !== undefined) return settled;
    const known = this.settled(k);
    this.now.set(k, known);
    return known;
  }

  private settled(k: string): Known {
    const { step } = this;
    const was = { ...this.was(k), titledNow: false };
    if (this.isAbsorbed(k)) return was;
    const told = this.tellingOf(k);
    const box = step.placed.get(k)!.container;
    if (box === null) {
      if (told.length === 0) return was;
      const { known, lost } = this.fold(k, told);
      if (lost && known.title === null && told.some((f) => this.names(f, k)))
        this.flag(k, 'TITLE_UNSTATED');
      return { ...known, bound: was.bound || this.isTold(k, told) };
    }
    return this.inside(k, box, told);
  }

  /** What was let out of a container that it did not belong to stays apart until an event that counts names it, or any tells something else. */
  private isTold(k: string, told: readonly Fact[]): boolean {
    const facts = told.filter((f) => this.names(f, k));
    if (facts.some((f) => this.counts(f, k) !== 'no')) return true;
    const [before, now] = [this.step.before.get(k), this.step.placed.get(k)];
    const stays = JSON.stringify([before?.place, before?.status, before?.container]);
    return facts.length > 0 && stays !== JSON.stringify([now?.place, now?.status, now?.container]);
  }

  private isAbsorbed(k: string): boolean {
    if (this.step.before.get(k)?.ended !== true || this.isContainer(k)) return false;
    return !this.step.facts.some((f) => f.act === 'commission' && this.names(f, k));
  }

  /** What names the package, and what emptied the container it was in. */
  private tellingOf(k: string): Fact[] {
    const box = this.step.before.get(k)?.container ?? '';
    const freedBy = this.step.emptied.get(box);
    return this.step.facts.filter((f) => f.act !== 'end' && (this.names(f, k) || f === freedBy));
  }

  private inside(k: string, box: string, told: readonly Fact[]): Known {
    const around = this.settle(box);
    const was = this.was(k);
    const facts = told.filter((f) => this.names(f, k));
    const stays = this.step.before.get(k)?.container === box && !this.step.emptied.has(box);
    if (stays && was.bound) return this.restated(k, around, facts);
    const alone = this.fold(k, told);
    const counts = facts.some((f) => this.counts(f, k) === 'full');
    if (!counts || !around.begun) return { ...alone.known, bound: false };
    return this.joining(k, around, alone);
  }

  /** Rule 25: what stays inside has the title that is stated nearest. */
  private restated(k: string, around: Known, facts: readonly Fact[]): Known {
    let said: string | null = null;
    for (const f of facts) said = this.stated(f, k) ?? said;
    if (said !== null) return { ...around, title: said, titledNow: true, bound: true };
    if (around.titledNow) return { ...around, bound: true };
    return { ...around, title: this.was(k).title, titledNow: false, bound: true };
  }

  private joining(k: string, around: Known, { known, change, lost }: Told): Known {
    const with_ = (title: string | null, titledNow: boolean, isLost: boolean): Known => {
      if (isLost && title === null) this.flag(k, 'TITLE_UNSTATED');
      return { ...around, title, titledNow, bound: true };
    };
    if (change === 'stated') return with_(known.title, true, false);
    if (around.titledNow) return with_(around.title, true, lost);
    if (change === 'passed') return with_(known.title, true, lost);
    const other = around.holder !== null && around.holder !== known.holder;
    if (this.was(k).begun && other) return with_(known.coming, true, known.title !== null);
    return with_(known.title, false, false);
  }

  private stated(f: Fact, k: string): string | null {
    const counts = this.counts(f, k);
    if (counts === 'no') return null;
    const owner =
      f.move === 'ship' ? f.giver?.owner : f.move === 'receive' ? f.taker?.owner : undefined;
    const title = this.of(owner, f);
    return counts === 'owner' && !this.was(k).hands.has(f.by!) && title === f.by ? null : title;
  }

  private of(key: string | undefined, f: Fact): string | null {
    return key === undefined ? null : this.organisations.of(key, f.t);
  }

  /** All that tells of a package that stands alone, one after the other. */
  private fold(k: string, told: readonly Fact[]): Told {
    let result: Told = { known: { ...this.was(k), titledNow: false }, change: null, lost: false };
    for (const f of told.toSorted(byOrder)) {
      if (this.names(f, k)) result = this.take(result, f, k, this.counts(f, k));
      else if (this.was(k).bound) result = this.take(result, f, k, this.counts(f, f.parent!));
    }
    return result;
  }

  /** Takes one event that counts for a package. */
  private take(told: Told, f: Fact, k: string, counts: Counts): Told {
    if (counts === 'no') return told;
    const was = told.known;
    const start = was.begun ? was : this.begin(f);
    const moved = this.moved(start, f, counts);
    const stated = this.titleStated(f, k, moved);
    if (stated !== null && this.gains(start, f, counts)(stated)) {
      const known = { ...moved, title: stated, titledNow: true };
      return { known, change: 'stated', lost: told.lost };
    }
    if (!was.begun || moved.holder === start.holder || counts === 'owner')
      return { ...told, known: moved };
    const lost = told.lost || (start.title !== null && start.coming === null);
    return { known: { ...moved, title: start.coming, titledNow: true }, change: 'passed', lost };
  }

  /** An owner who does not have a container gains nothing by what it sends itself (rule 22). */
  private gains(start: Known, f: Fact, counts: Counts): (one: string | null) => one is string {
    const barred = counts === 'owner' && !start.hands.has(f.by!) ? f.by! : null;
    return (one): one is string => one !== null && one !== barred;
  }

  private begin(f: Fact): Known {
    const hands = new Set(f.by === undefined ? [] : [f.by]);
    return { ...UNHEARD, begun: true, hands, holder: f.by ?? null };
  }

  private titleStated(f: Fact, k: string, moved: Known): string | null {
    const { step } = this;
    const lives = this.was(k).begun && step.before.get(k)?.ended !== true;
    const owner =
      f.move === 'ship' ? f.giver?.owner : f.move === 'receive' ? f.taker?.owner : undefined;
    const told = this.of(owner, f);
    return told ?? (f.act === 'commission' && !lives ? moved.holder : null);
  }

  /** Rule 23. */
  private moved(was: Known, f: Fact, counts: Counts): Known {
    if (f.move === 'ship') return this.shipped(was, f, counts);
    if (f.site !== undefined) return this.arrived(was, f, counts);
    if (f.move === 'void') {
      if (was.mode !== 'TO') return was;
      const mode = was.site === null ? '?' : 'AT';
      return { ...was, mode, hands: was.had, had: new Set(), coming: null };
    }
    return f.act === 'end' ? was : { ...was, mode: '?', site: null, had: new Set() };
  }

  private shipped(was: Known, f: Fact, counts: Counts): Known {
    const allowed = this.gains(was, f, counts);
    const had = was.mode === 'TO' ? was.had : was.hands;
    const owner = this.of(f.taker?.owner, f);
    const named = [f.dest, f.giver?.possessor, f.taker?.possessor, f.taker?.owner];
    const more = named.map((key) => this.of(key, f)).filter(allowed);
    const coming = allowed(owner) ? owner : null;
    return { ...was, mode: 'TO', had, hands: new Set([...had, ...more]), coming };
  }

  private arrived(was: Known, f: Fact, counts: Counts): Known {
    const site = f.site!;
    const possessor = this.of(f.taker?.possessor, f);
    const holder = this.of(site, f) ?? possessor;
    const same = was.mode === 'AT' && was.site === site && was.holder === holder;
    const come = new Set([holder, possessor].filter(this.gains(was, f, counts)));
    const hands = same && possessor === null ? was.hands : come;
    return { ...was, mode: 'AT', site, holder, hands, had: new Set(), coming: null };
  }

  // Ends

  private end(): void {
    const { step } = this;
    for (const [k, f] of step.ended) {
      const { known } = this.take(this.toldNow(k), f, k, this.counts(f, k));
      const { begun, hands, title } = known;
      this.after.set(k, this.isContainer(k) ? known : { ...UNHEARD, begun, hands, title });
    }
    const byDepth = [...step.after.keys()].sort((a, b) => this.depth(a) - this.depth(b));
    for (const k of byDepth) if (!step.ended.has(k)) this.follow(k);
  }

  private toldNow(k: string): Told {
    return { known: this.now.get(k)!, change: null, lost: false };
  }

  private depth(k: string): number {
    const box = this.step.after.get(k)?.container ?? null;
    return box === null ? 0 : 1 + this.depth(box);
  }

  /** What was inside stands where its container ended; what is nested goes with it. */
  private follow(k: string): void {
    const { step } = this;
    const known = this.now.get(k)!;
    if (!known.bound) return;
    const was = step.placed.get(k)!.container;
    const box = step.after.get(k)!.container;
    const end = step.ended.get(was ?? '');
    if (box === null && was !== null && end !== undefined) {
      const counts = this.counts(end, was);
      if (counts === 'no') return;
      // Whether it was handed over, the next event tells.
      this.after.set(k, { ...this.moved(known, end, counts), holder: known.holder });
    } else if (box !== null) {
      const { title, bound } = known;
      this.after.set(k, { ...this.after.get(box)!, title, bound });
    }
  }
}

function placeOf({ mode, site }: Known): Place {
  if (mode === 'TO') return { mode, site: null, back: site, by: '' };
  return mode === 'AT' && site !== null ? { mode, site } : { mode: 'UNKNOWN' };
}

/** What counts at an instant (rule 22): others' claims do not, once something counts for the package. */
function countingOf(
  facts: readonly Fact[],
  before: Knowledge,
  known: { organisations: Organisations; isContainer: (k: string) => boolean },
): Counting {
  const was = (k: string): Known => before.get(k) ?? UNHEARD;
  const full = (f: Fact, k: string): boolean => countsFor(f, k, was(k), known) !== 'no';
  const some = new Set(facts.flatMap((f) => named(f).filter((k) => full(f, k))));
  return {
    counts: (f, k) => full(f, k) || (!was(k).begun && !some.has(k)),
    isFull: (f, k) => countsFor(f, k, was(k), known) === 'full',
    hasBegun: (k) => was(k).begun,
    mayBegin: full,
    begin: new Set([...some].filter((k) => !was(k).begun)),
    elsewhere: new Map(
      [...before].flatMap(([k, one]) => (one.bound || !one.begun ? [] : [[k, placeOf(one)]])),
    ),
  };
}

/** The references over a set of active facts. */
export function references(facts: readonly Fact[], organisations: Organisations): References {
  const instants: Instant[] = [];
  const follow = (steps: readonly Step[], isContainer: (k: string) => boolean): Knowledge => {
    for (const step of steps.slice(instants.length))
      instants.push(
        new Instant(step, instants.at(-1)?.after ?? new Map(), organisations, isContainer),
      );
    return instants.at(-1)?.after ?? new Map<string, Known>();
  };
  const judge: Parameters<typeof reference>[2] = (now, steps, isContainer) =>
    countingOf(now, follow(steps, isContainer), { organisations, isContainer });
  const placed = reference(facts, Infinity, judge, organisations);
  follow(placed.steps, (k) => placed.isContainer(k));
  return { placed, seen: answersOf(placed, instants, organisations) };
}

function answersOf(
  reference: Reference,
  instants: readonly Instant[],
  organisations: Organisations,
): ReferenceSight {
  const { steps } = reference;
  return {
    sees: (organisation, k, t): boolean => {
      const last = steps.findLastIndex((step) => step.t <= t);
      return audience(instants[last]?.after.get(k)).has(organisation);
    },
    apart: (k, t): Apart | null => {
      const after = instants[steps.findLastIndex((step) => step.t <= t)]?.after;
      const chain = reference.at(k, t)?.chain ?? [];
      const links = [k, ...chain];
      const i = links.findIndex((one) => after?.get(one)?.bound === false);
      const known = after?.get(links[i] ?? '');
      return known === undefined
        ? null
        : { mode: known.mode, site: known.site, chain: chain.slice(0, i) };
    },
    events: (organisation) =>
      steps.flatMap((step, i) => eventsAt(step.facts, instants[i]!, organisation, organisations)),
    flags: () => instants.flatMap((instant) => instant.flags),
  };
}

/** Rule 27. */
function eventsAt(
  facts: readonly Fact[],
  instant: Instant,
  organisation: string,
  organisations: Organisations,
): SeenEvent[] {
  const ids = [...new Set(facts.map((f) => f.eventId))].sort();
  return ids.flatMap((id): SeenEvent[] => {
    const of = facts.filter((f) => f.eventId === id);
    const names = [...new Set(of.flatMap(named))].sort();
    const { by, parties = [], t } = of[0]!;
    const counts = of.some((f) => named(f).some((k) => instant.counts(f, k) !== 'no'));
    const isNamed = parties.some((key) => organisations.of(key, t) === organisation);
    if (by === organisation || (counts && isNamed)) return [{ id, whole: true, names }];
    const seen = names.filter(
      (k) =>
        of.some((f) => naming(f, k) && instant.step.counts(f, k)) &&
        (audience(instant.before.get(k)).has(organisation) ||
          audience(instant.after.get(k)).has(organisation)),
    );
    return seen.length === 0 ? [] : [{ id, whole: false, names: seen }];
  });
}
