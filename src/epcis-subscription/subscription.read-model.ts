import type { View } from '../access/view.js';
import type { EpcFormat } from '../epcis/translate-identifiers.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { Problem } from '../shared/problem.js';
import type { Schedule } from './schedule.rules.js';
import type { Subscription } from './subscription.js';

/**
 * Columns of a `:QuerySubscription` s that may leave the service. The token is not among them, and `dest` is shown without its credentials.
 */
export const SHOWN_COLUMNS = fragment`s.id AS id, s.queryName AS queryName, s.dest AS dest, s.schedule AS schedule,
  s.reportIfEmpty AS reportIfEmpty, s.epcFormat AS epcFormat, s.format AS format, s.createdAt AS createdAt, s.initialRecordTime AS initialRecordTime,
  s.lastNotifiedAt AS lastNotifiedAt, s.lastExecutedAt AS lastExecutedAt, s.failures AS failures, s.lastError AS lastError,
  s.dueAt AS dueAt`;

/** A row of {@link SHOWN_COLUMNS}. */
export interface SubscriptionRow extends Omit<Subscription, 'schedule' | 'epcFormat' | 'format'> {
  readonly schedule: string | null;
  readonly epcFormat: string;
  readonly format: string | null;
}

const SUBSCRIPTION_BY_ID = cypher.host<SubscriptionRow>('subscription.byId')`
MATCH (s:QuerySubscription {id: $id}) WHERE s.queryName = $queryName
RETURN ${SHOWN_COLUMNS}`;

const SUBSCRIPTIONS = cypher.host<SubscriptionRow>('subscription.ofQuery')`
MATCH (s:QuerySubscription) WHERE s.queryName = $queryName AND s.id > $after
WITH s ORDER BY s.id LIMIT $limit
RETURN ${SHOWN_COLUMNS} ORDER BY id`;

const EVENT_AFTER = cypher.events<{ seq: number; recordTime: number }>('subscription.eventAfter')`
MATCH (e:Event) WHERE e.seq > $seq
RETURN e.seq AS seq, e.recordTime AS recordTime ORDER BY e.seq LIMIT 1`;

/**
 * A subscription of a query.
 *
 * @throws Problem NOT_FOUND
 */
export async function readSubscription(
  view: View,
  queryName: string,
  id: string,
): Promise<Subscription> {
  const [row] = await view.read(SUBSCRIPTION_BY_ID, { queryName, id });
  if (row === undefined)
    throw new Problem('NOT_FOUND', `The query "${queryName}" has no subscription "${id}".`);
  return toSubscription(row);
}

/** Up to `limit` subscriptions of a query whose ids come after `after`. */
export async function listSubscriptions(
  view: View,
  queryName: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Subscription[]> {
  const rows = await view.read(SUBSCRIPTIONS, { queryName, after, limit: int(limit) });
  return rows.map(toSubscription);
}

/** A row as a subscription. */
export function toSubscription({
  schedule,
  epcFormat,
  format,
  ...row
}: SubscriptionRow): Subscription {
  return {
    ...row,
    schedule: schedule === null ? null : (JSON.parse(schedule) as Schedule),
    epcFormat: epcFormat as EpcFormat,
    format: format as Subscription['format'],
  };
}

/** How much the clocks of writing processes may differ. */
const CLOCK_SKEW_MS = 60_000;

/**
 * A log position after which everything recorded from `recordTimeMs` on is found. Record time rises with the log, except for differences
 * between clocks. So a binary search finds the position; each step reads one row.
 */
export async function positionBefore(
  view: View,
  recordTimeMs: number,
  head: number,
): Promise<number> {
  const wanted = recordTimeMs - CLOCK_SKEW_MS;
  let low = 0;
  let high = head;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await view.read(EVENT_AFTER, { seq: int(middle) });
    if (next === undefined || next.recordTime >= wanted) high = middle;
    else low = Math.max(next.seq, middle + 1);
  }
  return low;
}
