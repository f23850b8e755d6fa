import { randomUUID } from 'node:crypto';
import { changeWithEntry } from '../audit/index.js';
import { Problem } from '../shared/problem.js';
import { noSuchWebhook } from './change-webhook.js';
import type { WebhookDeps } from './create-webhook.js';
import { sendMessage } from './send-message.js';
import type { Answer } from './send-message.js';
import { readDeadLetter, readDestination } from './webhook.read-model.js';
import { dropDeadLetter } from './webhook.store.js';
import type { Destination, OutgoingMessage } from './webhook.js';

/** What a receiver said to a message that was sent at once. */
export interface Trial extends Answer {
  /** How long it took, ms. */
  readonly ms: number;
}

/**
 * Sends a message that tells nothing, at once, also when the webhook is paused.
 *
 * @throws Problem `NOT_FOUND`
 */
export async function testWebhook(deps: WebhookDeps, id: string): Promise<Trial> {
  const to = await readDestination(deps.view, id);
  if (to === null) throw noSuchWebhook(id);
  const timestamp = new Date(deps.clock.now()).toISOString();
  const body = JSON.stringify({ type: 'webhook.test', timestamp, data: { webhookId: id } });
  return attempt(deps, to, { messageId: `msg_${randomUUID()}`, body });
}

/**
 * Sends a dead letter again, at once and with the id that it had. When the receiver takes it, it is no dead letter any more.
 *
 * @throws Problem like {@link testWebhook}
 */
export async function replayDeadLetter(deps: WebhookDeps, id: string): Promise<Trial> {
  const found = await readDeadLetter(deps.view, id);
  const to = found && (await readDestination(deps.view, found.webhook));
  if (found === null || to === null) throw noSuchLetter(id);
  const trial = await attempt(deps, to, found.letter);
  if (trial.taken)
    await changeWithEntry(deps, deps.webhooks.store, async (tx) => {
      await dropDeadLetter(tx, id);
      return { result: undefined, operation: 'replayDeadLetter', ids: [to.id, id] };
    });
  return trial;
}

async function attempt(
  { webhooks, clock }: WebhookDeps,
  to: Destination,
  message: OutgoingMessage,
): Promise<Trial> {
  const began = performance.now();
  const answer = await sendMessage({ client: webhooks.client, clock }, to, message);
  return { ...answer, ms: Math.round(performance.now() - began) };
}

function noSuchLetter(id: string): Problem {
  return new Problem(
    'NOT_FOUND',
    `There is no dead letter "${id.slice(0, 100)}". Ask deadLetters for their ids.`,
  );
}
