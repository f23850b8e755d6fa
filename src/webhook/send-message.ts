import type { PostOutcome, WebhookClient } from '../delivery/webhook.js';
import type { Clock } from '../shared/clock.js';
import { signedHeaders } from './signature.js';
import type { Destination, OutgoingMessage } from './webhook.js';

/** What sending needs. */
export interface SendDeps {
  readonly client: WebhookClient;
  readonly clock: Clock;
}

/** What a receiver said. */
export interface Answer {
  readonly taken: boolean;
  /** Null when it was taken. */
  readonly error: string | null;
  readonly isGone?: boolean | undefined;
  /** How long the receiver asked to wait, ms. */
  readonly askedMs?: number | undefined;
}

/** Sends a message once. It never throws. */
export async function sendMessage(
  { client, clock }: SendDeps,
  to: Destination,
  message: OutgoingMessage,
  signal?: AbortSignal,
): Promise<Answer> {
  const outcome = await client.post(
    {
      dest: to.url,
      body: message.body,
      token: null,
      deliveryId: message.messageId,
      contentType: 'application/json',
      headers: signedHeaders(message, to, clock.now()),
    },
    signal,
  );
  return answerOf(outcome);
}

function answerOf(outcome: PostOutcome): Answer {
  if (outcome.kind === 'taken') return { taken: true, error: null };
  if (outcome.kind === 'too-large')
    return { taken: false, error: 'The receiver answered HTTP 413' };
  const { isGone, askedMs, isNowhere, error } = outcome;
  return { taken: false, error: isNowhere === true ? NOWHERE : error, isGone, askedMs };
}

const NOWHERE = 'Nothing was sent: the name in the URL leads to no public address';
