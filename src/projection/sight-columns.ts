import { placeOfText, textOfPlace } from '../holdings/holding.js';
import type { Place } from '../holdings/holding.js';
import type { Believed, Sight } from './sight.js';
import { NOBODY } from './sight.js';

/** A sight as properties of a STAY, an IN or a holding; all null when only the host sees it. */
export interface SightColumns {
  readonly hands: readonly string[] | null;
  readonly title: string | null;
  readonly titleAt: number | null;
  /** JSON: begun, then the believed place. It is null when that is the place itself, held by the only one who has it. */
  readonly believed: string | null;
  /** Where those who see it are told that it is, when others claim that it is elsewhere; see `placeOfText`. */
  readonly told?: string | null;
}

const NONE: SightColumns = { hands: null, title: null, titleAt: null, believed: null, told: null };

/** The properties of a sight at a place; see schema/graph-model.md. */
export function sightProperties(sight: Sight | undefined, place: Place | undefined): SightColumns {
  if (sight === undefined) return NONE;
  const { begun, hands, title, titleAt, believed, told } = sight;
  const { mode, site, holder, had, owner } = believed;
  return {
    hands,
    title,
    titleAt: titleAt === 0 ? null : titleAt,
    believed: isPlain(sight, told ?? place)
      ? null
      : JSON.stringify([begun, mode, site, holder, had, owner]),
    told: told === undefined ? null : textOfPlace(told),
  };
}

function isPlain({ begun, hands, believed }: Sight, place: Place | undefined): boolean {
  const { mode, site, holder, owner } = believed;
  return (
    begun &&
    mode === 'AT' &&
    place?.mode === 'AT' &&
    place.site === site &&
    hands.length === 1 &&
    hands[0] === holder &&
    owner === null
  );
}

type Told = readonly [
  boolean,
  Believed['mode'],
  Believed['site'],
  Believed['holder'],
  Believed['had'],
  Believed['owner'],
];

/** A sight from its properties; undefined when only the host sees it. */
export function sightOf(columns: SightColumns, place: Place | undefined): Sight | undefined {
  const { hands, title, titleAt, believed } = columns;
  if (hands === null) return undefined;
  const told = columns.told == null ? {} : { told: placeOfText(columns.told) };
  const known = { hands, title, titleAt: titleAt ?? 0, ...told };
  if (believed !== null) {
    const [begun, mode, site, holder, had, owner] = JSON.parse(believed) as Told;
    return { ...known, begun, believed: { mode, site, holder, had, owner } };
  }
  const at = told.told ?? place;
  const site = at?.mode === 'AT' ? at.site : null;
  const plain: Believed = { mode: 'AT', site, holder: hands[0] ?? null, had: [], owner: null };
  return { ...NOBODY, ...known, believed: plain };
}
