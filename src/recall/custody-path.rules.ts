import type { ScopeRow } from './recall-scope.js';
import { MAX_DEPTH } from './surrounding.rules.js';

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
  /** Site where it stands without a container; null for in transit and unknown. */
  readonly site: string | null;
}

/** One row of a container: at a site (null for in transit and unknown), or in a holding. */
export interface BoxRow {
  readonly from: number;
  readonly to: number | null;
  readonly site: string | null;
  readonly holding: string | null;
}

/** Everything that walks of custody read. */
export interface Histories {
  readonly holdings: ReadonlyMap<string, HoldingHistory>;
  readonly boxes: ReadonlyMap<string, readonly BoxRow[]>;
  /** Who has what stands at a site; a site with nobody stands for itself. */
  readonly holders: ReadonlyMap<string, string>;
}

/** Somebody who has or had affected units. */
export interface Consignee {
  /** Key of the party, null where nobody is known to have what stands at the site. */
  readonly party: string | null;
  /** Keys of its sites where affected units are or were. */
  readonly sites: readonly string[];
  /** Fewest changes of custody from the first holder known; null while nothing has arrived yet. */
  readonly depth: number | null;
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
 * Who held affected units, by their paths through custody, and who holds them now or is about to, by the rows.
 *
 * The nearest to the origin come first; those whom nothing has reached yet come last.
 */
export function consigneesOf(
  paths: readonly UnitPath[],
  rows: readonly ScopeRow[],
  histories: Histories,
): Consignee[] {
  const found = new Map<string, Standing>();
  for (const path of paths) countPath(path, histories, found);
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
    const standing = standingOf(site, histories.holders, found);
    standing.depth = Math.min(standing.depth ?? hops, hops);
    if (!counted.has(id)) standing.everHeld += path.units;
    counted.add(id);
  }
}

function countRow(
  row: ScopeRow,
  holders: Histories['holders'],
  found: Map<string, Standing>,
): void {
  if (row.site === null || row.ended || row.units === 0) return;
  const standing = standingOf(row.site, holders, found);
  if (row.state === 'SITE') standing.holdingNow += row.units;
  else standing.inbound += row.units;
}

function standingOf(
  site: string,
  holders: Histories['holders'],
  found: Map<string, Standing>,
): Standing {
  const party = holders.get(site) ?? null;
  const id = party ?? site;
  const seen = found.get(id);
  const standing = seen ?? {
    party,
    sites: new Set(),
    depth: null,
    holdingNow: 0,
    inbound: 0,
    everHeld: 0,
  };
  standing.sites.add(site);
  if (seen === undefined) found.set(id, standing);
  return standing;
}

function nameOf({ party, sites }: Consignee): string {
  return party ?? sites[0] ?? '';
}
