/** Words that deriving, writing and reading the graph have in common: where something is, what it is in, and what moves it. */

/** Where something is. `back` of TO is the place before the first shipping of the run: a site key, or null for unknown. */
export type Place =
  | { readonly mode: 'AT'; readonly site: string }
  | {
      readonly mode: 'TO';
      readonly site: string | null;
      readonly back: string | null;
      /** Id of the shipping event that put it in transit. */
      readonly by: string;
    }
  | { readonly mode: 'UNKNOWN' };

/** Place and status of something; `since` is the instant the status was stated (0: never, or of no consequence). */
export interface Effect {
  readonly place: Place;
  readonly status: string;
  readonly since: number;
}

/** A status of its own while inside a container: in force unless something around states one after `at` (src/projection/README.md rule 12). */
export interface Mark {
  readonly status: string;
  readonly since: number;
  readonly at: number;
}

/** A mark as the graph has it; nothing when there is none. */
export interface MarkColumns {
  readonly mStatus?: string | null;
  readonly mSince?: number | null;
  readonly mAt?: number | null;
}

/** A place as the graph has it. */
interface PlaceColumns {
  readonly mode?: string | null;
  readonly site?: string | null;
  readonly origin?: string | null;
  readonly by?: string | null;
}

/** How a package ends: it is no longer in the chain. */
export const ENDED: ReadonlySet<string> = new Set(['dispensed', 'destroyed', 'decommissioned']);

/** An instant after everything: rows and fillings open now. */
export const NOW = Number.MAX_SAFE_INTEGER;

/** No walk outward is longer, whatever the data says. */
export const MAX_DEPTH = 32;

export const UNKNOWN: Place = { mode: 'UNKNOWN' };

/** What an event does to custody, apart from membership. */
export type Move = 'ship' | 'receive' | 'void';

const MOVES: ReadonlyMap<string, Move> = new Map([
  ['shipping', 'ship'],
  ['departing', 'ship'],
  ['receiving', 'receive'],
  ['arriving', 'receive'],
  ['accepting', 'receive'],
  ['void_shipping', 'void'],
]);

/** Business steps of the CBV that hand something over. */
export const CUSTODY_STEPS: readonly string[] = [...MOVES.keys()];

/** What a business step does to custody; undefined: nothing. */
export function moveOf(bizStep: string | null | undefined): Move | undefined {
  return MOVES.get(bizStep ?? '');
}

/** A mark from its columns. */
export function markOf({ mStatus, mSince, mAt }: MarkColumns): Mark | null {
  if (mStatus === undefined || mStatus === null) return null;
  return { status: mStatus, since: mSince ?? 0, at: mAt ?? 0 };
}

/** A site key from the graph: `?` stands for unknown. */
export function siteOrNull(key: string | null | undefined): string | null {
  return key === undefined || key === '?' ? null : key;
}

/** A place from its columns. */
export function placeOf({ mode, site, origin, by }: PlaceColumns): Place {
  const known = siteOrNull(site);
  if (mode === 'TO') return { mode, site: known, back: siteOrNull(origin), by: by ?? '' };
  return mode === 'AT' && known !== null ? { mode, site: known } : UNKNOWN;
}

/** Whether nothing around states a status after the mark. */
export function inForce(
  mark: { readonly at: number },
  around: { readonly since: number },
): boolean {
  return mark.at >= around.since;
}

/** What is in force on a package inside `outer`, given its mark. */
export function within(outer: Effect | undefined, mark: Mark | undefined): Effect | undefined {
  if (outer === undefined || mark === undefined || !inForce(mark, outer)) return outer;
  return { place: outer.place, status: mark.status, since: mark.since };
}

/** Where the holder of something is looked up: in transit it is the giver's until it is received, so at the site it left. */
export function heldAt(where: {
  readonly state: 'SITE' | 'IN_TRANSIT' | 'UNKNOWN';
  readonly site: string | null;
  readonly origin: string | null;
}): string | null {
  if (where.state === 'UNKNOWN') return null;
  return where.state === 'IN_TRANSIT' ? where.origin : where.site;
}

/** Id of the filling of `box` that `boundary` (a fact id, or `0` for the first) opened. Neither ever has a space. */
export function fillingId(box: string, boundary: string): string {
  return `F ${box} ${boundary}`;
}

/** Key of the container whose filling this is, or null for another kind of holding. */
export function boxOf(holding: string): string | null {
  return holding.startsWith('F ') ? holding.slice(2, holding.indexOf(' ', 2)) : null;
}

/** Keys of what is always a container: SSCC, GRAI, GIAI. Anything else is one once a pack or unpack names it as parent. */
export function isContainerKey(key: string): boolean {
  return key.startsWith('00/') || key.startsWith('8003/') || key.startsWith('8004/');
}
/** A place as the graph has it; sites are keys, null when unknown. For TO, `site` is the destination. */
export interface Placing {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN';
  readonly site: string | null;
  /** For TO: the place before the first shipping of the run. */
  readonly origin: string | null;
}
