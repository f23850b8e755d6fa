import type { SimilarLot } from '../search/index.js';
import { isAhead } from '../shared/ahead.js';
import type { Gap, LotProbe, LotStep, RecallSelectors, SerialCount } from './recall-scope.js';

/** What was asked for and never reported, by kind. */
export interface Unknowns {
  readonly lots: readonly string[];
  readonly products: readonly string[];
  readonly serials: readonly string[];
  readonly containers: readonly string[];
  readonly sites: readonly string[];
}

const NOUNS: Partial<Record<Gap['code'], string>> = {
  LOT_UNKNOWN: 'lot',
  PRODUCT_UNKNOWN: 'product',
  SERIAL_UNKNOWN: 'serial',
  CONTAINER_UNKNOWN: 'container',
  SITE_UNKNOWN: 'site',
};

/** One gap for each kind of thing that was asked for and that no event ever named. */
export function unknownGaps(unknowns: Unknowns): Gap[] {
  const { lots, products, serials, containers, sites } = unknowns;
  return [
    ...unknownGap('LOT_UNKNOWN', lots),
    ...unknownGap('PRODUCT_UNKNOWN', products),
    ...unknownGap('SERIAL_UNKNOWN', serials),
    ...unknownGap('CONTAINER_UNKNOWN', containers),
    ...unknownGap('SITE_UNKNOWN', sites),
  ];
}

function unknownGap(code: Gap['code'], missing: readonly string[]): Gap[] {
  if (missing.length === 0) return [];
  const { length } = missing;
  const noun = NOUNS[code] ?? 'thing';
  const detail = `${length} ${noun}${length === 1 ? ' that was' : 's that were'} asked for ${length === 1 ? 'was' : 'were'} never reported: ${someOf(missing)}. Check the ${length === 1 ? 'number' : 'numbers'}.`;
  return [{ code, detail, keys: missing }];
}

/** Changes the gap of what only events ahead of the clock name: it was reported, only for later, and its number may be right. */
export function withAhead(gaps: readonly Gap[], ahead: ReadonlySet<string>): Gap[] {
  return gaps.flatMap((gap) => {
    const { code, keys = [] } = gap;
    const later = keys.filter((key) => ahead.has(key));
    if (later.length === 0) return [gap];
    const never = keys.filter((key) => !ahead.has(key));
    const detail = `Only events dated later than now name ${someOf(later)}: what they say counts from then on.`;
    return [...unknownGap(code, never), { code, detail }];
  });
}

/** Adds to the gap of lots that nobody ever reported which other lots may be meant. */
export function withSuggestions(gaps: readonly Gap[], similar: readonly SimilarLot[]): Gap[] {
  return gaps.map((gap) => {
    const { code, detail, keys = [] } = gap;
    const meant = similar.filter(({ asked }) => code === 'LOT_UNKNOWN' && keys.includes(asked));
    if (meant.length === 0) return gap;
    return { ...gap, detail: `${detail} Did you mean ${someOf(meant.map((one) => one.number))}?` };
  });
}

/** The keys of lots that were asked for and that no event ever named. */
export function unknownLots(gaps: readonly Gap[]): readonly string[] {
  return gaps.flatMap(({ code, keys = [] }) => (code === 'LOT_UNKNOWN' ? keys : []));
}

/** The gap of a range of serials that are not all known, or that cannot be counted. */
export function serialsMissingGap(name: string, { known, asked }: SerialCount): Gap[] {
  if (asked === null) {
    const detail = `${known} ${known === 1 ? 'serial is' : 'serials are'} known within ${name}; how many there are cannot be counted, because the ends are not numbers of one series.`;
    return [{ code: 'SERIALS_MISSING', detail }];
  }
  if (BigInt(known) >= asked) return [];
  const detail = `${known} of ${asked} serials of ${name} are known: ${asked - BigInt(known)} were never reported.`;
  return [{ code: 'SERIALS_MISSING', detail }];
}

/** The gap of a production window in which no lot was made. */
export function madeWindowGap(
  { gtin, madeFrom, madeUntil }: RecallSelectors['products'][number],
  lots: { readonly all: number; readonly within: number },
): Gap[] {
  if (lots.within > 0 || (madeFrom === null && madeUntil === null)) return [];
  const detail = `None of the ${lots.all} lots of ${gtin} was made between ${dateOf(madeFrom)} and ${dateOf(madeUntil)}.`;
  return [{ code: 'MADE_WINDOW_EMPTY', detail }];
}

/** The gaps of a site window that found nothing, or that is not over yet. */
export function siteWindowGaps(
  { site, from, until }: NonNullable<RecallSelectors['siteWindow']>,
  found: number,
  now: number,
): Gap[] {
  const empty = `Nothing was reported at ${site} between ${dateOf(from)} and ${dateOf(until)}.`;
  const open = `The window at ${site} ends ${dateOf(until)}, ahead of now (${dateOf(now)}): what comes there later is not in the answer.`;
  return [
    ...(found > 0 ? [] : [{ code: 'SITE_WINDOW_EMPTY', detail: empty } as const]),
    ...(!isAhead(until, now) ? [] : [{ code: 'WINDOW_IN_FUTURE', detail: open } as const]),
  ];
}

/** The gap of an instant that has not come yet. */
export function futureGap(asOf: number | null, now: number): Gap[] {
  if (asOf === null || !isAhead(asOf, now)) return [];
  const seconds = Math.round((asOf - now) / 1000);
  const detail = `${dateOf(asOf)} is ${seconds} seconds ahead of now (${dateOf(now)}): what is known now may change until then.`;
  return [{ code: 'AS_OF_IN_FUTURE', detail }];
}

/** The gap of units that were not yet known at the instant asked for. */
export function notKnownThenGap(asOf: number | null, missing: number): Gap[] {
  if (asOf === null || missing <= 0) return [];
  const detail = `${missing} affected ${missing === 1 ? 'unit was' : 'units were'} first reported after ${dateOf(asOf)}, so the counts leave ${missing === 1 ? 'it' : 'them'} out.`;
  return [{ code: 'NOT_KNOWN_THEN', detail }];
}

/** A scope without units and without another reason must not read as an all-clear. */
export function nothingFoundGap(units: number, others: readonly Gap[]): Gap[] {
  if (units > 0 || others.length > 0) return [];
  const detail = 'All that was asked for is known, but it has 0 units. Check what was asked.';
  return [{ code: 'NOTHING_FOUND', detail }];
}

/** The gap of containers whose contents nobody ever reported. */
export function contentsUnknownGap(silent: readonly string[]): Gap[] {
  if (silent.length === 0) return [];
  const one = silent.length === 1;
  const detail = `Nobody ever reported what is in ${silent.length} ${one ? 'container' : 'containers'}: ${someOf(silent)}.`;
  return [{ code: 'CONTENTS_UNKNOWN', detail }];
}

/** What was made from the lots and is not in the scope. */
export function madeIntoGaps(
  probes: readonly LotProbe[],
  lots: ReadonlyMap<string, LotStep>,
  isIn: (id: string) => boolean,
): Gap[] {
  return probes.flatMap(({ lot, madeInto }): Gap[] => {
    const outside = madeInto.filter((made) => !isIn(made)).sort();
    if (outside.length === 0) return [];
    const isFollowed = lots.get(lot)?.role !== 'SELECTED';
    const remedy = isFollowed
      ? 'it cannot be followed without lot or serials.'
      : 'ask with sourceLots to follow it.';
    const detail = `Lot ${lot} was made into ${someOf(outside)}, not in this scope: ${remedy}`;
    return [{ code: 'MADE_INTO', detail }];
  });
}

/** Containers that are themselves of a lot asked for. Their contents may be of another product and are not counted. */
export function containersOfLotGaps(probes: readonly LotProbe[]): Gap[] {
  return probes.flatMap(({ lot, containers }): Gap[] => {
    if (containers.length === 0) return [];
    const one = containers.length === 1;
    const detail = `${containers.length} ${one ? 'container is' : 'containers are'} of lot ${lot}: ${someOf([...containers].sort())}. What is inside counts only if it is of the lot itself: ask with serials to take it all in.`;
    return [{ code: 'CONTAINERS_OF_LOT', detail }];
  });
}

/** The gap of units that were commissioned under lots of the scope and under others. */
export function contradictedGap(units: readonly string[]): Gap[] {
  if (units.length === 0) return [];
  const one = units.length === 1;
  const detail = `${units.length} ${one ? 'unit was' : 'units were'} commissioned under several lots, not all of them in this scope: ${someOf(units)}. They are counted here but may not be affected: explain lists the events.`;
  return [{ code: 'LOT_CONTRADICTED', detail }];
}

/** The gap of packages that went into transformations whose outputs are not in the scope. */
export function packagesMadeIntoGap(made: readonly string[]): Gap[] {
  if (made.length === 0) return [];
  const detail = `Packages of this scope were made into ${someOf([...made].sort())}, not in this scope: ask for these too.`;
  return [{ code: 'MADE_INTO', detail }];
}

/** The gap of units whose lot nobody stated. */
export function withoutLotGap(units: number, gtins: readonly string[]): Gap[] {
  if (units === 0) return [];
  return [
    {
      code: 'UNITS_WITHOUT_LOT',
      detail: `${units} ${units === 1 ? 'unit' : 'units'} of ${gtins.join(', ')} ${units === 1 ? 'has' : 'have'} no known lot: possibly affected, listed apart under unitsWithoutLot.`,
    },
  ];
}

/** The gap of quantities reported without serials. */
export function classLevelGap(events: number, cut: boolean): Gap[] {
  if (events === 0) return [];
  return [
    {
      code: 'CLASS_LEVEL',
      detail: `${cut ? 'More than ' : ''}${events} ${events === 1 ? 'report gives a quantity' : 'reports give quantities'} of lots without serial numbers: not in the unit counts, listed under classLevel.`,
    },
  ];
}

/** The gaps of a scope as sentences; empty when the scope is complete. */
export function reasonsOf(gaps: readonly Gap[]): string[] {
  return gaps.map((gap) => gap.detail);
}

/** The first few names of a list, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function dateOf(t: number | null): string {
  return t === null ? 'any time' : new Date(t).toISOString();
}
