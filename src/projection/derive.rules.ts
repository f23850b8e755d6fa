import { MAX_DEPTH, boxOf } from '../holdings/holding.js';
import { Agenda } from './agenda.js';
import { Edits } from './edits.rules.js';
import type { Fact } from './fact.js';
import type { InstantReads, InstantResult, Outcome } from './instant-state.js';
import { judgeInstant } from './instant.rules.js';
import type { Effect, Finding, Holding, Receipt, Row } from './state.js';
import { namesOf, sameEffect, sameRow } from './state.js';
import type { Viewers } from './viewers.js';
import type { World } from './world.js';
import { append } from '../shared/append.js';

/** The judged row of one package at one instant, and whether it equals the recorded row. */
export interface Judgement {
  readonly t: number;
  readonly row: Row | undefined;
  readonly same: boolean;
}

/** Everything that follows from a batch of facts, before it is compared with what is recorded. */
export interface Derivation {
  readonly edits: Edits;
  readonly judged: ReadonlyMap<string, readonly Judgement[]>;
  /** `<fact id> <container>` → the filling that the fact ended. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly holdings: ReadonlyMap<string, Holding>;
  /** Container → newest fact of something inside. */
  readonly inner: ReadonlyMap<string, number>;
  readonly findings: readonly {
    readonly key: string;
    readonly t: number;
    readonly list: readonly Finding[];
  }[];
  readonly receipts: readonly {
    readonly key: string;
    readonly t: number;
    readonly list: readonly Receipt[];
  }[];
  /** Who sees each event that was judged, by its id. */
  readonly seen: ReadonlyMap<string, Viewers>;
}

/**
 * Derives what a batch of facts changes. It goes forward in time from the earliest fact until nothing differs from what is recorded.
 *
 * Facts in order and late facts use the same algorithm. In order, nothing recorded is newer than what is judged, so one round over the
 * batch is enough. A late fact goes on to exactly those instants whose facts read something that differs (README.md, how far a late
 * event reaches). Instants are judged in order, so every read is final and the outcome is a function of the set of active facts.
 *
 * @param added   facts that are not recorded yet; all facts of one instant are judged together
 * @param removed recorded facts that an error declaration takes out
 * @throws NotLoaded when the world lacks something; load it and call again
 */
export function derive(world: World, added: readonly Fact[], removed: readonly Fact[]): Derivation {
  return new Deriving(world, new Edits(world, added, removed)).run();
}

interface Seed {
  readonly facts: Fact[];
  readonly also: Set<string>;
}

const NOTHING_SEEDED: Seed = { facts: [], also: new Set() };

class Deriving {
  private readonly agenda = new Agenda();
  private readonly seeds = new Map<number, Seed>();
  /** Rows that differ from what is recorded, as they are after the last judged instant. */
  private readonly differing = new Map<string, Row | undefined>();
  /** Instants at which recorded facts read something that differs, with the packages of these facts. */
  private readonly recordedAt = new Map<number, Set<string>>();
  private readonly dirtyFillings = new Set<string>();
  private readonly judged = new Map<string, Judgement[]>();
  private readonly outcomes = new Map<string, Outcome>();
  private readonly holdings = new Map<string, Holding>();
  private readonly inner = new Map<string, number>();
  private readonly findings: Derivation['findings'][number][] = [];
  private readonly receipts: Derivation['receipts'][number][] = [];
  private readonly seen = new Map<string, Viewers>();

  constructor(
    private readonly world: World,
    private readonly edits: Edits,
  ) {}

  run(): Derivation {
    this.seedInstants();
    for (let t = this.agenda.next(); t !== undefined; t = this.agenda.next()) this.judge(t);
    const { edits, judged, outcomes, holdings, inner, findings, receipts, seen } = this;
    return { edits, judged, outcomes, holdings, inner, findings, receipts, seen };
  }

  private seedInstants(): void {
    for (const fact of this.edits.added) this.seedAt(fact.t).facts.push(fact);
    for (const fact of this.edits.removed)
      for (const key of namesOf(fact)) this.seedAt(fact.t).also.add(key);
    for (const key of this.edits.kindChanged)
      for (const fact of this.world.history(key).facts) this.seedAt(fact.t).also.add(key);
    for (const [key, births] of this.edits.bornAgain)
      for (const { t } of births) this.seedAt(t).also.add(key);
    for (const box of this.edits.boxes) this.seedBoundaries(box);
  }

  private seedAt(t: number): Seed {
    let seed = this.seeds.get(t);
    if (seed === undefined) {
      seed = { facts: [], also: new Set() };
      this.seeds.set(t, seed);
      this.agenda.add(t);
    }
    return seed;
  }

  /** A filling that a new or a removed boundary ends is dirty from the start, because its members read another outcome. */
  private seedBoundaries(box: string): void {
    for (const { t } of this.edits.touching(box)) this.dirtyAt(box, t);
  }

  private dirtyAt(box: string, t: number): void {
    for (const after of [false, true]) {
      this.dirtyFillings.add(this.edits.fillingAt(box, t, after));
      this.dirtyFillings.add(this.edits.recordedFillingAt(box, t, after));
    }
  }

  private judge(t: number): void {
    const seed = this.seeds.get(t);
    const reads = this.readsAt(t);
    const facts = this.factsAt(t, seed ?? NOTHING_SEEDED, reads);
    if (facts.length === 0 && seed === undefined) return;
    const result = judgeInstant(t, facts, seed?.also ?? [], reads);
    this.settleBoundaries(t, facts, result);
    this.record(t, result);
    this.schedule(t, result);
  }

  /** Who has no standing empties nothing (rule 6), and standing is known only now. */
  private settleBoundaries(t: number, facts: readonly Fact[], { outcomes }: InstantResult): void {
    const emptied = new Set(outcomes.map(({ fact, box }) => `${fact.id} ${box}`));
    for (const fact of facts)
      for (const box of this.edits.settle(fact, emptied)) this.dirtyAt(box, t);
  }

  private record(t: number, result: InstantResult): void {
    for (const [id, holding] of result.holdings) this.holdings.set(id, holding);
    for (const [eventId, viewers] of result.seen) this.seen.set(eventId, viewers);
    for (const box of result.surrounding) this.noteInnerFact(box, t);
    for (const [key, row] of result.after) {
      this.compare(key, t, row);
      this.findings.push({ key, t, list: result.findings.get(key) ?? [] });
      this.receipts.push({ key, t, list: result.receipts.get(key) ?? [] });
    }
  }

  private noteInnerFact(box: string, t: number): void {
    if (t > (this.inner.get(box) ?? -1)) this.inner.set(box, t);
  }

  // Reading just before the instant

  private rowBefore(key: string, t: number): Row | undefined {
    return this.differing.has(key) ? this.differing.get(key) : this.recorded(key, t, false);
  }

  private rowAfter(key: string, t: number): Row | undefined {
    return this.differing.has(key) ? this.differing.get(key) : this.recorded(key, t, true);
  }

  private recorded(key: string, t: number, inclusive: boolean): Row | undefined {
    const { open } = this.world.head(key);
    if (open === undefined) return undefined;
    if (inclusive ? open.from <= t : open.from < t) return open;
    return this.world
      .history(key)
      .rows.findLast((row) => (inclusive ? row.from <= t : row.from < t));
  }

  private readsAt(t: number): InstantReads {
    return {
      row: (key) => this.rowBefore(key, t),
      filling: (box) => this.edits.fillingAt(box, t, false),
      outcome: (filling, box) => this.outcome(filling, box),
      fixed: (id) => {
        const { effect } = this.holdings.get(id) ?? this.world.holding(id);
        if (effect === undefined) throw new Error(`Holding "${id}" has no place`);
        return effect;
      },
      isContainer: (key) => this.edits.isContainer(key),
      facts: (key) => this.edits.factsBefore(key, t),
      organisations: this.world.organisations,
    };
  }

  private outcome(filling: string, box: string): Effect {
    const key = `${this.edits.endOf(filling, box)?.id ?? ''} ${box}`;
    const effect = this.outcomes.get(key)?.effect ?? this.world.outcomes.get(key);
    if (effect === undefined) {
      this.world.history(box); // asks for it when it is not loaded
      throw new Error(`No outcome of filling "${filling}"`);
    }
    return effect;
  }

  // The facts of the instant that matter

  private factsAt(t: number, seed: Seed, reads: InstantReads): readonly Fact[] {
    const mine = seed.facts;
    const touched = new Set<string>();
    for (const fact of mine) this.addReads(fact, reads, touched);
    for (const key of seed.also) this.addReadsOf(key, reads, touched);
    if (!this.mayHaveRecorded(t, touched)) return mine;
    for (const key of this.recordedAt.get(t) ?? []) touched.add(key);
    return [...mine, ...this.recordedFacts(t, reads, touched)];
  }

  /** Whether recorded facts of this instant may touch what is judged or what differs. */
  private mayHaveRecorded(t: number, touched: ReadonlySet<string>): boolean {
    if (this.recordedAt.has(t)) return true;
    for (const key of touched) if (this.hasRecorded(key, t)) return true;
    return false;
  }

  private hasRecorded(key: string, t: number): boolean {
    const box = key.startsWith('F ') ? (boxOf(key) ?? key) : key;
    const head = this.world.head(box);
    return head.last >= t || head.inner >= t;
  }

  /**
   * Recorded facts of this instant that read something touched, then those that share a read with them, until no more are found.
   * They are found from the packages and not from all facts of the instant, because dates without a time put a whole day on one instant.
   */
  private recordedFacts(
    t: number,
    reads: InstantReads,
    touched: ReadonlySet<string>,
  ): Iterable<Fact> {
    const taken = new Set<Fact>();
    const seen = new Set<string>();
    let next = new Set(touched);
    while (next.size > 0) {
      const near = this.packagesNear(next, t, reads, seen);
      this.world.needHistories(near);
      next = new Set();
      for (const fact of near.flatMap((key) => this.recordedOf(key, t)))
        if (!taken.has(fact)) this.addReads(fact, reads, next);
      for (const fact of near.flatMap((key) => this.recordedOf(key, t))) taken.add(fact);
    }
    return taken;
  }

  private recordedOf(key: string, t: number): readonly Fact[] {
    return this.world.history(key).facts.filter((fact) => fact.t === t && this.edits.stays(fact));
  }

  /** Of the packages and fillings that were not visited yet, and of what is inside them: those that have facts at or after `t`. */
  private packagesNear(
    keys: Iterable<string>,
    t: number,
    reads: InstantReads,
    seen: Set<string>,
  ): readonly string[] {
    const found: string[] = [];
    let layer = [...keys].filter((key) => !seen.has(key));
    while (layer.length > 0) {
      for (const key of layer) seen.add(key);
      const packages = layer.filter((key) => boxOf(key) === null);
      this.world.needHeads(packages);
      append(
        found,
        packages.filter((key) => this.world.head(key).last >= t),
      );
      const open = packages.filter((box) => this.world.head(box).inner >= t && this.wasBox(box));
      const fillings = [
        ...layer.filter((key) => boxOf(key) !== null),
        ...open.map((box) => reads.filling(box)),
      ];
      layer = this.membersBefore(new Set(fillings), t, reads).filter((key) => !seen.has(key));
    }
    return found;
  }

  /** What is in the fillings just before `t` and has facts at or after `t`, of its own or of something inside. */
  private membersBefore(fillings: ReadonlySet<string>, t: number, reads: InstantReads): string[] {
    if (fillings.size === 0) return [];
    this.world.needMembers(fillings);
    const later = [...fillings]
      .flatMap((filling) => this.world.members(filling))
      .filter(({ last, inner }) => last >= t || inner >= t)
      .map(({ key }) => key);
    this.world.needHeads(later);
    this.world.needHistories(later.filter((key) => this.needsHistory(key, t - 1)));
    return [...later, ...this.differing.keys()].filter((key) =>
      fillings.has(reads.row(key)?.holding ?? ''),
    );
  }

  private wasBox(key: string): boolean {
    return this.world.head(key).container || this.edits.isContainer(key);
  }

  /** Adds what a fact reads: the packages it names, the fillings they are in, and the containers around them. */
  private addReads(fact: Fact, reads: InstantReads, into: Set<string>): void {
    for (const key of namesOf(fact)) this.addReadsOf(key, reads, into);
    // Who sees an event is told by both of its facts.
    for (const key of fact.beside ?? []) this.addReadsOf(key, reads, into);
  }

  private addReadsOf(key: string, reads: InstantReads, into: Set<string>): void {
    let at: string | null = key;
    for (let depth = 0; at !== null && depth < MAX_DEPTH; depth++) {
      into.add(at);
      const holding: string | null = reads.row(at)?.holding ?? null;
      const box: string | null = holding === null ? null : boxOf(holding);
      if (holding !== null && box !== null) into.add(holding);
      at = box !== null && reads.filling(box) === holding ? box : null;
    }
  }

  /** Whether the open filling of this container is not the recorded one. */
  private isRefilled(key: string, t: number, inclusive: boolean): boolean {
    if (!this.edits.boxes.has(key)) return false;
    return (
      this.edits.fillingAt(key, t, inclusive) !== this.edits.recordedFillingAt(key, t, inclusive)
    );
  }

  // Comparing, and finding the next instants

  private compare(key: string, t: number, row: Row | undefined): void {
    const recorded = this.recorded(key, t, true);
    const same = sameRow(row, recorded) && !this.edits.kindChanged.has(key);
    const list = this.judged.get(key);
    if (list === undefined) this.judged.set(key, [{ t, row, same }]);
    else list.push({ t, row, same });
    if (same) {
      this.differing.delete(key);
      return;
    }
    this.differing.set(key, row);
  }

  private schedule(t: number, result: InstantResult): void {
    const visited = new Set<string>();
    for (const outcome of result.outcomes) {
      const { filling } = outcome;
      const key = `${outcome.fact.id} ${outcome.box}`;
      this.outcomes.set(key, outcome);
      if (!sameEffect(this.world.outcomes.get(key), outcome.effect))
        this.dirtyFillings.add(filling);
      if (this.dirtyFillings.has(filling)) this.scheduleMembers(filling, t, visited);
    }
    for (const key of result.after.keys())
      if (this.isUnderDirty(key, t)) this.scheduleNext(key, t, visited);
    for (const box of this.edits.boxes)
      if (result.after.has(box)) {
        this.scheduleMembers(this.edits.fillingAt(box, t, false), t, visited);
        this.scheduleMembers(this.edits.recordedFillingAt(box, t, false), t, visited);
      }
  }

  private isUnderDirty(key: string, t: number): boolean {
    let at: string | null = key;
    for (let depth = 0; at !== null && depth < MAX_DEPTH; depth++) {
      if (this.differing.has(at) || this.isRefilled(at, t, true)) return true;
      const holding: string | null = this.rowAfter(at, t)?.holding ?? null;
      if (holding !== null && this.dirtyFillings.has(holding)) return true;
      at = holding === null ? null : this.openBoxOf(holding, t);
    }
    return at !== null;
  }

  /** The container of a filling that is open just after `t`. */
  private openBoxOf(holding: string, t: number): string | null {
    const box = boxOf(holding);
    return box !== null && this.edits.fillingAt(box, t, true) === holding ? box : null;
  }

  /** Schedules the next recorded fact of a package, and of everything inside it, to be judged again. */
  private scheduleNext(key: string, t: number, visited: Set<string>): void {
    if (visited.has(key)) return;
    visited.add(key);
    const head = this.world.head(key);
    if (head.last > t) {
      const next = this.edits.nextRecorded(key, t);
      if (next !== undefined) this.scheduleAt(next, key);
    }
    if (head.inner > t && this.wasBox(key)) {
      this.scheduleMembers(this.edits.fillingAt(key, t, true), t, visited);
      this.scheduleMembers(this.edits.recordedFillingAt(key, t, true), t, visited);
    }
  }

  private scheduleAt(t: number, key: string): void {
    const keys = this.recordedAt.get(t) ?? new Set();
    this.recordedAt.set(t, keys.add(key));
    this.agenda.add(t);
  }

  private scheduleMembers(filling: string, t: number, visited: Set<string>): void {
    const box = boxOf(filling);
    if (box === null) return;
    // Facts of what is inside count in `inner` only while the filling is recorded as open.
    const open = this.edits.recordedFillingAt(box, t, true) === filling;
    if (open && this.world.head(box).inner <= t) return;
    const later = this.world
      .members(filling)
      .filter(({ last, inner }) => last > t || inner > t)
      .map(({ key }) => key);
    this.world.needHeads(later);
    this.world.needHistories(later.filter((key) => this.needsHistory(key, t)));
    for (const key of later)
      if (this.rowAfter(key, t)?.holding === filling) this.scheduleNext(key, t, visited);
    for (const [key, row] of this.differing)
      if (row?.holding === filling) this.scheduleNext(key, t, visited);
  }

  private needsHistory(key: string, t: number): boolean {
    const { last, open } = this.world.head(key);
    return last > t || (open !== undefined && open.from > t);
  }
}
