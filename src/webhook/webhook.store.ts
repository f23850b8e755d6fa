import { NEVER_FREE, leasesOf } from '../delivery/lease.store.js';
import type { HeldLease } from '../delivery/lease.store.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { TO, WEBHOOK, parseFilter, toWebhook } from './webhook.read-model.js';
import type { WebhookRow } from './webhook.read-model.js';
import type { DeadLetter, LeasedWebhook, PauseReason, Webhook } from './webhook.js';

/** A webhook to be stored. */
export interface NewWebhook extends Pick<
  Webhook,
  'id' | 'organisation' | 'url' | 'label' | 'filter' | 'createdAt' | 'createdBy' | 'cursor'
> {
  readonly secret: string;
}

const COUNT = cypher<{ n: number }>('webhook.count')`
MATCH (s:Webhook) WHERE s.organisation = $organisation AND s.createdAt > 0 RETURN count(*) AS n`;

const CREATE = cypher<WebhookRow>('webhook.create')`
CREATE (s:Webhook {id: $id, organisation: $organisation, url: $url, label: $label, filter: $filter, createdAt: $createdAt, createdBy: $createdBy,
  cursor: $cursor, secret: $secret, failures: 0, dueAt: 0, leaseUntil: 0})
RETURN ${WEBHOOK}`;

/** Stores a new webhook. The first process that takes its lease delivers it. */
export async function storeWebhook(
  tx: GraphTransaction,
  { filter, createdAt, ...told }: NewWebhook,
): Promise<Webhook> {
  const text = filter === null ? null : JSON.stringify(filter);
  const [row] = await tx.run(CREATE, { ...told, filter: text, createdAt: int(createdAt) });
  if (row === undefined) throw new Error('A webhook was created and not returned');
  return toWebhook(row);
}

/** How many webhooks an organisation has. */
export async function countWebhooks(tx: GraphTransaction, organisation: string): Promise<number> {
  return (await tx.run(COUNT, { organisation }))[0]?.n ?? 0;
}

const OWN = fragment`MATCH (s:Webhook {id: $id}) WHERE s.organisation = $organisation`;
/** Whoever delivers it learns that it was changed, because it has lost its lease. What is paused is free for nobody. */
const TAKEN_BACK = fragment`
SET s.leaseBy = null, s.leaseUntil = CASE WHEN s.pausedAt IS NULL THEN 0 ELSE $never END
RETURN ${WEBHOOK}`;

const CHANGE = cypher<WebhookRow>('webhook.change')`
${OWN}
SET s += $changes
${TAKEN_BACK}`;

const ROTATE = cypher<WebhookRow>('webhook.rotate')`
${OWN}
SET s.oldSecret = s.secret, s.oldSecretUntil = $until
SET s.secret = $secret
${TAKEN_BACK}`;

const DELETE = cypher<WebhookRow>('webhook.delete')`
${OWN}
WITH s, s.id AS id, ${WEBHOOK}
OPTIONAL MATCH (d:DeadLetter) WHERE d.webhook = id AND d.at > 0
DETACH DELETE d, s
RETURN DISTINCT webhook`;

/** A webhook that belongs to somebody. */
export interface OwnWebhook {
  readonly id: string;
  readonly organisation: string;
}

/** Pauses a webhook. It keeps its place. @returns null when its owner has none with this id */
export function pause(tx: GraphTransaction, own: OwnWebhook, now: number): Promise<Webhook | null> {
  return change(tx, own, { pausedAt: int(now), pausedFor: 'ASKED' satisfies PauseReason });
}

/** Lets a webhook send again, at once; with a cursor, what comes after that. @returns like {@link pause} */
export function resume(
  tx: GraphTransaction,
  own: OwnWebhook,
  cursor?: string,
): Promise<Webhook | null> {
  const none = { pausedAt: null, pausedFor: null, failingSince: null, lastError: null };
  const changes = { ...none, failures: int(0), dueAt: int(0) };
  return change(tx, own, cursor === undefined ? changes : { ...changes, cursor });
}

async function change(
  tx: GraphTransaction,
  { id, organisation }: OwnWebhook,
  changes: Readonly<Record<string, unknown>>,
): Promise<Webhook | null> {
  const [row] = await tx.run(CHANGE, { id, organisation, changes, never: int(NEVER_FREE) });
  return row === undefined ? null : toWebhook(row);
}

/** Signs with a new key, and until an instant with the one before too. @returns like {@link pause} */
export async function rotate(
  tx: GraphTransaction,
  { id, organisation }: OwnWebhook,
  { secret, until }: { readonly secret: string; readonly until: number },
): Promise<Webhook | null> {
  const params = { id, organisation, secret, until: int(until), never: int(NEVER_FREE) };
  const [row] = await tx.run(ROTATE, params);
  return row === undefined ? null : toWebhook(row);
}

/** Deletes a webhook with its dead letters. @returns like {@link pause}, as it was */
export async function deleteWebhook(
  tx: GraphTransaction,
  { id, organisation }: OwnWebhook,
): Promise<Webhook | null> {
  const [row] = await tx.run(DELETE, { id, organisation });
  return row === undefined ? null : toWebhook(row);
}

type LeasedRow = Omit<LeasedWebhook, 'filter'> & { readonly filter: string | null };

const SUSPENDED = fragment`EXISTS { MATCH (o:Organisation {k: s.organisation}) WHERE o.suspendedAt IS NOT NULL } AS suspended`;

const LEASES = leasesOf<LeasedRow, { readonly suspended: boolean }>({
  name: 'webhook',
  label: fragment`Webhook`,
  columns: fragment`${TO}, s.filter AS filter, s.cursor AS cursor, s.failures AS failures, s.failingSince AS failingSince,
  s.lastError AS lastError, s.dueAt AS dueAt, ${SUSPENDED}`,
  standing: fragment`, ${SUSPENDED}`,
});

/** Takes up to `limit` webhooks that no process delivers, for `leaseMs`. */
export async function takeWebhooks(
  view: View,
  holder: string,
  lease: { readonly limit: number; readonly leaseMs: number },
): Promise<readonly LeasedWebhook[]> {
  const rows = await LEASES.take(view, holder, lease);
  return rows.map((row) => ({ ...row, filter: parseFilter(row.filter) }));
}

/** Extends leases. By the id of those that are still held: whether the organisation is suspended. */
export async function renewWebhooks(
  view: View,
  rows: readonly HeldLease[],
  leaseMs: number,
): Promise<ReadonlyMap<string, boolean>> {
  const held = await LEASES.renew(view, rows, { leaseMs });
  return new Map(held.map(({ id, suspended }) => [id, suspended]));
}

/** Gives leases back. */
export function releaseWebhooks(view: View, rows: readonly HeldLease[]): Promise<void> {
  return LEASES.release(view, rows);
}

/** How far a webhook came. Times are epoch ms. */
export interface Reached {
  /** Behind the last message that was taken or given up. */
  readonly cursor: string;
  /** Null when nothing was taken since the last note. */
  readonly takenAt: number | null;
  readonly failures: number;
  readonly failingSince: number | null;
  readonly lastError: string | null;
  readonly dueAt: number;
}

/** Notes how far a webhook came. False, and nothing is noted, when it is held no longer. */
export function noteReached(
  view: View,
  held: HeldLease,
  reached: Reached,
  more?: (tx: GraphTransaction) => Promise<unknown>,
): Promise<boolean> {
  return LEASES.note(view, held, columnsOf(reached), more);
}

/** Notes how far a webhook came, and pauses it. */
export function notePaused(
  view: View,
  held: HeldLease,
  reached: Reached,
  { at, why }: { readonly at: number; readonly why: PauseReason },
): Promise<boolean> {
  const paused = { pausedAt: int(at), pausedFor: why, leaseBy: null, leaseUntil: int(NEVER_FREE) };
  return LEASES.note(view, held, { ...columnsOf(reached), ...paused });
}

function columnsOf({
  takenAt,
  failures,
  failingSince,
  dueAt,
  ...told
}: Reached): Record<string, unknown> {
  return {
    ...told,
    ...(takenAt === null ? {} : { takenAt: int(takenAt) }),
    ...{ failures: int(failures), failingSince: intOrNull(failingSince), dueAt: int(dueAt) },
  };
}

const BURY = cypher('webhook.bury')`
CREATE (d:DeadLetter {id: $id, webhook: $webhook, messageId: $messageId, body: $body, at: $at, lastError: $lastError})
WITH d
MATCH (old:DeadLetter) WHERE old.webhook = $webhook AND old.at < $since
WITH old LIMIT 100
DELETE old`;

/** Keeps a message that was given up, and drops some of those that were given up before `since`, epoch ms. */
export async function storeDeadLetter(
  tx: GraphTransaction,
  webhook: string,
  { at, ...told }: DeadLetter,
  since: number,
): Promise<void> {
  await tx.run(BURY, { ...told, webhook, at: int(at), since: int(since) });
}

const DROP = cypher('webhook.dropDeadLetter')`
MATCH (d:DeadLetter {id: $id}) DELETE d`;

/** Drops a dead letter that arrived after all. */
export async function dropDeadLetter(tx: GraphTransaction, id: string): Promise<void> {
  await tx.run(DROP, { id });
}
