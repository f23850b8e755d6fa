import { captureRead } from './capture-document.js';
import type { CaptureDeps, CaptureOutcome, ErrorBehaviour } from './capture-document.js';
import { DocumentRead } from './document-reader.js';
import type { DocumentReader } from './document-reader.js';

/** The write path, as GraphQL sees it. */
export interface CaptureService {
  /** Captures one EPCIS document; answers after the commit. Faults are in the result, not thrown. */
  captureDocument(
    body: unknown,
    options: {
      readonly errorBehaviour: ErrorBehaviour;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<CaptureOutcome>;
}

/** Capturing for GraphQL, whose documents are JSON that was parsed already, or were read with their request. */
export function captureService(capture: CaptureDeps, reader: DocumentReader): CaptureService {
  return {
    captureDocument: async (body, { errorBehaviour, signal }) => {
      const read = body instanceof DocumentRead ? body.read : await reader.readJson(body, signal);
      return captureRead(capture, read, errorBehaviour);
    },
  };
}
