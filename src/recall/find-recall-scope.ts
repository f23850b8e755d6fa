import { NOW } from '../holdings/holding.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { readLotCounts } from '../holdings/lot-counts.read-model.js';
import type { FoundNames } from '../master-data/place-names.read-model.js';
import { findSimilarLots } from '../search/index.js';
import { readContainersOf, readNamedAhead } from './affected.read-model.js';
import {
  classLevelGap,
  notKnownThenGap,
  nothingFoundGap,
  unknownLots,
  withAhead,
  withoutLotGap,
  withSuggestions,
} from './gaps.rules.js';
import { MAX_CLASS_LEVEL, readClassLeft } from './class-level.read-model.js';
import type { ClassReport } from './class-level.read-model.js';
import { lotsOfUnseen, selectionOf } from './join-selection.rules.js';
import type { Affected } from './join-selection.rules.js';
import { withoutLotOf } from './selection.rules.js';
import type {
  ClassLevelQuantity,
  Gap,
  RecallScope,
  RecallSelectors,
  ScopeOptions,
  Selection,
} from './recall-scope.js';
import { readLots, readLotUnits, readNamedUnits } from './recall.read-model.js';
import type { LotReading, LotSets, LotsQuery, LotTallies } from './recall.read-model.js';
import { rowsOf, tallyHeld, totalsOf } from './recall-scope.rules.js';
import type { HeldUnits, Tally } from './recall-scope.rules.js';
import { selectAffected } from './select-affected.js';
import { readLotProbes } from './selection.read-model.js';

/** How often a scope is read before the answer says that the units were moving. */
const MAX_READINGS = 4;
interface Reading extends LotTallies {
  readonly before: number;
  readonly after: number;
  /** For a past instant: affected units that were first reported after it. */
  readonly later?: number;
}

/**
 * What is affected and where it is: counts by place and status, what is only possibly affected, and every reason why the answer may be
 * incomplete.
 *
 * By lots and for now, the cost grows with the holdings of the lots. With serials, sites, containers or a past instant it grows with the
 * units.
 *
 * @param onNames called with the names of the places and of who has what is there now; for a past instant there are none
 */
export async function findRecallScope(
  view: View,
  selectors: RecallSelectors,
  options: ScopeOptions,
  onNames?: (names: FoundNames) => void,
): Promise<RecallScope> {
  const affected = await selectAffected(view, selectors, options);
  const lots = await readLots(view, lotsQuery(affected, selectors, onNames !== undefined));
  onNames?.(lots.names);
  const outside = await readLotProbes(view, lotsOfUnseen(affected, lots.probes));
  const selection = selectionOf(selectors, affected, lots.probes, outside);
  const [reading, classLevel, later, similar] = await Promise.all([
    readSteady(view, async (isFirst) =>
      readTallies(
        view,
        selection,
        isFirst ? lots : await readLots(view, lotsQuery(affected, selectors, false)),
      ),
    ),
    findClassLevel(view, selection, lots.reports),
    readNamedAhead(view, selection.notFound),
    findSimilarLots(view, unknownLots(selection.gaps)),
  ]);
  const gaps = withAhead(selection.gaps, later);
  const never = unknownLots(gaps);
  const suggestions = similar.filter(({ asked }) => never.includes(asked));
  const doubts = { gaps: withSuggestions(gaps, suggestions), suggestions };
  return toScope({ ...selection, ...doubts }, reading, classLevel);
}

function lotsQuery(
  { lots, products }: Affected,
  { asOf }: RecallSelectors,
  named: boolean,
): LotsQuery {
  const sources = [...lots].filter(([, { role }]) => role === 'SOURCE').map(([id]) => id);
  return {
    lots: [...lots.keys()],
    withoutLot: withoutLotOf([...lots.keys(), ...products]),
    products,
    followed: [...sources, ...withoutLotOf(sources)],
    asOf,
    named,
  };
}

function toScope(
  { suggestions, ...selection }: Selection & Pick<RecallScope, 'suggestions'>,
  reading: Reading & { readonly gaps: readonly Gap[] },
  found: readonly ClassLevelQuantity[],
): RecallScope {
  const rows = rowsOf(reading.sure);
  const loose = rowsOf(reading.possibly);
  const possibly = { rows: loose, totals: totalsOf(loose) };
  const classLevel = found.slice(0, MAX_CLASS_LEVEL);
  const gtins = selection.withoutLot.map((id) => id.slice(3));
  const totals = totalsOf(rows);
  const gaps = [
    ...selection.gaps,
    ...notKnownThenGap(selection.asOf, reading.later ?? 0),
    ...withoutLotGap(possibly.totals.units, gtins),
    ...classLevelGap(classLevel.length, found.length > classLevel.length),
    ...reading.gaps,
  ];
  return {
    selection,
    suggestions,
    logPosition: reading.before,
    rows,
    totals,
    possibly,
    classLevel,
    gaps: [...gaps, ...nothingFoundGap(totals.units, gaps)],
  };
}

/** Every report of a quantity of affected material, each once, oldest first, with what is left in its container. */
async function findClassLevel(
  view: View,
  { classReports, asOf }: Selection,
  ofLots: readonly ClassReport[],
): Promise<ClassLevelQuantity[]> {
  const reports = [...classReports, ...ofLots];
  const containers = new Set(reports.flatMap(({ container }) => container ?? []));
  const ledger = await readClassLeft(view, [...containers], asOf ?? NOW);
  const nameOf = (one: Omit<(typeof ledger)[number], 'left'>): string =>
    JSON.stringify([one.container, one.lot, one.uom]);
  const left = new Map(ledger.map((one) => [nameOf(one), one.left]));
  const each = new Map(
    reports.map((one) => [
      `${one.eventId} ${one.role} ${nameOf({ ...one, container: one.container ?? '' })} ${one.quantity ?? ''}`,
      one,
    ]),
  );
  const inTime = [...each.values()].sort((a, b) => a.t - b.t || (a.eventId < b.eventId ? -1 : 1));
  return inTime.map((one) => {
    const { container } = one;
    return {
      ...one,
      left: container === null ? null : (left.get(nameOf({ ...one, container })) ?? null),
    };
  });
}

async function readTallies(view: View, selection: Selection, lots: LotReading): Promise<Reading> {
  const keys = [...selection.named.keys()];
  if (selection.asOf === null && keys.length === 0) return lots;
  const sets = { lots: [...selection.lots.keys()], withoutLot: selection.withoutLot };
  const tallies =
    selection.asOf === null
      ? await readTalliesNow(view, lots, { ...sets, keys })
      : await readTalliesAsOf(view, sets, { keys, t: selection.asOf });
  return { before: lots.before, after: await view.log.read(), ...tallies };
}

async function readTalliesNow(
  view: View,
  ofLots: LotTallies,
  { lots, withoutLot, keys }: LotSets & { readonly keys: readonly string[] },
): Promise<LotTallies> {
  const named = await readNamedUnits(view, { keys, withoutLot }, NOW);
  const tops = named.sure.flatMap(({ around: { outermost } }) => outermost?.key ?? []);
  const counted = await readContainersOf(view, tops, lots);
  return {
    sure: [...ofLots.sure, ...tallyHeld(named.sure.map((held) => uncountedIn(counted, held)))],
    possibly: [...ofLots.possibly, ...takenOut(named.possibly)],
  };
}

async function readTalliesAsOf(
  view: View,
  sets: LotSets,
  named: { readonly keys: readonly string[]; readonly t: number },
): Promise<LotTallies & { readonly later: number }> {
  const { withoutLot } = sets;
  const [lots, units] = await Promise.all([
    readLotUnits(view, sets, named.t),
    readNamedUnits(view, { keys: named.keys, withoutLot }, named.t),
  ]);
  const ofLotsNow =
    lots.sure.length > 0 ? [] : [...(await readLotCounts(view, sets.lots)).values()];
  const namedThen = units.sure.reduce((n, held) => n + held.units, 0);
  return {
    sure: tallyHeld([...lots.sure, ...units.sure]),
    possibly: [...tallyHeld(lots.possibly), ...takenOut(units.possibly)],
    later: named.keys.length - namedThen + ofLotsNow.reduce((n, count) => n + count, 0),
  };
}

// The counts of the lots already include this container.
function uncountedIn(counted: ReadonlySet<string>, held: HeldUnits): HeldUnits {
  const { around } = held;
  if (around.outermost === null || !counted.has(around.outermost.key)) return held;
  return { ...held, around: { ...around, outermost: null } };
}

// Units without a lot that are surely affected must not be counted as possibly affected too.
function takenOut(held: readonly HeldUnits[]): Tally[] {
  return tallyHeld(held.map((row) => ({ ...row, units: -row.units })));
}

// A reading is accepted when nobody wrote meanwhile, or when it equals the reading before. It also needs commits that were whole when it
// began: two readings of the same half of a commit would look steady.
async function readSteady(
  view: View,
  read: (isFirst: boolean) => Promise<Reading>,
): Promise<Reading & { readonly gaps: readonly Gap[] }> {
  const { log } = view;
  let last = '';
  for (let readings = 1; ; readings++) {
    const reading = await read(readings === 1);
    const isWhole = reading.before <= log.whole;
    const said = JSON.stringify([rowsOf(reading.sure), rowsOf(reading.possibly)]);
    const isSteady = reading.before === reading.after || said === last;
    if (isWhole && isSteady) return { ...reading, gaps: [] };
    // Commits follow one another, so the one before the newest is whole.
    const before = isWhole ? reading.before : reading.before - 1;
    if (readings === MAX_READINGS)
      return { ...reading, before, gaps: [movingGap(reading, isPartner(view))] };
    if (!isWhole) await log.read();
    last = said;
  }
}

function movingGap({ before, after }: Reading, isForPartner: boolean): Gap {
  const log = isForPartner ? '' : ` (log ${before} to ${after})`;
  return {
    code: 'CHANGED_WHILE_READ',
    detail: `These units were moving while they were counted${log}: what moved then may be counted twice or not at all. Ask again.`,
  };
}
