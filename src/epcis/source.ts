import type { Issue, TextPlace, Warnings } from './faults.js';

/** A place in a text; line and column count from 1. */
export type SourcePlace = TextPlace;

/** How a document was written. */
export type Syntax = 'JSON' | 'XML 2.0' | 'XML 1.2';

/** A document in the shape of the JSON binding, for every syntax. */
export interface SourceDocument {
  readonly syntax: Syntax;
  /** EPCISDocument, EPCISQueryDocument or one event. */
  readonly document: unknown;
  /** JSON text at a JSON Pointer, numbers as written; undefined if `JSON.stringify` is enough. */
  readonly textOf: (pointer: string) => string | undefined;
  /** XML: place in the text of the value at a JSON Pointer, or of the nearest element around it. */
  readonly placeOf: (pointer: string) => SourcePlace | undefined;
  /** Faults that did not stop the reading; in XML: order, unknown elements, wrong value types. */
  readonly issues?: readonly Issue[];
  /** What reading found strange, but accepted. */
  readonly warnings?: Warnings;
  /** XML: where each event begins in the text. */
  readonly eventPlaces?: readonly TextPlace[];
  /** `@context` of a single event, if it is not in the event itself. */
  readonly context?: unknown;
}

/** The outcome of reading a text: a document that is not judged yet, or why it cannot be read. */
export type SourceRead =
  | { readonly ok: true; readonly source: SourceDocument }
  | { readonly ok: false; readonly issues: readonly Issue[] };
