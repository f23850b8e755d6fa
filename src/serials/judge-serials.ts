import type { GraphTransaction } from '../graph/graph.js';
import { gtinOfKey } from '../gs1/key.js';
import { numbersGiven, openPool } from './open-pool.js';
import type { Commissioned, RuledPool } from './serial-exception.store.js';
import { readRuledProducts, storeNotAllocated } from './serial-exception.store.js';

const SERIAL_AT = '01/09506000134352/21/'.length;

/**
 * Notes each commissioned serial that no pool gave out, where the product says that its serials come from pools.
 *
 * Inside the writer's transaction, of events just admitted. What it notes is judged once, by what was allocated then, so it is no
 * part of the projection: `rebuild` leaves it and `verify` does not compare it.
 */
export async function judgeSerials(
  tx: GraphTransaction,
  commissioned: readonly Commissioned[],
  seq: number,
): Promise<void> {
  const byGtin = new Map<string, Commissioned[]>();
  for (const one of commissioned) {
    const gtin = isSerial(one.key) ? gtinOfKey(one.key) : null;
    if (gtin === null) continue;
    const known = byGtin.get(gtin);
    if (known === undefined) byGtin.set(gtin, [one]);
    else known.push(one);
  }
  if (byGtin.size === 0) return;
  const ruled = await readRuledProducts(tx, [...byGtin.keys()]);
  const strays = [...ruled].flatMap(([gtin, pools]) => straysOf(byGtin.get(gtin) ?? [], pools));
  if (strays.length > 0) await storeNotAllocated(tx, strays, seq);
}

function isSerial(key: string): boolean {
  return key.startsWith('01/') && key.startsWith('/21/', SERIAL_AT - 4);
}

function straysOf(
  packages: readonly Commissioned[],
  pools: readonly RuledPool[],
): readonly Commissioned[] {
  const serials = packages.map(({ key }) => key.slice(SERIAL_AT));
  const given = pools.map((pool) => isGiven(pool, serials));
  return packages.filter((_, i) => given.every((pool) => pool[i] !== true));
}

/** A number that was found taken was passed over: its serial is somebody's own. */
function isGiven(pool: RuledPool, serials: readonly string[]): readonly boolean[] {
  const skipped = new Set(pool.skipped);
  return numbersGiven(openPool(pool), serials).map((n) => n !== null && !skipped.has(n));
}
