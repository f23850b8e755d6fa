import { captureRead } from './capture-document.js';
import type { CaptureDeps, CaptureOutcome, Sending } from './capture-document.js';
import { DocumentRead } from './document-reader.js';
import type { DocumentReader } from './document-reader.js';

/** The write path, as GraphQL sees it. */
export interface CaptureService {
  /** Captures one EPCIS document; answers after the commit. Faults are in the result, not thrown. */
  captureDocument(
    body: unknown,
    options: Sending & { readonly signal?: AbortSignal | undefined },
  ): Promise<CaptureOutcome>;
}

/** Capturing for GraphQL, whose documents are JSON that was parsed already, or were read with their request. */
export function captureService(capture: CaptureDeps, reader: DocumentReader): CaptureService {
  return {
    captureDocument: async (body, { signal, ...sending }) => {
      const read = body instanceof DocumentRead ? body.read : await reader.readJson(body, signal);
      return captureRead(capture, read, sending);
    },
  };
}
