import { productOf } from './identifiers.js';
import type { Product, UnitRange } from './identifiers.js';
import type { GeneratorOptions } from './options.js';
import { roundRobin } from './random.js';

/** A lot, and the units of it: serials `first` to `first + units - 1`. */
export interface LotPlan {
  readonly index: number;
  readonly product: Product;
  readonly lot: string;
  readonly units: number;
  readonly first: number;
  /** ISO date. */
  readonly expiry: string;
  /** The ingredient lot it is made from. */
  readonly ingredientLot: string;
}

/** Units commissioned by one event. */
export interface Run extends UnitRange {
  readonly index: number;
  readonly lot: LotPlan;
  /** First of its lot. */
  readonly opensLot: boolean;
}

/** Most units of one commissioning. */
export const UNITS_PER_RUN = 5000;
const SMALL_LOT = 5000;
const MIDDLE_LOT = 50_000;

const PRODUCTS: readonly Product[] = Array.from({ length: 8 }, (_, i) =>
  productOf(60_001 + i, `Medicine ${i + 1}`, 'Makers'),
);
const INGREDIENT = productOf(70_001, 'Active substance', 'Ingredients');

/** What is traded. */
export function productsOf(): readonly Product[] {
  return [...PRODUCTS, INGREDIENT];
}

/** The substance all is made from. */
export function ingredientOf(): Product {
  return INGREDIENT;
}

/** The lots: one big, one of up to 50,000 units, and small ones of up to 5,000. */
export function* lotsOf(options: GeneratorOptions): Generator<LotPlan> {
  const big = Math.round(options.units * options.bigLotShare);
  const middle = Math.min(MIDDLE_LOT, Math.floor((options.units - big) / 2));
  const small = Math.min(SMALL_LOT, Math.max(1, Math.ceil((options.units - big) / 10)));
  const sizes = [big, middle].filter((size) => size > 0);
  let first = 1;
  for (let index = 0; first <= options.units; index++) {
    const units = Math.min(sizes[index] ?? small, options.units - first + 1);
    yield lotPlan(index, first, units);
    first += units;
  }
}

/** The commissionings, in order. */
export function* runsOf(options: GeneratorOptions): Generator<Run> {
  let index = 0;
  for (const lot of lotsOf(options)) {
    for (let made = 0; made < lot.units; made += UNITS_PER_RUN) {
      const count = Math.min(UNITS_PER_RUN, lot.units - made);
      yield {
        index,
        lot,
        opensLot: made === 0,
        product: lot.product,
        first: lot.first + made,
        count,
      };
      index++;
    }
  }
}

/** How many commissionings there will be. */
export function countRuns(options: GeneratorOptions): number {
  let runs = 0;
  for (const { units } of lotsOf(options)) runs += Math.ceil(units / UNITS_PER_RUN);
  return runs;
}

function lotPlan(index: number, first: number, units: number): LotPlan {
  const number = String(index + 1).padStart(5, '0');
  return {
    index,
    product: roundRobin(PRODUCTS, index),
    lot: `GL${number}`,
    units,
    first,
    expiry: `20${28 + (index % 3)}-${String(1 + (index % 12)).padStart(2, '0')}-28`,
    ingredientLot: `GI${String(Math.floor(index / 2) + 1).padStart(5, '0')}`,
  };
}
