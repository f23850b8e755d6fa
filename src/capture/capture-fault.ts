import type { FaultCode } from '../epcis/fault-codes.js';
import type { Issue } from '../epcis/faults.js';

/** One fault or warning of a document: where it is, what was found, what is expected, and the remedy. */
export interface CaptureFault {
  readonly code: FaultCode;
  /** JSON Pointer into the document. */
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
  /** Place in the text, both counted from 1, when it is known. */
  readonly line?: number;
  readonly column?: number;
}

/** Turns an issue of the parser into a fault of the document. */
export function toFault(issue: Issue): CaptureFault {
  const { code, pointer, found, expected, remedy, line, column } = issue;
  const place = line === undefined || column === undefined ? {} : { line, column };
  return { code, pointer, found, expected, remedy, ...place };
}

/** A fault in one text: where it is, what it is, and the remedy. */
export function sentenceOf({ pointer, found, expected, remedy }: CaptureFault): string {
  return `${pointer === '' ? 'document' : pointer}: found ${found}, expected ${expected}. ${remedy}`;
}
