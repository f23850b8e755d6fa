import { isContainerKey } from '../holdings/holding.js';
import { envelopeOf } from './envelope.types.js';
import type { Envelope } from './envelope.types.js';
import type {
  ChangeMessageType,
  EventChangeType,
  ExceptionChangeType,
  JobChangeType,
} from './changes.types.js';
import type { FeedChangeFields, HandoffChangeType, LocationChangeType } from './feed.types.js';
import type {
  EventMessage,
  ExceptionMessage,
  FeedItem,
  FeedMessage,
  HandoffMessage,
  Heartbeat,
  JobMessage,
  LocationMessage,
} from './messages.js';

type Fields = Pick<FeedChangeFields, keyof FeedChangeFields>;

/** A message of a subscription: what changed, or a heartbeat without a change. */
export function messageOf<M extends FeedMessage, C>(
  part: FeedItem<M> | Heartbeat,
  changeOf: (message: M) => C,
): Envelope & { change: C | null } {
  return { ...envelopeOf(part), change: 'heartbeat' in part ? null : changeOf(part.message) };
}

/** A message of `changes`. */
export function changeOf(part: FeedItem | Heartbeat): ChangeMessageType {
  const none = { location: null, handoff: null, event: null, exception: null, job: null };
  const common = { ...envelopeOf(part), ...none };
  if ('heartbeat' in part) return { ...common, kind: null };
  const { message } = part;
  switch (message.kind) {
    case 'location':
      return { ...common, kind: 'LOCATION', location: locationOf(message) };
    case 'handoff':
      return { ...common, kind: 'HANDOFF', handoff: handoffOf(message) };
    case 'event':
      return { ...common, kind: 'EVENT', event: eventOf(message) };
    case 'exception':
      return { ...common, kind: 'EXCEPTION', exception: exceptionOf(message) };
    case 'job':
      return { ...common, kind: 'JOB', job: jobOf(message) };
  }
}

/** A change of place. */
export function locationOf(message: LocationMessage): LocationChangeType {
  const { k, keys = [k], level, from, to, status, units, lots } = message;
  const packages = keys.map((key) => ({ key, level }));
  return {
    ...{ ...fieldsOf(message), package: { key: k, level }, packages },
    ...{ from, to, status, units, lots: [...lots] },
  };
}

/** A change of custody. */
export function handoffOf(message: HandoffMessage): HandoffChangeType {
  const { handoffId, status = null, from = null, to = null } = message;
  return { ...fieldsOf(message), handoffKey: handoffId, status, from, to };
}

/** A change in what is seen of an event. */
export function eventOf({ change, eventId, t, recordTime }: EventMessage): EventChangeType {
  return { visibility: change, eventId, eventTime: t, recordTime };
}

/** An exception that was raised or cleared. */
export function exceptionOf(message: ExceptionMessage): ExceptionChangeType {
  const { change, code, k } = message;
  const level = isContainerKey(k) ? ('CONTAINER' as const) : ('UNIT' as const);
  return { ...fieldsOf(message), state: change, code, package: { key: k, level } };
}

/** A job that finished. */
export function jobOf({ jobId, success, captured, repeated, t }: JobMessage): JobChangeType {
  return { jobId, success, captured, repeated, finishedAt: t };
}

function fieldsOf({
  eventId,
  t,
  recordTime,
}: LocationMessage | HandoffMessage | ExceptionMessage): Fields {
  return { eventId, eventTime: t, recordTime };
}
