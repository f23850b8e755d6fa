import { setImmediate } from 'node:timers/promises';
import { Problem } from '../shared/problem.js';
import { topUp } from './allocate-serials.js';
import type { SerialDeps } from './allocate-serials.js';
import { numbersGiven, openPool } from './open-pool.js';
import type { OpenPool } from './open-pool.js';
import type { SerialPermutation } from './serial-permutation.js';
import type { SerialRange } from './serial-pool.store.js';
import { markChecked } from './serial-pool.store.js';
import { readPools, readRanges, readTaken } from './serial.read-model.js';
import { poolId } from './serial-request.rules.js';
import type { SerialAllocation } from './serials.js';

/** Serials per stretch. A stretch costs one look at the packages and one small transaction. */
const STRETCH = 20_000;
/** Serials computed at a time, in five to ten milliseconds; then other work gets its turn. */
const PIECE = 5_000;
/** Most taken numbers before we give up, besides ten for each requested serial. */
const MAX_SKIPPED = 10_000;

/**
 * The serials of an allocation, a few thousand at a time, always the same and in the same order.
 *
 * The first time, each stretch is compared with the known packages and the product's other pools. A
 * number whose serial is taken is stored as skipped before the stretch is given, and another number
 * replaces it. The numbers were reserved before, so any later use of these serials by others is
 * wrong. Memory does not grow with the count.
 *
 * @throws Problem CONFLICT when too many are taken, or no more may be reserved
 */
export async function* handOut(
  deps: SerialDeps,
  allocation: SerialAllocation,
): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  let given = 0;
  while (given < allocation.count) {
    const ranges = (await readRanges(deps.view, allocation.id)).filter(({ id }) => !seen.has(id));
    // Read after the ranges were reserved: a pool that reserves later sees and skips these numbers.
    const pools = await openPools(deps, allocation);
    for (const range of ranges) {
      seen.add(range.id);
      for await (const serials of handOutRange({ deps, allocation, pools }, range)) {
        given += serials.length;
        yield serials;
      }
    }
    if (given < allocation.count) await replaceTaken(deps, allocation);
  }
}

interface Pools {
  readonly own: OpenPool;
  readonly others: readonly OpenPool[];
}

interface Work {
  readonly deps: SerialDeps;
  readonly allocation: SerialAllocation;
  readonly pools: Pools;
}

/** The allocation's pool and the others of its product and length, as after the reservation. */
async function openPools({ view }: SerialDeps, allocation: SerialAllocation): Promise<Pools> {
  const id = poolId(allocation.gtin, allocation);
  const pools = (await readPools(view, allocation.gtin, allocation.length)).map(openPool);
  const own = pools.find(({ pool }) => pool.id === id);
  if (own === undefined)
    throw new Problem('NOT_FOUND', `The pool of the allocation ${allocation.id} is gone.`);
  return { own, others: pools.filter((one) => one !== own) };
}

async function* handOutRange(work: Work, range: SerialRange): AsyncGenerator<readonly string[]> {
  const { permutation } = work.pools.own;
  let now = range;
  for (let from = range.from; from < range.to; from += STRETCH) {
    const to = Math.min(from + STRETCH, range.to);
    const serials = await reckon(permutation, from, to);
    while (now.checkedTo < to) {
      const behind = now.checkedTo;
      const unchecked = serials.slice(behind - from);
      const skipped = (await takenOf(work, unchecked)).map((i) => behind + i);
      const checked = now;
      now = await work.deps.view.write((tx) => markChecked(tx, checked, { to, skipped }));
      if (now.checkedTo === behind)
        throw new Problem('NOT_FOUND', `The allocation ${work.allocation.id} is gone.`);
    }
    const skipped = new Set(now.skipped);
    yield skipped.size === 0 ? serials : serials.filter((_, i) => !skipped.has(from + i));
  }
}

async function reckon(
  permutation: SerialPermutation,
  from: number,
  to: number,
): Promise<readonly string[]> {
  const pieces: string[][] = [];
  for (let at = from; at < to; at += PIECE) {
    pieces.push(permutation.serialsAt(at, Math.min(PIECE, to - at)));
    await setImmediate();
  }
  return pieces.flat();
}

/** The indexes of the serials that are no longer free. */
async function takenOf(
  { deps, allocation, pools }: Work,
  serials: readonly string[],
): Promise<number[]> {
  const taken = await readTaken(deps.view, allocation.gtin, serials);
  const given = pools.others.map((other) => numbersGiven(other, serials));
  return serials.flatMap((serial, i) =>
    taken.has(serial) || given.some((numbers) => numbers[i] !== null) ? [i] : [],
  );
}

async function replaceTaken(deps: SerialDeps, allocation: SerialAllocation): Promise<void> {
  const { id, count, length } = allocation;
  const ranges = await readRanges(deps.view, id);
  const skipped = ranges.reduce((sum, range) => sum + range.skipped.length, 0);
  if (skipped > MAX_SKIPPED + 10 * count)
    throw new Problem(
      'CONFLICT',
      `${skipped} of the drawn serials of ${length} characters are already in use. Allocate longer ones.`,
      { details: { argument: 'length', found: String(length), skipped } },
    );
  const refusal = await topUp(deps, allocation);
  if (refusal !== undefined)
    throw new Problem('CONFLICT', `${refusal.rule} ${refusal.remedy}`, {
      details: { argument: refusal.argument, found: refusal.found, reason: refusal.code },
    });
}
