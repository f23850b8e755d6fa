import { heldAt } from '../holdings/holding.js';
import type { ScopeRow } from './recall-scope.js';
import { MAX_DEPTH } from '../holdings/surrounding.rules.js';

/** A package in a holding for a time; `to` null is until now. */
export interface PathStep {
  readonly holding: string;
  readonly from: number;
  readonly to: number | null;
}

/** A way that affected units went, and how many of them. */
export interface UnitPath {
  readonly steps: readonly PathStep[];
  readonly units: number;
}

/** A holding through time: a filling goes with its container until it was emptied, then it stays where that left it. */
export interface HoldingHistory {
  readonly box: string | null;
  readonly dissolvedAt: number | null;
  /** Site of who has it without a container: where it stands, or in transit the site it left; null when unknown. */
  readonly site: string | null;
  /** Shipping by which it is under way without a container, where that does not tell the site it goes to; else null. */
  readonly shipping: string | null;
}

/** One row of a container: with who has what is at a site, as {@link HoldingHistory}, or in a holding. */
export interface BoxRow {
  readonly from: number;
  readonly to: number | null;
  readonly site: string | null;
  readonly shipping: string | null;
  readonly holding: string | null;
}

/** Everything that walks of custody read. */
export interface Histories {
  readonly holdings: ReadonlyMap<string, HoldingHistory>;
  readonly boxes: ReadonlyMap<string, readonly BoxRow[]>;
  /** Who has what stands at a site; a site with nobody stands for itself. */
  readonly holders: ReadonlyMap<string, string>;
  /** To whom the shippings went that do not tell a site. */
  readonly takers: ReadonlyMap<string, string>;
}

/** Somebody who has or had affected units. */
export interface Consignee {
  /** Key of the party, null where nobody is known to have what stands at the site. */
  readonly party: string | null;
  /** Keys of its sites where affected units are or were. */
  readonly sites: readonly string[];
  /** Fewest changes of custody from the first holder known; null while nothing has arrived yet. */
  readonly depth: number | null;
  /** At its sites, and what left them and was not received. */
  readonly holdingNow: number;
  /** Under way to it now. */
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
 * Who held affected units, by their paths through custody, and who holds them at `t` or is about to, by the rows; by their paths too
 * where a shipping names who takes it and no site.
 *
 * The nearest to the origin come first; those whom nothing has reached yet come last.
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
    countTaken(path, histories, { found, t });
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

/** The shipping by which what went these steps is under way at `t`, where no site is told; null for everything else. */
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
