import type { FindingCode } from '../holdings/finding-code.js';
import { UNKNOWN, boxOf, fillingId } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { Organisations, Sight, TitleMark } from './sight.js';
import { NOBODY, UNBEGUN } from './sight.js';
import type { Viewers } from './viewers.js';
import type { Standing, Step, Taking } from './sight.rules.js';
import { sightAfter, standingOf, statedTitle } from './sight.rules.js';
import type { CountedMark, Effect, Finding, Holding, Inside, Receipt, Row } from './state.js';
import { believed, believedWithin, isTerminal, namesOf } from './state.js';

/** The state just before the instant. */
export interface InstantReads {
  row(key: string): Row | undefined;
  /** Id of the open filling. */
  filling(box: string): string;
  /** Place and status that a dissolved filling kept. */
  outcome(filling: string, box: string): Effect;
  /** Place and status of a LOOSE or DISPOSED holding. */
  fixed(holding: string): Effect;
  isContainer(key: string): boolean;
  /** Earlier active facts of a package. It is asked only for packages that are commissioned although they are known. */
  facts(key: string): readonly Fact[];
  readonly organisations: Organisations;
}

/** A filling that ends at this instant, with the fact that ends it and the place and status it keeps. */
export interface Outcome {
  readonly fact: Fact;
  readonly box: string;
  readonly filling: string;
  readonly effect: Effect;
}

/** The result of one instant. */
export interface InstantResult {
  readonly after: Map<string, Row | undefined>;
  readonly outcomes: Outcome[];
  /** Containers that surround a judged package before or after the instant. */
  readonly surrounding: Set<string>;
  readonly findings: Map<string, Finding[]>;
  readonly receipts: Map<string, Receipt[]>;
  /** LOOSE and DISPOSED holdings that rows of `after` point to. */
  readonly holdings: Map<string, Holding>;
  /** Who sees each event of the instant. */
  readonly seen: Map<string, Viewers>;
}

/**
 * One instant while it is judged: its facts, the state just before it, and the result of the phases so far.
 *
 * A package that is in none of the `now` maps is as it was.
 */
export class InstantState {
  /** Facts that count, in order by the package they name. The keys are the judged packages. */
  readonly factsOf = new Map<string, Fact[]>();
  /** Facts that do not count for a package that others count for. They tell where it is claimed to be, and nothing else. */
  readonly claimsOn = new Map<string, readonly Fact[]>();
  /** Holding of each package that moved; null when it stands alone. */
  readonly nowIn = new Map<string, string | null>();
  /** Place and status of each package that stands alone. */
  readonly nowOwn = new Map<string, Effect>();
  /** Mark of each package that moved or got a status; undefined when it has no mark any more. */
  readonly nowMark = new Map<string, CountedMark | undefined>();
  /** Title of its own of each package that moved or whose title changed; undefined when it has none any more. */
  readonly nowTitle = new Map<string, TitleMark | undefined>();
  /** Who sees each package that moved into something although no event that counts put it there. */
  readonly nowApart = new Map<string, Sight>();
  /** The open filling of each container that was emptied in this instant. */
  readonly nowOpen = new Map<string, string>();
  /** Place and status that fillings emptied in this instant keep. */
  readonly emptied = new Map<string, Effect>();
  /** The unpack that emptied each filling in this instant. */
  readonly emptiedBy = new Map<string, Fact>();
  /** Packages that were packed in this instant. */
  readonly joined = new Set<string>();
  readonly result: InstantResult = {
    after: new Map(),
    outcomes: [],
    surrounding: new Set(),
    findings: new Map(),
    receipts: new Map(),
    holdings: new Map(),
    seen: new Map(),
  };
  readonly reads: InstantReads;
  private readonly effectsBefore = new Map<string, Effect | undefined>();
  /** Packages for which an event counts for the first time. What others said of them before is forgotten. */
  private readonly begins = new Map<string, Row>();

  /** @param facts in order */
  constructor(
    readonly t: number,
    readonly facts: readonly Fact[],
    also: Iterable<string>,
    reads: InstantReads,
  ) {
    this.reads = { ...reads, row: (key) => this.begins.get(key) ?? reads.row(key) };
    for (const key of also) this.factsOf.set(key, []);
    for (const fact of facts)
      for (const key of namesOf(fact)) {
        const list = this.factsOf.get(key);
        if (list === undefined) this.factsOf.set(key, [fact]);
        else if (list[list.length - 1] !== fact) list.push(fact);
      }
    for (const [key, list] of this.factsOf) this.setClaimsAside(key, list);
  }

  private setClaimsAside(key: string, list: readonly Fact[]): void {
    const isFirst = !this.hasBegun(key);
    const counting = list.filter((fact) => this.standing(fact, key) !== 'NONE');
    if (isFirst && counting.length === 0) return;
    if (isFirst) this.begin(key);
    if (counting.length === list.length) return;
    this.factsOf.set(key, counting);
    this.claimsOn.set(
      key,
      list.filter((fact) => !counting.includes(fact)),
    );
  }

  /** Whether an event counted for a package. Its row alone tells it: what has not begun is never seen as what is around it. */
  private hasBegun(key: string): boolean {
    const row = this.reads.row(key);
    if (row === undefined) return false;
    const { holding, own, apart } = row;
    const isAlone = holding !== null && boxOf(holding) === null;
    const sight = apart ?? (isAlone ? this.reads.fixed(holding).sight : own?.sight);
    return sight?.begun !== false;
  }

  private begin(key: string): void {
    if (this.reads.row(key) === undefined) return;
    const own = { place: UNKNOWN, status: 'active', since: 0, sight: UNBEGUN };
    this.begins.set(key, { from: this.t, holding: null, own });
    this.effectsBefore.clear(); // also of what is inside
  }

  /** Whether a fact only claims something of a package. */
  isClaim(fact: Fact, key: string): boolean {
    return this.claimsOn.get(key)?.includes(fact) === true;
  }

  // Just before the instant

  inBefore(key: string): string | null {
    return this.reads.row(key)?.holding ?? null;
  }

  /** The container that the package was in. */
  boxBefore(key: string): string | null {
    const holding = this.inBefore(key);
    const box = holding === null ? null : boxOf(holding);
    return box !== null && this.reads.filling(box) === holding ? box : null;
  }

  /** Place, status and sight as the events that count tell. */
  before(key: string): Effect | undefined {
    if (this.effectsBefore.has(key)) return this.effectsBefore.get(key);
    const effect = this.readBefore(key);
    this.effectsBefore.set(key, effect);
    return effect;
  }

  private readBefore(key: string): Effect | undefined {
    const row = this.reads.row(key);
    if (row === undefined) return undefined;
    const box = row.holding === null ? null : boxOf(row.holding);
    if (row.holding === null || box === null) {
      const effect = this.claimedBefore(key);
      return effect === undefined ? undefined : believed(effect);
    }
    if (this.reads.filling(box) === row.holding) return believedWithin(this.before(box), row);
    return believedWithin(this.reads.outcome(row.holding, box), row);
  }

  /** What stands alone, with the place that was claimed last. */
  claimedBefore(key: string): Effect | undefined {
    const { holding = null, own = null } = this.reads.row(key) ?? {};
    if (holding === null) return own ?? undefined;
    return boxOf(holding) === null ? this.reads.fixed(holding) : this.before(key);
  }

  /** Who sees the package before the instant. */
  sightBefore(key: string): Sight {
    return this.reads.row(key) === undefined ? UNBEGUN : (this.before(key)?.sight ?? NOBODY);
  }

  /** How much a fact counts for a package. */
  standing(fact: Fact, key: string): Standing {
    const { organisations } = this.reads;
    if (fact.by === undefined) return 'FULL';
    const isContainer = this.reads.isContainer(key);
    return standingOf(fact, key, this.sightBefore(key), { isContainer, organisations });
  }

  /** Who sees something after a fact, as far as the fact counts for the package `key`. */
  take(was: Sight, fact: Fact, key: string, keepsTitle = false): Step {
    const taking = this.taking(fact, key, keepsTitle);
    return taking === null ? { sight: was } : sightAfter(was, fact, taking);
  }

  /** The owner that a fact states for a package, as far as it counts; null for none. */
  statedTitle(fact: Fact, key: string): string | null {
    const taking = this.taking(fact, key);
    return taking === null ? null : statedTitle(this.sightBefore(key), fact, taking);
  }

  private taking(fact: Fact, key: string, keepsTitle = false): Taking | null {
    const standing = this.standing(fact, key);
    if (standing === 'NONE') return null;
    const isBirth = fact.act === 'commission' && !this.isAlive(key);
    return { standing, isBirth, keepsTitle, organisations: this.reads.organisations };
  }

  private isAlive(key: string): boolean {
    if (!this.sightBefore(key).begun) return false;
    const status = this.before(key)?.status;
    return status === undefined || !isTerminal(status);
  }

  /** Status before the instant. A new life begins as active. */
  statusBefore(key: string): string {
    const status = this.before(key)?.status ?? 'active';
    return isTerminal(status) ? 'active' : status;
  }

  /** When `statusBefore` was stated. */
  sinceBefore(key: string): number {
    const effect = this.before(key);
    return effect === undefined || isTerminal(effect.status) ? 0 : effect.since;
  }

  isDisposed(key: string): boolean {
    return this.inBefore(key)?.startsWith('D ') ?? false;
  }

  /** A disposed unit stays disposed, unless it is commissioned again now (rule 8). */
  isAbsorbed(key: string): boolean {
    if (!this.isDisposed(key)) return false;
    return this.factsOf.get(key)?.some((fact) => fact.act === 'commission') !== true;
  }

  // State during the phases

  inNow(key: string): string | null {
    const now = this.nowIn.get(key);
    return now === undefined ? this.inBefore(key) : now;
  }

  /** What a package that moved into something has of its own there. */
  insideNow(key: string): Inside {
    const [mark, title] = [this.nowMark.get(key), this.nowTitle.get(key)];
    const apart = this.nowApart.get(key);
    return {
      ...(mark === undefined ? {} : { mark }),
      ...(title === undefined ? {} : { title }),
      ...(apart === undefined ? {} : { apart }),
    };
  }

  openNow(box: string): string {
    return this.nowOpen.get(box) ?? this.reads.filling(box);
  }

  /** The container that the package is in now. */
  boxNow(key: string): string | null {
    const holding = this.inNow(key);
    const box = holding === null ? null : boxOf(holding);
    return box !== null && this.openNow(box) === holding ? box : null;
  }

  /** Empties a container: its contents keep `effect`, and `fact` opens its next filling. */
  empty(box: string, fact: Fact, effect: Effect): void {
    const filling = this.openNow(box);
    this.emptied.set(filling, effect);
    this.result.outcomes.push({ fact, box, filling, effect });
    this.nowOpen.set(box, fillingId(box, fact.id));
  }

  flag(key: string, code: FindingCode, fact: Fact, detail?: string): void {
    const finding = { code, eventId: fact.eventId, ...(detail === undefined ? {} : { detail }) };
    const list = this.result.findings.get(key);
    if (list === undefined) this.result.findings.set(key, [finding]);
    else list.push(finding);
  }
}
