import type { GraphReader } from '../graph/graph.js';
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
 * Resolves the selectors of a recall to affected lots and, beside them, affected units one by one: first what each selector finds, all
 * at once, then what was inside. Lots asked for by their ids need no read.
 */
export async function selectAffected(
  graph: GraphReader,
  selectors: RecallSelectors,
  options: ScopeOptions,
): Promise<Affected> {
  const found = await findEach(graph, selectors, options);
  const inside = await findInside(graph, selectors, found, options);
  return joinAffected(selectors, found, inside, options.now);
}

async function findEach(
  graph: GraphReader,
  selectors: RecallSelectors,
  options: ScopeOptions,
): Promise<Findings> {
  const { serials, container, siteWindow, asOf } = selectors;
  const keys = container === null ? serials : [...serials, container];
  const bounds = { latest: asOf ?? LAST_INSTANT, room: MAX_NAMED };
  const [products, made, packages, ranges, at] = await Promise.all([
    Promise.all(selectors.products.map(({ gtin }) => readLotsOfProduct(graph, gtin, options))),
    followMaking(graph, { lots: selectors.sourceLots, packages: [], room: MAX_LOTS }, options),
    readKnownPackages(graph, keys, options),
    Promise.all(selectors.serialRanges.map((range) => findRange(graph, range, options))),
    siteWindow === null ? null : findAtSite(graph, siteWindow, bounds, options),
  ]);
  return { products, made, packages, ranges, at };
}

async function findRange(
  graph: GraphReader,
  { gtin, from, to }: RecallSelectors['serialRanges'][number],
  options: ScopeOptions,
): Promise<AskedPackage[]> {
  const spans = serialSpans(gtin, from, to);
  const found = spans.map((span) => readSerialSpan(graph, span, MAX_NAMED + 1, options));
  return (await Promise.all(found)).flat();
}

/** What was inside what was found, what containers held by class, and what was made of either. */
async function findInside(
  graph: GraphReader,
  { asOf }: RecallSelectors,
  found: Findings,
  options: ScopeOptions,
): Promise<Contents> {
  const named = namedUnits(found);
  const { containers, holdings } = found.at ?? { containers: [], holdings: [] };
  const members = await followMembers(
    graph,
    {
      containers: [...askedContainers(found), ...containers],
      holdings,
      until: asOf ?? LAST_INSTANT,
      room: MAX_NAMED - named.size,
    },
    options,
  );
  const boxes = [...new Set(members.containers.map(({ id }) => id))];
  const [silent, reports] = await Promise.all([
    readSilentContainers(graph, boxes, options),
    readClassInside(graph, members.containers, options),
  ]);
  const filled = new Set(reports.flatMap(({ container }) => container ?? []));
  const used = [...new Set([...boxes, ...named.keys(), ...members.units.keys()])];
  const lots = [...new Set(reports.map(({ lot }) => lot))];
  const [madeInto, madeOfReports] = await Promise.all([
    readPackagesMadeInto(
      graph,
      used.filter((key) => !filled.has(key) && named.get(key)?.role !== 'OUTPUT'),
      options,
    ),
    followMaking(graph, { lots, packages: [...filled], room: MAX_LOTS }, options),
  ]);
  return { members, silent, reports, madeInto, madeOfReports };
}
