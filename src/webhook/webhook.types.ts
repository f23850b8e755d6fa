import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ChangeFilter } from '../feed/changes.types.js';
import { connectionOf } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { Cursor, DateTime, Json } from '../graphql/scalars.js';
import type { WebhookDeps } from './create-webhook.js';
import type { MadeWebhook } from './create-webhook.js';
import type { Trial } from './try-webhook.js';
import type { DeadLetter, PauseReason, StoredFilter, Webhook, WebhookState } from './webhook.js';

/** What resolvers of webhooks need. */
export interface WebhookContext extends Context, Pick<WebhookDeps, 'webhooks' | 'feed'> {}

const WebhookStateEnum = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
} as const satisfies Record<WebhookState, WebhookState>;

registerEnumType(WebhookStateEnum, {
  name: 'WebhookState',
  description: 'Whether a webhook sends.',
  valuesConfig: {
    ACTIVE: { description: 'It sends, or tries again after a failure.' },
    PAUSED: { description: 'It sends nothing until `resumeWebhook` or `replayWebhook`.' },
  },
});

const WebhookPauseReasonEnum = {
  ASKED: 'ASKED',
  GONE: 'GONE',
  CURSOR_EXPIRED: 'CURSOR_EXPIRED',
} as const satisfies Record<PauseReason, PauseReason>;

registerEnumType(WebhookPauseReasonEnum, {
  name: 'WebhookPauseReason',
  description: 'Why a webhook is paused.',
  valuesConfig: {
    ASKED: { description: '`pauseWebhook`.' },
    GONE: { description: 'The receiver answered 410: it does not want any more.' },
    CURSOR_EXPIRED: {
      description:
        'The feed does not reach back to where it was. Read the state again, then use `replayWebhook` with a newer cursor.',
    },
  },
});

@ObjectType('Webhook', {
  simpleResolvers: true,
  description:
    'Where messages of `changes` are sent, one with each POST, signed as in Standard Webhooks.',
})
export class WebhookType implements Omit<Webhook, 'organisation' | 'createdBy'> {
  /** As `webhookId`. */
  id!: string;
  /** As `nextTryAt`. */
  dueAt!: number;

  @Field(() => String, { description: 'Where it sends.' })
  url!: string;

  @Field(() => String, { description: 'What receives the messages.' })
  label!: string;

  @Field(() => Json, { nullable: true, description: 'Its `ChangeFilter`; null for all messages.' })
  filter!: StoredFilter | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: number;

  @Field(() => WebhookStateEnum, { description: 'Whether it sends.' })
  state!: WebhookState;

  @Field(() => WebhookPauseReasonEnum, { nullable: true, description: 'For PAUSED.' })
  reason!: PauseReason | null;

  @Field(() => Cursor, {
    description: 'Behind the last message that the receiver took, or that was given up.',
  })
  cursor!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the receiver took the last message; null for never.',
  })
  takenAt!: number | null;

  @Field(() => Int, { description: 'How many tries in a row failed.' })
  failures!: number;

  @Field(() => String, { nullable: true, description: 'Why the last try failed.' })
  lastError!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'After `rotateWebhookSecret`, until when the secret before signs too.',
  })
  oldSecretUntil!: number | null;
}

@ObjectType('MadeWebhook', {
  simpleResolvers: true,
  description: 'A webhook with its secret.',
})
export class MadeWebhookType implements MadeWebhook {
  @Field(() => WebhookType, { description: 'The webhook.' })
  webhook!: Webhook;

  @Field(() => String, {
    description: 'The key that signs, `whsec_` and base64. Nobody can see it again.',
  })
  secret!: string;
}

@ObjectType('WebhookAnswer', {
  simpleResolvers: true,
  description: 'What a receiver said to a message that was sent at once.',
})
export class WebhookAnswerType implements Trial {
  @Field(() => Boolean, { description: 'It answered 2xx.' })
  taken!: boolean;

  @Field(() => String, { nullable: true, description: 'What it said, when it did not take it.' })
  error!: string | null;

  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  ms!: number;
}

@ObjectType('DeadLetter', {
  simpleResolvers: true,
  description:
    'A message that a receiver did not take for too long. It is kept as long as the feed (FEED_RETENTION_DAYS).',
})
export class DeadLetterType implements DeadLetter {
  /** As `deadLetterId`. */
  id!: string;

  @Field(() => ID, { description: 'Its `webhook-id`.' })
  messageId!: string;

  @Field(() => String, { description: 'The body: a text that is JSON.' })
  body!: string;

  @Field(() => DateTime, { description: 'When it was given up.' })
  at!: number;

  @Field(() => String, { description: 'Why the last try failed.' })
  lastError!: string;
}

export const DeadLetterConnectionType = connectionOf('DeadLetter', () => DeadLetterType);

@InputType('CreateWebhookInput', { description: 'Where to send what.' })
export class CreateWebhookInput {
  @Field(() => String, {
    description:
      'An https URL that leads to a public address. Who runs the service may allow others.',
  })
  url!: string;

  @Field(() => String, { description: 'What receives the messages, 1 to 100 characters.' })
  label!: string;

  @Field(() => ChangeFilter, {
    nullable: true,
    description: 'Selects messages. Without it, all are sent.',
  })
  filter?: ChangeFilter | null;

  @Field(() => Cursor, {
    nullable: true,
    description: 'Sends what came after this message too. Without it, begins now.',
  })
  after?: string | null;
}
