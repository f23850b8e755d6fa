import { captureRead } from './capture-document.js';
import type { CaptureDeps, CaptureOutcome, Sending } from './capture-document.js';
import { DocumentRead } from './document-reader.js';
import type { DocumentReader } from './document-reader.js';

/** The write path, as GraphQL sees it. */
export interface CaptureService {
  /** Captures one EPCIS document and answers after the commit. Faults are in the result, not thrown. */
  captureDocument(
    body: unknown,
    options: Sending & { readonly signal?: AbortSignal | undefined },
  ): Promise<CaptureOutcome>;
}

/** Capturing for GraphQL. A document is parsed JSON here, or it was read together with its request. */
export function captureService(capture: CaptureDeps, reader: DocumentReader): CaptureService {
  return {
    captureDocument: async (body, { signal, ...sending }) => {
      const read = body instanceof DocumentRead ? body.read : await reader.readJson(body, signal);
      return captureRead(capture, read, sending);
    },
  };
}
