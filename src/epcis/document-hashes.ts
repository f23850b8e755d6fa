import { isObject } from './checks.js';
import type { EpcisEvent } from './event.js';
import { eventHash, preHash } from './event-hash.js';
import { ignoredFields, prefixesOf } from './namespaces.js';
import type { SourceDocument } from './source.js';

/** The hash of an event, and the text that it digests. */
export interface EventHash {
  readonly hash: string;
  readonly prehash: string;
}

function inside(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const step of path) found = isObject(found) ? found[step] : undefined;
  return found;
}

/** The events of a document, or the document itself if it is one event. */
function eventsOf(document: unknown): readonly unknown[] {
  const body = inside(document, 'epcisBody');
  if (body === undefined) return [document];
  const list =
    inside(body, 'eventList') ?? inside(body, 'queryResults', 'resultsBody', 'eventList');
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

/** The hashes of a document's events in its order, even of invalid ones (CBV 2.0 section 8.9). */
export function hashesOf({ document, context }: SourceDocument): readonly EventHash[] {
  const around =
    inside(document, 'epcisBody') === undefined ? context : inside(document, '@context');
  const results = inside(document, 'epcisBody', 'queryResults') ?? document;
  const ignored = ignoredFields(results, prefixesOf(around));
  return eventsOf(document)
    .filter(isObject)
    .map((event) => {
      const judged = event as unknown as EpcisEvent;
      return {
        hash: eventHash(judged, around, ignored),
        prehash: preHash(judged, around, ignored),
      };
    });
}
