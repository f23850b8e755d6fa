import type { CaptureLimits } from '../epcis/capture-limits.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import type { GivenDocument, ReadDocument } from './read-document.js';

/** What a reading thread is given: a document, or an operation of GraphQL with one among its variables. */
export type ReadingJob = (
  | ({ readonly kind: 'document' } & GivenDocument)
  | { readonly kind: 'graphql'; readonly bytes: Uint8Array }
) & { readonly limits: CaptureLimits };

/** An event on its way between threads: as text, which is read faster than a copy is made of its object. */
export type SentEvent = Omit<ParsedEvent, 'event' | 'text'> & { readonly text: string };

/** Part of an answer: the next is sent when it is asked for, so that the asking thread does other things in between. */
export type ReadingPart =
  | { readonly kind: 'events'; readonly events: readonly SentEvent[] }
  | { readonly kind: 'masterData'; readonly masterData: readonly MasterDataEntry[] }
  | { readonly kind: 'end'; readonly end: ReadingEnd };

/** What comes last: what is not in parts, or why there is nothing. */
export interface ReadingEnd {
  readonly rest?: Omit<ReadDocument, 'events' | 'masterData'>;
  /** A GraphQL request without its document, and the name of the variable that holds it. */
  readonly operation?: { readonly request: object; readonly variable: string };
  readonly refused?: {
    readonly code: 'BAD_USER_INPUT' | 'PAYLOAD_TOO_LARGE';
    readonly message: string;
  };
}
