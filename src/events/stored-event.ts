import type { Direction } from '../shared/page.js';

/** A captured event, with what we know about it. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly action: string | null;
  /** A bare word of the CBV, or the URI of another vocabulary. */
  readonly bizStep: string | null;
  readonly disposition: string | null;
  /** Epoch ms. */
  readonly eventTime: number;
  readonly eventTimeZoneOffset: string;
  /** Epoch ms. */
  readonly recordTime: number;
  /** Log position; null for partners. */
  readonly seq: number | null;
  /** Site keys. */
  readonly readPoint: string | null;
  readonly bizLocation: string | null;
  readonly retracted: boolean;
  /** Only what the one who asks sees of it. Then `header` and `sentBy` are null. */
  readonly redacted: boolean;
  /** The event exactly as given. `@context` has the prefixes it uses, including those that its document declared. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Id of the header of its document. */
  readonly header: string | null;
  /** Key of the organisation that sent it; null for the host. */
  readonly sentBy: string | null;
}

/** A statement that an event was wrong. */
export interface StoredDeclaration {
  readonly id: string;
  readonly reason: string | null;
  /** Epoch ms. */
  readonly declarationTime: number;
  readonly recordTime: number;
  /** Log position; null for partners. */
  readonly seq: number | null;
  readonly correctiveEventIDs: readonly string[];
  readonly document: Readonly<Record<string, unknown>>;
}

/** The order of a list of events. Events of one time or one log position are ordered by id. */
export interface EventOrder {
  readonly field: 'EVENT_TIME' | 'RECORD_TIME';
  readonly direction: Direction;
}

/** Selects events. An absent property is no condition. */
export interface EventSelection {
  /** Epoch ms, inclusive and exclusive. */
  readonly eventTimeFrom?: number;
  readonly eventTimeUntil?: number;
  readonly recordTimeFrom?: number;
  readonly recordTimeUntil?: number;
  /** Log positions, inclusive and exclusive. */
  readonly seqFrom?: number;
  readonly seqUntil?: number;
  readonly bizSteps?: readonly string[];
  readonly dispositions?: readonly string[];
  readonly actions?: readonly string[];
  readonly types?: readonly string[];
  readonly retracted?: boolean;
  /** Terms (`event-terms/`): the event says one of each list. */
  readonly terms?: readonly (readonly string[])[];
  /** Keys. */
  readonly package?: string;
  readonly lot?: string;
  readonly site?: string;
}
