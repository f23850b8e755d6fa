import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

/** What one process at a time delivers: nodes `s` of a label with an `id`, and an index on `leaseUntil`. */
export interface Leased {
  /** Begins the names of the statements. */
  readonly name: string;
  readonly label: CypherFragment;
  /** Columns that tell who took a lease what he delivers. */
  readonly columns: CypherFragment;
  /** What a renewal tells beside the id: how `s` stands now. */
  readonly standing?: CypherFragment;
  /** What a renewal and a return note beside, from the parameters in `row`. */
  readonly noting?: CypherFragment;
}

/** Something that is held, by its id and by the text that the holder gave when it took the lease. */
export interface HeldLease {
  readonly id: string;
  readonly holder: string;
}

/** Stands in `leaseUntil` of what nobody may take. */
export const NEVER_FREE = Number.MAX_SAFE_INTEGER;

/** These small writes run even when the store is full, so that receivers still get what is stored. */
const SMALL = { evenIfFull: true };

/** The leases of one label. */
export interface Leases<R extends object, S extends object> {
  /** Takes up to `limit` that no process holds, for `leaseMs`. */
  take(view: View, holder: string, lease: Lease & { readonly limit: number }): Promise<R[]>;
  /** Extends leases. Those that are not told are held no longer. */
  renew(view: View, rows: readonly HeldLease[], lease: Lease): Promise<(S & { id: string })[]>;
  /** Gives leases back, so that another process goes on at once. */
  release(view: View, rows: readonly HeldLease[]): Promise<void>;
  /**
   * Changes properties of one that is held. False, and nothing is changed, when it is held no longer.
   *
   * @param more what is written in the same transaction, when it is held
   */
  note(
    view: View,
    held: HeldLease,
    changes: Readonly<Record<string, unknown>>,
    more?: (tx: GraphTransaction) => Promise<unknown>,
  ): Promise<boolean>;
}

interface Lease {
  readonly leaseMs: number;
}

/** Declares the statements for the leases of a label. */
export function leasesOf<R extends object, S extends object = object>({
  name,
  label,
  columns,
  standing = fragment``,
  noting = fragment``,
}: Leased): Leases<R, S> {
  // Leases use the database's clock, which all processes share. The free leases are read behind a lock: without it, two processes would see
  // the same free lease and both take it.
  const lockFree = cypher<{ id: string }>(`${name}.lockFree`)`
MATCH (s:${label}) WHERE s.leaseUntil < timestamp()
WITH s ORDER BY s.leaseUntil LIMIT $limit
SET s.leaseAskedAt = timestamp()
RETURN s.id AS id`;
  const takeLease = cypher<R>(`${name}.takeLease`)`
UNWIND $ids AS id
MATCH (s:${label} {id: id})
WHERE s.leaseUntil < timestamp()
SET s.leaseUntil = timestamp() + $leaseMs, s.leaseBy = $holder
RETURN ${columns}`;
  const held = fragment`
UNWIND $rows AS row
MATCH (s:${label} {id: row.id})
SET s.leaseAskedAt = timestamp()
WITH s, row
WHERE s.leaseBy = row.holder`;
  const renewLeases = cypher<S & { id: string }>(`${name}.renewLeases`)`${held}
SET s.leaseUntil = timestamp() + $leaseMs
${noting}
RETURN s.id AS id${standing}`;
  const releaseLeases = cypher(`${name}.releaseLeases`)`${held}
SET s.leaseUntil = 0, s.leaseBy = null
${noting}`;
  const progress = cypher<{ id: string }>(`${name}.progress`)`${held}
SET s += $changes
RETURN s.id AS id`;
  return {
    take: (view, holder, { limit, leaseMs }) =>
      view.write(async (tx) => {
        const free = await tx.run(lockFree, { limit: int(limit) });
        const ids = free.map(({ id }) => id);
        return ids.length === 0 ? [] : tx.run(takeLease, { ids, holder, leaseMs: int(leaseMs) });
      }, SMALL),
    renew: (view, rows, { leaseMs }) =>
      view.write((tx) => tx.run(renewLeases, { rows, leaseMs: int(leaseMs) }), SMALL),
    release: async (view, rows) => {
      await view.write((tx) => tx.run(releaseLeases, { rows }), SMALL);
    },
    note: (view, row, changes, more) =>
      view.write(async (tx) => {
        const isHeld = (await tx.run(progress, { rows: [row], changes })).length > 0;
        if (isHeld) await more?.(tx);
        return isHeld;
      }, SMALL),
  };
}
