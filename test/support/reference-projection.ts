/**
 * The projection rules once more, naively: every package carries its own place and status, and all of them are written at every
 * instant. No graph, nothing by reference, no shared code: what the product answers is compared with what this answers.
 * Rule numbers are those of the projection's rules.
 */
import type { Fact } from '../../src/projection/fact.js';
import { groupBy } from '../../src/shared/group-by.js';
import { birthFlags } from './reference-births.js';
import type { Beginners, Counting } from './reference-facts.js';
import {
  ALL_COUNT,
  byOrder,
  byText,
  containersOf,
  gtinOf,
  lotsOf,
  show,
} from './reference-facts.js';
import type { Flag, Receipt, Step, World } from './reference-instant.js';
import { Instant, chainIn, forget } from './reference-instant.js';

export interface Answer {
  /** `A` (a site's key), `>B` (in transit to B), `>?` or `?`. */
  readonly where: string;
  readonly status: string;
  readonly container: string | null;
  /** All containers around it, innermost first. */
  readonly chain: readonly string[];
}

export interface Visit {
  readonly eventId: string;
  readonly t: number;
  /** The container that was named; null when the package itself was. */
  readonly via: string | null;
}

export interface Total {
  readonly units: number;
  /** Outermost containers standing there with at least one unit of the lot inside. */
  readonly containers: number;
}

export interface InventoryRow {
  readonly gtin: string;
  readonly lot: string;
  readonly where: string;
  readonly status: string;
  readonly units: number;
}

/** Tells it from the instants so far. */
export type Judge = (
  facts: readonly Fact[],
  steps: readonly Step[],
  isContainer: (k: string) => boolean,
) => Counting;

export interface Reference {
  readonly instants: readonly number[];
  readonly steps: readonly Step[];
  packages(): string[];
  isContainer(k: string): boolean;
  lotOf(k: string): string;
  /** After everything at `t`; undefined while nothing had named it. */
  at(k: string, t: number): Answer | undefined;
  /** Direct members. */
  contents(k: string, t: number): string[];
  journey(k: string): Visit[];
  receipts(): Receipt[];
  /** At the end of time, by `status@where`. */
  totals(lot: string): Map<string, Total>;
  inventory(): InventoryRow[];
  exceptions(): Flag[];
}

function replay(
  ordered: readonly Fact[],
  isContainer: (k: string) => boolean,
  judge: Judge,
): Instant[] {
  const instants: Instant[] = [];
  for (const now of groupBy(ordered, ({ t }) => t).values()) {
    const counting = judge(now, instants, isContainer);
    const before = new Map(instants.at(-1)?.after);
    for (const k of counting.begin) forget(before, k);
    instants.push(new Instant(before, now, isContainer, counting));
  }
  return instants;
}

/** One entry per event, the package's own naming before its containers'. */
function journeyOf(steps: readonly Instant[], k: string): Visit[] {
  const visits = steps.flatMap((step) =>
    step.facts.flatMap((f): Visit[] => {
      const via = step.touch(f, k);
      return via === undefined ? [] : [{ eventId: f.eventId, t: f.t, via }];
    }),
  );
  const best = (v: Visit): Visit | undefined => {
    const same = visits.filter((it) => it.eventId === v.eventId);
    return same.find((it) => it.via === null) ?? same[0];
  };
  return visits.filter((v) => best(v) === v);
}

function answer(world: World, k: string): Answer | undefined {
  const s = world.get(k);
  if (s === undefined) return undefined;
  const { status, container } = s;
  return { where: show(s.place), status, container, chain: chainIn(world, k) };
}

/** Counts a lot by place and status in one world. */
function totalsOf(world: World, units: readonly string[]): Map<string, Total> {
  const totals = new Map<string, Total>();
  const add = (k: string, units: number, containers: number): void => {
    const { status, place } = world.get(k)!;
    const key = `${status}@${show(place)}`;
    const was = totals.get(key) ?? { units: 0, containers: 0 };
    totals.set(key, { units: was.units + units, containers: was.containers + containers });
  };
  for (const k of units) add(k, 1, 0);
  const outermost = units.flatMap((k) => chainIn(world, k).slice(-1));
  for (const c of new Set(outermost)) add(c, 0, 1);
  return totals;
}

function inventoryOf(
  world: World,
  units: readonly string[],
  lotOf: (k: string) => string,
): InventoryRow[] {
  const rows = new Map<string, InventoryRow>();
  for (const k of units) {
    const { status, place } = world.get(k)!;
    const row = { gtin: gtinOf(k) ?? '?', lot: lotOf(k), where: show(place), status };
    const key = Object.values(row).join(' ');
    rows.set(key, { ...row, units: (rows.get(key)?.units ?? 0) + 1 });
  }
  return [...rows].sort(([a], [b]) => byText(a, b)).map(([, row]) => row);
}

/**
 * All answers over a set of active facts, in whatever order it is given; retracted ones are left out by the caller. What is dated more
 * than a minute ahead of the clock has not happened.
 */
export function reference(
  facts: readonly Fact[],
  clock = Infinity,
  judge: Judge = () => ALL_COUNT,
  beginners: Beginners = { mayBegin: () => false },
): Reference {
  const ordered = facts.filter((f) => f.t - clock <= 60_000).sort(byOrder);
  const isContainer = containersOf(ordered, beginners);
  const lotOf = lotsOf(ordered, beginners);
  const steps = replay(ordered, isContainer, judge);
  const worldAt = (t: number): World => steps.findLast((s) => s.t <= t)?.after ?? new Map();
  const end = worldAt(Infinity);
  const units = [...end.keys()].filter((k) => !isContainer(k));
  return {
    instants: steps.map((s) => s.t),
    steps,
    packages: () => [...end.keys()].sort(byText),
    isContainer,
    lotOf,
    at: (k, t) => answer(worldAt(t), k),
    contents: (k, t) =>
      [...worldAt(t)].flatMap(([kid, s]) => (s.container === k ? [kid] : [])).sort(byText),
    journey: (k) => journeyOf(steps, k),
    receipts: () => steps.flatMap((step) => step.receipts()),
    totals: (lot) =>
      totalsOf(
        end,
        units.filter((k) => lotOf(k) === lot),
      ),
    inventory: () => inventoryOf(end, units, lotOf),
    exceptions: () => {
      const unique = new Map(
        [...steps.flatMap((s) => s.flags), ...birthFlags(ordered, isContainer)].map((f) => [
          `${f.k} ${f.code} ${f.t}`,
          f,
        ]),
      );
      return [...unique.values()].sort(
        (a, b) => a.t - b.t || byText(a.k, b.k) || byText(a.code, b.code),
      );
    },
  };
}
