import type { View } from '../access/view.js';
import { bothWays, startNumber } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import { limitOf, pageOf, wayOf } from '../shared/page.js';
import type { Page, PageKeyShape, PageRequest } from '../shared/page.js';
import type { SerialRange } from './serial-pool.store.js';
import type { SerialAllocation, SerialPool } from './serials.js';

/** Cursors of the list of allocations hold the place among those of the product. */
export const ALLOCATION_SHAPE: PageKeyShape = ['number'];

const ALLOCATION = fragment`
RETURN a.id AS id, a.gtin AS gtin, a.count AS count, a.allocatedTo AS allocatedTo, a.requestedBy AS requestedBy,
  a.note AS note, a.at AS allocatedAt, a.n AS n, p.alphabet AS alphabet, p.length AS length`;

const ONE = cypher.host<SerialAllocation>('serials.allocation')`
MATCH (a:SerialAllocation {id: $id})
MATCH (p:SerialPool {id: a.pool})
${ALLOCATION}`;

const LIST = bothWays(
  ({ suffix, order, behind }) => cypher.host<SerialAllocation>(`serials.allocations${suffix}`)`
MATCH (a:SerialAllocation) WHERE a.gtin = $gtin AND a.n ${behind} $from
WITH a ORDER BY a.n ${order} LIMIT $limit
MATCH (p:SerialPool {id: a.pool})
${ALLOCATION}
ORDER BY n ${order}`,
);

const COUNTED = cypher.host<{ n: number }>('serials.allocationsCounted')`
MATCH (a:SerialAllocation) WHERE a.gtin = $gtin AND a.n >= 0
WITH a LIMIT $limit
RETURN count(*) AS n`;

const RANGES = cypher.host<SerialRange>('serials.ranges')`
MATCH (r:SerialRange) WHERE r.allocation = $allocation
RETURN r.id AS id, r.from AS from, r.to AS to, r.checkedTo AS checkedTo, r.skipped AS skipped
ORDER BY r.n`;

const POOLS = cypher.host<SerialPool>('serials.pools')`
MATCH (p:SerialPool) WHERE p.gtin = $gtin AND p.length = $length
RETURN p.id AS id, p.alphabet AS alphabet, p.length AS length, p.key AS key, p.next AS next`;

const RANGE_OF = cypher.host<SerialRange & { readonly allocation: string }>('serials.rangeOf')`
MATCH (r:SerialRange) WHERE r.pool = $pool AND r.from <= $number
WITH r ORDER BY r.from DESC LIMIT 1
WHERE $number < r.to
RETURN r.id AS id, r.from AS from, r.to AS to, r.checkedTo AS checkedTo, r.skipped AS skipped, r.allocation AS allocation`;

// A product without known packs costs one look; serials are usually allocated before production.
const TAKEN = cypher.packages<{ serial: string }>('serials.taken')`
CALL () {
  MATCH (any:Package) WHERE any.k STARTS WITH $prefix
  RETURN any.k AS known LIMIT 1
}
UNWIND $serials AS serial
MATCH (p:Package {k: $prefix + serial})
RETURN serial`;

const COMMISSIONED = cypher.packages<{ commissioned: boolean }>('serials.commissioned')`
MATCH (p:Package {k: $key})
RETURN EXISTS {
  (p)<-[of:OF]-(e:Event) WHERE e.retracted IS NULL
    AND (of.role = 'output' OR (of.role = 'epc' AND e.type = 'ObjectEvent' AND e.action = 'ADD'))
} AS commissioned`;

/** The allocation with that id, or null. */
export async function readAllocation(view: View, id: string): Promise<SerialAllocation | null> {
  return (await view.read(ONE, { id }))[0] ?? null;
}

/** Allocations of a product, newest first. */
export async function listAllocations(
  view: View,
  gtin: string,
  page: PageRequest,
): Promise<Page<SerialAllocation>> {
  const way = wayOf(page, 'DESC');
  const from = int(startNumber(way, page.from?.[0]));
  const rows = await view.read(LIST[way], { gtin, from, limit: int(limitOf(page)) });
  return pageOf(rows, page, {
    keyOf: ({ n }) => [n],
    count: () => readTotal(view, COUNTED, { gtin }),
  });
}

/** The ranges of an allocation in their order. */
export function readRanges(view: View, allocation: string): Promise<SerialRange[]> {
  return view.read(RANGES, { allocation });
}

/** The pools of a product with serials of that length. */
export function readPools(view: View, gtin: string, length: number): Promise<SerialPool[]> {
  return view.read(POOLS, { gtin, length: int(length) });
}

/** The range that contains a number of a pool, with its allocation. */
export async function readRangeOf(
  view: View,
  pool: string,
  number: number,
): Promise<(SerialRange & { readonly allocation: string }) | null> {
  return (await view.read(RANGE_OF, { pool, number: int(number) }))[0] ?? null;
}

/** Those serials of a product that have a package in the graph, commissioned or only named. */
export async function readTaken(
  view: View,
  gtin: string,
  serials: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await view.read(TAKEN, { prefix: `01/${gtin}/21/`, serials });
  return new Set(rows.map(({ serial }) => serial));
}

/** True if an event, not declared in error, commissioned the package or had it as an output. */
export async function readCommissioned(view: View, key: string): Promise<boolean> {
  return (await view.read(COMMISSIONED, { key }))[0]?.commissioned ?? false;
}
