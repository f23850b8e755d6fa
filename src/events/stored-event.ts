/** An event as it was captured, with what we know of it. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly action: string | null;
  /** CBV bare word, or the URI of another vocabulary. */
  readonly bizStep: string | null;
  readonly disposition: string | null;
  /** Epoch ms. */
  readonly eventTime: number;
  readonly eventTimeZoneOffset: string;
  /** Epoch ms. */
  readonly recordTime: number;
  readonly seq: number;
  /** Site keys. */
  readonly readPoint: string | null;
  readonly bizLocation: string | null;
  readonly retracted: boolean;
  /** The event exactly as given; under `@context` the prefixes it uses, also those that its document declared. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Id of the header of the document it came in. */
  readonly header: string | null;
}

/** A statement that an event was wrong. */
export interface StoredDeclaration {
  readonly id: string;
  readonly reason: string | null;
  /** Epoch ms. */
  readonly declarationTime: number;
  readonly recordTime: number;
  readonly seq: number;
  readonly correctiveEventIDs: readonly string[];
  readonly document: Readonly<Record<string, unknown>>;
}

/** By what a list of events is ordered. */
export type EventOrder = 'EVENT_TIME' | 'RECORDED';

/** Which events; whatever is absent does not matter. */
export interface EventSelection {
  /** Epoch ms, inclusive and exclusive. */
  readonly eventTimeFrom?: number;
  readonly eventTimeTo?: number;
  readonly recordTimeFrom?: number;
  readonly recordTimeTo?: number;
  /** Log positions, both inclusive. */
  readonly seqFrom?: number;
  readonly seqTo?: number;
  readonly bizSteps?: readonly string[];
  readonly types?: readonly string[];
  readonly retracted?: boolean;
  /** At most one of these three narrows the search; the others filter. Keys. */
  readonly package?: string;
  readonly lot?: string;
  readonly site?: string;
}
