import { cypher, int } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { SerialPool } from './serials.js';

/** A range of numbers of a pool that belongs to one allocation. */
export interface SerialRange {
  readonly id: string;
  readonly from: number;
  /** One after the last number. */
  readonly to: number;
  /** Numbers below it were compared with serials in use; those in use are in `skipped`. */
  readonly checkedTo: number;
  readonly skipped: readonly number[];
}

// Locks all pools of a product, so that its holder sees every counter as it is. It does not lock
// the log, so production lines can go on capturing.
const LOCK = cypher<{ n: number }>('serials.lockSpace')`
MERGE (s:SerialSpace {gtin: $gtin})
ON CREATE SET s.n = 0
SET s.n = s.n + 1
RETURN s.n AS n`;

const POOLS = cypher<SerialPool>('serials.poolsForUpdate')`
MATCH (p:SerialPool) WHERE p.gtin = $gtin AND p.length = $length
RETURN p.id AS id, p.alphabet AS alphabet, p.length AS length, p.key AS key, p.next AS next`;

const RESERVE = cypher('serials.reserve')`
MERGE (p:SerialPool {id: $pool})
ON CREATE SET p.gtin = $gtin, p.alphabet = $alphabet, p.length = $length, p.key = $key, p.next = 0, p.createdAt = $at
WITH p, p.next AS from
SET p.next = from + $count
CREATE (r:SerialRange {id: p.id + ' ' + toString(from), pool: p.id, allocation: $allocation, n: $n, from: from,
  to: from + $count, checkedTo: from, skipped: []})`;

const NEW_ALLOCATION = cypher('serials.newAllocation')`
CREATE (a:SerialAllocation)
SET a = $allocation`;

const RANGES = cypher<SerialRange>('serials.rangesForUpdate')`
MATCH (r:SerialRange) WHERE r.allocation = $allocation
RETURN r.id AS id, r.from AS from, r.to AS to, r.checkedTo AS checkedTo, r.skipped AS skipped
ORDER BY r.n`;

// The first SET locks the node, so that the values read after it are current.
const MARK = cypher<Pick<SerialRange, 'checkedTo' | 'skipped'>>('serials.markChecked')`
MATCH (r:SerialRange {id: $id})
SET r.checking = true
WITH r, r.checkedTo = $from AS mine
SET r.skipped = CASE WHEN mine THEN r.skipped + $skipped ELSE r.skipped END,
  r.checkedTo = CASE WHEN mine THEN $to ELSE r.checkedTo END
REMOVE r.checking
RETURN r.checkedTo AS checkedTo, r.skipped AS skipped`;

/** Locks all pools of a product until the commit. @returns a number that grows with every reservation */
export async function lockSpace(tx: GraphTransaction, gtin: string): Promise<number> {
  return (await tx.run(LOCK, { gtin }))[0]?.n ?? 0;
}

/** The pools of a product with serials of that length; call it after {@link lockSpace}. */
export function poolsForUpdate(
  tx: GraphTransaction,
  gtin: string,
  length: number,
): Promise<SerialPool[]> {
  return tx.run(POOLS, { gtin, length: int(length) });
}

/** One reservation. */
export interface Reservation {
  readonly pool: Omit<SerialPool, 'next'>;
  readonly gtin: string;
  readonly allocation: string;
  readonly count: number;
  readonly n: number;
  readonly at: number;
}

/** Moves the counter of a pool, and notes who has the numbers. Creates the pool if needed. */
export async function reserve(tx: GraphTransaction, one: Reservation): Promise<void> {
  const { id, alphabet, length, key } = one.pool;
  await tx.run(RESERVE, {
    pool: id,
    alphabet,
    length: int(length),
    key,
    gtin: one.gtin,
    allocation: one.allocation,
    count: int(one.count),
    n: int(one.n),
    at: int(one.at),
  });
}

/** A new `:SerialAllocation`. */
export interface AllocationNode {
  readonly id: string;
  readonly gtin: string;
  readonly pool: string;
  readonly count: number;
  readonly allocatedTo: string;
  readonly requestedBy: string | null;
  readonly note: string | null;
  readonly at: number;
  readonly n: number;
}

/** Notes who gets serials. */
export async function storeAllocation(tx: GraphTransaction, node: AllocationNode): Promise<void> {
  const allocation = { ...node, count: int(node.count), at: int(node.at), n: int(node.n) };
  await tx.run(NEW_ALLOCATION, { allocation });
}

/** The ranges of an allocation in their order. */
export function rangesForUpdate(tx: GraphTransaction, allocation: string): Promise<SerialRange[]> {
  return tx.run(RANGES, { allocation });
}

/**
 * Notes which numbers of a stretch are taken, if the range was checked exactly up to its
 * `checkedTo`. So of two that check the same stretch, only one is stored.
 *
 * @returns the range as it is afterwards
 */
export async function markChecked(
  tx: GraphTransaction,
  range: SerialRange,
  stretch: { readonly to: number; readonly skipped: readonly number[] },
): Promise<SerialRange> {
  const [now] = await tx.run(MARK, {
    id: range.id,
    from: int(range.checkedTo),
    to: int(stretch.to),
    skipped: stretch.skipped.map(int),
  });
  return { ...range, ...now };
}
