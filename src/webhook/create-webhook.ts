import { randomUUID } from 'node:crypto';
import { ForbiddenDestination } from '../delivery/destination.js';
import type { DestinationGuard } from '../delivery/destination.js';
import { changeWithEntry } from '../audit/index.js';
import type { ChangeDeps } from '../audit/index.js';
import type { View } from '../access/view.js';
import type { Feed } from '../feed/index.js';
import { Problem, refusedArgument } from '../shared/problem.js';
import type { SendDeps } from './send-message.js';
import { makeSecret } from './signature.js';
import { THE_HOST } from './webhook.js';
import type { StoredFilter, Webhook } from './webhook.js';
import { countWebhooks, storeWebhook } from './webhook.store.js';

/** What managing webhooks needs of the process. */
export interface WebhookService extends Pick<SendDeps, 'client'> {
  /** Writes for partners too, whose views refuse to write. So each statement takes the organisation of the credentials. */
  readonly store: Pick<View, 'write'>;
  readonly guard: Pick<DestinationGuard, 'check'>;
  /** Called after one was made or changed. */
  readonly changed: (id: string) => void;
}

/** Who manages webhooks, and what that needs. */
export interface WebhookDeps extends ChangeDeps {
  readonly webhooks: WebhookService;
  readonly feed: Pick<Feed, 'cursor' | 'page'>;
}

/** A webhook as it is asked for. */
export interface WebhookRequest {
  readonly url: string;
  readonly label: string;
  readonly filter: StoredFilter | null;
  /** A cursor of the feed of who asks; null to begin now. */
  readonly after: string | null;
}

/** A webhook with its key, which nobody can see again. */
export interface MadeWebhook {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** Most webhooks of an organisation. */
export const MOST_WEBHOOKS = 100;
const LONGEST_LABEL = 100;
const LONGEST_URL = 2000;

/**
 * Makes a webhook that sends what the organisation of the credentials is told.
 *
 * @param place where the arguments stand, for messages, e.g. `input.`
 * @throws Problem `BAD_USER_INPUT` that names the argument; `CURSOR_EXPIRED`; `CONFLICT` when there are too many
 */
export async function createWebhook(
  deps: WebhookDeps,
  { url, label, filter, after }: WebhookRequest,
  place = '',
): Promise<MadeWebhook> {
  const { view, clock, feed, webhooks } = deps;
  await checkUrl(webhooks.guard, url, place);
  if (label.trim() === '' || label.length > LONGEST_LABEL)
    throw refusedArgument(`${place}label`, label, {
      rule: `must have 1 to ${LONGEST_LABEL} characters.`,
      remedy: 'Say in a few words what receives the messages.',
    });
  const cursor = after ?? (await feed.cursor(view));
  if (after !== null) await feed.page(view, after, 1);
  const secret = makeSecret();
  const row = {
    ...{ id: randomUUID(), organisation: ownerOf(view), url, label: label.trim(), filter },
    ...{ createdAt: clock.now(), createdBy: view.principal.subject, cursor, secret },
  };
  const webhook = await changeWithEntry(deps, webhooks.store, async (tx) => {
    if ((await countWebhooks(tx, row.organisation)) >= MOST_WEBHOOKS) throw tooMany();
    const result = await storeWebhook(tx, row);
    return { result, operation: 'createWebhook', ids: [row.id] };
  });
  webhooks.changed(webhook.id);
  return { webhook, secret };
}

/** Whose webhooks somebody manages: the key of his organisation's party, or `host`. */
export function ownerOf({ principal }: Pick<View, 'principal'>): string {
  return principal.organisation ?? THE_HOST;
}

// The refusal does not tell a name that is known inside of this network from one that is not known at all.
async function checkUrl(guard: WebhookService['guard'], url: string, place: string): Promise<void> {
  if (URL.canParse(url) && url.length <= LONGEST_URL && (await leadsOut(guard, url))) return;
  throw refusedArgument(`${place}url`, url, {
    rule: `must be an https URL of up to ${LONGEST_URL} characters, whose name leads to a public address now.`,
    remedy:
      'Give the URL of a receiver on the internet, or ask who runs this service to allow it (WEBHOOK_ALLOW_INTERNAL).',
  });
}

async function leadsOut(guard: WebhookService['guard'], url: string): Promise<boolean> {
  try {
    return await guard.check(url);
  } catch (error) {
    if (error instanceof ForbiddenDestination) return false;
    throw error;
  }
}

function tooMany(): Problem {
  return new Problem(
    'CONFLICT',
    `An organisation has ${MOST_WEBHOOKS} webhooks at most. Delete one that is not needed.`,
  );
}
