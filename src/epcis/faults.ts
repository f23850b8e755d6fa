import type { FaultCode } from './fault-codes.js';

/** One fault of a document: what is wrong, where, and what to do about it. */
export interface Issue {
  readonly code: FaultCode;
  /** JSON Pointer (RFC 6901) into the document. */
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
  readonly message: string;
  /** Place in the text, from 1, when it is known; it is always known for XML. */
  readonly line?: number;
  readonly column?: number;
}

/** A place in a text; line and column count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** What a check says about a fault; the collector adds the place. */
export interface Finding {
  readonly code: FaultCode;
  readonly expected: string;
  readonly remedy: string;
}

const MORE: Finding = {
  code: 'MORE_FAULTS',
  expected: 'fewer faults',
  remedy: 'There are more faults than listed here. Correct these and send the document again.',
};
const MAX_SHOWN = 80;

/** A JSON value in a few words, for messages; safe on any input. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string')
    return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `a ${typeof value}`;
}

/** A JSON Pointer one step further in. */
export function pointerTo(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}/${key}`;
  const step = /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
  return `${parent}/${step}`;
}

function whereOf(pointer: string, place: TextPlace | undefined): string {
  const inText = place === undefined ? '' : `line ${place.line}, column ${place.column}`;
  if (pointer === '') return inText === '' ? 'document' : inText;
  return inText === '' ? pointer : `${pointer} (${inText})`;
}

/** An issue at a JSON Pointer, a place in the text, or both; `found` is in words. */
export function issueOf(
  { code, expected, remedy }: Finding,
  pointer: string,
  found: string,
  place?: TextPlace,
): Issue {
  const message = `${whereOf(pointer, place)}: found ${found}, expected ${expected}. ${remedy}`;
  return { code, pointer, found, expected, remedy, message, ...place };
}

/** The same issue, with its place in the text. */
export function placed(issue: Issue, place: TextPlace | undefined): Issue {
  return place === undefined ? issue : issueOf(issue, issue.pointer, issue.found, place);
}

/** Warnings of a document, which do not refuse it: those kept, and how many there were in all. */
export interface Warnings {
  readonly kept: readonly Issue[];
  readonly found: number;
}

export const NO_WARNINGS: Warnings = { kept: [], found: 0 };

/** Collects the warnings of one document: keeps the first hundred and counts the others. */
export class WarningList implements Warnings {
  static readonly MAX_KEPT = 100;
  readonly kept: Issue[] = [];
  found = 0;

  add(issue: Issue): void {
    this.found += 1;
    if (this.kept.length < WarningList.MAX_KEPT) this.kept.push(issue);
  }

  take({ kept, found }: Warnings): void {
    kept.forEach((issue) => {
      this.add(issue);
    });
    this.found += found - kept.length;
  }
}

/** The warnings to report; if there were more than are kept, a last one says how many. */
export function toldWarnings({ kept, found }: Warnings): readonly Issue[] {
  if (found === kept.length) return kept;
  const more: Finding = {
    code: 'MORE_WARNINGS',
    expected: `at most ${WarningList.MAX_KEPT} warnings of one document`,
    remedy: 'Correct what is listed; the others are probably of the same kinds.',
  };
  return [...kept, issueOf(more, '', `${found - kept.length} more`)];
}

/**
 * Collects the faults of one document or event. Beyond its limits it only counts, so that a bad
 * file costs bounded memory.
 *
 * Every check gets this collector. `add` refuses the document; `warn` accepts it and reports what
 * is strange in the capture's answer and job.
 */
export class Faults {
  static readonly MAX_ISSUES = 10_000;
  /** Most characters of pointers and found values together. */
  static readonly MAX_LENGTH = 4_000_000;
  readonly issues: Issue[] = [];
  /** Number of all faults, kept or not. */
  found = 0;
  readonly warnings = new WarningList();
  private length = 0;
  private full = false;

  /**
   * @param isXml skips what only the JSON binding requires: bare CBV words, type of a sensor report
   * @param linkDomains where a URI in the form of a Digital Link must be a right one
   */
  constructor(
    readonly isXml = false,
    readonly linkDomains: readonly string[] = [],
  ) {}

  add(finding: Finding, pointer: string, value: unknown): void {
    this.note(() => issueOf(finding, pointer, describe(value)));
  }

  /** Reports something without refusing it. */
  warn(finding: Finding, pointer: string, value: unknown): void {
    this.warnings.add(issueOf(finding, pointer, describe(value)));
  }

  /** Adds a fault that is built only while there is room for it. */
  note(issue: () => Issue): void {
    this.found += 1;
    if (this.full) return;
    const one = issue();
    this.length += one.pointer.length + one.found.length;
    this.full = this.issues.length === Faults.MAX_ISSUES - 1 || this.length > Faults.MAX_LENGTH;
    this.issues.push(this.full ? issueOf(MORE, '', describe(undefined)) : one);
  }

  /** Adds issues that were found elsewhere. */
  take(issues: readonly Issue[]): void {
    for (const issue of issues) this.note(() => issue);
  }
}
