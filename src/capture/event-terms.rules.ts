import type { TermRow } from '../epcis-query/terms.js';
import { termsOfDeclaration, termsOfEvent } from '../epcis-query/terms.js';
import type { Admission } from './capture.rules.js';

/** What the new events and error declarations of a batch can be found by; most events need nothing. */
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
