import type { Issue } from '../epcis/faults.js';

/** One fault of a document, or one thing strange in it: where, what was found, what is expected, and the remedy. */
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

/** An issue as a fault of the document. */
export function toFault(issue: Issue): CaptureFault {
  const { code, pointer, found, expected, remedy, line, column } = issue;
  const place = line === undefined || column === undefined ? {} : { line, column };
  return { code, pointer, found, expected, remedy, ...place };
}

/** A fault in one sentence: where, what, and the remedy. */
export function sentenceOf({ pointer, found, expected, remedy }: CaptureFault): string {
  return `${pointer === '' ? 'document' : pointer}: found ${found}, expected ${expected}. ${remedy}`;
}
