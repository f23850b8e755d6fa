import { destroyed, dispensed, emptied, formOf, packed, received, shipped } from './events.js';
import type { GeneratedEvent, Report, Transfer } from './events.js';
import { partOfRange, ssccOf, toteOf, unitsOf } from './identifiers.js';
import type { Form, Named, UnitRange } from './identifiers.js';
import type { Timed } from './merge.js';
import type { Company } from './network.js';
import type { Random } from './random.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is known of a pallet before its story begins. */
export interface PalletPlan {
  /** Unique; begins the ids of its events. */
  readonly id: string;
  /** Unique among the pallets of its time: its totes are named by it, and used again later. */
  readonly slot: string;
  readonly number: number;
  readonly firstCase: number;
  readonly units: UnitRange;
  readonly unitsPerCase: number;
  readonly maker: Company;
  readonly wholesaler: Company;
  readonly pharmacies: readonly Company[];
  readonly random: Random;
  /** When the first case is packed. */
  readonly start: number;
}

interface Case {
  readonly name: string;
  readonly sscc: Named;
  readonly units: UnitRange;
}

type Make = (report: Report) => GeneratedEvent;

/** Longest time from the packing of a pallet to its last event. */
export const LONGEST_STORY = 16 * DAY;

/**
 * What becomes of a pallet: packed, shipped, received, mostly broken; its cases stay, go on to pharmacies, or are opened and their
 * units mixed in totes; some units are dispensed, returned or destroyed. In order of telling, not of time.
 */
export class PalletStory {
  readonly events: Timed<GeneratedEvent>[] = [];
  private readonly cases: readonly Case[];
  private totes = 0;

  constructor(private readonly plan: PalletPlan) {
    const { units, unitsPerCase, firstCase } = plan;
    const count = Math.ceil(units.count / unitsPerCase);
    this.cases = Array.from({ length: count }, (_, i) => ({
      name: `case-${i + 1}`,
      sscc: ssccOf(3, firstCase + i),
      units: partOfRange(units, i * unitsPerCase, unitsPerCase),
    }));
    const arrived = this.send(this.pack());
    if (arrived !== undefined && plan.random.chance(0.8))
      this.breakUp(arrived + plan.random.between(1, 20) * HOUR);
  }

  private tell(name: string, t: number, by: Company, make: Make): void {
    const report = { id: `${this.plan.id}/${name}`, t, by };
    this.events.push({ t, make: () => make(report) });
  }

  /** @returns when it was done */
  private pack(): number {
    const { start, number, maker } = this.plan;
    const form = formOf(maker);
    const pallet = ssccOf(4, number);
    this.cases.forEach(({ name, sscc, units }, i) => {
      const make: Make = (report) => packed(report, sscc, unitsOf(units, form));
      this.tell(`${name}/packed`, start + i * 7 * SECOND, maker, make);
    });
    const done = start + this.cases.length * 7 * SECOND + MINUTE;
    const all = (): string[] => this.cases.map(({ sscc }) => sscc[form]);
    this.tell('packed', done, maker, (report) => packed(report, pallet, all()));
    return done;
  }

  /** Some pallets stay at the maker's, some are never received. @returns when it arrived at the wholesaler */
  private send(packedAt: number): number | undefined {
    const { number, maker, wholesaler, random } = this.plan;
    const pallet = ssccOf(4, number);
    const left = packedAt + random.between(2 * 60, 30 * 60) * MINUTE;
    const things = (form: Form): string[] => [pallet[form]];
    const fate = random.next();
    if (fate < 0.05) return undefined;
    if (fate > 0.08) return this.carry('', { from: maker, to: wholesaler }, left, things);
    const transfer = { from: maker, to: wholesaler, desadv: `${this.plan.id.replace('/', ':')}:D` };
    this.tell('shipped', left, maker, (report) => shipped(report, things(formOf(maker)), transfer));
    return undefined;
  }

  /** @returns when it arrived */
  private carry(
    name: string,
    way: Pick<Transfer, 'from' | 'to'>,
    left: number,
    things: (form: Form) => readonly string[],
  ): number {
    const { random, id } = this.plan;
    const prefix = name === '' ? '' : `${name}/`;
    const transfer = { ...way, desadv: `${id}/${prefix}D`.replaceAll('/', ':') };
    const arrived = left + random.between(3 * 3600, 40 * 3600) * SECOND;
    this.tell(`${prefix}shipped`, left, way.from, (report) =>
      shipped(report, things(formOf(way.from)), transfer),
    );
    const disposition = name.endsWith('returned') ? 'returned' : 'in_progress';
    this.tell(`${prefix}received`, arrived, way.to, (report) =>
      received(report, things(formOf(way.to)), transfer, disposition),
    );
    return arrived;
  }

  private breakUp(t: number): void {
    const { wholesaler, random, number } = this.plan;
    this.tell('broken', t, wholesaler, (report) => emptied(report, ssccOf(4, number)));
    const opened: Case[] = [];
    for (const one of this.cases) {
      const fate = random.next();
      if (fate < 0.3) this.toPharmacy(one, t + random.between(600, 72 * 3600) * SECOND);
      else if (fate < 0.4) opened.push(one);
      else if (fate > 0.995)
        this.tell(
          `${one.name}/damaged`,
          t + random.between(60, 3600) * SECOND,
          wholesaler,
          (report) => destroyed(report, partOfRange(one.units, 0, 1)),
        );
    }
    this.mix(opened, t + 2 * HOUR);
  }

  private toPharmacy(one: Case, left: number): void {
    const { wholesaler, pharmacies, random } = this.plan;
    const pharmacy = random.pick(pharmacies);
    const way = { from: wholesaler, to: pharmacy };
    const arrived = this.carry(one.name, way, left, (form) => [one.sscc[form]]);
    const opened = arrived + random.between(300, 7200) * SECOND;
    this.tell(`${one.name}/opened`, opened, pharmacy, (report) =>
      emptied(report, one.sscc, 'sellable_accessible'),
    );
    this.sell(one, pharmacy, opened);
  }

  /** Some units go to patients, a few go back. */
  private sell(one: Case, pharmacy: Company, from: number): void {
    const { random, wholesaler } = this.plan;
    let sold = 0;
    for (let times = random.between(0, 2); times > 0 && sold < one.units.count; times--) {
      const units = partOfRange(one.units, sold, random.between(1, 3));
      const t = from + times * DAY + random.between(0, 8 * 3600) * SECOND;
      this.tell(`${one.name}/dispensed-${sold + 1}`, t, pharmacy, (report) =>
        dispensed(report, units),
      );
      sold += units.count;
    }
    if (sold >= one.units.count || !random.chance(0.05)) return;
    const back = partOfRange(one.units, sold, 2);
    const way = { from: pharmacy, to: wholesaler };
    const left = from + 3 * DAY + random.between(0, 3600) * SECOND;
    this.carry(`${one.name}/returned`, way, left, (form) => unitsOf(back, form));
  }

  /** Cases opened at the wholesaler: a tote takes the rest of one and the beginning of the next. */
  private mix(opened: readonly Case[], from: number): void {
    const { wholesaler } = this.plan;
    let rest: UnitRange | undefined;
    let t = from;
    for (const one of opened) {
      t += 3 * MINUTE;
      this.tell(`${one.name}/opened`, t, wholesaler, (report) => emptied(report, one.sscc));
      const half = Math.ceil(one.units.count / 2);
      this.fill([rest, partOfRange(one.units, 0, half)], t + MINUTE);
      rest = partOfRange(one.units, half, one.units.count);
    }
    this.fill([rest], t + 2 * MINUTE);
  }

  private fill(given: readonly (UnitRange | undefined)[], t: number): void {
    const parts = given.filter((part) => part !== undefined).filter(({ count }) => count > 0);
    if (parts.length === 0) return;
    const { wholesaler, pharmacies, random, slot } = this.plan;
    this.totes++;
    const name = `tote-${this.totes}`;
    const tote = toteOf(`${slot}-${this.totes}`);
    const pharmacy = random.pick(pharmacies);
    this.tell(`${name}/packed`, t, wholesaler, (report) =>
      packed(
        report,
        tote,
        parts.flatMap((part) => unitsOf(part, 'link')),
      ),
    );
    const way = { from: wholesaler, to: pharmacy };
    const arrived = this.carry(name, way, t + random.between(1, 8) * HOUR, () => [tote.link]);
    const opened = arrived + random.between(300, 3600) * SECOND;
    this.tell(`${name}/opened`, opened, pharmacy, (report) =>
      emptied(report, tote, 'sellable_accessible'),
    );
    const back = { from: pharmacy, to: wholesaler };
    this.carry(`${name}/back`, back, opened + random.between(6, 30) * HOUR, () => [tote.link]);
  }
}
