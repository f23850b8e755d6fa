import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { selectionOf } from '../feed/change-selection.loaders.js';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { Cursor, DateTime } from '../graphql/scalars.js';
import { pageRequest } from '../shared/page.js';
import {
  deleteWebhook,
  pauseWebhook,
  replayWebhook,
  resumeWebhook,
  rotateWebhookSecret,
} from './change-webhook.js';
import { MOST_WEBHOOKS, createWebhook } from './create-webhook.js';
import type { MadeWebhook } from './create-webhook.js';
import { replayDeadLetter, testWebhook } from './try-webhook.js';
import type { Trial } from './try-webhook.js';
import { DEAD_LETTER_SHAPE } from './webhook.js';
import type { DeadLetter, Webhook } from './webhook.js';
import { listDeadLetters, listWebhooks } from './webhook.read-model.js';
import {
  CreateWebhookInput,
  DeadLetterConnectionType,
  DeadLetterType,
  MadeWebhookType,
  WebhookAnswerType,
  WebhookType,
} from './webhook.types.js';
import type { WebhookContext } from './webhook.types.js';

const idArg = (): ParameterDecorator =>
  Arg('id', () => ID, { description: 'Its `webhookId`.' }) as ParameterDecorator;

@Resolver(() => WebhookType)
export class WebhookResolver {
  @Query(() => [WebhookType], {
    description: `The webhooks of your organisation, the oldest first; at most ${MOST_WEBHOOKS}.`,
  })
  async webhooks(@Ctx() { view }: Context): Promise<readonly Webhook[]> {
    return listWebhooks(view, MOST_WEBHOOKS);
  }

  @Mutation(() => MadeWebhookType, {
    description:
      'Sends the messages of `changes` to a URL, as they are recorded and in order, until the receiver answers 2xx to each.',
  })
  async createWebhook(
    @Arg('input', () => CreateWebhookInput, { description: 'Where to send what.' })
    { url, label, filter, after }: CreateWebhookInput,
    @Ctx() context: WebhookContext,
  ): Promise<MadeWebhook> {
    selectionOf(filter);
    const request = { url, label, filter: filter ?? null, after: after ?? null };
    return createWebhook(context, request, 'input.');
  }

  @Mutation(() => MadeWebhookType, {
    description:
      'Signs with a new secret. For some hours the secret before signs too, so that the receiver can change meanwhile.',
  })
  rotateWebhookSecret(
    @idArg() id: string,
    @Arg('overlapHours', () => Int, {
      defaultValue: 24,
      description: 'How long the secret before signs too, 0 to 720.',
    })
    overlapHours: number,
    @Ctx() context: WebhookContext,
  ): Promise<MadeWebhook> {
    return rotateWebhookSecret(context, id, overlapHours);
  }

  @Mutation(() => WebhookType, {
    description: 'Sends nothing more until `resumeWebhook`. The webhook keeps its place.',
  })
  pauseWebhook(@idArg() id: string, @Ctx() context: WebhookContext): Promise<Webhook> {
    return pauseWebhook(context, id);
  }

  @Mutation(() => WebhookType, {
    description:
      'Sends again, from where it was: a webhook that is paused, and at once one that waits after a failure.',
  })
  resumeWebhook(@idArg() id: string, @Ctx() context: WebhookContext): Promise<Webhook> {
    return resumeWebhook(context, id);
  }

  @Mutation(() => WebhookType, {
    description:
      'Sends what came after a cursor, each message with the `webhook-id` that it had. It resumes the webhook too.',
  })
  replayWebhook(
    @idArg() id: string,
    @Arg('from', () => Cursor, { description: 'A cursor of the feed.' }) from: string,
    @Ctx() context: WebhookContext,
  ): Promise<Webhook> {
    return replayWebhook(context, id, from);
  }

  @Mutation(() => WebhookType, {
    description: 'Ends a webhook. Its dead letters go with it. The answer has it as it was.',
  })
  deleteWebhook(@idArg() id: string, @Ctx() context: WebhookContext): Promise<Webhook> {
    return deleteWebhook(context, id);
  }

  @Mutation(() => WebhookAnswerType, {
    description:
      'Sends a message of the type `webhook.test` now, and tells what the receiver said.',
  })
  testWebhook(@idArg() id: string, @Ctx() context: WebhookContext): Promise<Trial> {
    return testWebhook(context, id);
  }

  @FieldResolver(() => ID, { description: 'Its id.' })
  webhookId(@Root() { id }: WebhookType): string {
    return id;
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'When it tries again after a failure.',
  })
  nextTryAt(@Root() { dueAt }: WebhookType): number | null {
    return dueAt === 0 ? null : dueAt;
  }
}

@Resolver(() => DeadLetterType)
export class DeadLetterResolver {
  @Query(() => DeadLetterConnectionType, {
    description: 'What a webhook of your organisation gave up, the oldest first.',
  })
  async deadLetters(
    @Arg('webhook', () => ID, { description: 'Its `webhookId`.' }) webhook: string,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<DeadLetter>> {
    return toConnection(await listDeadLetters(view, webhook, pageRequest(page, DEAD_LETTER_SHAPE)));
  }

  @Mutation(() => WebhookAnswerType, {
    description:
      'Sends a dead letter again, with the `webhook-id` that it had. When the receiver takes it, it is no dead letter any more.',
  })
  replayDeadLetter(
    @Arg('id', () => ID, { description: 'Its `deadLetterId`.' }) id: string,
    @Ctx() context: WebhookContext,
  ): Promise<Trial> {
    return replayDeadLetter(context, id);
  }

  @FieldResolver(() => ID, { description: 'Its id.' })
  deadLetterId(@Root() { id }: DeadLetterType): string {
    return id;
  }
}
