import type { GraphTransaction } from '../graph/transaction.js';
import { gtinOfKey } from '../gs1/key.js';
import { numbersGiven, openPool } from './open-pool.js';
import type { Commissioned, NumberWindow } from './serial-exception.store.js';
import { readRuledProducts, readSkipped, storeNotAllocated } from './serial-exception.store.js';
import type { SerialPool } from './serials.js';

const SERIAL_AT = '01/09506000134352/21/'.length;

/**
 * Notes each commissioned serial that no pool gave out, if its product takes serials from pools.
 *
 * It runs in the writer's transaction, for events just admitted. A serial is judged once, by the
 * allocations of that time, so the notes are not part of the projection: `rebuild` keeps them and
 * `verify` does not compare them.
 *
 * @returns those that no pool gave out
 */
export async function judgeSerials(
  tx: GraphTransaction,
  commissioned: readonly Commissioned[],
  seq: number,
): Promise<readonly Commissioned[]> {
  const byGtin = new Map<string, Commissioned[]>();
  for (const one of commissioned) {
    const gtin = isSerial(one.key) ? gtinOfKey(one.key) : null;
    if (gtin === null) continue;
    const known = byGtin.get(gtin);
    if (known === undefined) byGtin.set(gtin, [one]);
    else known.push(one);
  }
  if (byGtin.size === 0) return [];
  const ruled = await readRuledProducts(tx, [...byGtin.keys()]);
  const looked = [...ruled].map(([gtin, pools]) => lookUp(byGtin.get(gtin) ?? [], pools));
  const skipped = await readSkipped(
    tx,
    looked.flatMap(({ pools }) => pools.flatMap(windowOf)),
  );
  const strays = looked.flatMap(({ packages, pools }) =>
    packages.filter((_, i) => !pools.some((pool) => isGiven(pool, i, skipped))),
  );
  if (strays.length > 0) await storeNotAllocated(tx, strays, seq);
  return strays;
}

function isSerial(key: string): boolean {
  return key.startsWith('01/') && key.startsWith('/21/', SERIAL_AT - 4);
}

/** A pool, and the number of each package in it; null if the pool has not given it out. */
interface PoolNumbers {
  readonly pool: string;
  readonly numbers: readonly (number | null)[];
}

function lookUp(
  packages: readonly Commissioned[],
  pools: readonly SerialPool[],
): { readonly packages: readonly Commissioned[]; readonly pools: readonly PoolNumbers[] } {
  const serials = packages.map(({ key }) => key.slice(SERIAL_AT));
  return {
    packages,
    pools: pools.map((pool) => ({
      pool: pool.id,
      numbers: numbersGiven(openPool(pool), serials),
    })),
  };
}

function windowOf({ pool, numbers }: PoolNumbers): readonly NumberWindow[] {
  const known = numbers.filter((number) => number !== null);
  if (known.length === 0) return [];
  const [from, to] = [Math.min, Math.max].map((most) => known.reduce((a, b) => most(a, b)));
  return from === undefined || to === undefined ? [] : [{ pool, from, to }];
}

/** False also for a skipped number: its serial was already in use elsewhere. */
function isGiven(
  { pool, numbers }: PoolNumbers,
  index: number,
  skipped: ReadonlyMap<string, ReadonlySet<number>>,
): boolean {
  const number = numbers[index] ?? null;
  return number !== null && skipped.get(pool)?.has(number) !== true;
}
