import { MAX_DEPTH, heldAt } from '../holdings/holding.js';
import { append } from '../shared/append.js';
import { groupBy } from '../shared/group-by.js';
import type { ScopeRow } from './recall-scope.js';

/** A package in a holding for some time; a null `to` means until now. */
export interface PathStep {
  readonly holding: string;
  readonly from: number;
  readonly to: number | null;
}

/** A path that affected units took, and how many took it. */
export interface UnitPath {
  readonly steps: readonly PathStep[];
  readonly units: number;
}

/** A holding through time. A filling moves with its container until that is emptied, then it stays where the container left it. */
export interface HoldingHistory {
  readonly box: string | null;
  readonly dissolvedAt: number | null;
  /** Site of whoever has it without a container: where it stands or, in transit, the site it left. Null when unknown. */
  readonly site: string | null;
  /** The shipping that carries it without a container, when that shipping states no destination site; else null. */
  readonly shipping: string | null;
}

/** One row of a container: at a site (as in {@link HoldingHistory}), or in a holding. */
export interface BoxRow {
  readonly from: number;
  readonly to: number | null;
  readonly site: string | null;
  readonly shipping: string | null;
  readonly holding: string | null;
}

/** All the data that the paths of custody are read from. */
export interface Histories {
  readonly holdings: ReadonlyMap<string, HoldingHistory>;
  readonly boxes: ReadonlyMap<string, readonly BoxRow[]>;
  /** The party that holds what stands at a site. A site without a party stands for itself. */
  readonly holders: ReadonlyMap<string, string>;
  /** The party that takes each shipping without a destination site. */
  readonly takers: ReadonlyMap<string, string>;
}

/** Somebody who has, had or is about to receive affected units. */
export interface Consignee {
  /** Key of the party; null where nobody is known to hold what stands at the site. */
  readonly party: string | null;
  /** Keys of its sites where affected units are, were or are headed. */
  readonly sites: readonly string[];
  /** Fewest changes of custody from the first known holder; null while nothing has arrived. */
  readonly depth: number | null;
  /** Units at its sites, and units that left them and were not received. */
  readonly holdingNow: number;
  /** Units on their way to it now. */
  readonly inbound: number;
  readonly everHeld: number;
}

interface Stop {
  readonly at: number;
  readonly site: string;
}

interface Standing {
  party: string | null;
  sites: Set<string>;
  depth: number | null;
  holdingNow: number;
  inbound: number;
  everHeld: number;
}

/**
 * Who held affected units is found by their paths through custody. Who holds them at `t` or is about to receive them is found by the rows,
 * and by the paths where a shipping names a party but no site.
 *
 * Those nearest to the origin come first, and those that nothing has reached yet come last.
 */
export function consigneesOf(
  paths: readonly UnitPath[],
  rows: readonly ScopeRow[],
  histories: Histories,
  t: number,
): Consignee[] {
  const found = new Map<string, Standing>();
  for (const path of paths) {
    countPath(path, histories, found);
    if (histories.takers.size > 0) countTaken(path, histories, { found, t });
  }
  for (const row of rows) countRow(row, histories.holders, found);
  const depthOf = (consignee: Consignee): number => consignee.depth ?? Infinity;
  return [...found.values()]
    .map((standing): Consignee => ({ ...standing, sites: [...standing.sites].sort() }))
    .sort(
      (a, b) =>
        depthOf(a) - depthOf(b) || b.everHeld - a.everHeld || (nameOf(a) < nameOf(b) ? -1 : 1),
    );
}

/** The sites on a path in their order, as one text. Paths with the same text have the same consignees. */
export function lookOf(path: UnitPath, histories: Histories): string {
  const sites = stopsOf(path, histories).map(({ site }) => site);
  return sites.filter((site, i) => site !== sites[i - 1]).join('\n');
}

/** Sites on a path, in order of arrival. */
function stopsOf(path: UnitPath, histories: Histories): Stop[] {
  return path.steps.flatMap((step) => stopsIn(step, histories, 0)).sort((a, b) => a.at - b.at);
}

function stopsIn({ holding, from, to }: PathStep, histories: Histories, depth: number): Stop[] {
  const history = histories.holdings.get(holding);
  if (history === undefined || depth > MAX_DEPTH) return [];
  const { box, dissolvedAt, site } = history;
  const end = to ?? Infinity;
  const emptied = box === null ? from : (dissolvedAt ?? Infinity);
  const inside = box === null ? [] : (histories.boxes.get(box) ?? []);
  const moving = inside.flatMap((row) => {
    const begun = Math.max(row.from, from);
    const done = Math.min(row.to ?? Infinity, end, emptied);
    if (begun >= done) return [];
    if (row.site !== null) return [{ at: begun, site: row.site }];
    if (row.holding === null) return [];
    const until = done === Infinity ? null : done;
    return stopsIn({ holding: row.holding, from: begun, to: until }, histories, depth + 1);
  });
  const left = Math.max(emptied, from);
  return site !== null && left < end ? [...moving, { at: left, site }] : moving;
}

function countPath(path: UnitPath, histories: Histories, found: Map<string, Standing>): void {
  const counted = new Set<string>();
  let hops = -1;
  let last: string | undefined;
  for (const { site } of stopsOf(path, histories)) {
    const id = histories.holders.get(site) ?? site;
    if (id !== last) hops++;
    last = id;
    const standing = standingAt(site, histories.holders, found);
    standing.depth = Math.min(standing.depth ?? hops, hops);
    if (!counted.has(id)) standing.everHeld += path.units;
    counted.add(id);
  }
}

function countTaken(
  { steps, units }: UnitPath,
  histories: Histories,
  { found, t }: { readonly found: Map<string, Standing>; readonly t: number },
): void {
  const shipping = shippingOf(steps, histories, { t, depth: 0 });
  const party = shipping === null ? undefined : histories.takers.get(shipping);
  if (party !== undefined) standingOf(party, party, found).inbound += units;
}

/** The shipping that carries, at `t`, what took these steps, when no destination site is stated; else null. */
function shippingOf(
  steps: readonly PathStep[],
  histories: Histories,
  { t, depth }: { readonly t: number; readonly depth: number },
): string | null {
  const step = depth > MAX_DEPTH ? undefined : rowAt(steps, t);
  const history = step && histories.holdings.get(step.holding);
  if (history === undefined) return null;
  const { box, dissolvedAt, shipping } = history;
  if (box === null || (dissolvedAt ?? Infinity) <= t) return shipping;
  const row = rowAt(histories.boxes.get(box) ?? [], t);
  if (row === undefined) return null;
  const { holding, from, to } = row;
  if (holding === null) return row.shipping;
  return shippingOf([{ holding, from, to }], histories, { t, depth: depth + 1 });
}

function rowAt<R extends { readonly from: number; readonly to: number | null }>(
  rows: readonly R[],
  t: number,
): R | undefined {
  return rows.find(({ from, to }) => from <= t && (to ?? Infinity) > t);
}

function countRow(
  row: ScopeRow,
  holders: Histories['holders'],
  found: Map<string, Standing>,
): void {
  if (row.ended || row.units === 0) return;
  const held = heldAt(row);
  if (held !== null) standingAt(held, holders, found).holdingNow += row.units;
  if (row.state !== 'IN_TRANSIT' || row.site === null) return;
  standingAt(row.site, holders, found).inbound += row.units;
}

function standingAt(
  site: string,
  holders: Histories['holders'],
  found: Map<string, Standing>,
): Standing {
  const party = holders.get(site) ?? null;
  const standing = standingOf(party ?? site, party, found);
  standing.sites.add(site);
  return standing;
}

function standingOf(id: string, party: string | null, found: Map<string, Standing>): Standing {
  const seen = found.get(id);
  const standing = seen ?? {
    party,
    sites: new Set(),
    depth: null,
    holdingNow: 0,
    inbound: 0,
    everHeld: 0,
  };
  if (seen === undefined) found.set(id, standing);
  return standing;
}

function nameOf({ party, sites }: Consignee): string {
  return party ?? sites[0] ?? '';
}

/** Units of one lot that came into a holding at one instant; `was` is the holding before, without marks. */
export interface LotMove {
  readonly lot: string;
  readonly holding: string;
  readonly was: string | null;
  readonly at: number;
  readonly units: number;
}

/** Units of one lot that took the same path. */
export interface LotPath extends UnitPath {
  readonly lot: string;
}

/** Paths of all units, and the holdings of which nobody can tell which units moved on. */
export interface Ways {
  readonly paths: readonly LotPath[];
  readonly unclear: readonly string[];
}

/**
 * The paths that units took, derived from how many came into each holding, when, and out of which one.
 *
 * Units whose paths look the same (`lookOf`) are the same for the caller. When only some units of a holding move on and others came by
 * another path, only the units themselves can tell which. Then the holding is `unclear`, and the paths are not right.
 */
export function pathsOf(steps: readonly LotMove[], lookOf: (path: UnitPath) => string): Ways {
  const walk = new Walk(lookOf);
  const instants = [...groupBy(steps, ({ at }) => at)].sort(([a], [b]) => a - b);
  for (const [, together] of instants) walk.go(together);
  return walk.ways();
}

/** Units on their paths, by lot and current holding. */
class Walk {
  private readonly inside = new Map<string, LotPath[]>();
  private readonly unclear = new Set<string>();

  constructor(private readonly lookOf: (path: UnitPath) => string) {}

  /** Takes the steps of one instant. A unit that arrives at an instant does not move on at the same instant. */
  go(steps: readonly LotMove[]): void {
    const came = steps.map((step) => this.coming(step));
    steps.forEach(({ lot, holding }, i) => {
      const slot = `${lot}\n${holding}`;
      const there = this.inside.get(slot);
      if (there === undefined) this.inside.set(slot, came[i] ?? []);
      else append(there, came[i] ?? []);
    });
  }

  ways(): Ways {
    return { paths: [...this.inside.values()].flat(), unclear: [...this.unclear] };
  }

  private coming(step: LotMove): LotPath[] {
    const { lot, holding, was, at, units } = step;
    const last = { holding, from: at, to: null };
    if (was === null) return [{ lot, steps: [last], units }];
    const gone = this.take(`${lot}\n${was}`, step);
    return gone.map((path) => ({ ...path, steps: [...endedAt(path.steps, at), last] }));
  }

  private take(slot: string, { at, was, units }: LotMove): LotPath[] {
    const there = this.apart(this.inside.get(slot) ?? [], { at, units });
    if (there.length > 1 && was !== null && units < sizeOf(there)) this.unclear.add(was);
    const taken: LotPath[] = [];
    const left: LotPath[] = [];
    let wanted = units;
    for (const path of there) {
      const n = Math.min(wanted, path.units);
      wanted -= n;
      if (n > 0) taken.push({ ...path, units: n });
      if (n < path.units) left.push({ ...path, units: path.units - n });
    }
    this.inside.set(slot, left);
    return taken;
  }

  /** Paths of the units in a holding. When only some of the units move on, paths that look the same become one. */
  private apart(paths: LotPath[], { at, units }: Pick<LotMove, 'at' | 'units'>): LotPath[] {
    if (paths.length < 2 || units >= sizeOf(paths)) return paths;
    const looks = groupBy(paths, (path) =>
      this.lookOf({ ...path, steps: endedAt(path.steps, at) }),
    );
    return [...looks.values()].flatMap((same) =>
      same.slice(0, 1).map((path) => ({ ...path, units: sizeOf(same) })),
    );
  }
}

function sizeOf(paths: readonly UnitPath[]): number {
  return paths.reduce((n, path) => n + path.units, 0);
}

/** The sum of the steps, without those of units whose paths are known. */
export function stepsWithout(steps: readonly LotMove[], known: readonly LotPath[]): LotMove[] {
  const left = new Map<string, { -readonly [K in keyof LotMove]: LotMove[K] }>();
  for (const step of steps) {
    const name = moveName(step);
    const sum = left.get(name);
    if (sum === undefined) left.set(name, { ...step });
    else sum.units += step.units;
  }
  for (const { lot, steps: ways, units } of known) {
    const moves = ways.filter(({ holding }, i) => holding !== ways[i - 1]?.holding);
    moves.forEach(({ holding, from }, i) => {
      const was = moves[i - 1]?.holding ?? null;
      const step = left.get(moveName({ lot, holding, was, at: from }));
      if (step !== undefined) step.units -= units;
    });
  }
  return [...left.values()].filter(({ units }) => units > 0);
}

function moveName({ lot, holding, was, at }: Omit<LotMove, 'units'>): string {
  return `${lot}\n${at}\n${holding}\n${was ?? ''}`;
}

function endedAt(steps: readonly PathStep[], at: number): PathStep[] {
  return steps.map((step, i) => (i === steps.length - 1 ? { ...step, to: at } : step));
}
