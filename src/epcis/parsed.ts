import type { DocumentHeader } from './document-header.js';
import type { EpcisEvent } from './event.js';
import type { Issue, TextPlace, Warnings } from './faults.js';
import type { MasterDataEntry } from './master-data.js';
import type { Declared } from './namespaces.js';

/** That an event is declared wrong (EPCIS 2.0 section 7.4.1.4); `reason` is the bare word or a URI. */
export interface ParsedErrorDeclaration {
  readonly declarationTimeMs: number;
  readonly reason?: string;
  readonly correctiveEventIDs: readonly string[];
}

/** One event that is right. */
export interface ParsedEvent {
  readonly pointer: string;
  /** Where it begins in the text, when that is known: always for XML. */
  readonly place?: TextPlace;
  /** The eventID as given, or the hash. */
  readonly id: string;
  /** The event hash, `ni:///sha-256;…?ver=CBV2.0` (CBV 2.0 section 8.9). */
  readonly hash: string;
  readonly givenId: boolean;
  /** What came, its CURIEs written out; the very object where it has none. */
  readonly event: EpcisEvent;
  readonly eventTimeMs: number;
  /** Prefixes it uses, from the document's `@context`, and all of its own; without them extensions cannot be read. */
  readonly prefixes: Declared;
  readonly errorDeclaration?: ParsedErrorDeclaration;
  /** JSON text of the event as it came, numbers as written; absent where `JSON.stringify` says the same. */
  readonly text?: string;
  /** JSON text of `event`, where that differs from what came. */
  readonly meant?: string;
  /** JSON text of the prefixes that the document declares, the event uses and does not declare itself; absent when there are none. */
  readonly context?: string;
  /** Id of the document's header; absent where the document says nothing around its events. */
  readonly header?: string;
}

/** A document in which everything is right. */
export interface ParsedDocument {
  readonly events: readonly ParsedEvent[];
  readonly masterData: readonly MasterDataEntry[];
  /** What the document says around its events, master data aside. */
  readonly header?: DocumentHeader;
}

/** An event that is not right, with all that is wrong in it. An empty pointer means the document around the events. */
export interface RejectedEvent {
  readonly pointer: string;
  readonly issues: readonly Issue[];
}

/** What can still be taken of a faulty document where the sender asked to proceed; nothing when the fault is around the events. */
export interface PartialDocument {
  readonly good: readonly ParsedEvent[];
  readonly bad: readonly RejectedEvent[];
  readonly masterData: readonly MasterDataEntry[];
  readonly header?: DocumentHeader;
}

interface Warned {
  /** What is strange and yet taken. */
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
