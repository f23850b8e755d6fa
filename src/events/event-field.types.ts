import { Ctx, FieldResolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { eventLoaders } from './event.loaders.js';
import { EventType } from './event.types.js';

/** Adds `event` to a resolver class of something that names an event by its `eventId`. */
export function EventField(description: string): ClassDecorator {
  return (resolver) => {
    const prototype = resolver.prototype as object;
    const read = (source: { readonly eventId: string | null }, context: Context): unknown =>
      source.eventId === null ? null : eventLoaders(context).event.load(source.eventId);
    const method = { value: read };
    Object.defineProperty(prototype, 'event', method);
    FieldResolver(() => EventType, { nullable: true, description })(prototype, 'event', method);
    Root()(prototype, 'event', 0);
    Ctx()(prototype, 'event', 1);
  };
}
