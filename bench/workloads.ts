import { progress } from './figures.js';
import { documents } from './load.js';
import type { BenchCase, BenchEvent, BenchLot, BenchPallet, Network } from './network.js';
import {
  AFTERWARDS,
  casePacking,
  commissionings,
  ENDS,
  fillCases,
  makeLot,
  pick,
  SITES,
  unitKey,
} from './network.js';

/** Events of a round, in documents, and what they count for. */
export interface Round {
  readonly documents: readonly (readonly BenchEvent[])[];
  /** What the rate counts: units, moves or events. */
  readonly counts: number;
}

/** One way of writing. */
export interface Workload {
  readonly name: string;
  readonly unit: string;
  /** Least rate wanted. */
  readonly goal: number | null;
  readonly clients: number;
  /** The same round is written to both graphs. */
  readonly round: (n: number) => Round;
  /** At most so many documents of a round are written to the naive graph, to get done. */
  readonly naiveDocuments: number;
}

/** Number of the pharmacy whose units are dispensed one by one. */
export const SINGLES_AT = 20;

/** How much is written. */
export interface WriteSize {
  readonly network: Network;
  /** How often benchmarks wrote to this store before. */
  readonly run: number;
  readonly rounds: number;
  /** Rounds are this much of the full size. */
  readonly scale: number;
}

/** New lots, pallets that go to and fro, and units that stand at pharmacies, for one run. */
export class WriteData {
  private t: number;
  private lots: number;
  private units: number;
  private containers: number;

  constructor(private readonly size: WriteSize) {
    const { network, run } = size;
    this.t = AFTERWARDS + run * 1_000_000_000;
    this.lots = network.lots.length + run * 1000;
    this.units = network.units + run * 10_000_000;
    this.containers = network.nextContainer + run * 1_000_000;
  }

  private tick(): number {
    this.t += 1000;
    return this.t;
  }

  private lot(units: number): BenchLot {
    const lot = makeLot(this.lots++, this.units, units);
    this.units += units;
    return lot;
  }

  commission(): Workload {
    const units = Math.max(1, Math.round(8 * this.size.scale)) * 5000;
    return {
      name: 'commission, 1,000 units an event, 5 events a document, 4 clients',
      unit: 'units/s',
      goal: 30_000,
      clients: 4,
      naiveDocuments: Infinity,
      round: () => ({
        documents: [...documents(commissionings([this.lot(units)], () => this.tick()))],
        counts: units,
      }),
    };
  }

  moves(): Workload {
    const clients = 16;
    const standing = this.size.network.pallets.filter(({ fate }) => fate !== 'broken');
    const pallets = standing.slice(0, Math.floor(standing.length / clients) * clients);
    const list = pallets.length === 0 ? standing : pallets;
    const count = Math.max(1, Math.round(20 * this.size.scale)) * clients;
    let moves = 0;
    return {
      name: `pallet move, an event a document, ${clients} clients`,
      unit: 'moves/s',
      goal: 300,
      clients,
      naiveDocuments: 16,
      round: () => {
        const events = Array.from({ length: count }, () => {
          const turn = Math.floor(moves / list.length);
          return palletMove(pick(list, moves++), turn, this.tick());
        });
        return { documents: events.map((event) => [event]), counts: count };
      },
    };
  }

  /** Units of cases that were emptied at a pharmacy. */
  async prepareUnits(
    write: (events: readonly BenchEvent[]) => Promise<void>,
  ): Promise<readonly string[]> {
    const { rounds, scale } = this.size;
    const wanted = (rounds + 1) * (roundOf(1, scale) + roundOf(64, scale));
    progress(`preparing ${wanted} units at pharmacies`);
    const lot = this.lot(wanted);
    const cases = fillCases(lot, wanted, () => this.containers++);
    await write([...commissionings([lot], () => this.tick())]);
    await write(cases.map((one) => ({ t: this.tick(), ...casePacking(one) })));
    await write(cases.map((one) => this.caseMove(one, 'ship')));
    await write(cases.map((one) => this.caseMove(one, 'receive')));
    await write(
      cases.map(({ key }) => ({
        kind: 'empty',
        t: this.tick(),
        site: pick(SITES, SINGLES_AT),
        parent: key,
        keys: [],
      })),
    );
    return Array.from({ length: wanted }, (_, i) => unitKey(lot, lot.first + i));
  }

  private caseMove({ key, lot }: BenchCase, kind: 'ship' | 'receive'): BenchEvent {
    const pharmacy = pick(SITES, SINGLES_AT);
    const t = this.tick();
    if (kind === 'ship') return { kind, t, site: lot.plant, to: pharmacy, keys: [key] };
    return { kind, t, site: pharmacy, keys: [key] };
  }

  singles(clients: number, units: readonly string[]): Workload {
    const { rounds, scale } = this.size;
    const count = roundOf(clients, scale);
    const offset = clients === 1 ? 0 : (rounds + 1) * roundOf(1, scale);
    return {
      name: `dispense a unit, an event a document, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
      unit: 'events/s',
      goal: clients === 64 ? 3000 : null,
      clients,
      naiveDocuments: Infinity,
      round: (n) => {
        const from = offset + n * count;
        const documents = units
          .slice(from, from + count)
          .map((key): BenchEvent[] => [
            { kind: 'dispense', t: this.tick(), site: pick(SITES, SINGLES_AT), keys: [key] },
          ]);
        return { documents, counts: count };
      },
    };
  }
}

function roundOf(clients: number, scale: number): number {
  return Math.max(20, Math.round((clients === 1 ? 200 : 6400) * scale));
}

/** Shipped on even turns, received on odd ones. */
export function palletMove({ key }: BenchPallet, turn: number, t: number): BenchEvent {
  const there = pick(ENDS, Math.floor(turn / 2));
  const here = pick(ENDS, Math.floor(turn / 2) + 1);
  if (turn % 2 === 0) return { kind: 'ship', t, site: here, to: there, keys: [key] };
  return { kind: 'receive', t, site: there, keys: [key] };
}
