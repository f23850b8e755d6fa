import type { Place } from '../holdings/holding.js';
import { MAX_DEPTH, UNKNOWN, boxOf } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import { noteAmbiguity, noteLife, noteReceipts } from './life-findings.rules.js';
import { placeStatedBy } from './stated-place.rules.js';
import type { Sight } from './sight.js';
import { NOBODY, UNBEGUN, recorded, sameSight, shortHash, suffixOf, timeless } from './sight.js';
import type { InsideFacts } from './sight-inside.rules.js';
import { Sights } from './sight-inside.rules.js';
import type { CountedMark, Effect, Inside } from './state.js';
import { believed, believedWithin, inOrder, placeKey, placesAgree, sameLook } from './state.js';

/** The status in force after the facts of an instant. */
interface StatusNow {
  readonly status: string;
  readonly since: number;
  /** Whether a fact of the instant stated it. */
  readonly stated: boolean;
}

interface Joining {
  readonly box: string;
  readonly holding: string;
  readonly now: StatusNow;
}

/** Phase 3, places and statuses. The outermost package comes first, because what is inside depends on what is around it. */
export class Places {
  private readonly resolved = new Set<string>();
  private readonly sights: Sights;

  constructor(private readonly instant: InstantState) {
    this.sights = new Sights(instant);
  }

  resolveAll(): void {
    for (const key of this.instant.factsOf.keys()) this.resolve(key);
    for (const key of this.instant.factsOf.keys()) this.tellMarkDifference(key);
  }

  /** Place, status and sight after this phase, as the events that count tell. */
  after(key: string): Effect | undefined {
    const { instant } = this;
    if (instant.factsOf.has(key)) this.resolve(key);
    const holding = instant.inNow(key);
    const effect =
      holding === null
        ? (instant.nowOwn.get(key) ?? instant.reads.row(key)?.own ?? undefined)
        : this.effectIn(holding, this.insideNow(key));
    return effect === undefined ? undefined : believed(effect);
  }

  private effectIn(holding: string, own: Inside | undefined): Effect | undefined {
    const { reads, result, emptied } = this.instant;
    const box = boxOf(holding);
    if (box === null) return result.holdings.get(holding)?.effect ?? reads.fixed(holding);
    if (this.instant.openNow(box) === holding) return believedWithin(this.after(box), own);
    return believedWithin(emptied.get(holding) ?? reads.outcome(holding, box), own);
  }

  private insideNow(key: string): Inside | undefined {
    const { nowIn, reads } = this.instant;
    return nowIn.has(key) ? this.instant.insideNow(key) : reads.row(key);
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
    noteReceipts(instant, key, living);
    const box = instant.boxNow(key);
    if (box === null) this.standAlone(key, living, last);
    else if (last !== undefined) this.stayInside(key, box, living, last);
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

  private standAlone(key: string, living: readonly Fact[], last: Fact | undefined): void {
    const counted = last === undefined ? this.after(key) : this.told(key, living);
    if (counted !== undefined) this.standAs(key, counted, last);
  }

  /** @param last the last fact that counts and names the package */
  private standAs(key: string, counted: Effect, last: Fact | undefined): void {
    const claims = (this.instant.claimsOn.get(key) ?? []).filter(({ act }) => act !== 'end');
    const by = claims.at(-1) ?? last;
    if (by === undefined) return;
    const isFresh = last !== undefined;
    const effect = claims.length === 0 ? counted : this.claimed(key, counted, { claims, isFresh });
    if (!this.isAlready(key, effect)) this.stand(key, effect, by);
  }

  /** What the facts that count tell of a package that stands alone. */
  private told(key: string, living: readonly Fact[]): Effect {
    const { instant } = this;
    const fold = this.foldOf(key, living);
    const { status, since } = this.statusAfter(key, fold);
    const place = placeAfter(fold, instant.before(key)?.place);
    noteAmbiguity(instant, key, living);
    return { place, status, since, ...this.sights.alone(key, fold) };
  }

  /** The place that others claim holds for the host, until a fact that counts names the package. */
  private claimed(
    key: string,
    counted: Effect,
    { claims, isFresh }: { claims: readonly Fact[]; isFresh: boolean },
  ): Effect {
    const was = isFresh ? counted : (this.instant.claimedBefore(key) ?? counted);
    const place = placeAfter(claims, was.place);
    const { place: told, status, since, sight = NOBODY } = counted;
    if (placeKey(place) === placeKey(told)) return counted;
    return { place, status, since, ...recorded({ ...sight, told }) };
  }

  /** Whether the package stays in its holding and that holding already has this place and status. */
  private isAlready(key: string, effect: Effect): boolean {
    const { instant } = this;
    const holding = instant.inNow(key);
    if (holding === null || holding.startsWith('D ')) return false;
    if (instant.inBefore(key) !== holding) return false;
    if (instant.reads.row(key)?.apart !== undefined) return false;
    const now = this.effectIn(holding, instant.reads.row(key));
    if (now === undefined || !sameLook(now, effect)) return false;
    // What is inside a container compares its own status with the time of the container's.
    const isCurrent = now.since === effect.since || !instant.reads.isContainer(key);
    return isCurrent && this.isSeenAs(key, now, effect);
  }

  /** When a title was stated does not matter for a unit, because nothing is inside it. */
  private isSeenAs(key: string, now: Effect, effect: Effect): boolean {
    if (now.sight === effect.sight) return true;
    if (this.instant.reads.isContainer(key)) return sameSight(now.sight, effect.sight);
    return sameSight(timeless(now.sight), timeless(effect.sight));
  }

  private stand(key: string, effect: Effect, by: Fact): void {
    const { nowIn, nowOwn, nowMark, nowTitle, nowApart, reads, result, t } = this.instant;
    nowMark.delete(key);
    nowTitle.delete(key);
    nowApart.delete(key);
    if (reads.isContainer(key)) {
      nowIn.set(key, null);
      nowOwn.set(key, effect);
      return;
    }
    const { place, status } = effect;
    const sight = timeless(effect.sight);
    const id = `L ${by.id} ${shortHash(`${placeKey(place)} ${status}`)}${suffixOf(sight)}`;
    const kept = { place, status, since: 0, ...(sight === undefined ? {} : { sight }) };
    if (!result.holdings.has(id))
      result.holdings.set(id, { id, kind: 'LOOSE', from: t, effect: kept });
    nowIn.set(key, id);
  }

  // Packages inside a container

  private stayInside(key: string, box: string, living: readonly Fact[], last: Fact): void {
    const { instant } = this;
    const fold = this.foldOf(key, living);
    const now = this.statusAfter(key, fold);
    const said = this.placeStated(key, living);
    if (said !== null && this.isApart(said, box)) {
      instant.flag(key, 'SEEN_APART', last, box);
      const { status, since } = now;
      this.standAs(key, { place: said, status, since, ...this.sights.alone(key, fold) }, last);
      return;
    }
    const holding = instant.inNow(key);
    if (holding !== null) this.join(key, { box, holding, now, living, fold });
  }

  /** Joins a holding inside a container, or stays in it. When nothing is new, the row stays. */
  private join(
    key: string,
    { box, holding, now, living, fold }: Omit<InsideFacts, 'row'> & Joining,
  ): void {
    const { instant } = this;
    const row = instant.inBefore(key) === holding ? instant.reads.row(key) : undefined;
    const own = this.sights.inside(key, this.sightOf(box), { row, living, fold });
    const keepsMark = row !== undefined && !now.stated;
    if (keepsMark && own === row) {
      instant.nowIn.delete(key);
      return;
    }
    instant.nowIn.set(key, holding);
    const mark = own.apart === undefined ? this.markInside(key, box, now) : this.markApart(now);
    instant.nowMark.set(key, keepsMark ? row.mark : mark);
    instant.nowTitle.set(key, own.title);
    if (own.apart !== undefined) instant.nowApart.set(key, own.apart);
  }

  /** Nobody of standing named a container that stands nowhere yet, except by what ends it now. */
  private sightOf(box: string): Sight {
    const around = this.after(box);
    return around === undefined ? UNBEGUN : (around.sight ?? NOBODY);
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

  /** What does not follow what is around it has a status of its own. */
  private markApart({ status, since }: StatusNow): CountedMark {
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
    const { nowMark, nowIn, reads } = this.instant;
    const mark = nowMark.get(key);
    const holding = nowIn.get(key);
    if (mark === undefined || holding === null || holding === undefined) return;
    if (mark === reads.row(key)?.mark) return; // it was told when it was made
    const around = this.effectIn(holding, undefined);
    nowMark.set(key, { ...mark, differs: around?.status !== mark.status });
  }
}

/** Where something stands that was at `was`. A fact that tells no place makes it unknown. */
function placeAfter(facts: readonly Fact[], was: Place = UNKNOWN): Place {
  return facts.reduce((place, fact) => placeStatedBy(fact, place) ?? UNKNOWN, was);
}
