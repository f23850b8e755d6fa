import type { Fact } from '../projection/index.js';
import { DAY_MS } from '../shared/ahead.js';
import type { Clock } from '../shared/clock.js';
import type { BatchWarnings } from './batch-warnings.js';
import type { Admission } from './capture.rules.js';
import type { EventBatch, Opening } from './capture.store.js';
import type { AdmittedEvent, NewlyAdmitted } from './event-batch.rules.js';
import { lotFactsOf } from './event-batch.rules.js';
import { factsOf } from './event-facts.rules.js';
import type { Projected } from './project-batch.js';

/**
 * The record time of a batch: as late as possible, and later than every record time before it, even if the clocks of the writers
 * differ. So a client that has read up to some record time misses nothing that is recorded after it.
 */
export function recordTimeOf({ recorded }: Pick<Opening, 'recorded'>, clock: Clock): number {
  return Math.max(clock.now(), recorded + 1);
}

/** Ids of the transformations among events. */
export function madeIn(events: readonly AdmittedEvent[]): readonly string[] {
  return events.flatMap(({ parsed: { id, event } }) =>
    event.type === 'TransformationEvent' ? [id] : [],
  );
}

/** Packages that were known before and now belong to another lot. */
export function lotChangedIn({ changes }: Projected): readonly string[] {
  return changes.packages.flatMap(({ key, isNew, lotChanged }) =>
    lotChanged && !isNew ? [key] : [],
  );
}

const IN_FUTURE = {
  code: 'EVENT_IN_FUTURE',
  path: '/eventTime',
  expected: 'a time that has come, or at most a day ahead',
  remedy:
    'The event is kept and counts from that time on. If the date is wrong, declare the event in error and send it again.',
} as const;

const DECLARED_IN_FUTURE = {
  ...IN_FUTURE,
  path: '/errorDeclaration/declarationTime',
  remedy:
    'The declaration is kept, and the event counts as declared in error from now on. Check the clock.',
};

/** Warns of events and error declarations that are dated more than a day ahead. */
export function warnOfFuture(
  warnings: BatchWarnings,
  { events, declarations, inError }: Pick<Admission, 'events' | 'declarations' | 'inError'>,
  now: number,
): void {
  const isFar = (t = 0): boolean => t > now + DAY_MS;
  for (const { id, event, eventTimeMs } of events)
    if (isFar(eventTimeMs) && !inError.has(id))
      warnings.about(id, { ...IN_FUTURE, found: event.eventTime });
  for (const { id, event } of declarations)
    if (isFar(event.errorDeclaration?.declarationTimeMs)) {
      const found = event.event.errorDeclaration?.declarationTime ?? '';
      warnings.about(id, { ...DECLARED_IN_FUTURE, found });
    }
}

/** Reads lot and facts of an event once. */
export function readAdmitted(parsed: NewlyAdmitted['parsed']): NewlyAdmitted {
  const { id, hash, event, eventTimeMs, sentBy } = parsed;
  const lot = lotFactsOf(parsed);
  return { parsed, lot, facts: factsOf({ id, hash, event, eventTimeMs, lot, sentBy }) };
}

/** The packages that the facts commission, for the check of their serials. */
export function commissionedBy(
  facts: readonly Fact[],
): { readonly key: string; readonly eventId: string; readonly t: number }[] {
  return facts.flatMap(({ act, kids, eventId, t }) =>
    act === 'commission' ? kids.map((key) => ({ key, eventId, t })) : [],
  );
}

/** The transformationID that joins a transformation event with others. */
export function partOf({ parsed: { id, event } }: AdmittedEvent): EventBatch['transformations'] {
  return event.type === 'TransformationEvent' && event.transformationID !== undefined
    ? [{ id, transformationID: event.transformationID }]
    : [];
}
