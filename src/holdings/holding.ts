/** Terms that deriving, writing and reading share: where something is, what it is in, and what moves it. */

/** Where something is. `back` of TO is the site before the first shipping of the run: a site key, or null when unknown. */
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

/** Place and status of something. `since` is when the status was stated; 0 when it never was or does not matter. */
export interface Effect {
  readonly place: Place;
  readonly status: string;
  readonly since: number;
}

/** A package's own status inside a container. It holds unless something around states a status after `at` (src/projection/README.md rule 12). */
export interface Mark {
  readonly status: string;
  readonly since: number;
  readonly at: number;
}

/** A mark as columns of the graph; all absent when there is none. */
export interface MarkColumns {
  readonly mStatus?: string | null;
  readonly mSince?: number | null;
  readonly mAt?: number | null;
}

/** A place as columns of the graph. */
interface PlaceColumns {
  readonly mode?: string | null;
  readonly site?: string | null;
  readonly origin?: string | null;
  readonly by?: string | null;
}

/** The statuses that end a package's life in the supply chain. */
export const ENDED: ReadonlySet<string> = new Set(['dispensed', 'destroyed', 'decommissioned']);

/** An instant after everything. It selects the rows and fillings that are open now. */
export const NOW = Number.MAX_SAFE_INTEGER;

/** The longest walk outward, whatever the data says. */
export const MAX_DEPTH = 32;

export const UNKNOWN: Place = { mode: 'UNKNOWN' };

/** What an event does to custody. */
export type Move = 'ship' | 'receive' | 'void';

const MOVES: ReadonlyMap<string, Move> = new Map([
  ['shipping', 'ship'],
  ['departing', 'ship'],
  ['receiving', 'receive'],
  ['arriving', 'receive'],
  ['accepting', 'receive'],
  ['void_shipping', 'void'],
]);

/** Business steps of the CBV that change custody. */
export const CUSTODY_STEPS: readonly string[] = [...MOVES.keys()];

/** What a business step does to custody; undefined when it does nothing. */
export function moveOf(bizStep: string | null | undefined): Move | undefined {
  return MOVES.get(bizStep ?? '');
}

/** A mark from its columns. */
export function markOf({ mStatus, mSince, mAt }: MarkColumns): Mark | null {
  if (mStatus === undefined || mStatus === null) return null;
  return { status: mStatus, since: mSince ?? 0, at: mAt ?? 0 };
}

/** A site key from the graph, where `?` stands for unknown. */
export function siteOrNull(key: string | null | undefined): string | null {
  return key === undefined || key === '?' ? null : key;
}

/** A place from its columns. */
export function placeOf({ mode, site, origin, by }: PlaceColumns): Place {
  const known = siteOrNull(site);
  if (mode === 'TO') return { mode, site: known, back: siteOrNull(origin), by: by ?? '' };
  return mode === 'AT' && known !== null ? { mode, site: known } : UNKNOWN;
}

/** The place of what does not follow what is around it. Where it goes is not kept, if it is in transit. */
export function believedPlace(mode: string | undefined, site: string | null): Place {
  if (mode === 'TO') return { mode, site: null, back: site, by: '' };
  return mode === 'AT' && site !== null ? { mode, site } : UNKNOWN;
}

/** A place as text, which is kept as one property. */
export function textOfPlace(place: Place): string {
  const site = place.mode === 'UNKNOWN' ? null : place.site;
  const way = place.mode === 'TO' ? [place.back, place.by] : [];
  return JSON.stringify([place.mode, site, ...way]);
}

/** A place from {@link textOfPlace}. */
export function placeOfText(text: string): Place {
  const [mode, site, origin, by] = JSON.parse(text) as (string | null)[];
  return placeOf({ mode: mode ?? null, site: site ?? '?', origin: origin ?? '?', by: by ?? null });
}

/** Whether no container around states a status after the mark. */
export function inForce(
  mark: { readonly at: number },
  around: { readonly since: number },
): boolean {
  return mark.at >= around.since;
}

/** Place and status of a package inside `outer`, with its mark. */
export function within(outer: Effect | undefined, mark: Mark | undefined): Effect | undefined {
  if (outer === undefined || mark === undefined || !inForce(mark, outer)) return outer;
  return { place: outer.place, status: mark.status, since: mark.since };
}

/** The site whose holder has the package. In transit, the giver has it until it is received, so it is the site it left. */
export function heldAt(where: {
  readonly state: 'SITE' | 'IN_TRANSIT' | 'UNKNOWN' | 'PASSED_ON';
  readonly site: string | null;
  readonly origin: string | null;
}): string | null {
  return where.state === 'IN_TRANSIT' ? where.origin : where.site;
}

/** Id of the filling of `box` that `boundary` (a fact id, or `0` for the first) opened. Neither contains a space. */
export function fillingId(box: string, boundary: string): string {
  return `F ${box} ${boundary}`;
}

/** Key of the container of a filling; null for another kind of holding. */
export function boxOf(holding: string): string | null {
  return holding.startsWith('F ') ? holding.slice(2, holding.indexOf(' ', 2)) : null;
}

/** Whether a key is always a container: SSCC, GRAI, GIAI. Others become one when a pack or unpack names them as parent. */
export function isContainerKey(key: string): boolean {
  return key.startsWith('00/') || key.startsWith('8003/') || key.startsWith('8004/');
}
/** A place of the graph. Sites are keys; null when unknown. For TO, `site` is the destination. */
export interface Placing {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN';
  readonly site: string | null;
  /** For TO, the site before the first shipping of the run. */
  readonly origin: string | null;
}
