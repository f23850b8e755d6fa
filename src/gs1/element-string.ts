import { KEYS } from './key-table.js';
import type { KeySpec } from './key-table.js';
import type { GivenKey } from './key.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault } from './parsed.js';

/** As scanners transmit it: the ASCII group separator. */
export const FNC1 = '\u001d';

/**
 * Lengths of AI and value together, by first two digits: these need no FNC1 behind them.
 *
 * @see GS1 General Specifications 7.8.5 (element strings with predefined length)
 */
const PREDEFINED: ReadonlyMap<string, number> = new Map([
  ['00', 20],
  ['01', 16],
  ['02', 16],
  ['03', 16],
  ['04', 18],
  ...['11', '12', '13', '14', '15', '16', '17', '18', '19'].map((ai) => [ai, 8] as const),
  ['20', 4],
  ...['31', '32', '33', '34', '35', '36'].map((ai) => [ai, 10] as const),
  ['41', 16],
]);

/** Digits of the AI by its first two; others have two. */
const AI_DIGITS: ReadonlyMap<string, number> = new Map([
  ...['23', '24', '25', '40', '41', '42', '71'].map((ai) => [ai, 3] as const),
  ...['31', '32', '33', '34', '35', '36', '39', '43', '70', '72', '80', '81', '82'].map(
    (ai) => [ai, 4] as const,
  ),
]);

type Elements = Map<string, string>;

/**
 * Reads an element string as printed: `(01)09506000134352(21)A1`. A bracket inside a value may be written `\(`; unescaped it is
 * taken for a value's own unless two to four digits and `)` follow.
 *
 * @see GS1 General Specifications 4.14 (human readable interpretation)
 */
export function readBracketed(text: string): GivenKey | IdentifierFault {
  const elements: Elements = new Map();
  const opening = /(?<!\\)\((\d{2,4})\)/g;
  let ai: string | null = null;
  let from = 0;
  for (const match of text.matchAll(opening)) {
    if (ai !== null) elements.set(ai, unescapeBrackets(text.slice(from, match.index)));
    ai = match[1] ?? '';
    from = match.index + match[0].length;
  }
  if (ai !== null) elements.set(ai, unescapeBrackets(text.slice(from)));
  return choose(elements, text);
}

/**
 * Reads an element string as transmitted by a scanner, without its symbology identifier: AIs follow each other, FNC1 (group
 * separator) ends those of variable length.
 *
 * @see GS1 General Specifications 7.8 (processing of element strings)
 */
export function readRaw(text: string): GivenKey | IdentifierFault {
  const elements: Elements = new Map();
  let at = 0;
  while (at < text.length) {
    if (text.startsWith(FNC1, at)) {
      at += 1;
      continue;
    }
    const ai = text.slice(at, at + (AI_DIGITS.get(text.slice(at, at + 2)) ?? 2));
    if (!/^\d{2,4}$/.test(ai)) {
      return fault(
        'UNKNOWN_FORM',
        `Expected an application identifier (two to four digits) at position ${at + 1} of ${quoted(text)}, found ${quoted(ai)}.`,
      );
    }
    const end = endOf(text, at, ai);
    if (!elements.has(ai)) elements.set(ai, text.slice(at + ai.length, end));
    at = end;
  }
  return choose(elements, text);
}

/** The element string of a key already judged, AIs in brackets, brackets of values escaped. */
export function writeBracketed(given: GivenKey): string {
  let out = `(${given.spec.ai})${escapeBrackets(given.value)}`;
  for (const [ai, value] of given.qualifiers) out += `(${ai})${escapeBrackets(value)}`;
  return out;
}

function endOf(text: string, at: number, ai: string): number {
  const length = PREDEFINED.get(ai.slice(0, 2));
  const separator = text.indexOf(FNC1, at);
  const last = separator < 0 ? text.length : separator;
  return length === undefined ? last : Math.min(at + length, last);
}

/** Picks the key that tells most, and its qualifiers; the other elements (expiry, weights, …) are attributes and dropped. */
function choose(elements: Elements, text: string): GivenKey | IdentifierFault {
  const spec = KEYS.find((key) => elements.has(key.ai));
  if (spec === undefined) {
    const found =
      elements.size === 0 ? 'nothing' : [...elements.keys()].map((ai) => `(${ai})`).join(' ');
    return fault(
      'UNKNOWN_FORM',
      `${quoted(text)} holds no GS1 key: found ${found}, expected one of ${KEYS.map((key) => `(${key.ai})`).join(' ')}.`,
    );
  }
  const rival = rivalOf(spec, elements);
  if (rival !== undefined) {
    return fault(
      'AMBIGUOUS',
      `${quoted(text)} names two things: ${spec.name} (${spec.ai}) and ${rival.name} (${rival.ai}). Give one of them.`,
    );
  }
  return { spec, value: elements.get(spec.ai) ?? '', qualifiers: qualifiersOf(spec, elements) };
}

/** A second key that names a thing; a GSIN, GINC or GLN beside another key is an attribute of it (GS1 General Specifications 3). */
function rivalOf(spec: KeySpec, elements: Elements): KeySpec | undefined {
  const attributes = ['401', '402', '414', '417'];
  return KEYS.find((key) => key !== spec && elements.has(key.ai) && !attributes.includes(key.ai));
}

function qualifiersOf(spec: KeySpec, elements: Elements): ReadonlyMap<string, string> {
  const qualifiers = new Map<string, string>();
  for (const { ai } of spec.qualifiers) {
    const value = elements.get(ai);
    if (value !== undefined) qualifiers.set(ai, value);
  }
  return qualifiers;
}

function escapeBrackets(value: string): string {
  return value.replaceAll('(', '\\(');
}

function unescapeBrackets(value: string): string {
  return value.replaceAll('\\(', '(');
}
