import { cypher } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/graph.js';
import { int } from '../graph/graph.js';
import type { SerialPool } from './serials.js';

/** A pool and the numbers below its counter that it gave to nobody. */
export interface RuledPool extends SerialPool {
  readonly skipped: readonly number[];
}

const RULED = cypher<{ gtin: string; pools: readonly RuledPool[] }>('serials.ruledProducts')`
UNWIND $gtins AS gtin
MATCH (p:Product {gtin: gtin}) WHERE p.serialsFromPools
RETURN gtin, COLLECT {
  MATCH (s:SerialPool) WHERE s.gtin = gtin AND s.length > 0
  RETURN {id: s.id, alphabet: s.alphabet, length: s.length, key: s.key, next: s.next, skipped: COLLECT {
    MATCH (r:SerialRange) WHERE r.pool = s.id AND r.from >= 0
    UNWIND r.skipped AS number
    RETURN number
  }}
} AS pools`;

const NOT_ALLOCATED = cypher('serials.notAllocated')`
UNWIND $rows AS row
CREATE (:SerialException {k: row.key, t: row.t, code: 'SERIAL_NOT_ALLOCATED', eventId: row.eventId, seq: $seq})`;

/** A package that an event commissions. */
export interface Commissioned {
  readonly key: string;
  readonly eventId: string;
  /** eventTime, epoch ms. */
  readonly t: number;
}

/** Of these products the ones whose serials must come from pools, with the pools. */
export async function readRuledProducts(
  tx: GraphTransaction,
  gtins: readonly string[],
): Promise<ReadonlyMap<string, readonly RuledPool[]>> {
  const rows = await tx.run(RULED, { gtins });
  return new Map(rows.map(({ gtin, pools }) => [gtin, pools]));
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
