/** Answers read from a projection kept in memory: by reference, as the graph is read. */
import type { MemoryWorld } from '../../src/projection/memory-world.js';
import type { Effect, Row } from '../../src/projection/state.js';
import { boxOf, placeKey, within } from '../../src/projection/state.js';

export interface SeenAt {
  where: string;
  status: string;
  container: string | null;
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
  totals(lot: string): Map<string, { units: number; containers: number }> {
    const { world, marked } = this.memory;
    const totals = new Map<string, { units: number; containers: number }>();
    const add = (key: string, units: number, containers: number): void => {
      const was = totals.get(key) ?? { units: 0, containers: 0 };
      totals.set(key, { units: was.units + units, containers: was.containers + containers });
    };
    for (const [id, lots] of world.counts) {
      const n = lots.get(lot) ?? 0;
      if (n === 0) continue;
      const { effect, kind, dissolvedAt } = world.holding(id);
      const open = kind === 'FILLING' && dissolvedAt === undefined;
      const boxes = open ? 1 : (this.memory.boxes.get(id)?.get(lot) ?? 0);
      if (effect !== undefined) add(`${effect.status}@${where(effect)}`, n, boxes);
      if ((marked.get(id) ?? 0) > 0) this.correct(id, lot, add);
    }
    for (const [key, { units, containers }] of totals)
      if (units === 0 && containers === 0) totals.delete(key);
    return totals;
  }

  private correct(
    id: string,
    lot: string,
    add: (key: string, units: number, containers: number) => void,
  ): void {
    const { world } = this.memory;
    for (const { key } of world.members(id)) {
      const record = world.head(key);
      const row = record.open;
      if (row?.holding !== id || row.mark?.differs !== true) continue;
      const box = boxOf(id) ?? '';
      const open = world.holding(id).dissolvedAt === undefined;
      const around = open ? this.effectAt(box, Infinity) : world.holding(id).effect;
      const inside = within(around, row.mark);
      const lots = record.container
        ? (world.counts.get(record.current.id)?.get(lot) ?? 0)
        : Number(record.lot === lot);
      if (around === undefined || inside === undefined || inside.status === around.status) continue;
      const boxes = Number(!open && record.container && lots > 0);
      add(`${around.status}@${where(around)}`, -lots, -boxes);
      add(`${inside.status}@${where(inside)}`, lots, boxes);
    }
  }

  /** The whole projection as text: equal for equal sets of facts. */
  digest(): string {
    const { world, findings, receipts, marked } = this.memory;
    const lines: string[] = [];
    for (const { key, container, lot, history, open, last } of world.packages.values()) {
      if (open === undefined) continue;
      last;
      const rows = (history?.rows ?? []).map((row) => JSON.stringify(row)).join(' ');
      lines.push(`P ${key} ${container ? 'container' : lot} ${rows}`);
    }
    for (const { id, dissolvedAt, endedBy, effect } of world.holdings.values())
      if (this.isUsed(id) || dissolvedAt !== undefined)
        lines.push(
          `H ${id} ${dissolvedAt ?? ''} ${endedBy ?? ''} ${effect === undefined ? '' : `${placeKey(effect.place)} ${effect.status} ${effect.since}`} ${marked.get(id) ?? 0}`,
        );
    for (const [id, lots] of world.counts)
      for (const [lot, n] of lots)
        lines.push(`N ${id} ${lot} ${n} ${this.memory.boxes.get(id)?.get(lot) ?? 0}`);
    for (const [at, list] of findings)
      lines.push(
        `! ${at} ${list
          .map((one) => JSON.stringify(one))
          .sort()
          .join(' ')}`,
      );
    for (const [at, list] of receipts)
      lines.push(
        `R ${at} ${list
          .map((one) => JSON.stringify(one))
          .sort()
          .join(' ')}`,
      );
    return lines.sort().join('\n');
  }

  private isUsed(id: string): boolean {
    return [...this.memory.world.packages.values()].some((record) =>
      record.history?.rows.some((row) => row.holding === id),
    );
  }

  /** Counts HOLDS again from the units, and checks that every unit is in exactly one current holding. */
  recount(): string[] {
    const { world } = this.memory;
    const counted = new Map<string, number>();
    const faults: string[] = [];
    for (const { key, container, lot, open } of world.packages.values()) {
      if (container || open === undefined) continue;
      if (open.holding === null) faults.push(`unit ${key} is in no holding`);
      for (let at: string | null = open.holding; at !== null; at = this.around(at)) {
        const slot = `${at} ${lot}`;
        counted.set(slot, (counted.get(slot) ?? 0) + 1);
      }
    }
    for (const [id, lots] of world.counts)
      for (const [lot, n] of lots) {
        const slot = `${id} ${lot}`;
        if (counted.get(slot) !== n)
          faults.push(`${slot}: ${n}, counted ${counted.get(slot) ?? 0}`);
        counted.delete(slot);
      }
    for (const slot of counted.keys()) faults.push(`${slot} is missing`);
    return faults;
  }

  private around(holding: string): string | null {
    const box = this.containerAt(holding, Infinity);
    if (box === null || this.memory.world.head(box).current.id !== holding) return null;
    return this.memory.world.head(box).open?.holding ?? null;
  }
}

function where({ place }: Effect): string {
  if (place.mode === 'AT') return place.site;
  return place.mode === 'TO' ? `>${place.site ?? '?'}` : '?';
}
