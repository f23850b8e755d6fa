/** Answers read from a projection kept in memory: by reference, as the graph is read. */
import { memoryDigest } from '../../src/projection/memory-digest.js';
import type { MemoryWorld } from '../../src/projection/memory-world.js';
import type { Row } from '../../src/projection/state.js';
import type { Effect } from '../../src/holdings/holding.js';
import { boxOf, within } from '../../src/holdings/holding.js';

export interface SeenAt {
  where: string;
  status: string;
  container: string | null;
}

interface Total {
  readonly units: number;
  readonly containers: number;
}

export class MemoryAnswers {
  constructor(private readonly memory: MemoryWorld) {}

  private rowAt(key: string, t: number): Row | undefined {
    return this.memory.world.packages.get(key)?.history?.rows.findLast((row) => row.from <= t);
  }

  private containerAt(holding: string | null, t: number): string | null {
    const box = holding === null ? null : boxOf(holding);
    if (box === null || holding === null) return null;
    const { dissolvedAt } = this.memory.world.holding(holding);
    return dissolvedAt === undefined || dissolvedAt > t ? box : null;
  }

  effectAt(key: string, t: number): Effect | undefined {
    const row = this.rowAt(key, t);
    if (row === undefined) return undefined;
    if (row.holding === null) return row.own ?? undefined;
    const box = this.containerAt(row.holding, t);
    if (box !== null) return within(this.effectAt(box, t), row.mark);
    return within(this.memory.world.holding(row.holding).effect, row.mark);
  }

  at(key: string, t: number): SeenAt | undefined {
    const effect = this.effectAt(key, t);
    if (effect === undefined) return undefined;
    const container = this.containerAt(this.rowAt(key, t)?.holding ?? null, t);
    return { where: where(effect), status: effect.status, container };
  }

  /** From counts at top holdings, corrected by marks that differ: never by looking at units. */
  totals(lot: string): Map<string, Total> {
    const totals = new Map<string, Total>();
    for (const [id, lots] of this.memory.world.counts) {
      const units = lots.get(lot) ?? 0;
      if (units !== 0) this.addHolding(id, lot, units, totals);
    }
    for (const [key, { units, containers }] of totals)
      if (units === 0 && containers === 0) totals.delete(key);
    return totals;
  }

  private addHolding(id: string, lot: string, units: number, totals: Map<string, Total>): void {
    const { world, marked } = this.memory;
    const { boxes } = world;
    const { effect } = world.holding(id);
    const containers = this.isOpenFilling(id) ? 1 : (boxes.get(id)?.get(lot) ?? 0);
    if (effect !== undefined) add(totals, effect, { units, containers });
    if ((marked.get(id) ?? 0) > 0)
      for (const { key } of world.members(id)) this.correct(key, id, lot, totals);
  }

  private isOpenFilling(id: string): boolean {
    const { kind, dissolvedAt } = this.memory.world.holding(id);
    return kind === 'FILLING' && dissolvedAt === undefined;
  }

  /** Moves a member whose mark says another status from the total around it to its own. */
  private correct(key: string, id: string, lot: string, totals: Map<string, Total>): void {
    const { world } = this.memory;
    const { open, container } = world.head(key);
    if (open?.holding !== id || open.mark?.differs !== true) return;
    const around = this.effectAround(id);
    const inside = within(around, open.mark);
    if (around === undefined || inside === undefined || inside.status === around.status) return;
    const units = this.unitsOf(key, lot);
    const containers = Number(!this.isOpenFilling(id) && container && units > 0);
    add(totals, around, { units: -units, containers: -containers });
    add(totals, inside, { units, containers });
  }

  private effectAround(id: string): Effect | undefined {
    return this.isOpenFilling(id)
      ? this.effectAt(boxOf(id) ?? '', Infinity)
      : this.memory.world.holding(id).effect;
  }

  private unitsOf(key: string, lot: string): number {
    const { world } = this.memory;
    const head = world.head(key);
    if (!head.container) return Number(head.lot === lot);
    return world.counts.get(head.current.id)?.get(lot) ?? 0;
  }

  /** Counts HOLDS again from the units, and checks that every unit is in exactly one current holding. */
  recount(): string[] {
    const faults: string[] = [];
    const counted = this.countUnits(faults);
    for (const [id, lots] of this.memory.world.counts)
      for (const [lot, n] of lots) {
        const slot = `${id} ${lot}`;
        const found = counted.get(slot) ?? 0;
        if (found !== n) faults.push(`${slot}: ${n}, counted ${found}`);
        counted.delete(slot);
      }
    for (const slot of counted.keys()) faults.push(`${slot} is missing`);
    return [...faults, ...this.recountSteps()];
  }

  /** Every step of every unit, as its rows tell it, against what is kept by holding and lot. */
  private recountSteps(): string[] {
    const steps = new Map<string, number>();
    for (const { container, lot, history } of this.memory.world.packages.values()) {
      const ways = container ? [] : (history?.rows ?? []).map(stepText);
      ways.forEach((way, i) => {
        if (way === ways[i - 1]) return;
        const [holding, mark = ''] = way.split('\n');
        const step = `${holding} ${lot} ${history?.rows[i]?.from} ${mark} ${ways[i - 1] ?? ''}`;
        steps.set(step, (steps.get(step) ?? 0) + 1);
      });
    }
    const slots = new Set([...steps.keys(), ...this.memory.held.keys()]);
    return [...slots].flatMap((step) => {
      const [kept, found] = [this.memory.held.get(step) ?? 0, steps.get(step) ?? 0];
      return kept === found ? [] : [`step ${step}: ${kept}, counted ${found}`];
    });
  }

  private countUnits(faults: string[]): Map<string, number> {
    const counted = new Map<string, number>();
    for (const { key, container, lot, open } of this.memory.world.packages.values()) {
      if (container || open === undefined) continue;
      if (open.holding === null) faults.push(`unit ${key} is in no holding`);
      for (let at: string | null = open.holding; at !== null; at = this.around(at)) {
        const slot = `${at} ${lot}`;
        counted.set(slot, (counted.get(slot) ?? 0) + 1);
      }
    }
    return counted;
  }

  private around(holding: string): string | null {
    const box = this.containerAt(holding, Infinity);
    if (box === null || this.memory.world.head(box).current.id !== holding) return null;
    return this.memory.world.head(box).open?.holding ?? null;
  }
}

function stepText({ holding, mark }: Row): string {
  return mark === undefined
    ? (holding ?? '')
    : `${holding ?? ''}\n${mark.status} ${mark.since} ${mark.at}`;
}

function add(totals: Map<string, Total>, effect: Effect, { units, containers }: Total): void {
  const key = `${effect.status}@${where(effect)}`;
  const was = totals.get(key) ?? { units: 0, containers: 0 };
  totals.set(key, { units: was.units + units, containers: was.containers + containers });
}

function where({ place }: Effect): string {
  if (place.mode === 'AT') return place.site;
  return place.mode === 'TO' ? `>${place.site ?? '?'}` : '?';
}

/** The whole projection as text: equal for equal sets of facts. */
export function memoryText(memory: MemoryWorld): string {
  const receipts = [...memory.receipts].map(([at, list]) => `receipts ${at} ${textOf(list)}`);
  return [...memoryDigest(memory), ...receipts.sort()].join('\n');
}

function textOf(list: readonly unknown[]): string {
  return list
    .map((one) => JSON.stringify(one))
    .sort()
    .join(' ');
}
