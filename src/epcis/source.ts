import type { Issue, TextPlace, Warnings } from './faults.js';

/** A place in a text: both from 1. */
export type SourcePlace = TextPlace;

/** How a document was written. */
export type Syntax = 'JSON' | 'XML 2.0' | 'XML 1.2';

/** A document in the shape of the JSON binding, whatever syntax it came in. */
export interface SourceDocument {
  readonly syntax: Syntax;
  /** EPCISDocument, EPCISQueryDocument or one event. */
  readonly document: unknown;
  /** JSON text of what a JSON Pointer names, numbers as written; undefined where `JSON.stringify` says the same. */
  readonly textOf: (pointer: string) => string | undefined;
  /** XML: where what a JSON Pointer names stands in the text, or the nearest thing around it. */
  readonly placeOf: (pointer: string) => SourcePlace | undefined;
  /** What was found wrong while reading, though the rest could be read: in XML, order, unknown elements, values of the wrong type. */
  readonly issues?: readonly Issue[];
  /** What reading found strange and let pass. */
  readonly warnings?: Warnings;
  /** XML: where each event begins in the text. */
  readonly eventPlaces?: readonly TextPlace[];
  /** `@context` around a single event, where it is not in the event itself. */
  readonly context?: unknown;
}

/** The outcome of reading a text: a document in the shape of JSON, not judged yet, or why it cannot be read. */
export type SourceRead =
  | { readonly ok: true; readonly source: SourceDocument }
  | { readonly ok: false; readonly issues: readonly Issue[] };
