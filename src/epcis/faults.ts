/** One thing wrong with a document: what, where, and what to do about it. */
export interface Issue {
  readonly code: string;
  /** JSON Pointer (RFC 6901) into the document. */
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
  readonly message: string;
  /** Where in the text, both from 1, when that is known: always for XML. */
  readonly line?: number;
  readonly column?: number;
}

/** A place in a text: both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** What a check says about a fault; where it is, the collector knows. */
export interface Finding {
  readonly code: string;
  readonly expected: string;
  readonly remedy: string;
}

const MORE: Finding = {
  code: 'MORE_FAULTS',
  expected: 'fewer faults',
  remedy: 'There are more faults than are listed; correct these and send the document again.',
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

/** An issue about a JSON Pointer, a place in the text, or both; `found` in words. */
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

/** What is told of one document though it is taken: some of the warnings, and how many there were in all. Plain data. */
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

/** Warnings as they are told; where there were more than are kept, a last one says how many. */
export function toldWarnings({ kept, found }: Warnings): readonly Issue[] {
  if (found === kept.length) return kept;
  const more = {
    code: 'MORE_WARNINGS',
    expected: `at most ${WarningList.MAX_KEPT} warnings of one document`,
    remedy: 'Mend what is listed; the others are likely of the same kinds.',
  };
  return [...kept, issueOf(more, '', `${found - kept.length} more`)];
}

/**
 * Collects the faults of one document or event; from its limits on it only counts, so that a bad file costs bounded memory.
 *
 * Every check has this collector in its hands: `add` refuses, `warn` takes what is strange and tells of it in the capture's answer
 * and job.
 */
export class Faults {
  static readonly MAX_ISSUES = 10_000;
  /** Characters of pointers and of what was found. */
  static readonly MAX_LENGTH = 4_000_000;
  readonly issues: Issue[] = [];
  /** How many there were, kept or not. */
  found = 0;
  readonly warnings = new WarningList();
  private length = 0;
  private full = false;

  /**
   * @param isXml what only the JSON binding asks for is let pass: bare CBV words, the type of a sensor report
   * @param linkDomains where a URI of the form of a Digital Link has to be a right one
   */
  constructor(
    readonly isXml = false,
    readonly linkDomains: readonly string[] = [],
  ) {}

  add(finding: Finding, pointer: string, value: unknown): void {
    this.note(() => issueOf(finding, pointer, describe(value)));
  }

  /** Tells of something without refusing it. */
  warn(finding: Finding, pointer: string, value: unknown): void {
    this.warnings.add(issueOf(finding, pointer, describe(value)));
  }

  /** A fault that is worked out only while more are kept. */
  note(issue: () => Issue): void {
    this.found += 1;
    if (this.full) return;
    const one = issue();
    this.length += one.pointer.length + one.found.length;
    this.full = this.issues.length === Faults.MAX_ISSUES - 1 || this.length > Faults.MAX_LENGTH;
    this.issues.push(this.full ? issueOf(MORE, '', describe(undefined)) : one);
  }

  /** Takes issues found elsewhere. */
  take(issues: readonly Issue[]): void {
    for (const issue of issues) this.note(() => issue);
  }
}
