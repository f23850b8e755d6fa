import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseEventSource, parseSource } from '../../src/epcis/parse-document.js';
import type { Issue } from '../../src/epcis/faults.js';
import { readSource } from '../../src/epcis/source-document.js';
import type { SourceRead } from '../../src/epcis/source-document.js';
import { diceFrom } from '../support/mutate-bytes.js';
import { mutationSeeds } from '../support/mutate-seeds.js';
import { mutantFrom } from '../support/mutate.js';
import type { Mutant } from '../support/mutate.js';
import { historiesToTry, seed } from '../support/test-settings.js';

const LIMITS = { maxEvents: 1000, maxEpcsPerEvent: 20_000, maxDepth: 32 };
const MEBIBYTE = 1024 * 1024;
/** What is kept while reading may not grow with what was read: ten thousand documents hold 200 MB. */
const MOST_GROWTH = 40 * MEBIBYTE;
/** The longest one document may take on a busy machine; what is not linear takes minutes. */
const MOST_MS = 5000;
const BATCH = 1500;
const BATCHES = historiesToTry({ daily: 14, nightly: 200 });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

interface Judged {
  readonly read: SourceRead;
  readonly issues: readonly Issue[];
  readonly accepted: number;
}

function judge({ bytes, contentType }: Mutant): Judged {
  const read = readSource(bytes, contentType, LIMITS);
  if (!read.ok) return { read, issues: read.issues, accepted: 0 };
  const parsed = parseSource(read.source, LIMITS);
  const alone = parseEventSource(read.source, LIMITS);
  if (parsed.ok) return { read, issues: [], accepted: parsed.document.events.length };
  if (alone.ok) return { read, issues: [], accepted: 1 };
  return { read, issues: [...parsed.issues, ...alone.issues], accepted: 0 };
}

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/s;

function isPlaced({ line, column }: Issue): boolean {
  return (
    Number.isInteger(line) && Number(line) >= 1 && Number.isInteger(column) && Number(column) >= 1
  );
}

/** What is wrong with a refusal; null when it says what, where and what to do. */
function untyped(issue: Issue, read: SourceRead): string | null {
  if (!/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(issue.code)) return `code ${issue.code}`;
  if (!POINTER.test(issue.pointer)) return `pointer ${issue.pointer.slice(0, 80)}`;
  for (const part of ['found', 'expected', 'remedy', 'message'] as const)
    if (issue[part].trim() === '' || issue[part].length > 100_000)
      return `${part} of ${issue.code}`;
  const needsPlace = !read.ok || read.source.syntax !== 'JSON';
  return needsPlace && !isPlaced(issue)
    ? `no line and column: ${issue.code} ${issue.pointer}`
    : null;
}

/** What a document showed that must not be; null when all is well. */
function complaint(mutant: Mutant): string | null {
  const begun = performance.now();
  const { read, issues, accepted } = judge(mutant);
  const took = performance.now() - begun;
  if (took > MOST_MS) return `${took} ms for ${mutant.bytes.length} bytes`;
  if (accepted === 0 && issues.length === 0 && !read.ok) return 'refused without a reason';
  for (const issue of issues) {
    const wrong = untyped(issue, read);
    if (wrong !== null) return wrong;
  }
  return null;
}

function safely(mutant: Mutant): string | null {
  try {
    return complaint(mutant);
  } catch (error) {
    return `thrown: ${error instanceof Error ? String(error.stack) : String(error)}`;
  }
}

/** Complaints about the mutants of one seed, at most ten. */
function complaintsOf(batchSeed: number): string[] {
  const dice = diceFrom(batchSeed);
  const seeds = mutationSeeds();
  const found: string[] = [];
  for (let left = BATCH; left > 0 && found.length < 10; left--) {
    const mutant = mutantFrom(dice, seeds);
    const wrong = safely(mutant);
    if (wrong !== null) found.push(`${mutant.how.slice(0, 400)} → ${wrong}`);
  }
  return found;
}

describe('mutated documents', () => {
  const heaps: number[] = [];
  const builtIn = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

  test.each(Array.from({ length: BATCHES }, (_, batch) => seed + batch))(
    `are read or refused with code and place, never thrown at: ${BATCH} of seed %d`,
    (batchSeed) => {
      expect(complaintsOf(batchSeed)).toEqual([]);
      heaps.push(heapInUse());
    },
    120_000,
  );

  test('leave no memory behind, and no prototype changed', () => {
    const [, ...later] = heaps;
    expect(Math.max(...later) - (later[0] ?? 0)).toBeLessThan(MOST_GROWTH);
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(builtIn);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('are the same for the same seed, and are both read and refused', () => {
    const [first, again] = [diceFrom(seed), diceFrom(seed)];
    const seeds = mutationSeeds();
    const outcomes = new Set<string>();
    for (let left = 300; left > 0; left--) {
      const mutant = mutantFrom(first, seeds);
      expect(mutantFrom(again, seeds).bytes.equals(mutant.bytes)).toBe(true);
      const { accepted, issues } = judge(mutant);
      outcomes.add(accepted > 0 ? 'accepted' : (issues[0]?.code ?? 'empty'));
    }
    expect([...outcomes]).toEqual(
      expect.arrayContaining([
        'accepted',
        'JSON_SYNTAX',
        'XML_SYNTAX',
        'CHARSET_MALFORMED',
        'LIMIT_DEPTH',
      ]),
    );
  });
});
