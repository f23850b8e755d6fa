import type { View } from '../access/view.js';
import { randomBytes, randomUUID } from 'node:crypto';
import type { GraphTransaction } from '../graph/transaction.js';
import type { Clock } from '../shared/clock.js';
import {
  lockSpace,
  poolsForUpdate,
  rangesForUpdate,
  reserve,
  storeAllocation,
} from './serial-pool.store.js';
import { domainOf, faultOfGuess, poolId } from './serial-request.rules.js';
import type { SerialAllocation, SerialDomain, SerialRefusal, SerialRequest } from './serials.js';

/** What the allocation of serials needs. */
export interface SerialDeps {
  readonly view: View;
  readonly clock: Clock;
}

/** The outcome of a request. */
export type AllocationOutcome =
  | { readonly ok: true; readonly allocation: SerialAllocation }
  | { readonly ok: false; readonly refusal: SerialRefusal };

/**
 * Reserves serials for a receiver. One short transaction moves the counter of the pool and notes
 * the receiver. The serials are reserved from the commit, before the first is sent; `handOut`
 * returns them, now or again.
 *
 * @param maxCount most serials of one request, if that is less than a million
 */
export async function allocateSerials(
  { view, clock }: SerialDeps,
  request: SerialRequest,
  maxCount?: number,
): Promise<AllocationOutcome> {
  const judged = domainOf(request, maxCount);
  if (!judged.ok) return judged;
  const { domain } = judged;
  const { gtin, count, allocatedTo } = request;
  const id = randomUUID();
  const at = clock.now();
  const noted = {
    id,
    gtin,
    count,
    allocatedTo,
    requestedBy: request.requestedBy ?? null,
    note: request.note ?? null,
  };
  return view.write(async (tx) => {
    const reserved = await reserveIn(tx, domain, { gtin, allocation: id, count, at });
    if ('refusal' in reserved) return { ok: false, refusal: reserved.refusal };
    const { pool, n } = reserved;
    await storeAllocation(tx, { ...noted, pool, at, n });
    return { ok: true, allocation: { ...noted, ...domain, allocatedAt: at, n } };
  });
}

/**
 * Reserves more serials if an allocation has too few, because some of them were already in use.
 *
 * @returns why no more may be reserved; undefined on success
 */
export async function topUp(
  { view, clock }: SerialDeps,
  allocation: SerialAllocation,
): Promise<SerialRefusal | undefined> {
  const { id, gtin, alphabet, length } = allocation;
  const at = clock.now();
  return view.write(async (tx) => {
    // After the lock, no other transaction can top up the same allocation.
    await lockSpace(tx, gtin);
    const ranges = await rangesForUpdate(tx, id);
    const given = ranges.reduce(
      (sum, { from, to, skipped }) => sum + to - from - skipped.length,
      0,
    );
    const count = allocation.count - given;
    if (count <= 0) return undefined;
    const reserved = await reserveIn(tx, { alphabet, length }, { gtin, allocation: id, count, at });
    return 'refusal' in reserved ? reserved.refusal : undefined;
  });
}

async function reserveIn(
  tx: GraphTransaction,
  domain: SerialDomain,
  one: {
    readonly gtin: string;
    readonly allocation: string;
    readonly count: number;
    readonly at: number;
  },
): Promise<{ readonly pool: string; readonly n: number } | { readonly refusal: SerialRefusal }> {
  const n = await lockSpace(tx, one.gtin);
  const pools = await poolsForUpdate(tx, one.gtin, domain.length);
  const id = poolId(one.gtin, domain);
  const known = pools.find((pool) => pool.id === id);
  const pool = known ?? { id, ...domain, key: randomBytes(32).toString('base64'), next: 0 };
  const others = pools.filter((other) => other.id !== id);
  const after = [...others, { ...pool, next: pool.next + one.count }];
  const refusal = faultOfGuess(domain, after, one.count);
  if (refusal !== undefined) return { refusal };
  await reserve(tx, { ...one, pool, n });
  return { pool: id, n };
}
