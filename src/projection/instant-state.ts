import type { Effect } from '../holdings/holding.js';
import { boxOf, fillingId, within } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { CountedMark, Finding, Holding, Receipt, Row } from './state.js';
import { isTerminal, namesOf } from './state.js';

/** Everything as of just before the instant. `holding` knows LOOSE and DISPOSED ones and the outcome of dissolved fillings. */
export interface InstantReads {
  row(key: string): Row | undefined;
  /** Id of the filling open just before the instant. */
  filling(box: string): string;
  /** What a dissolved filling was left with. */
  outcome(filling: string, box: string): Effect;
  /** A holding that is not a filling. */
  fixed(holding: string): Effect;
  isContainer(key: string): boolean;
  /** Active facts that name it. Asked only of what is commissioned though it is known already. */
  facts(key: string): readonly Fact[];
}

/** A filling ended now: by which fact, and what it is left with. */
export interface Outcome {
  readonly fact: Fact;
  readonly box: string;
  readonly filling: string;
  readonly effect: Effect;
}

/** What one instant leaves behind. */
export interface InstantResult {
  readonly after: Map<string, Row | undefined>;
  readonly outcomes: Outcome[];
  /** Containers that surround something judged here, before or after. */
  readonly surrounding: Set<string>;
  readonly findings: Map<string, Finding[]>;
  readonly receipts: Map<string, Receipt[]>;
  /** LOOSE and DISPOSED holdings that rows of `after` point to. */
  readonly holdings: Map<string, Holding>;
}

/**
 * One instant while it is judged: its facts, what was just before it, and what the phases so far have made of that.
 *
 * A package that is in none of the `now` maps is as it was.
 */
export class InstantState {
  /** Facts by package they name, in order; the packages judged. */
  readonly factsOf = new Map<string, Fact[]>();
  /** Holding of what moved, null for what stands on its own. */
  readonly nowIn = new Map<string, string | null>();
  /** Place and status of what stands on its own. */
  readonly nowOwn = new Map<string, Effect>();
  /** CountedMark of what moved or stated a status; undefined once it has none. */
  readonly nowMark = new Map<string, CountedMark | undefined>();
  /** Filling now open of containers emptied in this instant. */
  readonly nowOpen = new Map<string, string>();
  /** What fillings emptied in this instant are left with. */
  readonly emptied = new Map<string, Effect>();
  /** The unpack that emptied a filling in this instant. */
  readonly emptiedBy = new Map<string, Fact>();
  /** Packages packed in this instant. */
  readonly joined = new Set<string>();
  readonly result: InstantResult = {
    after: new Map(),
    outcomes: [],
    surrounding: new Set(),
    findings: new Map(),
    receipts: new Map(),
    holdings: new Map(),
  };
  private readonly effectsBefore = new Map<string, Effect | undefined>();

  /** @param facts in order */
  constructor(
    readonly t: number,
    readonly facts: readonly Fact[],
    also: Iterable<string>,
    readonly reads: InstantReads,
  ) {
    for (const key of also) this.factsOf.set(key, []);
    for (const fact of facts)
      for (const key of namesOf(fact)) {
        const list = this.factsOf.get(key);
        if (list === undefined) this.factsOf.set(key, [fact]);
        else if (list[list.length - 1] !== fact) list.push(fact);
      }
  }

  // Just before the instant

  inBefore(key: string): string | null {
    return this.reads.row(key)?.holding ?? null;
  }

  /** The container something was in. */
  boxBefore(key: string): string | null {
    const holding = this.inBefore(key);
    const box = holding === null ? null : boxOf(holding);
    return box !== null && this.reads.filling(box) === holding ? box : null;
  }

  before(key: string): Effect | undefined {
    if (this.effectsBefore.has(key)) return this.effectsBefore.get(key);
    const effect = this.readBefore(key);
    this.effectsBefore.set(key, effect);
    return effect;
  }

  private readBefore(key: string): Effect | undefined {
    const row = this.reads.row(key);
    if (row === undefined) return undefined;
    if (row.holding === null) return row.own ?? undefined;
    const box = boxOf(row.holding);
    if (box === null) return this.reads.fixed(row.holding);
    if (this.reads.filling(box) === row.holding) return within(this.before(box), row.mark);
    return within(this.reads.outcome(row.holding, box), row.mark);
  }

  /** Status before the instant; a new life starts as active. */
  statusBefore(key: string): string {
    const status = this.before(key)?.status ?? 'active';
    return isTerminal(status) ? 'active' : status;
  }

  /** Since when `statusBefore` was stated. */
  sinceBefore(key: string): number {
    const effect = this.before(key);
    return effect === undefined || isTerminal(effect.status) ? 0 : effect.since;
  }

  isDisposed(key: string): boolean {
    return this.inBefore(key)?.startsWith('D ') ?? false;
  }

  /** A disposed unit stays so, unless it is commissioned again now (rule 8). */
  isAbsorbed(key: string): boolean {
    if (!this.isDisposed(key)) return false;
    return this.factsOf.get(key)?.some((fact) => fact.act === 'commission') !== true;
  }

  // As the phases go on

  inNow(key: string): string | null {
    const now = this.nowIn.get(key);
    return now === undefined ? this.inBefore(key) : now;
  }

  openNow(box: string): string {
    return this.nowOpen.get(box) ?? this.reads.filling(box);
  }

  /** The container something is in now. */
  boxNow(key: string): string | null {
    const holding = this.inNow(key);
    const box = holding === null ? null : boxOf(holding);
    return box !== null && this.openNow(box) === holding ? box : null;
  }

  /** Empties a container: what was in it is left with `effect`, and `fact` opens its next filling. */
  empty(box: string, fact: Fact, effect: Effect): void {
    const filling = this.openNow(box);
    this.emptied.set(filling, effect);
    this.result.outcomes.push({ fact, box, filling, effect });
    this.nowOpen.set(box, fillingId(box, fact.id));
  }

  flag(key: string, code: string, fact: Fact, detail?: string): void {
    const finding = { code, eventId: fact.eventId, ...(detail === undefined ? {} : { detail }) };
    const list = this.result.findings.get(key);
    if (list === undefined) this.result.findings.set(key, [finding]);
    else list.push(finding);
  }
}
