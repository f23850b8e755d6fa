import type { FindingCode } from '../holdings/finding-code.js';
import { ENDED, UNKNOWN, believedPlace } from '../holdings/holding.js';
import { within as withMark } from '../holdings/holding.js';
import type { Effect as PlaceAndStatus, Mark, Place } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { Sight, TitleMark } from './sight.js';
import { recorded, sameSight, withTitle } from './sight.js';

/** Place and status of something, and who sees it. Without `sight`, only the host does. */
export interface Effect extends PlaceAndStatus {
  readonly sight?: Sight;
}

/** Like {@link within}, with the place that the events that count tell. What none of them named yet is where all events tell it. */
export function believedWithin(
  outer: Effect | undefined,
  own: Inside | undefined,
): Effect | undefined {
  if (own?.apart === undefined) return within(outer, own);
  const { status, since } = own.mark ?? { status: 'active', since: 0 };
  const { mode, site } = own.apart.believed;
  const place = own.apart.begun ? believedPlace(mode, site) : (outer?.place ?? UNKNOWN);
  return { place, status, since, ...recorded(own.apart) };
}

/** With the place that the events that count tell. */
export function believed(effect: Effect): Effect {
  if (effect.sight?.told === undefined) return effect;
  const { told: place, ...sight } = effect.sight;
  const { status, since } = effect;
  return { place, status, since, ...recorded(sight) };
}

/** A mark as it was made. `differs` says that the status around it was another one; only then does the mark correct a count. */
export interface CountedMark extends Mark {
  readonly differs: boolean;
}

/** What a package inside something has of its own. */
export interface Inside {
  readonly mark?: CountedMark;
  readonly title?: TitleMark;
  /** Who sees it. It is set when no event that counts put the package there, so who has the container does not see it inside. */
  readonly apart?: Sight;
}

/** One IN (`holding` is set) or one STAY (`own` is set) of a package. It lasts until the `from` of the next row. */
export interface Row extends Inside {
  readonly from: number;
  readonly holding: string | null;
  readonly own: Effect | null;
}

/** A `:Holding` without its members and counts. */
export interface Holding {
  readonly id: string;
  readonly kind: 'FILLING' | 'LOOSE' | 'DISPOSED';
  readonly from: number;
  /** FILLING: key of its container. */
  readonly box?: string;
  readonly dissolvedAt?: number;
  /** FILLING: id of the fact that emptied it. */
  readonly endedBy?: string;
  /** Place and status. They are fixed for LOOSE and DISPOSED. An emptied FILLING keeps those it had at its end. */
  readonly effect?: Effect;
}

/** An exception that the rules found about one package at one instant. */
export interface Finding {
  readonly code: FindingCode;
  readonly eventId: string;
  readonly detail?: string;
  /** Who sees the package just before or just after, and so the event as well; sorted. It is absent when only the host does. */
  readonly viewers?: readonly string[];
}

/** A commissioning that states a lot for a package for which other commissionings state another lot. */
export interface Claim {
  readonly eventId: string;
  /** Id of the lot. */
  readonly lot: string;
}

/** A receiving or voiding of a package. `by` is the shipping that it answers; null for none. */
export interface Receipt {
  readonly eventId: string;
  readonly kind: 'received' | 'voided';
  readonly by: string | null;
  readonly site: string | null;
}

/** Whether a status ends a package's life. */
export function isTerminal(status: string): boolean {
  return ENDED.has(status);
}

const RANK = { commission: 0, unpack: 1, pack: 2, see: 3, end: 4 } as const;

/** Class of a fact within its instant (README.md rule 2). */
export function rankOf(fact: Fact): number {
  return RANK[fact.act];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order of facts: time, class, content hash, id. The order of arrival never counts. */
export function inOrder(a: Fact, b: Fact): number {
  return a.t - b.t || RANK[a.act] - RANK[b.act] || byText(a.hash, b.hash) || byText(a.id, b.id);
}

/** The packages that a fact names, the parent first, each once. */
export function namesOf(fact: Fact): readonly string[] {
  if (fact.parent === undefined) return fact.kids;
  return fact.kids.includes(fact.parent) ? fact.kids : [fact.parent, ...fact.kids];
}

/** A place as text. Two texts are equal exactly when the places are equal. */
export function placeKey(place: Place): string {
  switch (place.mode) {
    case 'AT':
      return `AT ${place.site}`;
    case 'TO':
      return `TO ${place.site ?? '?'} ${place.back ?? '?'} ${place.by}`;
    case 'UNKNOWN':
      return 'UNKNOWN';
  }
}

/** Whether two places do not contradict each other (rule 9). In transit to D agrees with in transit to an unknown destination. */
export function placesAgree(a: Place, b: Place | undefined): boolean {
  if (a.mode === 'UNKNOWN') return b?.mode === 'UNKNOWN';
  if (a.mode === 'AT') return b?.mode === 'AT' && a.site === b.site;
  return b?.mode === 'TO' && (a.site === null || b.site === null || a.site === b.site);
}

/** Whether place and status are the same. `since` does not count. */
export function sameLook(a: Effect, b: Effect): boolean {
  return a.status === b.status && placeKey(a.place) === placeKey(b.place);
}

/** Whether place, status, `since` and sight are the same. */
export function sameEffect(a: Effect | null | undefined, b: Effect | null | undefined): boolean {
  if (a === b) return true;
  return a != null && a.since === b?.since && sameLook(a, b) && sameSight(a.sight, b.sight);
}

/** Place, status and sight of a package inside `outer`, with what it has of its own. */
export function within(outer: Effect | undefined, own: Inside | undefined): Effect | undefined {
  if (outer === undefined || own === undefined) return outer;
  const { mark, title, apart } = own;
  if (mark === undefined && title === undefined && apart === undefined) return outer;
  const { place, status, since } = withMark(outer, mark) ?? outer;
  const sight = apart ?? withTitle(outer.sight, title);
  return { place, status, since, ...(sight === undefined ? {} : recorded(sight)) };
}

function sameMark(a: CountedMark | undefined, b: CountedMark | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.status === b.status && a.since === b.since && a.at === b.at && a.differs === b.differs;
}

/** Whether two rows are the same apart from their beginning. */
export function sameRow(a: Row | undefined, b: Row | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return a.holding === b.holding && sameEffect(a.own, b.own) && sameInside(a, b);
}

function sameInside(a: Inside, b: Inside): boolean {
  return (
    sameMark(a.mark, b.mark) &&
    sameTitle(a.title, b.title) &&
    (a.apart === undefined) === (b.apart === undefined) &&
    sameSight(a.apart, b.apart)
  );
}

function sameTitle(a: TitleMark | undefined, b: TitleMark | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.title === b.title && a.since === b.since && a.at === b.at;
}

/** Id of the fact that opened the filling, or `0`. */
export function openerOf(filling: string): string {
  return filling.slice(filling.indexOf(' ', 2) + 1);
}

/** Whether the fact packs into its parent, or out of it. From who may say so, that makes the parent a container (rule 5). */
export function packsInOrOut(fact: Fact): boolean {
  return fact.parent !== undefined && (fact.act === 'pack' || fact.act === 'unpack');
}

/** Lot id of a unit: `01/<gtin>/10/<lot>`, `01/<gtin>` when no lot was stated, `?` when it has no GTIN. */
export function lotIdOf(key: string, lot: string | undefined): string {
  if (!key.startsWith('01/') || key.slice(17, 21) !== '/21/') return '?';
  const gtin = key.slice(0, 17);
  return lot === undefined ? gtin : `${gtin}/10/${lot}`;
}
