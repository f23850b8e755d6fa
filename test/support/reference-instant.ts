/** One instant of the reference projection, phase by phase. Rule numbers are those of the projection's rules. */
import type { Place } from '../../src/holdings/holding.js';
import type { Act, Fact } from '../../src/projection/fact.js';
import type { BirthCode } from './reference-births.js';
import type { Counting, FLAGS } from './reference-facts.js';
import { UNKNOWN, agree, at, byText, named, names, stated } from './reference-facts.js';

/** What is known of a package after an instant. */
export interface State {
  readonly place: Place;
  readonly status: string;
  readonly container: string | null;
  /** Its newest fact is a terminal one. */
  readonly ended: boolean;
}

export type World = ReadonlyMap<string, State>;

export interface Receipt {
  readonly eventId: string;
  readonly p: string;
  readonly t: number;
  /** The shipping event it ends; null when it was not in transit (over). */
  readonly by: string | null;
}

export interface Flag {
  readonly k: string;
  readonly t: number;
  readonly code: (typeof FLAGS)[number] | BirthCode;
}

/** One instant: the worlds just before it, after the places were found, and after all of it. */
export interface Step {
  readonly t: number;
  /** In order. */
  readonly facts: readonly Fact[];
  readonly counts: Counting['counts'];
  readonly before: World;
  readonly placed: World;
  readonly after: World;
  /** By container, the unpack that emptied it; of two the first. */
  readonly emptied: ReadonlyMap<string, Fact>;
  /** By package, the event that ended it. */
  readonly ended: ReadonlyMap<string, Fact>;
}

const UNHEARD: State = { place: UNKNOWN, status: 'active', container: null, ended: false };

/** The containers around a package, innermost first. */
export function chainIn(world: World, k: string): string[] {
  const container = world.get(k)?.container ?? null;
  return container === null ? [] : [container, ...chainIn(world, container)];
}

/** One instant, phase by phase: from the world just before it to the world after all of it (rules 1 to 3). */
export class Instant implements Step {
  readonly t: number;
  readonly placed: World;
  readonly after: Map<string, State>;
  readonly flags: Flag[] = [];
  /** By container, the unpack that emptied it; of two the first. */
  readonly emptied = new Map<string, Fact>();
  readonly ended = new Map<string, Fact>();
  /** Disposed units: nothing but a commission concerns them. */
  private readonly absorbed = new Set<string>();
  private readonly joined = new Set<string>();
  private readonly settled = new Set<string>();
  /** A disposition stated now, of the package or of something around it. */
  private readonly dispositions = new Map<string, string>();

  readonly counts: Counting['counts'];

  constructor(
    readonly before: World,
    readonly facts: readonly Fact[],
    private readonly isContainer: (k: string) => boolean,
    private readonly counting: Counting,
  ) {
    this.t = facts[0]!.t;
    this.counts = counting.counts;
    this.after = new Map(before);
    this.open();
    this.unpack();
    this.pack();
    for (const k of this.after.keys()) this.settle(k);
    this.placed = new Map(this.after);
    this.end();
    for (const k of this.after.keys()) this.follow(k);
  }

  private get(k: string): State {
    return this.after.get(k)!;
  }

  private change(k: string, change: Partial<State>): void {
    this.after.set(k, { ...this.get(k), ...change });
  }

  private flag(k: string, code: Flag['code']): void {
    this.flags.push({ k, t: this.t, code });
  }

  private named(f: Fact): string[] {
    return named(f).filter((k) => this.counts(f, k));
  }

  private names(f: Fact, k: string): boolean {
    return names(f, k) && this.counts(f, k);
  }

  private kids(f: Fact): string[] {
    return f.kids.filter((k) => this.counts(f, k));
  }

  private of(act: Act): Fact[] {
    return this.facts.filter((f) => f.act === act);
  }

  /** Phase 0: new names; a disposed unit comes back by a commission only, a container by any event (rules 8 and 13). */
  private open(): void {
    const commissioned = new Set(this.of('commission').flatMap((f) => this.kids(f)));
    for (const k of new Set(this.facts.flatMap((f) => this.named(f)))) {
      if (!this.after.has(k)) this.after.set(k, UNHEARD);
      if (!this.get(k).ended) continue;
      const back = commissioned.has(k);
      if (back || this.isContainer(k)) this.change(k, { status: 'active', ended: false });
      else this.absorbed.add(k);
      if (!back) this.flagAfterEnd(k);
    }
  }

  private flagAfterEnd(k: string): void {
    for (const f of this.facts.filter((it) => this.names(it, k))) {
      const packed = this.absorbed.has(k) && f.act === 'pack' && f.kids.includes(k);
      this.flag(k, packed ? 'PACKED_AFTER_END' : 'AFTER_END');
    }
  }

  /** Phase 1: all judged on what was inside before the instant, so that their order is nothing. Who only claims empties nothing. */
  private unpack(): void {
    for (const f of this.of('unpack')) {
      const parent = f.parent!;
      if (!this.opens(f, parent)) continue;
      if (f.all && !this.emptied.has(parent)) this.emptied.set(parent, f);
      const inside = this.membersBefore(parent);
      const leaving = f.all ? inside : this.kids(f).filter((k) => inside.includes(k));
      for (const k of leaving) this.change(k, { container: null });
      for (const k of this.kids(f))
        if (!inside.includes(k) && !this.absorbed.has(k)) this.flag(k, 'NOT_IN');
    }
  }

  private opens(f: Fact, parent: string): boolean {
    return this.isContainer(parent) && (!f.all || this.counts(f, parent));
  }

  private membersBefore(parent: string): string[] {
    return [...this.before].flatMap(([k, was]) => (was.container === parent ? [k] : []));
  }

  /** Phase 2: in order; who would close a cycle is refused, the others join (rule 7). */
  private pack(): void {
    for (const f of this.of('pack')) {
      const parent = f.parent!;
      if (!this.isContainer(parent)) continue;
      const around = new Set([parent, ...chainIn(this.after, parent)]);
      for (const k of this.kids(f)) {
        if (this.absorbed.has(k)) continue;
        if (around.has(k)) {
          this.flag(k, 'CYCLE');
          continue;
        }
        const from = this.get(k).container;
        if (from !== null && from !== parent) this.flag(k, 'REPACK_WITHOUT_UNPACK');
        this.change(k, { container: parent });
        this.joined.add(k);
      }
    }
  }

  /** Phase 3: outermost container first. */
  private settle(k: string): void {
    if (this.settled.has(k) || this.absorbed.has(k)) return;
    this.settled.add(k);
    const around = this.get(k).container;
    if (around !== null) this.settle(around);
    const told = this.told(k);
    this.settlePlace(k, told);
    this.settleStatus(k, told);
  }

  private settlePlace(k: string, told: readonly Fact[]): void {
    const { container, place } = this.get(k);
    const elsewhere = container === null ? undefined : this.seenApart(k, container);
    if (elsewhere !== undefined) {
      this.flag(k, 'SEEN_APART');
      this.change(k, { container: null, place: elsewhere });
    } else if (container !== null) this.change(k, { place: this.get(container).place });
    else if (told.length > 0) this.change(k, { place: this.standing(told, this.from(k, place)) });
  }

  /** The nearest statement wins: its own, else that of what it is in after the instant (rule 12). */
  private settleStatus(k: string, told: readonly Fact[]): void {
    const own = told.findLast((f) => f.disposition !== undefined)?.disposition;
    const status = own ?? this.dispositions.get(this.get(k).container ?? '');
    if (status === undefined) return;
    this.dispositions.set(k, status);
    this.change(k, { status });
  }

  /** What names it, and the unpack that emptied what it was in: that one speaks of all it let out. */
  private told(k: string): Fact[] {
    const emptying = this.emptied.get(this.before.get(k)?.container ?? '');
    return this.facts.filter((f) => f.act !== 'end' && (this.names(f, k) || f === emptying));
  }

  /** Where the events that count told that it was. */
  private from(k: string, place: Place): Place {
    return this.counting.elsewhere.get(k) ?? place;
  }

  /** Standing alone every fact places it, a silent one nowhere known (rule 10). */
  private standing(told: readonly Fact[], was: Place): Place {
    return told.reduce((now, f) => stated(f, now) ?? UNKNOWN, was);
  }

  /** The place a contained package was seen at when that contradicts its container's, before and after (rule 9). */
  private seenApart(k: string, container: string): Place | undefined {
    const was = this.from(k, this.get(k).place);
    const seen = this.facts
      .filter((f) => this.isSighting(f, k))
      .reduce<Place | undefined>((now, f) => stated(f, now ?? was) ?? now, undefined);
    if (seen === undefined || agree(seen, this.toldNow(container))) return undefined;
    return agree(seen, this.toldBefore(container)) ? undefined : seen;
  }

  /** Where a package was as the events that count tell. */
  private toldBefore(k: string): Place | undefined {
    const { place, container } = this.before.get(k) ?? {};
    const elsewhere = this.counting.elsewhere.get(k);
    if (container == null || elsewhere !== undefined) return elsewhere ?? place;
    return this.toldBefore(container);
  }

  /** The same now, of what is settled. What nothing that counts in full put where it is does not follow it. */
  private toldNow(k: string): Place {
    const { place, container } = this.get(k);
    if (container === null) return place;
    const facts = this.told(k);
    const hasBegun = this.counting.hasBegun(k) || facts.some((f) => this.counting.mayBegin(f, k));
    if (!hasBegun || this.isBound(k, container, facts)) return this.toldNow(container);
    const told =
      facts.length === 0
        ? this.from(k, place)
        : this.standing(facts, this.from(k, this.placeBefore(k)));
    return told.mode === 'TO' ? { ...told, site: null } : told;
  }

  private placeBefore(k: string): Place {
    return this.before.get(k)?.place ?? UNKNOWN;
  }

  private isBound(k: string, container: string, facts: readonly Fact[]): boolean {
    const stays = this.before.get(k)?.container === container && !this.emptied.has(container);
    if (stays && this.counting.hasBegun(k) && !this.counting.elsewhere.has(k)) return true;
    const around = this.facts.filter((f) => f.act !== 'end' && names(f, container));
    const isBegun =
      this.counting.hasBegun(container) || around.some((f) => this.counting.mayBegin(f, container));
    return isBegun && facts.some((f) => names(f, k) && this.counting.isFull(f, k));
  }

  /** For one that joins at this instant, what packs or unpacks it tells of the joining, not of where it was seen. */
  private isSighting(f: Fact, k: string): boolean {
    if (f.act === 'end' || !this.names(f, k)) return false;
    return !this.joined.has(k) || f.act === 'see' || f.parent === k;
  }

  /** Phase 4: all judged on the result of phase 3; of two ends of one package the first counts. */
  private end(): void {
    for (const f of this.of('end'))
      for (const k of this.kids(f))
        if (!this.absorbed.has(k) && !this.ended.has(k)) this.ended.set(k, f);
    const standing = this.placed;
    const places = new Map([...this.ended.keys()].map((k) => [k, this.toldNow(k)]));
    for (const [k, f] of this.ended) {
      const place = f.site === undefined ? places.get(k)! : at(f.site);
      this.release(k, place, standing);
      const last = this.isContainer(k) || place.mode === 'AT' ? place : UNKNOWN;
      this.change(k, { place: last, status: f.end!, container: null, ended: true });
    }
  }

  /** What was in a container that ended stands where it ended, with the status it had (rule 8). */
  private release(container: string, place: Place, standing: World): void {
    for (const [k, was] of standing)
      if (was.container === container && !this.ended.has(k))
        this.change(k, { container: null, place });
  }

  /** Contents are where the outermost container is. */
  private follow(k: string): void {
    const outermost = chainIn(this.after, k).at(-1);
    if (outermost !== undefined) this.change(k, { place: this.get(outermost).place });
  }

  /** Each answers the shipping before it, also within the instant. What is disposed is not received. */
  receipts(): Receipt[] {
    const places = new Map<string, Place>();
    return this.facts.flatMap((f) =>
      this.named(f)
        .sort(byText)
        .flatMap((p): Receipt[] => {
          if (this.absorbed.has(p) || f.act === 'end') return [];
          const place = places.get(p) ?? this.from(p, this.before.get(p)?.place ?? UNKNOWN);
          places.set(p, stated(f, place) ?? place);
          const by = place.mode === 'TO' ? place.by : null;
          return f.move === 'receive' ? [{ eventId: f.eventId, p, t: f.t, by }] : [];
        }),
    );
  }

  /** How the fact touches a package: null by its own name, else the innermost container named; undefined: not at all. */
  touch(f: Fact, k: string): string | null | undefined {
    if (names(f, k)) return null;
    return (
      chainIn(this.after, k).find((c) => names(f, c)) ??
      chainIn(this.before, k).find((c) => this.emptied.get(c) === f || this.ended.get(c) === f)
    );
  }
}

/** What begins now was nowhere known before, and neither was what was in it. */
export function forget(before: Map<string, State>, begun: string): void {
  for (const [k, state] of before)
    if (chainIn(before, k).includes(begun)) before.set(k, { ...state, place: UNKNOWN });
  if (before.has(begun)) before.set(begun, UNHEARD);
}
