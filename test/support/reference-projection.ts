/**
 * The projection rules once more, naively: every package carries its own place and status, and all of them are written at every
 * instant. No graph, nothing by reference, no shared code: what the product answers is compared with what this answers.
 * Rule numbers are those of the projection's rules.
 */
import type { Act, Fact } from '../../src/projection/fact.js';
import type { BirthCode } from './reference-births.js';
import { birthFlags } from './reference-births.js';
import type { Place } from '../../src/holdings/holding.js';
import type { Organisations } from '../../src/projection/sight.js';

/** What is known of a package after an instant. */
export interface State {
  readonly place: Place;
  readonly status: string;
  readonly container: string | null;
  /** Its newest fact is a terminal one. */
  readonly ended: boolean;
}

export type World = ReadonlyMap<string, State>;

export interface Answer {
  /** `A` (a site's key), `>B` (in transit to B), `>?` or `?`. */
  readonly where: string;
  readonly status: string;
  readonly container: string | null;
  /** All containers around it, innermost first. */
  readonly chain: readonly string[];
}

export interface Visit {
  readonly eventId: string;
  readonly t: number;
  /** The container that was named; null when the package itself was. */
  readonly via: string | null;
}

export interface Receipt {
  readonly eventId: string;
  readonly p: string;
  readonly t: number;
  /** The shipping event it ends; null when it was not in transit (over). */
  readonly by: string | null;
}

export interface Total {
  readonly units: number;
  /** Outermost containers standing there with at least one unit of the lot inside. */
  readonly containers: number;
}

export interface InventoryRow {
  readonly gtin: string;
  readonly lot: string;
  readonly where: string;
  readonly status: string;
  readonly units: number;
}

export const FLAGS = [
  'CYCLE',
  'REPACK_WITHOUT_UNPACK',
  'NOT_IN',
  'SEEN_APART',
  'AFTER_END',
  'PACKED_AFTER_END',
] as const;

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
  readonly before: World;
  readonly placed: World;
  readonly after: World;
  /** By container, the unpack that emptied it; of two the first. */
  readonly emptied: ReadonlyMap<string, Fact>;
  /** By package, the event that ended it. */
  readonly ended: ReadonlyMap<string, Fact>;
}

export interface Reference {
  readonly instants: readonly number[];
  readonly steps: readonly Step[];
  packages(): string[];
  isContainer(k: string): boolean;
  lotOf(k: string): string;
  /** After everything at `t`; undefined while nothing had named it. */
  at(k: string, t: number): Answer | undefined;
  /** Direct members. */
  contents(k: string, t: number): string[];
  journey(k: string): Visit[];
  receipts(): Receipt[];
  /** At the end of time, by `status@where`. */
  totals(lot: string): Map<string, Total>;
  inventory(): InventoryRow[];
  exceptions(): Flag[];
}

const CLASS: Record<Act, number> = { commission: 0, unpack: 1, pack: 2, see: 3, end: 4 };
const UNKNOWN: Place = { mode: 'UNKNOWN' };
const UNHEARD: State = { place: UNKNOWN, status: 'active', container: null, ended: false };

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const byOrder = (a: Fact, b: Fact): number =>
  a.t - b.t || CLASS[a.act] - CLASS[b.act] || byText(a.hash, b.hash) || byText(a.id, b.id);

const named = (f: Fact): string[] => [
  ...new Set(f.parent === undefined ? f.kids : [f.parent, ...f.kids]),
];
const names = (f: Fact, k: string): boolean => f.parent === k || f.kids.includes(k);

const show = (p: Place): string =>
  p.mode === 'AT' ? p.site : p.mode === 'TO' ? `>${p.site ?? '?'}` : '?';
const at = (site: string | null): Place => (site === null ? UNKNOWN : { mode: 'AT', site });

/** Where the fact says a package is that stood at `now`; undefined when it says nothing (rule 10). */
function stated(f: Fact, now: Place): Place | undefined {
  if (f.move === 'ship') {
    const back = now.mode === 'TO' ? now.back : now.mode === 'AT' ? now.site : null;
    return { mode: 'TO', site: f.dest ?? null, back, by: f.eventId };
  }
  if (f.site !== undefined) return at(f.site);
  if (f.move === 'void') return now.mode === 'TO' ? at(now.back) : now;
  return undefined;
}

/** In transit to an unknown destination contradicts no destination (rule 9). */
function agree(a: Place, b: Place | undefined): boolean {
  if (b?.mode === 'TO' && a.mode === 'TO')
    return a.site === null || b.site === null || a.site === b.site;
  return b !== undefined && show(a) === show(b);
}

function chainIn(world: World, k: string): string[] {
  const container = world.get(k)?.container ?? null;
  return container === null ? [] : [container, ...chainIn(world, container)];
}

/** One instant, phase by phase: from the world just before it to the world after all of it (rules 1 to 3). */
class Instant implements Step {
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

  constructor(
    readonly before: World,
    readonly facts: readonly Fact[],
    private readonly isContainer: (k: string) => boolean,
  ) {
    this.t = facts[0]!.t;
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

  private of(act: Act): Fact[] {
    return this.facts.filter((f) => f.act === act);
  }

  /** Phase 0: new names; a disposed unit comes back by a commission only, a container by any event (rules 8 and 13). */
  private open(): void {
    const commissioned = new Set(this.of('commission').flatMap((f) => f.kids));
    for (const k of new Set(this.facts.flatMap(named))) {
      if (!this.after.has(k)) this.after.set(k, UNHEARD);
      if (!this.get(k).ended) continue;
      const back = commissioned.has(k);
      if (back || this.isContainer(k)) this.change(k, { status: 'active', ended: false });
      else this.absorbed.add(k);
      if (!back) this.flagAfterEnd(k);
    }
  }

  private flagAfterEnd(k: string): void {
    for (const f of this.facts.filter((it) => names(it, k))) {
      const packed = this.absorbed.has(k) && f.act === 'pack' && f.kids.includes(k);
      this.flag(k, packed ? 'PACKED_AFTER_END' : 'AFTER_END');
    }
  }

  /** Phase 1: all judged on what was inside before the instant, so that their order is nothing. */
  private unpack(): void {
    for (const f of this.of('unpack')) {
      const parent = f.parent!;
      if (f.all && !this.emptied.has(parent)) this.emptied.set(parent, f);
      const inside = this.membersBefore(parent);
      const leaving = f.all ? inside : f.kids.filter((k) => inside.includes(k));
      for (const k of leaving) this.change(k, { container: null });
      for (const k of f.kids)
        if (!inside.includes(k) && !this.absorbed.has(k)) this.flag(k, 'NOT_IN');
    }
  }

  private membersBefore(parent: string): string[] {
    return [...this.before].flatMap(([k, was]) => (was.container === parent ? [k] : []));
  }

  /** Phase 2: in order; who would close a cycle is refused, the others join (rule 7). */
  private pack(): void {
    for (const f of this.of('pack')) {
      const parent = f.parent!;
      const around = new Set([parent, ...chainIn(this.after, parent)]);
      for (const k of f.kids) {
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
    else this.change(k, { place: this.standing(told, place) });
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
    return this.facts.filter((f) => f.act !== 'end' && (names(f, k) || f === emptying));
  }

  /** Standing alone every fact places it, a silent one nowhere known (rule 10). */
  private standing(told: readonly Fact[], was: Place): Place {
    return told.reduce((now, f) => stated(f, now) ?? UNKNOWN, was);
  }

  /** The place a contained package was seen at when that contradicts its container's, before and after (rule 9). */
  private seenApart(k: string, container: string): Place | undefined {
    const was = this.get(k).place;
    const seen = this.facts
      .filter((f) => this.isSighting(f, k))
      .reduce<Place | undefined>((now, f) => stated(f, now ?? was) ?? now, undefined);
    if (seen === undefined || agree(seen, this.get(container).place)) return undefined;
    return agree(seen, this.before.get(container)?.place) ? undefined : seen;
  }

  /** For one that joins at this instant, what packs or unpacks it tells of the joining, not of where it was seen. */
  private isSighting(f: Fact, k: string): boolean {
    if (f.act === 'end' || !names(f, k)) return false;
    return !this.joined.has(k) || f.act === 'see' || f.parent === k;
  }

  /** Phase 4: all judged on the result of phase 3; of two ends of one package the first counts. */
  private end(): void {
    for (const f of this.of('end'))
      for (const k of f.kids) if (!this.absorbed.has(k) && !this.ended.has(k)) this.ended.set(k, f);
    const standing = this.placed;
    for (const [k, f] of this.ended) {
      const place = f.site === undefined ? standing.get(k)!.place : at(f.site);
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
      named(f)
        .sort(byText)
        .flatMap((p): Receipt[] => {
          if (this.absorbed.has(p) || f.act === 'end') return [];
          const place = places.get(p) ?? this.before.get(p)?.place ?? UNKNOWN;
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

type Beginners = Pick<Organisations, 'mayBegin'>;

/** Containers are a matter of the whole set of facts, whatever the time (open point 4). */
function containersOf(facts: readonly Fact[]): (k: string) => boolean {
  const parents = new Set<string>();
  for (const f of facts)
    if (f.parent !== undefined && (f.act === 'pack' || f.act === 'unpack')) parents.add(f.parent);
  return (k) => /^(00|8003|8004)\//.test(k) || parents.has(k);
}

const gtinOf = (k: string): string | undefined => /^01\/(\d{14})\/21\//.exec(k)?.[1];

/** The lot is timeless: that of the newest commission that states one, of the host or of who may begin the package if there is one (rule 19). */
function lotsOf(facts: readonly Fact[], { mayBegin }: Beginners): (k: string) => string {
  const stating = facts.filter((f) => f.act === 'commission' && f.lot !== undefined);
  return (k) => {
    const gtin = gtinOf(k);
    if (gtin === undefined) return '?';
    const told = stating.filter((f) => f.kids.includes(k));
    const known = told.filter(({ by }) => by === undefined || mayBegin(k, by));
    const lot = (known.at(-1) ?? told.at(-1))?.lot;
    return lot === undefined ? `01/${gtin}` : `01/${gtin}/10/${lot}`;
  };
}

function replay(ordered: readonly Fact[], isContainer: (k: string) => boolean): Instant[] {
  const instants: Instant[] = [];
  for (const t of new Set(ordered.map((f) => f.t))) {
    const before = instants.at(-1)?.after ?? new Map<string, State>();
    const now = ordered.filter((f) => f.t === t);
    instants.push(new Instant(before, now, isContainer));
  }
  return instants;
}

/** One entry per event, the package's own naming before its containers'. */
function journeyOf(steps: readonly Instant[], k: string): Visit[] {
  const visits = steps.flatMap((step) =>
    step.facts.flatMap((f): Visit[] => {
      const via = step.touch(f, k);
      return via === undefined ? [] : [{ eventId: f.eventId, t: f.t, via }];
    }),
  );
  const best = (v: Visit): Visit | undefined => {
    const same = visits.filter((it) => it.eventId === v.eventId);
    return same.find((it) => it.via === null) ?? same[0];
  };
  return visits.filter((v) => best(v) === v);
}

function answer(world: World, k: string): Answer | undefined {
  const s = world.get(k);
  if (s === undefined) return undefined;
  const { status, container } = s;
  return { where: show(s.place), status, container, chain: chainIn(world, k) };
}

/** Counts a lot by place and status in one world. */
function totalsOf(world: World, units: readonly string[]): Map<string, Total> {
  const totals = new Map<string, Total>();
  const add = (k: string, units: number, containers: number): void => {
    const { status, place } = world.get(k)!;
    const key = `${status}@${show(place)}`;
    const was = totals.get(key) ?? { units: 0, containers: 0 };
    totals.set(key, { units: was.units + units, containers: was.containers + containers });
  };
  for (const k of units) add(k, 1, 0);
  const outermost = units.flatMap((k) => chainIn(world, k).slice(-1));
  for (const c of new Set(outermost)) add(c, 0, 1);
  return totals;
}

function inventoryOf(
  world: World,
  units: readonly string[],
  lotOf: (k: string) => string,
): InventoryRow[] {
  const rows = new Map<string, InventoryRow>();
  for (const k of units) {
    const { status, place } = world.get(k)!;
    const row = { gtin: gtinOf(k) ?? '?', lot: lotOf(k), where: show(place), status };
    const key = Object.values(row).join(' ');
    rows.set(key, { ...row, units: (rows.get(key)?.units ?? 0) + 1 });
  }
  return [...rows].sort(([a], [b]) => byText(a, b)).map(([, row]) => row);
}

/**
 * All answers over a set of active facts, in whatever order it is given; retracted ones are left out by the caller. What is dated more
 * than a minute ahead of the clock has not happened.
 */
export function reference(
  facts: readonly Fact[],
  clock = Infinity,
  beginners: Beginners = { mayBegin: () => false },
): Reference {
  const ordered = facts.filter((f) => f.t - clock <= 60_000).sort(byOrder);
  const isContainer = containersOf(ordered);
  const lotOf = lotsOf(ordered, beginners);
  const steps = replay(ordered, isContainer);
  const worldAt = (t: number): World => steps.findLast((s) => s.t <= t)?.after ?? new Map();
  const end = worldAt(Infinity);
  const units = [...end.keys()].filter((k) => !isContainer(k));
  return {
    instants: steps.map((s) => s.t),
    steps,
    packages: () => [...end.keys()].sort(byText),
    isContainer,
    lotOf,
    at: (k, t) => answer(worldAt(t), k),
    contents: (k, t) =>
      [...worldAt(t)].flatMap(([kid, s]) => (s.container === k ? [kid] : [])).sort(byText),
    journey: (k) => journeyOf(steps, k),
    receipts: () => steps.flatMap((step) => step.receipts()),
    totals: (lot) =>
      totalsOf(
        end,
        units.filter((k) => lotOf(k) === lot),
      ),
    inventory: () => inventoryOf(end, units, lotOf),
    exceptions: () => {
      const unique = new Map(
        [...steps.flatMap((s) => s.flags), ...birthFlags(ordered, isContainer)].map((f) => [
          `${f.k} ${f.code} ${f.t}`,
          f,
        ]),
      );
      return [...unique.values()].sort(
        (a, b) => a.t - b.t || byText(a.k, b.k) || byText(a.code, b.code),
      );
    },
  };
}
