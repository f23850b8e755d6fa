import type { ClassReport } from './class-level.read-model.js';
import type { FoundAtSite } from './find-at-site.js';
import type { Made } from './follow-making.js';
import type { MembersFound, MemberSource } from './follow-members.js';
import {
  containersOfLotGaps,
  contentsUnknownGap,
  contradictedGap,
  futureGap,
  madeIntoGaps,
  madeWindowGap,
  packagesMadeIntoGap,
  serialsMissingGap,
  unknownGaps,
} from './gaps.rules.js';
import type { Unknowns } from './gaps.rules.js';
import type {
  Gap,
  LotProbe,
  LotStep,
  NamedReason,
  RecallSelectors,
  Selection,
} from './recall-scope.js';
import { countSerials, lotsMadeBetween, withoutLotOf } from './selection.rules.js';
import type { ProductLot } from './selection.rules.js';

/** The most lots of one scope. */
export const MAX_LOTS = 5000;
/** The most units that a scope takes in one by one, without those of affected lots. */
export const MAX_NAMED = 200_000;
/** Where the serial begins in the key of a unit with a GTIN. */
const SERIAL_AT = '01/09506000134352/21/'.length;
const LAST_INSTANT = 8_640_000_000_000_000;

/** A package that was asked for by its key or by a range. `container` is null when nobody ever reported it. */
export interface AskedPackage {
  readonly k: string;
  readonly lot: string | null;
  readonly container: boolean | null;
}

/** What each selector found, as it was read. */
export interface Findings {
  /** Lots of each product, in the order of the selectors. */
  readonly products: readonly (readonly ProductLot[])[];
  /** What was made of the source lots. */
  readonly made: Made;
  readonly packages: readonly AskedPackage[];
  /** Packages in each range of serials, in the order of the selectors. */
  readonly ranges: readonly (readonly AskedPackage[])[];
  /** Null without a window, and for a site that was never named. */
  readonly at: FoundAtSite | null;
}

/** What was inside of what the selectors found. */
export interface Contents {
  readonly members: MembersFound;
  /** Containers whose contents nobody ever reported. */
  readonly silent: readonly string[];
  /** What containers held by class, and what was made of it. */
  readonly reports: readonly ClassReport[];
  readonly madeOfReports: Made;
  /** What was made from other packages of the scope. */
  readonly madeInto: readonly string[];
}

/** What the selectors lead to, before anything is known about the lots. */
export interface Affected extends Pick<Selection, 'contents' | 'containers' | 'classReports'> {
  /** At most {@link MAX_LOTS}. */
  readonly lots: ReadonlyMap<string, LotStep>;
  readonly named: ReadonlyMap<string, NamedReason>;
  /** "Lot unknown" ids of the products asked for as a whole. Their units matter even when the product has no lot at all. */
  readonly products: readonly string[];
  /** Lots of these products that were not made within the window asked for. */
  readonly outsideWindow: readonly string[];
  /** Keys of containers that transformations made. Their contents are not followed. */
  readonly madeContainers: readonly string[];
  readonly gaps: readonly Gap[];
  readonly lotsCut: boolean;
  readonly unknown: Unknowns;
}

/** The containers among the packages asked for. Their contents count at any time. */
export function askedContainers({ packages, ranges }: Findings): MemberSource[] {
  return [packages, ...ranges].flat().flatMap(({ k, container }): MemberSource[] => {
    if (container !== true) return [];
    return [{ id: k, from: 0, until: LAST_INSTANT, role: 'CONTAINER', via: k }];
  });
}

/** Units that the selectors name one by one, each with the first way it came in. Units inside containers are not among them. */
export function namedUnits({ made, packages, ranges, at }: Findings): Map<string, NamedReason> {
  const asked = [packages, ...ranges].flat().flatMap((row): [string, NamedReason][] => {
    const { k, lot, container } = row;
    if (container !== false) return [];
    return [[k, { role: 'SERIAL', via: null, eventId: null, at: null, lot }]];
  });
  return firstOf([...made.units], asked, at?.units ?? []);
}

/** Joins what the selectors found. What came in by several ways keeps the first. */
export function joinAffected(
  selectors: RecallSelectors,
  found: Findings,
  inside: Contents,
  now: number,
): Affected {
  const { made, ranges, at } = found;
  const { members, reports, madeOfReports } = inside;
  const selected = (ids: readonly string[]): [string, LotStep][] =>
    ids.map((id) => [id, { role: 'SELECTED', from: null, eventId: null }]);
  const within = selectors.products.map((asked, i) => {
    const lots = found.products[i] ?? [];
    return { asked, lots, ...lotsMadeBetween(lots, asked.gtin, asked) };
  });
  const lots = firstOf(
    selected(selectors.lots),
    ...within.map(({ ids }) => selected(ids)),
    selectors.sourceLots.map((id) => [id, { role: 'SOURCE', from: null, eventId: null }]),
    [...made.lots],
    [...madeOfReports.lots],
  );
  const known = [...lots].slice(0, MAX_LOTS);
  return {
    lots: new Map(known),
    lotsCut: lots.size > known.length,
    contents: new Map(
      reports.map(({ lot, eventId }) => [lot, { role: 'CONTENTS', from: null, eventId }]),
    ),
    named: firstOf([...namedUnits(found)], [...members.units], [...madeOfReports.units]),
    products: [...new Set(selectors.products.map(({ gtin }) => `01/${gtin}`))],
    outsideWindow: within.flatMap(({ lots: all, ids }) => {
      const inWindow = new Set(ids);
      return all.flatMap(({ id }) => (inWindow.has(id) ? [] : [id]));
    }),
    madeContainers: [...new Set([...made.containers, ...madeOfReports.containers])],
    containers: askedContainers(found).map(({ id }) => id),
    classReports: [...(at?.reports ?? []), ...reports],
    gaps: [
      ...futureGap(selectors.asOf, now),
      ...within.flatMap(({ asked, lots: { length }, ids, gaps }) => [
        ...gaps,
        ...madeWindowGap(asked, { all: length, within: ids.length }),
      ]),
      ...lineageCutGap(made.cut),
      ...selectors.serialRanges.flatMap(({ gtin, from, to }, i) => {
        const serials = (ranges[i] ?? []).map(({ k }) => k.slice(SERIAL_AT));
        return serialsMissingGap(`${gtin} ${from} to ${to}`, countSerials(from, to, serials));
      }),
      ...(at?.gaps ?? []),
      ...unitsCutGap(at?.isCut === true ? MANY_NAMED : null),
      ...unitsCutGap(members.cut),
      ...contentsUnknownGap(inside.silent),
      ...packagesMadeIntoGap(inside.madeInto),
      ...lineageCutGap(madeOfReports.cut),
    ],
    unknown: unknownOf(selectors, found),
  };
}

/** Lots outside the window, for products that no probe knows. If such a lot is real, the product is known. */
export function lotsOfUnseen(affected: Affected, probes: readonly LotProbe[]): string[] {
  const unseen = unseenProducts(affected, probes);
  return affected.outsideWindow.filter((lot) => unseen.some((id) => lot.startsWith(id)));
}

/**
 * What a scope is about, once its lots have been looked up.
 *
 * @param probes  of the lots and products of `affected`
 * @param outside of {@link lotsOfUnseen}
 */
export function selectionOf(
  selectors: RecallSelectors,
  affected: Affected,
  probes: readonly LotProbe[],
  outside: readonly LotProbe[],
): Selection {
  const known = new Set(probes.flatMap((probe) => (probe.known ? [probe.lot] : [])));
  const asked = new Set([...selectors.lots, ...selectors.sourceLots]);
  // A lot of a product is not real when only events declared in error named it.
  const lots = new Map([...affected.lots].filter(([id]) => known.has(id) || asked.has(id)));
  const real = outside.filter((probe) => probe.known);
  const unknown: Unknowns = {
    ...affected.unknown,
    lots: probes.flatMap(({ lot }) => (!known.has(lot) && asked.has(lot) ? [lot] : [])),
    products: unseenProducts(affected, probes).filter(
      (product) => !real.some(({ lot }) => lot.startsWith(product)),
    ),
  };
  const lookedInto = new Set(affected.containers);
  const isIn = (id: string): boolean =>
    lots.has(id) || affected.named.has(id) || lookedInto.has(id);
  const isCovered = ({ lot }: NamedReason): boolean => lot !== null && lots.has(lot);
  const claims = claimsOf(lots, probes);
  const doubtful = new Set(claims.flatMap(({ k, inDoubt }) => (inDoubt ? [k] : [])));
  const claimed = probes.map(withClaimed);
  // A lot that came in later also covers units named before.
  const beside = [
    ...firstOf(
      [...affected.named],
      claims.map(({ k, reason }) => [k, reason]),
    ),
  ].filter(([, reason]) => !isCovered(reason));
  const made = affected.madeContainers.filter((key) => !isIn(key)).sort();
  const products = [...withoutLotOf(lots.keys()), ...affected.products];
  return {
    lots,
    contents: new Map([...affected.contents].filter(([id]) => !lots.has(id))),
    withoutLot: [...new Set(products)].sort(),
    named: new Map(beside.slice(0, MAX_NAMED)),
    doubtful,
    containers: affected.containers,
    classReports: affected.classReports,
    gaps: [
      ...affected.gaps,
      ...madeIntoGaps(
        probes.filter(({ lot }) => lots.has(lot)),
        lots,
        isIn,
      ),
      ...packagesMadeIntoGap(made),
      ...containersOfLotGaps(claimed),
      ...contradictedGap([...doubtful].sort()),
      ...unitsCutGap(beside.length > MAX_NAMED ? MANY_NAMED : null),
      ...lineageCutGap(affected.lotsCut ? MANY_LOTS : null),
      ...unknownGaps(unknown),
    ],
    notFound: Object.values(unknown).flat(),
    containersOfLot: claimed.flatMap(({ containers }) => containers).sort(),
    asOf: selectors.asOf,
  };
}

const MANY_NAMED = `More than ${MAX_NAMED} units were named one by one: only the first ${MAX_NAMED} are in. Ask by lot, or in parts.`;
const MANY_LOTS = `More than ${MAX_LOTS} lots are affected: only the first ${MAX_LOTS} are in. Ask in parts.`;

function firstOf<V>(...lists: readonly (readonly (readonly [string, V])[])[]): Map<string, V> {
  const first = new Map<string, V>();
  for (const list of lists) for (const [key, one] of list) if (!first.has(key)) first.set(key, one);
  return first;
}

function unknownOf(
  { serialRanges, siteWindow, container }: RecallSelectors,
  { packages, ranges, at }: Findings,
): Unknowns {
  const missing = packages.flatMap(({ k, container: kind }) => (kind === null ? [k] : []));
  const empty = serialRanges.filter((_, i) => (ranges[i] ?? []).length === 0);
  return {
    lots: [],
    products: [],
    serials: [
      ...missing.filter((k) => k !== container),
      ...empty.map(({ gtin, from, to }) => `01/${gtin}/21/${from} to ${to}`),
    ],
    containers: missing.filter((k) => k === container),
    sites: siteWindow !== null && at === null ? [siteWindow.site] : [],
  };
}

/** The products asked for that no probe knows. */
function unseenProducts({ products }: Affected, probes: readonly LotProbe[]): string[] {
  const known = probes.filter((probe) => probe.known);
  return products.filter((id) => !known.some(({ lot }) => lot.startsWith(id)));
}

function withClaimed({ containers, claims, ...probe }: LotProbe): LotProbe {
  const more = claims.filter(({ container }) => container).map(({ k }) => k);
  return { ...probe, claims, containers: [...new Set([...containers, ...more])] };
}

/** Units for which another lot was stated too. They count under the newest lot, and the older lot brings them in as well. */
function claimsOf(
  lots: ReadonlyMap<string, LotStep>,
  probes: readonly LotProbe[],
): { readonly k: string; readonly inDoubt: boolean; readonly reason: NamedReason }[] {
  return probes
    .filter(({ lot }) => lots.has(lot))
    .flatMap(({ lot: via, claims }) =>
      claims
        .filter(({ container }) => !container)
        .map(({ k, lot, eventId, claimed }) => ({
          k,
          inDoubt: claimed.some((id) => !lots.has(id)),
          reason: { role: 'CLAIMED', via, eventId, at: null, lot },
        })),
    );
}

function unitsCutGap(detail: string | null): Gap[] {
  return detail === null ? [] : [{ code: 'UNITS_CUT', detail }];
}

function lineageCutGap(detail: string | null): Gap[] {
  return detail === null ? [] : [{ code: 'LINEAGE_CUT', detail }];
}
