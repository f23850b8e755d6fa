import type { View } from '../access/view.js';
import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import { leasesOf } from '../delivery/lease.store.js';
import type { HeldLease } from '../delivery/lease.store.js';
import { Problem } from '../shared/problem.js';
import type { Position } from './batch.rules.js';
import { SHOWN_COLUMNS, toSubscription } from './subscription.read-model.js';
import type { SubscriptionRow } from './subscription.read-model.js';
import type { LeasedSubscription, NamedQuery, WebhookControls } from './subscription.js';

/** A subscription to store. The query with its name must exist, unless the subscription has a query of its own. */
export interface NewSubscription extends WebhookControls {
  /** For a predefined query: the parameters of this subscription. */
  readonly own?: Pick<NamedQuery, 'query' | 'namespaces'>;
  readonly id: string;
  readonly queryName: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** The log position after which to begin; null for the current end of the log. */
  readonly position: number | null;
  readonly dueAt: number;
}

interface LeasedRow extends SubscriptionRow {
  readonly query: string;
  readonly namespaces: string;
  readonly token: string | null;
  readonly sinceRecordTime: number | null;
  readonly position: number;
  readonly positionAfter: string | null;
  readonly batchEvents: number | null;
  readonly retryEvents: number | null;
}

// Locks the query. A delete of it either comes first, so that nothing is made, or finds what was made. The query is copied, because a query
// never changes. The log's head is read in the same transaction, so whatever is committed later will be delivered.
const CREATE = cypher<SubscriptionRow>('subscription.create')`
MATCH (q:NamedQuery {name: $queryName})
SET q.createdAt = q.createdAt
WITH q
OPTIONAL MATCH (l:Log {id: 'log'})
CREATE (s:QuerySubscription {id: $id})
SET s += $row, s.query = q.query, s.namespaces = q.namespaces, s.position = coalesce($position, l.seq, 0)
RETURN ${SHOWN_COLUMNS}`;

const CREATE_OWN = cypher<SubscriptionRow>('subscription.createOwn')`
OPTIONAL MATCH (l:Log {id: 'log'})
CREATE (s:QuerySubscription {id: $id})
SET s += $row, s.query = $query, s.namespaces = $namespaces, s.position = coalesce($position, l.seq, 0)
RETURN ${SHOWN_COLUMNS}`;

const DELETE_BY_ID = cypher<{ id: string }>('subscription.deleteById')`
MATCH (s:QuerySubscription {id: $id})
WITH s, s.id AS id
DETACH DELETE s
RETURN id`;

const DELETE = cypher<{ id: string }>('subscription.delete')`
MATCH (s:QuerySubscription {id: $id}) WHERE s.queryName = $queryName
WITH s, s.id AS id
DETACH DELETE s
RETURN id`;

// Never moves back: a delivery may have noted a later position in the meantime.
const SEEN = fragment`
WITH s, CASE WHEN row.seen >= s.position THEN null ELSE s.positionAfter END AS after,
  CASE WHEN row.seen >= s.position THEN row.seen ELSE s.position END AS position
SET s.positionAfter = after, s.position = position`;

const LEASES = leasesOf<LeasedRow>({
  name: 'subscription',
  label: fragment`QuerySubscription`,
  columns: fragment`${SHOWN_COLUMNS}, s.query AS query, s.namespaces AS namespaces, s.token AS token, s.sinceRecordTime AS sinceRecordTime,
  s.position AS position, s.positionAfter AS positionAfter, s.batchEvents AS batchEvents, s.retryEvents AS retryEvents`,
  noting: SEEN,
});

/** These small writes run even when the store is full, so that subscribers still get what is stored. */
const SMALL = { evenIfFull: true };

/**
 * Stores a subscription. The first process that takes its lease delivers it.
 *
 * @throws Problem NO_SUCH_NAME when its query is gone, CONFLICT when a subscription with that id exists
 */
export async function storeSubscription(
  view: View,
  subscription: NewSubscription,
): Promise<ReturnType<typeof toSubscription>> {
  const { id, queryName, position, own } = subscription;
  const params = {
    id,
    position: intOrNull(position),
    row: { ...rowOf(subscription), sentBy: view.principal.subject },
  };
  const [row] = await view.write((tx) =>
    own === undefined
      ? tx.run(CREATE, { ...params, queryName })
      : tx.run(CREATE_OWN, {
          ...params,
          query: JSON.stringify(own.query),
          namespaces: JSON.stringify(own.namespaces),
        }),
  );
  if (row === undefined) throw new Problem('NO_SUCH_NAME', `There is no query "${queryName}".`);
  return toSubscription(row);
}

function rowOf(subscription: NewSubscription): Record<string, unknown> {
  const { schedule, createdAt, initialRecordTime, dueAt } = subscription;
  return {
    queryName: subscription.queryName,
    dest: subscription.dest,
    token: subscription.token,
    schedule: schedule === null ? null : JSON.stringify(schedule),
    reportIfEmpty: subscription.reportIfEmpty,
    epcFormat: subscription.epcFormat,
    format: subscription.format ?? null,
    createdAt: int(createdAt),
    initialRecordTime: int(initialRecordTime ?? createdAt),
    sinceRecordTime: intOrNull(initialRecordTime),
    failures: int(0),
    dueAt: int(dueAt),
    leaseUntil: int(0),
  };
}

/** Ends a subscription; false when the query has none with that id. */
export async function deleteSubscription(
  view: View,
  queryName: string,
  id: string,
): Promise<boolean> {
  const rows = await view.write((tx) => tx.run(DELETE, { queryName, id }), SMALL);
  return rows.length > 0;
}

/** Ends a subscription of any query; false when there is none with that id. */
export async function deleteSubscriptionById(view: View, id: string): Promise<boolean> {
  const rows = await view.write((tx) => tx.run(DELETE_BY_ID, { id }), SMALL);
  return rows.length > 0;
}

/** Takes up to `limit` subscriptions that no process holds, for `leaseMs`. */
export async function takeLeases(
  view: View,
  holder: string,
  { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
): Promise<LeasedSubscription[]> {
  const rows = await LEASES.take(view, holder, { limit, leaseMs });
  return rows.map(toLeased);
}

/** A position reached without anything to deliver. */
export interface Seen {
  readonly id: string;
  readonly position: Position;
}

/** Extends leases, and notes how far their subscriptions were read. Returns the ids of those still held. */
export async function renewLeases(
  view: View,
  holder: string,
  { seen, leaseMs }: { readonly seen: readonly Seen[]; readonly leaseMs: number },
): Promise<ReadonlySet<string>> {
  const rows = await LEASES.renew(view, seen.map(seenRow(holder)), { leaseMs });
  return new Set(rows.map(({ id }) => id));
}

/** Gives leases back, so that another process continues at once. */
export async function releaseLeases(
  view: View,
  holder: string,
  seen: readonly Seen[],
): Promise<void> {
  await LEASES.release(view, seen.map(seenRow(holder)));
}

/** What a delivery, or the end of a run, changes. Absent fields stay unchanged. */
export interface Progress {
  readonly position?: Position;
  readonly lastNotifiedAt?: number;
  readonly lastExecutedAt?: number;
  readonly dueAt?: number;
  readonly failures?: number;
  readonly lastError?: string | null;
  readonly batchEvents?: number;
  readonly retryEvents?: number | null;
}

/** Notes the progress of a subscription. Returns false, and notes nothing, when this process no longer holds it. */
export async function noteProgress(
  view: View,
  holder: string,
  id: string,
  progress: Progress,
): Promise<boolean> {
  const { position, ...rest } = progress;
  const numbers = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === 'number' ? int(value) : value,
  ]);
  const changes = {
    ...(Object.fromEntries(numbers) as Record<string, unknown>),
    ...(position === undefined ? {} : positionColumns(position)),
  };
  return LEASES.note(view, { id, holder }, changes);
}

/** A position inside a commit needs no note here: it was noted when its event arrived. */
function seenRow(holder: string): (seen: Seen) => HeldLease & { readonly seen: unknown } {
  return ({ id, position: { seq, after } }) => ({
    id,
    holder,
    seen: int(after === null ? seq : -1),
  });
}

function positionColumns({ seq, after }: Position): Record<string, unknown> {
  return { position: int(seq), positionAfter: after === null ? null : JSON.stringify(after) };
}

function toLeased(row: LeasedRow): LeasedSubscription {
  const { query, namespaces, position, positionAfter, ...rest } = row;
  return {
    ...rest,
    ...toSubscription(row),
    query: JSON.parse(query) as LeasedSubscription['query'],
    namespaces: JSON.parse(namespaces) as LeasedSubscription['namespaces'],
    position: {
      seq: position,
      after: positionAfter === null ? null : (JSON.parse(positionAfter) as Position['after']),
    },
  };
}
