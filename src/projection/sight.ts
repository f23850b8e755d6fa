import { textOfPlace } from '../holdings/holding.js';
import type { Place } from '../holdings/holding.js';

/**
 * Who sees a package: the organisations that have it or that it is on its way to (its hands), and the one that owns it (its title). Only
 * events that count tell it (README.md, Sight).
 */
export interface Sight {
  /** An event that counts named the package. Until then nobody sees it. */
  readonly begun: boolean;
  /** Sorted. */
  readonly hands: readonly string[];
  /** null when nobody is told to own it. */
  readonly title: string | null;
  /** When the title was stated, passed on or ended; 0 for never. */
  readonly titleAt: number;
  readonly believed: Believed;
  /** Where the events that count tell that it is, when others claim that it is elsewhere. Who sees it is told this. */
  readonly told?: Place;
}

/** The place of a package as told by the events that count. */
export interface Believed {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN';
  /** AT: the site where it is. TO: the site that it left. null when unknown. */
  readonly site: string | null;
  /** Who runs the site where it is, or where it was last known to be; null for nobody. */
  readonly holder: string | null;
  /** TO: who had it before the first shipping of the run. */
  readonly had: readonly string[];
  /** Who the newest shipping names as coming owner, until it arrives. */
  readonly owner: string | null;
}

/** A title of its own while a package is inside something. It holds unless something around states a title after `at`. */
export interface TitleMark {
  readonly title: string | null;
  /** When the title was stated, passed on or ended. */
  readonly since: number;
  readonly at: number;
}

/** What the projection knows of organisations. It must not change while events are derived. */
export interface Organisations {
  /** The organisation that a party belongs to or that runs a site at `t` (epoch ms); null when nobody is known. */
  of(key: string, t: number): string | null;
  /** Whether an organisation may send the first event of a package. */
  mayBegin(key: string, organisation: string): boolean;
}

/** No organisation is known, so the host alone sends events and sees them. */
export const NO_ORGANISATIONS: Organisations = { of: () => null, mayBegin: () => false };

/** Nobody but the host sees the package. */
export const NOBODY: Sight = {
  begun: true,
  hands: [],
  title: null,
  titleAt: 0,
  believed: { mode: 'UNKNOWN', site: null, holder: null, had: [], owner: null },
};

/** No event that counts has named the package yet. */
export const UNBEGUN: Sight = { ...NOBODY, begun: false };

/** As text. Two texts are equal exactly when the sights are equal, and it is empty when only the host sees the package. */
function sightText(sight: Sight | undefined): string {
  if (sight === undefined || isNobody(sight)) return '';
  const { begun, hands, title, titleAt, believed, told } = sight;
  const claimed = told === undefined ? [] : [textOfPlace(told)];
  return JSON.stringify([begun, hands, title, titleAt, believedOf(believed), ...claimed]);
}

function believedOf({ mode, site, holder, had, owner }: Believed): readonly unknown[] {
  return [mode, site, holder, had, owner];
}

function isNobody({ begun, hands, title, titleAt, believed, told }: Sight): boolean {
  const { holder, had, owner } = believed;
  return (
    begun &&
    told === undefined &&
    hands.length === 0 &&
    had.length === 0 &&
    titleAt === 0 &&
    title === null &&
    holder === null &&
    owner === null
  );
}

/** The sight to record: nothing when only the host sees the package, which is what the absence of a sight means. */
export function recorded(sight: Sight): { readonly sight?: Sight } {
  return isNobody(sight) ? {} : { sight };
}

/** Whether the same organisations see something, for the same reasons. */
export function sameSight(a: Sight | undefined, b: Sight | undefined): boolean {
  return a === b || sightText(a) === sightText(b);
}

/** The organisations that see a package. */
export function audienceOf({ hands, title }: Sight): readonly string[] {
  return title === null || hands.includes(title) ? hands : [...hands, title];
}

/** The title of a package inside something, with its mark. */
export function withTitle(
  outer: Sight | undefined,
  mark: TitleMark | undefined,
): Sight | undefined {
  if (mark === undefined || mark.at < (outer?.titleAt ?? 0)) return outer;
  return recorded({ ...(outer ?? NOBODY), title: mark.title, titleAt: mark.since }).sight;
}

/** What is kept of a sight when a package has ended: its place cannot change any more. */
export function settled({ begun, hands, title }: Sight): Sight {
  return { ...NOBODY, begun, hands, title };
}

/** Without the time of the title, which does not matter for what has nothing inside. */
export function timeless(sight: Sight | undefined): Sight | undefined {
  return sight === undefined ? undefined : recorded({ ...sight, titleAt: 0 }).sight;
}

/** FNV-1a. It keeps the ids of holdings short, and equal texts get equal ids. */
export function shortHash(text: string, seed = 2166136261): string {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h >>> 0).toString(36);
}

/**
 * What the id of a holding says of who sees it, because one event may leave units with different sights. It has 64 bits: what two
 * organisations see must not share a holding by chance.
 */
export function suffixOf(sight: Sight | undefined): string {
  const text = sightText(sight);
  return text === '' ? '' : ` ${shortHash(text)}${shortHash(`|${text}`, 3339675911)}`;
}
