import type { Feed } from '../feed/index.js';
import type { Graph } from '../graph/graph.js';
import type { ByteBudget } from '../shared/byte-budget.js';
import type { Clock } from '../shared/clock.js';
import type { Loaders } from './loaders.js';

/** What to do with a document in which some events are refused. */
export type ErrorBehaviour = 'ROLLBACK' | 'PROCEED';

/** The write path, as the edge sees it. */
export interface CaptureService {
  /** Captures one EPCIS document; answers after the commit. Faults are in the result, not thrown. */
  captureDocument(
    body: unknown,
    options: {
      readonly errorBehaviour: ErrorBehaviour;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<CaptureOutcome>;
  /**
   * Reads a long GraphQL request without holding the others: the document among its variables becomes something that
   * `captureDocument` takes.
   */
  readonly readOperation?: (bytes: Uint8Array, signal?: AbortSignal) => Promise<unknown>;
}

/** What became of a document. */
export interface CaptureOutcome {
  /** Null when the document was refused before anything was stored. */
  readonly jobId: string | null;
  readonly success: boolean;
  /** Nothing of it is stored, and that is due to its faults. */
  readonly refused: boolean;
  /** Events stored now. */
  readonly captured: number;
  /** Events that were known already, with the same content. */
  readonly repeated: number;
  readonly eventIds: readonly string[];
  readonly faults: readonly CaptureFault[];
  /** What was strange and yet taken. */
  readonly warnings: readonly CaptureFault[];
}

/** One fault of a document, or one thing strange in it. */
export interface CaptureFault {
  readonly code: string;
  /** JSON Pointer into the document. */
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
  /** Where in the text, both from 1, when that is known. */
  readonly line?: number;
  readonly column?: number;
}

/** What resolvers get: one per operation, in a subscription one per event. */
export interface Context {
  readonly graph: Graph;
  readonly clock: Clock;
  /** Aborted when the client is gone or has its answer: hand it to `graph.read`. */
  readonly signal?: AbortSignal;
  /** What the answer may weigh. */
  readonly budget: ByteBudget;
  readonly capture: CaptureService;
  readonly feed: Feed;
  readonly loaders: Loaders;
  readonly requestId: string;
}
