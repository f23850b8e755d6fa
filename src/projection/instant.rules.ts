import type { Fact, Place } from './fact.js';
import type { Effect, Finding, Holding, Mark, Receipt, Row } from './state.js';
import {
  UNKNOWN,
  boxOf,
  fillingId,
  inOrder,
  isTerminal,
  namesOf,
  placeKey,
  placesAgree,
  rankOf,
  sameLook,
  within,
} from './state.js';

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

/** No walk outward is longer, whatever the data says. */
export const MAX_DEPTH = 32;

/** FNV-1a: keeps ids of loose holdings short; equal text, equal id. */
function shortHash(text: string): string {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h >>> 0).toString(36);
}

/**
 * Judges all facts of one instant together, in phases: commission, unpack, pack, places (outermost first), ends.
 *
 * Pure: reads only `reads`, which is the state just before the instant, and `facts`, which must be all active facts of
 * that instant that can influence each other. Arrival order cannot enter.
 *
 * @param also packages to judge though no fact names them now (one that did was retracted)
 * @see ../../schema/graph-model.md, and the rules by number in the design notes (projection.md)
 */
export function judgeInstant(
  t: number,
  facts: readonly Fact[],
  also: Iterable<string>,
  reads: InstantReads,
): InstantResult {
  return new Instant(t, [...facts].sort(inOrder), also, reads).judge();
}

class Instant {
  private readonly factsOf = new Map<string, Fact[]>();
  private readonly nowIn = new Map<string, string | null>();
  private readonly nowOwn = new Map<string, Effect>();
  private readonly nowMark = new Map<string, Mark | undefined>();
  private readonly fillings = new Map<string, string>();
  private readonly ended = new Map<string, Effect>();
  private readonly endedBy = new Map<string, Fact>();
  private readonly joined = new Set<string>();
  private readonly resolved = new Set<string>();
  private readonly effectsBefore = new Map<string, Effect | undefined>();
  private readonly result: InstantResult = {
    after: new Map(),
    outcomes: [],
    surrounding: new Set(),
    findings: new Map(),
    receipts: new Map(),
    holdings: new Map(),
  };

  constructor(
    private readonly t: number,
    private readonly facts: readonly Fact[],
    also: Iterable<string>,
    private readonly reads: InstantReads,
  ) {
    for (const key of also) this.factsOf.set(key, []);
    for (const fact of facts)
      for (const key of namesOf(fact)) {
        const list = this.factsOf.get(key);
        if (list === undefined) this.factsOf.set(key, [fact]);
        else if (list[list.length - 1] !== fact) list.push(fact);
      }
  }

  judge(): InstantResult {
    for (const key of this.factsOf.keys())
      this.noteSurrounding(key, this.rowIn, this.fillingBefore);
    for (const fact of this.facts) if (fact.act === 'unpack') this.unpack(fact);
    for (const fact of this.facts) if (fact.act === 'pack') this.pack(fact);
    for (const key of this.factsOf.keys()) this.resolve(key);
    for (const key of this.factsOf.keys()) this.resolveMarkDifference(key);
    this.end();
    for (const key of this.factsOf.keys()) this.writeAfter(key);
    return this.result;
  }

  // Reading the state before and as it becomes

  private readonly rowIn = (key: string): string | null => this.reads.row(key)?.holding ?? null;
  private readonly fillingBefore = (box: string): string => this.reads.filling(box);
  private readonly inNow = (key: string): string | null => {
    const now = this.nowIn.get(key);
    return now === undefined ? this.rowIn(key) : now;
  };
  private readonly fillingNow = (box: string): string =>
    this.fillings.get(box) ?? this.reads.filling(box);

  private liveBox(holding: string | null, filling: (box: string) => string): string | null {
    if (holding === null) return null;
    const box = boxOf(holding);
    return box !== null && filling(box) === holding ? box : null;
  }

  private noteSurrounding(
    key: string,
    inOf: (key: string) => string | null,
    filling: (box: string) => string,
  ): void {
    let box = this.liveBox(inOf(key), filling);
    for (let depth = 0; box !== null && depth < MAX_DEPTH; depth++) {
      this.result.surrounding.add(box);
      box = this.liveBox(inOf(box), filling);
    }
  }

  private before(key: string): Effect | undefined {
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

  private effectOfHolding(holding: string, mark: Mark | undefined): Effect | undefined {
    const box = boxOf(holding);
    if (box === null) return this.result.holdings.get(holding)?.effect ?? this.reads.fixed(holding);
    if (this.fillingNow(box) === holding) return within(this.after(box), mark);
    return within(this.ended.get(holding) ?? this.reads.outcome(holding, box), mark);
  }

  /** Place and status after phase 3. */
  private after(key: string): Effect | undefined {
    if (this.factsOf.has(key)) this.resolve(key);
    const holding = this.inNow(key);
    if (holding === null) return this.nowOwn.get(key) ?? this.reads.row(key)?.own ?? undefined;
    return this.effectOfHolding(holding, this.markNow(key));
  }

  private markNow(key: string): Mark | undefined {
    if (this.nowMark.has(key)) return this.nowMark.get(key);
    return this.nowIn.has(key) ? undefined : this.reads.row(key)?.mark;
  }

  private flag(key: string, code: string, fact: Fact, detail?: string): void {
    const list = this.result.findings.get(key) ?? [];
    if (!this.result.findings.has(key)) this.result.findings.set(key, list);
    list.push({ code, eventId: fact.eventId, ...(detail === undefined ? {} : { detail }) });
  }

  private isDisposed(key: string): boolean {
    return this.rowIn(key)?.startsWith('D ') ?? false;
  }

  /** A disposed unit stays so, unless it is commissioned again now (rule 8). */
  private isAbsorbed(key: string): boolean {
    return (
      this.isDisposed(key) &&
      !(this.factsOf.get(key) ?? []).some((fact) => fact.act === 'commission')
    );
  }

  private sinceBefore(key: string): number {
    const effect = this.before(key);
    return effect === undefined || isTerminal(effect.status) ? 0 : effect.since;
  }

  private statusBefore(key: string): string {
    const status = this.before(key)?.status ?? 'active';
    return isTerminal(status) ? 'active' : status;
  }

  // Phase 1: unpack, judged against what was inside before the instant

  private unpack(fact: Fact): void {
    const parent = fact.parent;
    if (parent === undefined) return;
    if (fact.all === true) {
      const filling = this.fillingNow(parent);
      const effect: Effect = {
        place: this.says(fact, this.before(parent)?.place ?? UNKNOWN) ?? UNKNOWN,
        status: fact.disposition ?? this.statusBefore(parent),
        since: fact.disposition === undefined ? this.sinceBefore(parent) : this.t,
      };
      this.ended.set(filling, effect);
      this.endedBy.set(filling, fact);
      this.result.outcomes.push({ fact, box: parent, filling, effect });
      this.fillings.set(parent, fillingId(parent, fact.id));
      return;
    }
    for (const kid of fact.kids) this.takeOut(kid, parent, fact);
  }

  private takeOut(kid: string, parent: string, fact: Fact): void {
    if (this.isAbsorbed(kid)) return;
    if (this.liveBox(this.inNow(kid), this.fillingNow) === parent) this.nowIn.set(kid, null);
    else if (this.liveBox(this.rowIn(kid), this.fillingBefore) !== parent)
      this.flag(kid, 'NOT_IN', fact, parent);
  }

  // Phase 2: pack, in hash order, with the cycle check

  private pack(fact: Fact): void {
    const parent = fact.parent;
    if (parent === undefined) return;
    for (const kid of fact.kids) {
      if (this.isAbsorbed(kid)) {
        this.flag(kid, 'PACKED_AFTER_END', fact, parent);
        continue;
      }
      if (this.surrounds(kid, parent)) {
        this.flag(kid, 'CYCLE', fact, parent);
        continue;
      }
      const was = this.liveBox(this.inNow(kid), this.fillingNow);
      if (was !== null && was !== parent) this.flag(kid, 'REPACK_WITHOUT_UNPACK', fact, was);
      this.nowIn.set(kid, this.fillingNow(parent));
      this.joined.add(kid);
    }
  }

  private surrounds(kid: string, parent: string): boolean {
    let box: string | null = parent;
    for (let depth = 0; box !== null && depth < MAX_DEPTH; depth++) {
      if (box === kid) return true;
      box = this.liveBox(this.inNow(box), this.fillingNow);
    }
    // Deeper than any real packing: refuse rather than walk on.
    return box !== null;
  }

  // Phase 3: places, outermost first

  private resolve(key: string): void {
    if (this.resolved.has(key)) return;
    this.resolved.add(key);
    const facts = this.factsOf.get(key) ?? [];
    this.noteLife(key, facts);
    if (this.isAbsorbed(key)) return;
    const living = facts.filter((fact) => fact.act !== 'end');
    if (living.length === 0) return;
    this.noteReceipts(key, living);
    const box = this.liveBox(this.inNow(key), this.fillingNow);
    if (box === null) this.standAlone(key, living);
    else this.stayInside(key, box, living);
  }

  private noteLife(key: string, facts: readonly Fact[]): void {
    const first = facts[0];
    if (first === undefined) return;
    const own = this.reads.row(key)?.own;
    const ended = this.isDisposed(key) || (own != null && isTerminal(own.status));
    const after = facts.find((fact) => !this.isDisposed(key) || fact.act !== 'pack');
    if (ended && after !== undefined && !facts.some((fact) => fact.act === 'commission'))
      this.flag(key, 'AFTER_END', after);
    if (this.reads.isContainer(key)) return;
    const commission = first.act === 'commission' ? first : undefined;
    if (commission === undefined) {
      if (this.reads.row(key) === undefined && key.startsWith('01/'))
        this.flag(key, 'NOT_COMMISSIONED', first);
    } else if (this.isDisposed(key)) this.flag(key, 'SERIAL_REUSED', commission);
    else if (this.reads.row(key) !== undefined || facts[1]?.act === 'commission')
      this.flag(key, 'DUPLICATE_COMMISSION', commission);
  }

  /** The disposition fold takes in the emptying that freed it; the sightings do not. */
  private foldOf(key: string, living: readonly Fact[]): readonly Fact[] {
    const freedBy = this.endedBy.get(this.rowIn(key) ?? '');
    return freedBy === undefined || living.includes(freedBy)
      ? living
      : [...living, freedBy].sort(inOrder);
  }

  private statusOf(
    key: string,
    fold: readonly Fact[],
  ): { status: string; since: number; stated: boolean } {
    let status = this.statusBefore(key);
    let stated = false;
    for (const fact of fold)
      if (fact.disposition !== undefined) {
        status = fact.disposition;
        stated = true;
      }
    return { status, stated, since: stated ? this.t : this.sinceBefore(key) };
  }

  private says(fact: Fact, now: Place): Place | null {
    if (fact.move === 'ship')
      return {
        mode: 'TO',
        site: fact.dest ?? null,
        back: now.mode === 'TO' ? now.back : now.mode === 'AT' ? now.site : null,
        by: fact.eventId,
      };
    if (fact.site !== undefined) return { mode: 'AT', site: fact.site };
    if (fact.move === 'void') {
      if (now.mode !== 'TO') return now;
      return now.back === null ? UNKNOWN : { mode: 'AT', site: now.back };
    }
    return null;
  }

  private standAlone(key: string, living: readonly Fact[]): void {
    const fold = this.foldOf(key, living);
    const { status, since, stated } = this.statusOf(key, fold);
    let place = this.before(key)?.place ?? UNKNOWN;
    for (const fact of fold) place = this.says(fact, place) ?? UNKNOWN;
    this.noteAmbiguity(key, living);
    const effect: Effect = { place, status, since };
    const holding = this.inNow(key);
    if (holding !== null && !holding.startsWith('D ') && this.rowIn(key) === holding) {
      const now = this.effectOfHolding(holding, this.reads.row(key)?.mark);
      if (now !== undefined && sameLook(now, effect) && !(stated && this.reads.isContainer(key)))
        return;
    }
    this.stand(key, effect, living[living.length - 1]);
  }

  /** Two facts of one instant and class that disagree: the content hash decides, and that is said. */
  private noteAmbiguity(key: string, living: readonly Fact[]): void {
    const seen = living.filter((fact) => rankOf(fact) === 3);
    const first = seen[0];
    if (first === undefined) return;
    const other = seen.find(
      (fact) =>
        fact.site !== first.site ||
        fact.move !== first.move ||
        fact.disposition !== first.disposition,
    );
    if (other !== undefined) this.flag(key, 'AMBIGUOUS_ORDER', other, first.eventId);
  }

  private stand(key: string, effect: Effect, by: Fact | undefined): void {
    this.nowMark.delete(key);
    if (this.reads.isContainer(key)) {
      this.nowIn.set(key, null);
      this.nowOwn.set(key, effect);
      return;
    }
    const id = `L ${by?.id ?? ''} ${shortHash(`${placeKey(effect.place)} ${effect.status}`)}`;
    if (!this.result.holdings.has(id))
      this.result.holdings.set(id, {
        id,
        kind: 'LOOSE',
        from: this.t,
        effect: { ...effect, since: 0 },
      });
    this.nowIn.set(key, id);
  }

  private stayInside(key: string, box: string, living: readonly Fact[]): void {
    const fold = this.foldOf(key, living);
    const { status, since, stated } = this.statusOf(key, fold);
    const said = this.placeStated(key, living);
    if (
      said !== null &&
      !placesAgree(said, this.after(box)?.place) &&
      !placesAgree(said, this.before(box)?.place)
    ) {
      this.flag(key, 'SEEN_APART', living[living.length - 1] ?? this.facts[0]!, box);
      this.stand(key, { place: said, status, since }, living[living.length - 1]);
      return;
    }
    const holding = this.inNow(key);
    if (holding === null) return;
    if (this.rowIn(key) === holding && !stated) {
      this.nowIn.delete(key); // nothing new: row and mark stay
      return;
    }
    this.nowIn.set(key, holding);
    if (stated) this.nowMark.set(key, { status, since: this.t, at: this.t, differs: true });
    else
      this.nowMark.set(
        key,
        this.statedAround(box) ? undefined : { status, since, at: this.t, differs: true },
      );
    const mark = this.nowMark.get(key);
    if (
      mark !== undefined &&
      !this.reads.isContainer(key) &&
      this.after(box)?.status === mark.status
    )
      this.nowMark.set(key, undefined); // a unit needs none if it changes nothing
  }

  private placeStated(key: string, living: readonly Fact[]): Place | null {
    const sights = this.joined.has(key)
      ? living.filter((fact) => fact.act === 'see' || fact.parent === key)
      : living;
    let now = this.before(key)?.place ?? UNKNOWN;
    let said: Place | null = null;
    for (const fact of sights) {
      const place = this.says(fact, now);
      if (place !== null) {
        said = place;
        now = place;
      }
    }
    return said;
  }

  private statedAround(box: string): boolean {
    let around: string | null = box;
    for (let depth = 0; around !== null && depth < MAX_DEPTH; depth++) {
      const facts = this.factsOf.get(around) ?? [];
      if (facts.some((fact) => fact.act !== 'end' && fact.disposition !== undefined)) return true;
      around = this.liveBox(this.inNow(around), this.fillingNow);
    }
    return false;
  }

  /** `differs` is told once everything around is known. */
  private resolveMarkDifference(key: string): void {
    const mark = this.nowMark.get(key);
    const holding = this.nowIn.get(key);
    if (mark === undefined || holding === null || holding === undefined) return;
    const around = this.effectOfHolding(holding, undefined);
    this.nowMark.set(key, { ...mark, differs: around?.status !== mark.status });
  }

  private noteReceipts(key: string, living: readonly Fact[]): void {
    let place = this.before(key)?.place ?? UNKNOWN;
    for (const fact of living) {
      if (fact.move === 'receive' || fact.move === 'void') {
        const list = this.result.receipts.get(key) ?? [];
        if (list.length === 0) this.result.receipts.set(key, list);
        list.push({
          eventId: fact.eventId,
          kind: fact.move === 'receive' ? 'received' : 'voided',
          by: place.mode === 'TO' ? place.by : null,
          site: fact.site ?? null,
        });
      }
      place = this.says(fact, place) ?? place;
    }
  }

  // Phase 4: ends, all judged on the result of phase 3

  private end(): void {
    const finals = new Map<string, { fact: Fact; effect: Effect | undefined }>();
    const boxes: { box: string; fact: Fact; effect: Effect | undefined }[] = [];
    for (const fact of this.facts) {
      if (fact.act !== 'end') continue;
      for (const key of namesOf(fact)) {
        if (this.isAbsorbed(key)) continue;
        const effect = this.after(key);
        if (!finals.has(key)) finals.set(key, { fact, effect });
        if (this.reads.isContainer(key)) boxes.push({ box: key, fact, effect });
      }
    }
    for (const { box, fact, effect } of boxes) this.endFilling(box, fact, effect);
    for (const [key, { fact, effect }] of finals) this.endPackage(key, fact, effect);
  }

  /** What it held leaves it where it was, and is not disposed (rule 8). */
  private endFilling(box: string, fact: Fact, effect: Effect | undefined): void {
    const ended = effect === undefined || isTerminal(effect.status);
    const left: Effect = {
      place: fact.site === undefined ? (effect?.place ?? UNKNOWN) : { mode: 'AT', site: fact.site },
      status: ended ? 'active' : effect.status,
      since: ended ? 0 : effect.since,
    };
    const filling = this.fillingNow(box);
    this.ended.set(filling, left);
    this.result.outcomes.push({ fact, box, filling, effect: left });
    this.fillings.set(box, fillingId(box, fact.id));
  }

  private endPackage(key: string, fact: Fact, effect: Effect | undefined): void {
    const status = fact.end ?? 'decommissioned';
    const place: Place =
      fact.site === undefined ? (effect?.place ?? UNKNOWN) : { mode: 'AT', site: fact.site };
    this.nowMark.delete(key);
    if (this.reads.isContainer(key)) {
      this.nowIn.set(key, null);
      this.nowOwn.set(key, { place, status, since: this.t });
      return;
    }
    const at: Place = place.mode === 'AT' ? place : UNKNOWN;
    const id = `D ${at.mode === 'AT' ? at.site : '?'} ${status}`;
    if (!this.result.holdings.has(id))
      this.result.holdings.set(id, {
        id,
        kind: 'DISPOSED',
        from: 0,
        effect: { place: at, status, since: 0 },
      });
    this.nowIn.set(key, id);
  }

  private writeAfter(key: string): void {
    const holding = this.nowIn.get(key);
    if (holding === undefined) {
      this.result.after.set(key, this.reads.row(key));
      return;
    }
    const own = holding === null ? (this.nowOwn.get(key) ?? null) : null;
    const box = holding === null ? null : boxOf(holding);
    const mark = box === null ? undefined : this.nowMark.get(key);
    this.result.after.set(key, {
      from: this.t,
      holding,
      own,
      ...(mark === undefined ? {} : { mark }),
    });
    this.noteSurrounding(key, this.inNow, this.fillingNow);
  }
}
