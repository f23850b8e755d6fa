import type { DocumentHeader } from './document-header.js';
import type { EpcisEvent } from './event.js';
import type { Issue, TextPlace, Warnings } from './faults.js';
import type { MasterDataEntry } from './master-data.js';
import type { Declared } from './namespaces.js';

/** An event's error declaration (EPCIS 2.0 section 7.4.1.4); `reason` is a bare word or a URI. */
export interface ParsedErrorDeclaration {
  readonly declarationTimeMs: number;
  readonly reason?: string;
  readonly correctiveEventIDs: readonly string[];
}

/** One valid event. */
export interface ParsedEvent {
  readonly pointer: string;
  /** Where it begins in the text, when that is known; it is always known for XML. */
  readonly place?: TextPlace;
  /** The eventID as given, or the hash. */
  readonly id: string;
  /** The event hash, `ni:///sha-256;…?ver=CBV2.0` (CBV 2.0 section 8.9). */
  readonly hash: string;
  readonly givenId: boolean;
  /** The event with expanded CURIEs; the same object as it came if it has none. */
  readonly event: EpcisEvent;
  readonly eventTimeMs: number;
  /** Prefixes it uses from the document's `@context`, and all its own; extensions need them. */
  readonly prefixes: Declared;
  readonly errorDeclaration?: ParsedErrorDeclaration;
  /** JSON text as it came, with numbers as written; absent if `JSON.stringify` is enough. */
  readonly text?: string;
  /** JSON text of `event`, if that differs from what came. */
  readonly meant?: string;
  /** JSON text of the prefixes that the event uses and only the document declares, if any. */
  readonly context?: string;
  /** Id of the document's header; absent if the document has none. */
  readonly header?: string;
}

/** A valid document. */
export interface ParsedDocument {
  readonly events: readonly ParsedEvent[];
  readonly masterData: readonly MasterDataEntry[];
  /** The content of the document around its events, without master data. */
  readonly header?: DocumentHeader;
}

/** An invalid event with all its faults. An empty pointer means the document around the events. */
export interface RejectedEvent {
  readonly pointer: string;
  readonly issues: readonly Issue[];
}

/**
 * What is still accepted of a faulty document if the sender asked to proceed. It is nothing when a
 * fault is around the events.
 */
export interface PartialDocument {
  readonly good: readonly ParsedEvent[];
  readonly bad: readonly RejectedEvent[];
  readonly masterData: readonly MasterDataEntry[];
  readonly header?: DocumentHeader;
}

interface Warned {
  /** What is strange, but accepted. */
  readonly warnings: Warnings;
}

/** The outcome of reading a document. */
export type Parsed = Warned &
  (
    | { readonly ok: true; readonly document: ParsedDocument }
    | { readonly ok: false; readonly issues: readonly Issue[]; readonly partial: PartialDocument }
  );

/** The outcome of reading one event. */
export type ParsedOne = Warned &
  (
    | { readonly ok: true; readonly event: ParsedEvent }
    | { readonly ok: false; readonly issues: readonly Issue[] }
  );
