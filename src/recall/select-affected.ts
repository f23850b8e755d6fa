import type { View } from '../access/view.js';
import { readClassInside } from './class-level.read-model.js';
import { findAtSite } from './find-at-site.js';
import { followMaking } from './follow-making.js';
import { followMembers } from './follow-members.js';
import {
  MAX_LOTS,
  MAX_NAMED,
  askedContainers,
  joinAffected,
  namedUnits,
} from './join-selection.rules.js';
import type { Affected, AskedPackage, Contents, Findings } from './join-selection.rules.js';
import { serialSpans } from './selection.rules.js';
import type { RecallSelectors, ScopeOptions } from './recall-scope.js';
import {
  readKnownPackages,
  readLotsOfProduct,
  readPackagesMadeInto,
  readSerialSpan,
  readSilentContainers,
} from './selection.read-model.js';

const LAST_INSTANT = 8_640_000_000_000_000;

/**
 * Resolves the selectors of a recall to affected lots, and to affected units outside those lots. All selectors are read at once, then what
 * was inside of their finds. Lots asked for by id need no read.
 */
export async function selectAffected(
  view: View,
  selectors: RecallSelectors,
  options: ScopeOptions,
): Promise<Affected> {
  const found = await findEach(view, selectors, options);
  const inside = await findInside(view, selectors, found);
  return joinAffected(selectors, found, inside, options.now);
}

async function findEach(
  view: View,
  selectors: RecallSelectors,
  options: ScopeOptions,
): Promise<Findings> {
  const { serials, container, siteWindow, asOf } = selectors;
  const keys = container === null ? serials : [...serials, container];
  const bounds = { latest: asOf ?? LAST_INSTANT, room: MAX_NAMED };
  const [products, made, packages, ranges, at] = await Promise.all([
    Promise.all(selectors.products.map(({ gtin }) => readLotsOfProduct(view, gtin))),
    followMaking(view, { lots: selectors.sourceLots, packages: [], room: MAX_LOTS }),
    readKnownPackages(view, keys),
    Promise.all(selectors.serialRanges.map((range) => findRange(view, range))),
    siteWindow === null ? null : findAtSite(view, siteWindow, bounds, options),
  ]);
  return { products, made, packages, ranges, at };
}

async function findRange(
  view: View,
  { gtin, from, to }: RecallSelectors['serialRanges'][number],
): Promise<AskedPackage[]> {
  const spans = serialSpans(gtin, from, to);
  const found = spans.map((span) => readSerialSpan(view, span, MAX_NAMED + 1));
  return (await Promise.all(found)).flat();
}

/** What was inside of what the selectors found, what containers held by class, and what was made from both. */
async function findInside(
  view: View,
  { asOf }: RecallSelectors,
  found: Findings,
): Promise<Contents> {
  const named = namedUnits(found);
  const { containers, holdings } = found.at ?? { containers: [], holdings: [] };
  const members = await followMembers(view, {
    containers: [...askedContainers(found), ...containers],
    holdings,
    until: asOf ?? LAST_INSTANT,
    room: MAX_NAMED - named.size,
  });
  const boxes = [...new Set(members.containers.map(({ id }) => id))];
  const [silent, reports] = await Promise.all([
    readSilentContainers(view, boxes),
    readClassInside(view, members.containers),
  ]);
  const filled = new Set(reports.flatMap(({ container }) => container ?? []));
  const used = [...new Set([...boxes, ...named.keys(), ...members.units.keys()])];
  const lots = [...new Set(reports.map(({ lot }) => lot))];
  const [madeInto, madeOfReports] = await Promise.all([
    readPackagesMadeInto(
      view,
      used.filter((key) => !filled.has(key) && named.get(key)?.role !== 'OUTPUT'),
    ),
    followMaking(view, { lots, packages: [...filled], room: MAX_LOTS }),
  ]);
  return { members, silent, reports, madeInto, madeOfReports };
}
