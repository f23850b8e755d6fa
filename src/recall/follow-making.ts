import type { View } from '../access/view.js';
import type { LotStep, NamedReason } from './recall-scope.js';
import { readMadeFromLots, readMadeFromPackages } from './selection.read-model.js';
import type { MadeRow } from './selection.read-model.js';

/** The most transformations in a row that are followed. */
const MAX_GENERATIONS = 20;

/** What was made of something, through any number of transformations. */
export interface Made {
  /** Lots by id. */
  readonly lots: Map<string, LotStep>;
  /** Units without a known lot, by key. */
  readonly units: Map<string, NamedReason>;
  /** Keys of containers. Their contents are not followed. */
  readonly containers: Set<string>;
  /** Why more may have been made, or null. */
  readonly cut: string | null;
}

/** What to follow, and how many lots there is room for. */
export interface MakingSources {
  readonly lots: readonly string[];
  readonly packages: readonly string[];
  readonly room: number;
}

/** Everything that was made from these lots and packages, through any number of steps. They themselves are not in it. */
export async function followMaking(view: View, sources: MakingSources): Promise<Made> {
  const lots = new Map<string, LotStep>();
  const units = new Map<string, NamedReason>();
  const containers = new Set<string>();
  const seen = new Set([...sources.lots, ...sources.packages]);
  let frontier = { lots: sources.lots, keys: sources.packages };
  for (let generation = 0; frontier.lots.length + frontier.keys.length > 0; generation++) {
    if (generation >= MAX_GENERATIONS || lots.size >= sources.room) {
      const cut = `Outputs were followed through ${generation} transformations and ${lots.size} lots, then cut: more may be affected.`;
      return { lots, units, containers, cut };
    }
    const rows = await Promise.all([
      readMadeFromLots(view, frontier.lots),
      readMadeFromPackages(view, frontier.keys),
    ]);
    const fresh = rows.flat().filter((row) => isFirst(row, seen));
    for (const { lot, unit, container, source, eventId } of fresh) {
      if (lot !== null) lots.set(lot, { role: 'MADE_FROM', from: source, eventId });
      else if (unit !== null && container) containers.add(unit);
      else if (unit !== null)
        units.set(unit, { role: 'OUTPUT', via: source, eventId, at: null, lot: null });
    }
    frontier = {
      lots: fresh.flatMap(({ lot }) => lot ?? []),
      keys: fresh.flatMap(({ unit }) => unit ?? []),
    };
  }
  return { lots, units, containers, cut: null };
}

function isFirst({ lot, unit }: MadeRow, seen: Set<string>): boolean {
  const id = lot ?? unit;
  if (id === null || seen.has(id)) return false;
  seen.add(id);
  return true;
}
