import { cypher, int } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { SerialPool } from './serials.js';

const RULED = cypher<{ gtin: string; pools: readonly SerialPool[] }>('serials.ruledProducts')`
UNWIND $gtins AS gtin
MATCH (p:Product {gtin: gtin}) WHERE p.serialsFromPools
RETURN gtin, COLLECT {
  MATCH (s:SerialPool) WHERE s.gtin = gtin AND s.length > 0
  RETURN {id: s.id, alphabet: s.alphabet, length: s.length, key: s.key, next: s.next}
} AS pools`;

// It reads only from the range of the first number to that of the last, however many others exist.
const SKIPPED = cypher<{ pool: string; skipped: readonly number[] }>('serials.skippedAround')`
UNWIND $windows AS w
CALL (w) {
  MATCH (first:SerialRange) WHERE first.pool = w.pool AND first.from <= w.from
  RETURN first.from AS begin ORDER BY first.from DESC LIMIT 1
}
MATCH (r:SerialRange) WHERE r.pool = w.pool AND r.from >= begin AND r.from <= w.to
UNWIND r.skipped AS number
RETURN w.pool AS pool, collect(number) AS skipped`;

/** First and last number of a window in a pool. */
export interface NumberWindow {
  readonly pool: string;
  readonly from: number;
  readonly to: number;
}

const NOT_ALLOCATED = cypher('serials.notAllocated')`
UNWIND $rows AS row
CREATE (:SerialException {k: row.key, t: row.t, code: 'SERIAL_NOT_ALLOCATED', eventId: row.eventId, seq: $seq})`;

const KNOWN = cypher<Commissioned>('serials.knownNotAllocated')`
UNWIND $rows AS row
MATCH (x:SerialException {k: row.key}) WHERE x.eventId = row.eventId
RETURN x.k AS key, x.eventId AS eventId, x.t AS t`;

/** A package that an event commissions. */
export interface Commissioned {
  readonly key: string;
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
}

/** Those of the products whose serials must come from pools, with the pools. */
export async function readRuledProducts(
  tx: GraphTransaction,
  gtins: readonly string[],
): Promise<ReadonlyMap<string, readonly SerialPool[]>> {
  const rows = await tx.run(RULED, { gtins });
  return new Map(rows.map(({ gtin, pools }) => [gtin, pools]));
}

/** Numbers that each pool skipped, in the ranges of these windows. */
export async function readSkipped(
  tx: GraphTransaction,
  windows: readonly NumberWindow[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  if (windows.length === 0) return new Map();
  const params = windows.map(({ pool, from, to }) => ({ pool, from: int(from), to: int(to) }));
  const rows = await tx.run(SKIPPED, { windows: params });
  return new Map(rows.map(({ pool, skipped }) => [pool, new Set(skipped)]));
}

/** Those of these packages of which it was noted that no pool gave out their serial. */
export async function readNotAllocated(
  tx: GraphTransaction,
  packages: readonly Commissioned[],
): Promise<readonly Commissioned[]> {
  if (packages.length === 0) return [];
  return tx.run(KNOWN, { rows: packages.map(({ key, eventId }) => ({ key, eventId })) });
}

/** Notes serials that no pool gave out. */
export async function storeNotAllocated(
  tx: GraphTransaction,
  packages: readonly Commissioned[],
  seq: number,
): Promise<void> {
  const rows = packages.map(({ key, eventId, t }) => ({ key, eventId, t: int(t) }));
  await tx.run(NOT_ALLOCATED, { rows, seq: int(seq) });
}
