import type { CountedMark } from './state.js';
import type { Effect, Place } from '../holdings/holding.js';
import { MAX_DEPTH, UNKNOWN, boxOf, within } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import { noteAmbiguity, noteLife, noteReceipts } from './life-findings.rules.js';
import { placeStatedBy } from './stated-place.rules.js';
import { inOrder, placeKey, placesAgree, sameLook } from './state.js';

/** The status in force after the facts of an instant. */
interface StatusNow {
  readonly status: string;
  readonly since: number;
  /** Whether a fact of the instant stated it. */
  readonly stated: boolean;
}

/** FNV-1a. It keeps the ids of loose holdings short, and equal texts get equal ids. */
function shortHash(text: string): string {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h >>> 0).toString(36);
}

/** Phase 3, places and statuses. The outermost package comes first, because what is inside depends on what is around it. */
export class Places {
  private readonly resolved = new Set<string>();

  constructor(private readonly instant: InstantState) {}

  resolveAll(): void {
    for (const key of this.instant.factsOf.keys()) this.resolve(key);
    for (const key of this.instant.factsOf.keys()) this.tellMarkDifference(key);
  }

  /** Place and status after this phase. */
  after(key: string): Effect | undefined {
    const { instant } = this;
    if (instant.factsOf.has(key)) this.resolve(key);
    const holding = instant.inNow(key);
    if (holding === null)
      return instant.nowOwn.get(key) ?? instant.reads.row(key)?.own ?? undefined;
    return this.effectIn(holding, this.markNow(key));
  }

  private effectIn(holding: string, mark: CountedMark | undefined): Effect | undefined {
    const { reads, result, emptied } = this.instant;
    const box = boxOf(holding);
    if (box === null) return result.holdings.get(holding)?.effect ?? reads.fixed(holding);
    if (this.instant.openNow(box) === holding) return within(this.after(box), mark);
    return within(emptied.get(holding) ?? reads.outcome(holding, box), mark);
  }

  private markNow(key: string): CountedMark | undefined {
    const { nowMark, nowIn, reads } = this.instant;
    if (nowMark.has(key)) return nowMark.get(key);
    return nowIn.has(key) ? undefined : reads.row(key)?.mark;
  }

  private resolve(key: string): void {
    if (this.resolved.has(key)) return;
    this.resolved.add(key);
    const { instant } = this;
    const facts = instant.factsOf.get(key) ?? [];
    noteLife(instant, key, facts);
    if (instant.isAbsorbed(key)) return;
    const living = facts.filter((fact) => fact.act !== 'end');
    const last = living[living.length - 1];
    if (last === undefined) return;
    noteReceipts(instant, key, living);
    const box = instant.boxNow(key);
    if (box === null) this.standAlone(key, living, last);
    else this.stayInside(key, box, living, last);
  }

  /** Adds to the facts of a package the unpack that emptied its container. That unpack is not a sighting of the package (rule 9). */
  private foldOf(key: string, living: readonly Fact[]): readonly Fact[] {
    const freedBy = this.instant.emptiedBy.get(this.instant.inBefore(key) ?? '');
    return freedBy === undefined || living.includes(freedBy)
      ? living
      : [...living, freedBy].sort(inOrder);
  }

  private statusAfter(key: string, fold: readonly Fact[]): StatusNow {
    const { t } = this.instant;
    for (let i = fold.length - 1; i >= 0; i--) {
      const status = fold[i]?.disposition;
      if (status !== undefined) return { status, since: t, stated: true };
    }
    const status = this.instant.statusBefore(key);
    return { status, since: this.instant.sinceBefore(key), stated: false };
  }

  // Packages that stand alone

  private standAlone(key: string, living: readonly Fact[], last: Fact): void {
    const { instant } = this;
    const fold = this.foldOf(key, living);
    const { status, since, stated } = this.statusAfter(key, fold);
    let place = instant.before(key)?.place ?? UNKNOWN;
    for (const fact of fold) place = placeStatedBy(fact, place) ?? UNKNOWN;
    noteAmbiguity(instant, key, living);
    const effect: Effect = { place, status, since };
    const restated = stated && instant.reads.isContainer(key);
    if (restated || !this.isAlready(key, effect)) this.stand(key, effect, last);
  }

  /** Whether the package stays in its holding and that holding already has this place and status. */
  private isAlready(key: string, effect: Effect): boolean {
    const { instant } = this;
    const holding = instant.inNow(key);
    if (holding === null || holding.startsWith('D ')) return false;
    if (instant.inBefore(key) !== holding) return false;
    const now = this.effectIn(holding, instant.reads.row(key)?.mark);
    return now !== undefined && sameLook(now, effect);
  }

  private stand(key: string, effect: Effect, by: Fact): void {
    const { nowIn, nowOwn, nowMark, reads, result, t } = this.instant;
    nowMark.delete(key);
    if (reads.isContainer(key)) {
      nowIn.set(key, null);
      nowOwn.set(key, effect);
      return;
    }
    const id = `L ${by.id} ${shortHash(`${placeKey(effect.place)} ${effect.status}`)}`;
    if (!result.holdings.has(id))
      result.holdings.set(id, { id, kind: 'LOOSE', from: t, effect: { ...effect, since: 0 } });
    nowIn.set(key, id);
  }

  // Packages inside a container

  private stayInside(key: string, box: string, living: readonly Fact[], last: Fact): void {
    const { instant } = this;
    const now = this.statusAfter(key, this.foldOf(key, living));
    const said = this.placeStated(key, living);
    if (said !== null && this.isApart(said, box)) {
      instant.flag(key, 'SEEN_APART', last, box);
      this.stand(key, { place: said, status: now.status, since: now.since }, last);
      return;
    }
    const holding = instant.inNow(key);
    if (holding === null) return;
    if (instant.inBefore(key) === holding && !now.stated) {
      instant.nowIn.delete(key); // nothing is new, so row and mark stay
      return;
    }
    instant.nowIn.set(key, holding);
    instant.nowMark.set(key, this.markInside(key, box, now));
  }

  /** Whether a stated place contradicts the container's place both before and after the instant. */
  private isApart(said: Place, box: string): boolean {
    return (
      !placesAgree(said, this.after(box)?.place) &&
      !placesAgree(said, this.instant.before(box)?.place)
    );
  }

  private placeStated(key: string, living: readonly Fact[]): Place | null {
    const joined = this.instant.joined.has(key);
    let now = this.instant.before(key)?.place ?? UNKNOWN;
    let said: Place | null = null;
    for (const fact of living) {
      // For a package that was packed now, only sightings and facts of its new parent state its place.
      if (joined && fact.act !== 'see' && fact.parent !== key) continue;
      const place = placeStatedBy(fact, now);
      if (place === null) continue;
      said = place;
      now = place;
    }
    return said;
  }

  private markInside(
    key: string,
    box: string,
    { status, since, stated }: StatusNow,
  ): CountedMark | undefined {
    if (!stated && this.statedAround(box)) return undefined;
    const isUnit = !this.instant.reads.isContainer(key);
    if (isUnit && this.after(box)?.status === status) return undefined; // the mark would change nothing
    return { status, since, at: this.instant.t, differs: true };
  }

  private statedAround(box: string): boolean {
    let around: string | null = box;
    for (let depth = 0; around !== null && depth < MAX_DEPTH; depth++) {
      const facts = this.instant.factsOf.get(around);
      if (facts?.some((fact) => fact.act !== 'end' && fact.disposition !== undefined)) return true;
      around = this.instant.boxNow(around);
    }
    return false;
  }

  /** Sets `differs`, which is known only when everything around the package is resolved. */
  private tellMarkDifference(key: string): void {
    const { nowMark, nowIn } = this.instant;
    const mark = nowMark.get(key);
    const holding = nowIn.get(key);
    if (mark === undefined || holding === null || holding === undefined) return;
    const around = this.effectIn(holding, undefined);
    nowMark.set(key, { ...mark, differs: around?.status !== mark.status });
  }
}
