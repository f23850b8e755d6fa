import { SerialPermutation } from './serial-permutation.js';
import type { SerialPool } from './serials.js';

/** A pool with the permutation of its key. */
export interface OpenPool {
  readonly pool: SerialPool;
  readonly permutation: SerialPermutation;
}

/** Makes the permutation of a pool from its key. */
export function openPool(pool: SerialPool): OpenPool {
  const { alphabet, length } = pool;
  const key = Buffer.from(pool.key, 'base64');
  return { pool, permutation: new SerialPermutation({ alphabet, length, key }) };
}

/** The number of each serial that the pool gave out; null for any other. */
export function numbersGiven(
  { pool, permutation }: OpenPool,
  serials: readonly string[],
): (number | null)[] {
  return permutation
    .numbersOf(serials)
    .map((number) => (number !== null && number < BigInt(pool.next) ? Number(number) : null));
}
