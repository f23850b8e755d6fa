import type { CaptureLimits } from './capture-limits.js';
import { MAX_VALUES } from './capture-limits.js';
import type { Finding, Issue } from './faults.js';
import { issueOf } from './faults.js';
import type { Excess, JsonScan, Spot } from './json-scan.js';
import { findExcess, scanJson } from './json-scan.js';
import { NumberTexts } from './number-texts.js';
import type { SourceRead } from './source.js';
import { TextPlaces } from './text-places.js';

const REPEATED: Finding = {
  code: 'KEY_DUPLICATE',
  expected: 'each key once in an object',
  remedy: 'Keep one of the two. Write several values as a list.',
};
const FORBIDDEN: Finding = {
  code: 'KEY_FORBIDDEN',
  expected: 'no key that changes the prototype of objects',
  remedy: 'Give the field another name.',
};
const SYNTAX = { code: 'JSON_SYNTAX', remedy: 'Write JSON (RFC 8259).' } as const;

/** Levels accepted here. Later checks are stricter and can name the field that is too deep. */
function roughDepth({ maxDepth }: CaptureLimits): number {
  return 2 * maxDepth + 100;
}

/** Reads JSON: checks syntax, depth, repeated and dangerous keys; keeps numbers as written. */
export function readJson(text: string, limits: CaptureLimits): SourceRead {
  const excess = findExcess(text, { depth: roughDepth(limits), values: MAX_VALUES });
  if (excess !== undefined) return refused([excessIssue(excess, text, limits)]);
  const parsed = parse(text);
  if (parsed.ok && isPlain(text, parsed.value)) return sourceOf(parsed.value, new NumberTexts());
  const scan = scanJson(text, parsed.ok ? parsed.value : undefined);
  const issues = issuesOf(scan, text);
  if (!parsed.ok || issues.length > 0)
    return refused(issues.length > 0 ? issues : [brokenAt(text, text.length, 'JSON')]);
  const numbers = new NumberTexts();
  for (const { container, key, text: written } of scan.numbers)
    numbers.note(container, key, written);
  return sourceOf(parsed.value, numbers);
}

function excessIssue({ of, offset }: Excess, text: string, { maxDepth }: CaptureLimits): Issue {
  const place = new TextPlaces(text).at(offset);
  if (of === 'values') return issueOf(tooManyValues(MAX_VALUES), '', 'more values', place);
  const expected = `at most ${maxDepth} levels of nesting`;
  const finding: Finding = { code: 'LIMIT_DEPTH', expected, remedy: 'Flatten the document.' };
  return issueOf(finding, '', 'deeper nesting', place);
}

function tooManyValues(limit: number): Finding {
  const expected = `at most ${limit} values in one document`;
  return { code: 'LIMIT_VALUES', expected, remedy: 'Send several documents.' };
}

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

/** If writing the value gives the same text, parsing lost nothing, not even a repeated key. */
function isPlain(text: string, value: unknown): boolean {
  return (
    !text.includes('"__proto__"') && !text.includes('"prototype"') && JSON.stringify(value) === text
  );
}

function sourceOf(document: unknown, numbers: NumberTexts): SourceRead {
  const textOf = (pointer: string): string | undefined =>
    numbers.none ? undefined : numbers.textAt(document, pointer);
  return { ok: true, source: { syntax: 'JSON', document, textOf, placeOf: () => undefined } };
}

function refused(issues: readonly Issue[]): SourceRead {
  return { ok: false, issues };
}

function issuesOf(scan: JsonScan, text: string): Issue[] {
  const { broken } = scan;
  if (broken !== undefined) return [brokenAt(text, broken.offset, broken.expected)];
  const places = new TextPlaces(text);
  const issue =
    (finding: Finding) =>
    ({ pointer, offset }: Spot): Issue =>
      issueOf(finding, pointer, 'the key', places.at(offset));
  return [...scan.repeated.map(issue(REPEATED)), ...scan.forbidden.map(issue(FORBIDDEN))];
}

function brokenAt(text: string, offset: number, expected: string): Issue {
  const char = text[offset];
  const found = char === undefined ? 'the end of the text' : JSON.stringify(char);
  return issueOf({ ...SYNTAX, expected }, '', found, new TextPlaces(text).at(offset));
}
