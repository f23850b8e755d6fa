import type { View } from '../access/view.js';
import { behindTime, bothWays, timesIn } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { limitOf, mapPage, pageOf, wayOf } from '../shared/page.js';
import type { Page, PageRequest } from '../shared/page.js';
import type { DeadLetter, Destination, StoredFilter, Webhook } from './webhook.js';

/** A webhook of a row, whose filter is a text. */
export interface WebhookRow {
  readonly webhook: Omit<Webhook, 'filter'> & { readonly filter: string | null };
}

/** A webhook `s` as its owner sees it. */
export const WEBHOOK = fragment`s {.id, .organisation, .url, .label, .filter, .createdAt, .createdBy, .cursor, .takenAt, .failures, .lastError, .dueAt,
  .oldSecretUntil, reason: s.pausedFor, state: CASE WHEN s.pausedAt IS NULL THEN 'ACTIVE' ELSE 'PAUSED' END} AS webhook`;

const LIST = cypher.own<WebhookRow>('webhook.list')`
MATCH (s:Webhook) WHERE s.organisation = coalesce($viewer, 'host') AND s.createdAt > 0
WITH s ORDER BY s.organisation, s.createdAt LIMIT $limit
RETURN ${WEBHOOK}`;

const OWN = fragment`MATCH (s:Webhook {id: $id}) WHERE s.organisation = coalesce($viewer, 'host')`;

/** Where a webhook `s` sends. */
export const TO = fragment`s.id AS id, s.organisation AS organisation, s.url AS url, s.secret AS secret, s.oldSecret AS oldSecret, s.oldSecretUntil AS oldSecretUntil`;

const DESTINATION = cypher.own<Destination>('webhook.destination')`
${OWN}
RETURN ${TO}`;

/** The webhooks of who asks, the oldest first; at most `limit`. */
export async function listWebhooks(view: View, limit: number): Promise<readonly Webhook[]> {
  return (await view.read(LIST, { limit: int(limit) })).map(toWebhook);
}

/** Where a webhook of who asks sends, and its keys; null when he has none with this id. */
export async function readDestination(view: View, id: string): Promise<Destination | null> {
  return (await view.read(DESTINATION, { id }))[0] ?? null;
}

/** The webhook of a row. */
export function toWebhook({ webhook: { filter, ...told } }: WebhookRow): Webhook {
  return { ...told, filter: parseFilter(filter) };
}

/** A filter from its stored text. */
export function parseFilter(text: string | null): StoredFilter | null {
  return text === null ? null : (JSON.parse(text) as StoredFilter);
}

const LETTER = fragment`d {.id, .messageId, .body, .at, .lastError} AS letter`;

interface LetterRow {
  readonly letter: DeadLetter;
}

const LETTERS = bothWays(
  (way) => cypher.own<LetterRow>(`webhook.deadLetters${way.suffix}`)`
${OWN}
MATCH (d:DeadLetter) USING INDEX d:DeadLetter(webhook, at)
WHERE d.webhook = s.id AND ${behindTime(fragment`d.at`, fragment`d.id`, way)}
WITH d ORDER BY d.at ${way.order}, d.id ${way.order} LIMIT $limit
RETURN ${LETTER} ORDER BY d.at ${way.order}, d.id ${way.order}`,
);

const LETTERS_COUNTED = cypher.own<Counted>('webhook.deadLettersCounted')`
${OWN}
MATCH (d:DeadLetter) USING INDEX d:DeadLetter(webhook, at)
WHERE d.webhook = s.id AND d.at >= $timeFrom AND d.at <= $timeUntil
WITH d LIMIT $limit
RETURN count(*) AS n`;

const ONE_LETTER = cypher.own<LetterRow & { webhook: string }>('webhook.deadLetter')`
MATCH (d:DeadLetter {id: $id})
MATCH (s:Webhook {id: d.webhook}) WHERE s.organisation = coalesce($viewer, 'host')
RETURN ${LETTER}, s.id AS webhook`;

/** A page of what a webhook of who asks gave up, the oldest first. Empty when he has none with this id. */
export async function listDeadLetters(
  view: View,
  id: string,
  page: PageRequest,
): Promise<Page<DeadLetter>> {
  const way = wayOf(page, 'ASC');
  const limit = int(limitOf(page));
  const rows = await view.read(LETTERS[way], { id, limit, ...timesIn(way, page) });
  const found = pageOf(rows, page, {
    keyOf: ({ letter: { at, id: of } }) => [at, of],
    count: () => readTotal(view, LETTERS_COUNTED, { id, ...timesIn('ASC', {}) }),
  });
  return mapPage(found, ({ letter }) => letter);
}

/** A dead letter of who asks, and the id of its webhook; null when he has none with this id. */
export async function readDeadLetter(
  view: View,
  id: string,
): Promise<{ readonly letter: DeadLetter; readonly webhook: string } | null> {
  return (await view.read(ONE_LETTER, { id }))[0] ?? null;
}
