import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { locateUnits } from './affected.read-model.js';
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
import type { ProductLot } from './selection.rules.js';
import { NOW } from '../holdings/holding.js';
import { refusedArgument } from '../shared/problem.js';
import type { RecallSelectors, ScopeOptions } from './recall-scope.js';
import { readLotsSentOn } from './sent-on.read-model.js';
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
 *
 * @throws Problem BAD_USER_INPUT for a selector that a partner cannot give, because its finds would come from what others have too
 */
export async function selectAffected(
  view: View,
  selectors: RecallSelectors,
  options: ScopeOptions,
): Promise<Affected> {
  if (isPartner(view)) refuseForPartners(selectors);
  const found = await findEach(view, selectors, options);
  const inside = await (isPartner(view)
    ? findInsideNow(view, found)
    : findInside(view, selectors, found));
  return joinAffected(selectors, found, inside, options.now);
}

function refuseForPartners({ serialRanges, siteWindow, asOf }: RecallSelectors): void {
  const refused = (name: string, found: string, remedy: string): never => {
    const rule = 'cannot be given by a partner, because it sees only its own part of the answer.';
    throw refusedArgument(`input.${name}`, found, { rule, remedy });
  };
  const [range] = serialRanges;
  if (range !== undefined)
    refused('serialRanges', `${range.gtin} ${range.from} to ${range.to}`, 'Give lots or serials.');
  if (siteWindow !== null)
    refused('siteWindow', siteWindow.site, 'Give lots, and filter inventory by site.');
  if (asOf !== null)
    refused('asOf', new Date(asOf).toISOString(), 'Leave it out: its answer is of now.');
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
    findLots(view, selectors),
    followMaking(view, { lots: selectors.sourceLots, packages: [], room: MAX_LOTS }),
    readKnownPackages(view, keys),
    Promise.all(selectors.serialRanges.map((range) => findRange(view, range))),
    siteWindow === null ? null : findAtSite(view, siteWindow, bounds, options),
  ]);
  return { products, made, packages, ranges, at };
}

/** The lots of each product. A partner's are those of which it has units, or sent units on. */
async function findLots(view: View, { products }: RecallSelectors): Promise<ProductLot[][]> {
  const beginnings = products.map(({ gtin }) => `01/${gtin}/10/`);
  const sentOn = isPartner(view)
    ? await readLotsSentOn(view, { lots: [], products: beginnings })
    : [];
  return Promise.all(
    products.map(({ gtin }, i) =>
      readLotsOfProduct(
        view,
        gtin,
        sentOn.filter((lot) => lot.startsWith(beginnings[i] ?? '')),
      ),
    ),
  );
}

async function findRange(
  view: View,
  { gtin, from, to }: RecallSelectors['serialRanges'][number],
): Promise<AskedPackage[]> {
  const spans = serialSpans(gtin, from, to);
  const found = spans.map((span) => readSerialSpan(view, span, MAX_NAMED + 1));
  return (await Promise.all(found)).flat();
}

/** What a partner sees now inside of the containers that it asked for. What was inside before, and what was made of it, may be others'. */
async function findInsideNow(view: View, found: Findings): Promise<Contents> {
  const containers = askedContainers(found).map((one) => ({ ...one, from: LAST_INSTANT }));
  const walk = { containers, holdings: [], until: LAST_INSTANT, room: MAX_NAMED };
  const members = await followMembers(view, walk);
  const seen = await locateUnits(view, [...members.units.keys()], NOW);
  const units = new Map([...members.units].filter(([key]) => seen.has(key)));
  return {
    members: { ...members, units },
    ...{ silent: [], reports: [], madeInto: [] },
    madeOfReports: { lots: new Map(), units: new Map(), containers: new Set(), cut: null },
  };
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
