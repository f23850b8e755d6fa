import { changeWithEntry } from '../audit/index.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { Problem, refusedArgument } from '../shared/problem.js';
import { ownerOf } from './create-webhook.js';
import type { MadeWebhook, WebhookDeps } from './create-webhook.js';
import { makeSecret } from './signature.js';
import type { Webhook } from './webhook.js';
import { deleteWebhook as erase, pause, resume, rotate } from './webhook.store.js';
import type { OwnWebhook } from './webhook.store.js';

/** Longest time that both keys sign after a rotation. */
const MOST_OVERLAP_HOURS = 30 * 24;

/**
 * Signs with a new key. For some hours the key before signs too, so that the receiver can change to the new one meanwhile.
 *
 * @throws Problem `NOT_FOUND` for one that is not of the organisation of the credentials, here and below; `BAD_USER_INPUT`
 */
export async function rotateWebhookSecret(
  deps: WebhookDeps,
  id: string,
  overlapHours: number,
): Promise<MadeWebhook> {
  if (!(overlapHours >= 0 && overlapHours <= MOST_OVERLAP_HOURS))
    throw refusedArgument('overlapHours', overlapHours, {
      rule: `must be from 0 to ${MOST_OVERLAP_HOURS}.`,
      remedy: 'Give the hours in which the receiver can change to the new secret.',
    });
  const secret = makeSecret();
  const until = deps.clock.now() + overlapHours * 3_600_000;
  const change = { secret, until };
  const webhook = await changed(deps, id, 'rotateWebhookSecret', (tx, own) =>
    rotate(tx, own, change),
  );
  return { webhook, secret };
}

/** Sends nothing more until somebody resumes it. The webhook keeps its place. */
export function pauseWebhook(deps: WebhookDeps, id: string): Promise<Webhook> {
  return changed(deps, id, 'pauseWebhook', (tx, own) => pause(tx, own, deps.clock.now()));
}

/** Sends again, at once: what was paused, and what waits after a failure. */
export function resumeWebhook(deps: WebhookDeps, id: string): Promise<Webhook> {
  return changed(deps, id, 'resumeWebhook', resume);
}

/**
 * Sends what comes after a cursor, again or for the first time. It resumes too.
 *
 * @throws Problem `CURSOR_EXPIRED`, `BAD_USER_INPUT` for a cursor that is not of the feed of who asks
 */
export async function replayWebhook(deps: WebhookDeps, id: string, from: string): Promise<Webhook> {
  await deps.feed.page(deps.view, from, 1);
  return changed(deps, id, 'replayWebhook', (tx, own) => resume(tx, own, from));
}

/** Ends a webhook; its dead letters go with it. @returns it as it was */
export function deleteWebhook(deps: WebhookDeps, id: string): Promise<Webhook> {
  return changed(deps, id, 'deleteWebhook', erase);
}

/** @throws Problem `NOT_FOUND` when the change finds nothing */
async function changed<T>(
  deps: WebhookDeps,
  id: string,
  operation: string,
  change: (tx: GraphTransaction, own: OwnWebhook) => Promise<T | null>,
): Promise<T> {
  const own = { id, organisation: ownerOf(deps.view) };
  const became = await changeWithEntry(deps, deps.webhooks.store, async (tx) => {
    const result = await change(tx, own);
    if (result === null) throw noSuchWebhook(id);
    return { result, operation, ids: [id] };
  });
  deps.webhooks.changed(id);
  return became;
}

/** The refusal of an id that is nobody's, or somebody else's. */
export function noSuchWebhook(id: string): Problem {
  return new Problem(
    'NOT_FOUND',
    `There is no webhook "${id.slice(0, 100)}". Ask webhooks for their ids.`,
  );
}
