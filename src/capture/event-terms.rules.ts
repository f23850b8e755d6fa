import type { TermRow } from '../event-terms/event-terms.store.js';
import { termsOfDeclaration, termsOfEvent } from '../event-terms/event-terms.rules.js';
import type { Admission } from './capture.rules.js';

/** The terms that find the new events and error declarations of a batch. Most events need none. */
export function termRowsOf({ events, declarations }: Pick<Admission, 'events' | 'declarations'>): {
  readonly events: readonly TermRow[];
  readonly declarations: readonly TermRow[];
} {
  return {
    events: events.flatMap((event) => {
      const terms = termsOfEvent(event);
      return terms.length === 0 ? [] : [{ id: event.id, at: event.eventTimeMs, terms }];
    }),
    declarations: declarations.map(({ id, event }) => ({
      id,
      at: event.eventTimeMs,
      terms: termsOfDeclaration(event),
    })),
  };
}
