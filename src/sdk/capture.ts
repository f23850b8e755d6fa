import { CustodyError } from './errors.js';
import { sleep } from './service.js';
import type { Service } from './service.js';

/** How a document is captured. */
export interface CaptureOptions {
  /** What to do when some events are refused: store nothing (default), or the others. */
  readonly onFault?: 'rollback' | 'proceed' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How often a document is sent at most: with the waits in between, for some minutes. */
const ATTEMPTS = 10;

/** What became of a document, which is committed. */
export interface CaptureJob {
  captureID: string;
  /** Nothing was refused. */
  success: boolean;
  /** Events that were stored now, and those that were stored before with the same content. */
  captured: number;
  repeated: number;
  /** What was refused, with `onFault: 'proceed'`. */
  faults: CaptureFault[];
  warnings: CaptureFault[];
}

/** One fault of a document, or something unusual that is accepted. */
export interface CaptureFault {
  code: string;
  /** JSON Pointer to the place in the document. */
  pointer: string;
  found: string;
  expected: string;
  remedy: string;
}

/**
 * Captures an EPCIS document: an object for JSON, or a text of JSON or XML. It answers after the commit, so there is no job to wait for.
 *
 * It sends the same bytes again after a lost answer. That stores nothing twice: the service knows an event by its eventID, and one without
 * by the hash of its content, and counts it as `repeated`.
 *
 * @throws CustodyError with all `details.faults` when the document is refused, and what still fails after the last attempt
 */
export async function capture(
  service: Service,
  document: object | string,
  { onFault = 'rollback', signal }: CaptureOptions = {},
): Promise<CaptureJob> {
  const body = typeof document === 'string' ? document : JSON.stringify(document);
  const headers = {
    'content-type': /^\s*</.test(body) ? 'application/xml' : 'application/json',
    accept: 'application/json',
    'gs1-capture-error-behaviour': onFault,
  };
  const send = (): Promise<unknown> => service.post('epcis/capture', { body, headers, signal });
  return (await sendAgain(service, send, signal)) as CaptureJob;
}

async function sendAgain(
  service: Service,
  send: () => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  for (let failures = 0; ; failures++) {
    try {
      return await send();
    } catch (error) {
      const isLast = failures + 1 >= ATTEMPTS || signal?.aborted === true;
      if (!(error instanceof CustodyError) || !error.isPassing || isLast) throw error;
      await sleep(service.waitMs(failures, error), signal);
    }
  }
}
