import type { CaptureLimits } from '../epcis/capture-limits.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import type { GivenDocument, ReadDocument } from './read-document.js';

/** The job of a reading thread: a document, or a GraphQL operation with a document among its variables. */
export type ReadingJob = (
  | ({ readonly kind: 'document' } & GivenDocument)
  | { readonly kind: 'graphql'; readonly bytes: Uint8Array }
) & { readonly limits: CaptureLimits };

/** An event on its way between threads. It is sent as text, because parsing is faster than copying its object. */
export type SentEvent = Omit<ParsedEvent, 'event' | 'text'> & { readonly text: string };

/** Part of an answer. The next part is sent on request, so that the asking thread can do other work in between. */
export type ReadingPart =
  | { readonly kind: 'events'; readonly events: readonly SentEvent[] }
  | { readonly kind: 'masterData'; readonly masterData: readonly MasterDataEntry[] }
  | { readonly kind: 'end'; readonly end: ReadingEnd };

/** The last part: what is not in the other parts, or why there is no answer. */
export interface ReadingEnd {
  readonly rest?: Omit<ReadDocument, 'events' | 'masterData'>;
  /** A GraphQL request without its document, and the name of the variable that holds it. */
  readonly operation?: { readonly request: object; readonly variable: string };
  readonly refused?: {
    readonly code: 'BAD_USER_INPUT' | 'PAYLOAD_TOO_LARGE';
    readonly message: string;
  };
}
