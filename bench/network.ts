import { withCheckDigit } from '../src/gs1/check-digit.js';

/** What happened, before anybody wrote it down: as EPCIS for us, as Cypher for the naive graph. Keys are canonical. */
export interface BenchEvent {
  readonly kind: 'commission' | 'pack' | 'ship' | 'receive' | 'empty' | 'dispense';
  /** Epoch ms; every event has an instant of its own. */
  readonly t: number;
  readonly site: string;
  /** Where a shipping goes. */
  readonly to?: string;
  readonly lot?: BenchLot;
  readonly parent?: string;
  readonly keys: readonly string[];
}

/** A lot of one product. */
export interface BenchLot {
  readonly gtin: string;
  readonly number: string;
  /** `01/<gtin>/10/<number>` */
  readonly id: string;
  /** Number of its first unit, over all lots. */
  readonly first: number;
  readonly units: number;
  readonly plant: string;
}

/** Units of a lot in one case. */
export interface BenchCase {
  readonly key: string;
  readonly lot: BenchLot;
  readonly first: number;
  readonly units: number;
}

/** What became of a pallet: still at the plant, on its way, at a wholesaler, or broken up there. */
export type Fate = 'plant' | 'transit' | 'warehouse' | 'broken';

/** Up to forty cases. */
export interface BenchPallet {
  readonly key: string;
  readonly lot: BenchLot;
  readonly cases: readonly BenchCase[];
  readonly fate: Fate;
  readonly wholesaler: string;
}

const PREFIX = '9506000';
const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 1, 1);
const FATES: readonly Fate[] = [
  ...(['broken', 'warehouse', 'transit', 'broken', 'warehouse'] as const),
  ...(['plant', 'broken', 'warehouse', 'transit', 'broken'] as const),
];
const CASES_A_PALLET = 40;
const UNITS_A_COMMISSIONING = 1000;

const digits = (n: number, length: number): string => String(n).padStart(length, '0');
const gln = (n: number): string => `414/${withCheckDigit(PREFIX + digits(n, 5))}`;
const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const PLANTS = range(2).map((i) => gln(100 + i));
const WHOLESALERS = range(6).map((i) => gln(200 + i));
const PHARMACIES = range(40).map((i) => gln(300 + i));

/** Every place of the network. */
export const SITES: readonly string[] = [...PLANTS, ...WHOLESALERS, ...PHARMACIES];

/** What is known of the places: each has a name, and a company that runs it. */
export const REGISTER = SITES.map((key, i) => ({
  key,
  name: `Site ${i}`,
  operator: key.replace('414/', '417/'),
  company: `Company ${i}`,
}));

/** Two wholesalers, for pallets that go to and fro. */
export const ENDS: readonly [string, string] = [pick(WHOLESALERS, 0), pick(WHOLESALERS, 1)];

/** One of a list, whatever the number. */
export function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

/** A bijection of 32-bit numbers that scatters: serials of a line come in no order. */
function scatter(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Key of the n-th unit ever made, of that lot. */
export function unitKey(lot: BenchLot, n: number): string {
  return `01/${lot.gtin}/21/${scatter(n + 1)
    .toString(36)
    .toUpperCase()
    .padStart(8, '0')}`;
}

/** Key of the n-th case or pallet ever packed. */
function containerKey(n: number): string {
  return `00/${withCheckDigit(`0${PREFIX}${digits(n, 9)}`)}`;
}

/** A lot; `index` tells its product and number. */
export function makeLot(index: number, first: number, units: number): BenchLot {
  const gtin = withCheckDigit(`0${PREFIX}${digits(13_435 + (index % 5), 5)}`);
  const number = `B${digits(index, 5)}`;
  return {
    gtin,
    number,
    id: `01/${gtin}/10/${number}`,
    first,
    units,
    plant: pick(PLANTS, index),
  };
}

/** Cases of 20 to 50 units each for units of a lot; `nextContainer` numbers them. */
export function fillCases(
  lot: BenchLot,
  units: number,
  nextContainer: () => number,
): readonly BenchCase[] {
  const cases: BenchCase[] = [];
  for (let at = 0; at < units;) {
    const n = nextContainer();
    const size = Math.min(20 + (scatter(n) % 31), units - at);
    cases.push({ key: containerKey(n), lot, first: lot.first + at, units: size });
    at += size;
  }
  return cases;
}

/** Units of a case, by key. */
function unitsOf({ lot, first, units }: BenchCase): readonly string[] {
  return range(units).map((i) => unitKey(lot, first + i));
}

/** Sizes of the lots: half of all units in the first, 50,000 in the second, 5,000 in the third (less when there are few). */
function lotSizes(units: number): readonly number[] {
  const sizes = [
    Math.floor(units / 2),
    Math.min(50_000, Math.floor(units / 5)),
    Math.min(5_000, Math.floor(units / 20)),
  ];
  let left = units - sizes.reduce((sum, size) => sum + size, 0);
  const usual = Math.min(20_000, Math.ceil(units / 10));
  for (; left > 0; left -= usual) sizes.push(Math.min(usual, left));
  return sizes;
}

/** A deterministic network: the same for the same number of units. Events are made while they are asked for. */
export class Network {
  readonly lots: readonly BenchLot[];
  readonly pallets: readonly BenchPallet[];
  /** Units and containers beyond this number are free for others. */
  readonly nextContainer: number;

  constructor(readonly units: number) {
    let containers = 0;
    const next = (): number => containers++;
    let first = 0;
    this.lots = lotSizes(units).map((size, i) => {
      const lot = makeLot(i, first, size);
      first += size;
      return lot;
    });
    this.pallets = this.lots.flatMap((lot) => {
      const cases = fillCases(lot, lot.units, next);
      return range(Math.ceil(cases.length / CASES_A_PALLET)).map((i): BenchPallet => ({
        key: containerKey(next()),
        lot,
        cases: cases.slice(i * CASES_A_PALLET, (i + 1) * CASES_A_PALLET),
        fate: pick(FATES, i),
        wholesaler: pick(WHOLESALERS, scatter(i)),
      }));
    });
    this.nextContainer = containers;
  }

  /** Everything that happens, in phases: within one the order does not matter. */
  phases(): readonly (readonly [string, Iterable<BenchEvent>])[] {
    const gone = this.pallets.filter(({ fate }) => fate !== 'plant');
    const arrived = gone.filter(({ fate }) => fate !== 'transit');
    const broken = arrived.filter(({ fate }) => fate === 'broken');
    const loads = broken.flatMap(loadsOf);
    const delivered = loads.filter(({ arrives }) => arrives);
    const opened = delivered.flatMap(({ cases, pharmacy }) =>
      cases.map((one) => ({ ...one, site: pharmacy })),
    );
    const clock = (phase: number) => (i: number) => BEGIN + phase * 14 * DAY + i * 1000;
    return [
      ['commission units', commissionings(this.lots, clock(0))],
      ['pack cases', casePackings(this.pallets, clock(1))],
      ['pack pallets', timed(this.pallets, clock(2), palletPacking)],
      ['ship pallets', timed(gone, clock(3), palletShipping)],
      ['receive pallets', timed(arrived, clock(4), palletReceiving)],
      ['break pallets', timed(broken, clock(5), palletBreaking)],
      ['ship cases', timed(loads, clock(6), loadShipping)],
      ['receive cases', timed(delivered, clock(7), loadReceiving)],
      ['empty cases', timed(opened, clock(8), caseEmptying)],
      ['dispense units', timed(opened, clock(9), dispensing)],
    ];
  }
}

/** Pallets are broken by then, and no case has left yet. */
export const MIDWAY = BEGIN + 83 * DAY;

/** Instant of the first event after the network's. */
export const AFTERWARDS = BEGIN + 150 * DAY;

function* timed<T>(
  list: readonly T[],
  clock: (i: number) => number,
  make: (one: T) => Omit<BenchEvent, 't'>,
): Iterable<BenchEvent> {
  for (const [i, one] of list.entries()) yield { t: clock(i), ...make(one) };
}

/** A lot's units, a thousand an event. */
export function* commissionings(
  lots: readonly BenchLot[],
  clock: (i: number) => number,
): Iterable<BenchEvent> {
  let event = 0;
  for (const lot of lots)
    for (let at = 0; at < lot.units; at += UNITS_A_COMMISSIONING) {
      const size = Math.min(UNITS_A_COMMISSIONING, lot.units - at);
      const keys = range(size).map((i) => unitKey(lot, lot.first + at + i));
      yield { kind: 'commission', t: clock(event++), site: lot.plant, lot, keys };
    }
}

function* casePackings(
  pallets: readonly BenchPallet[],
  clock: (i: number) => number,
): Iterable<BenchEvent> {
  let event = 0;
  for (const { cases } of pallets)
    for (const one of cases) yield { t: clock(event++), ...casePacking(one) };
}

/** A case is packed where its lot was made. */
export function casePacking(one: BenchCase): Omit<BenchEvent, 't'> {
  return { kind: 'pack', site: one.lot.plant, parent: one.key, keys: unitsOf(one) };
}

function palletPacking({ key, lot, cases }: BenchPallet): Omit<BenchEvent, 't'> {
  return { kind: 'pack', site: lot.plant, parent: key, keys: cases.map((one) => one.key) };
}

function palletShipping({ key, lot, wholesaler }: BenchPallet): Omit<BenchEvent, 't'> {
  return { kind: 'ship', site: lot.plant, to: wholesaler, keys: [key] };
}

function palletReceiving({ key, wholesaler }: BenchPallet): Omit<BenchEvent, 't'> {
  return { kind: 'receive', site: wholesaler, keys: [key] };
}

function palletBreaking({ key, wholesaler }: BenchPallet): Omit<BenchEvent, 't'> {
  return { kind: 'empty', site: wholesaler, parent: key, keys: [] };
}

/** Cases of a broken pallet that go to one pharmacy. */
interface Load {
  readonly cases: readonly BenchCase[];
  readonly wholesaler: string;
  readonly pharmacy: string;
  readonly arrives: boolean;
}

/** Half of the cases stay at the wholesaler; of the others one load in five is still on its way. */
function loadsOf({ cases, wholesaler }: BenchPallet): readonly Load[] {
  const leaving = cases.slice(0, Math.floor(cases.length / 2));
  return range(Math.ceil(leaving.length / 4)).map((i) => {
    const some = leaving.slice(i * 4, i * 4 + 4);
    const salt = scatter(some[0]?.first ?? i);
    return { cases: some, wholesaler, pharmacy: pick(PHARMACIES, salt), arrives: salt % 5 !== 0 };
  });
}

function loadShipping({ cases, wholesaler, pharmacy }: Load): Omit<BenchEvent, 't'> {
  return { kind: 'ship', site: wholesaler, to: pharmacy, keys: cases.map((one) => one.key) };
}

function loadReceiving({ cases, pharmacy }: Load): Omit<BenchEvent, 't'> {
  return { kind: 'receive', site: pharmacy, keys: cases.map((one) => one.key) };
}

type Opened = BenchCase & { readonly site: string };

/** A case is emptied: everything in it stands there by itself. */
function caseEmptying({ key, site }: Opened): Omit<BenchEvent, 't'> {
  return { kind: 'empty', site, parent: key, keys: [] };
}

function dispensing({ site, ...one }: Opened): Omit<BenchEvent, 't'> {
  return { kind: 'dispense', site, keys: unitsOf(one).slice(0, Math.ceil(one.units / 3)) };
}
