import { aiLength, APPLICATION_IDENTIFIERS } from './application-identifiers.js';
import { isDigits } from './characters.js';
import { checkContents, checkElements } from './check-elements.js';
import type { Element, ElementFault } from './check-elements.js';
import { padGtin } from './key.js';

/** Scanners transmit FNC1 as the ASCII group separator. */
export const FNC1 = '\u001d';

/** The symbology identifier that a scanner sends first (ISO/IEC 15424). */
export const SYMBOLOGY = /^\][A-Za-z][0-9A-Za-z]/;
/**
 * Symbology identifiers that announce GS1 element strings: 128, DataBar, Data Matrix, QR, DotCode
 * (GS1 General Specifications 7.8.2).
 */
export const GS1_SYMBOLOGY: ReadonlySet<string> = new Set([']C1', ']e0', ']d2', ']Q3', ']J1']);

/** Most characters accepted; the largest GS1 symbol holds 7089 digits (QR Code 40-L). */
const MOST = 8000;

/** An element and where its value begins in the text. */
interface Part extends Element {
  readonly start: number;
  /** The value as written in the text, with escaped brackets. */
  readonly written: string;
}

/** Elements in the order of the text, or every fault found. */
export type ElementStringRead =
  | { readonly ok: true; readonly elements: readonly Element[] }
  | { readonly ok: false; readonly faults: readonly ElementFault[] };

type Split =
  | { readonly ok: true; readonly parts: readonly Part[] }
  | { readonly ok: false; readonly fault: ElementFault };

/**
 * Reads an element string in one of three forms. With brackets: `(01)09506000134352(21)A1`. As
 * scanned: with or without symbology identifier, FNC1 as the group separator (code 29). As bare
 * digits of an EAN, UPC or ITF-14 symbol (8, 12, 13, 14: GTIN; 18: SSCC). Never throws.
 *
 * `checkElements` judges the result. Use `alone: false` for one of several barcodes of an item:
 * then the rules between AIs are not checked. Positions of faults are in `text`.
 *
 * @see GS1 General Specifications 4.14 (human readable interpretation), 7.8 (processing of element strings)
 */
export function parseElementString(text: string, options = { alone: true }): ElementStringRead {
  const split = splitElements(text);
  if (!split.ok) return { ok: false, faults: [split.fault] };
  const elements = split.parts.map(({ ai, value }) => ({ ai, value }));
  const faults = options.alone ? checkElements(elements) : checkContents(elements);
  if (faults.length === 0) return { ok: true, elements };
  return { ok: false, faults: faults.map((fault) => placeInText(fault, split.parts)) };
}

/**
 * Writes elements in the given order and judges nothing. `BRACKETED` is for people; a `(` in a
 * value becomes `\(`. `RAW` is for a barcode: FNC1 (code 29) follows each element of variable
 * length except the last. It has no symbology identifier and no FNC1 at the start.
 *
 * @see GS1 General Specifications 7.8.5 (predefined lengths)
 */
export function formatElementString(
  elements: readonly Element[],
  form: 'BRACKETED' | 'RAW',
): string {
  if (form === 'BRACKETED')
    return elements.map(({ ai, value }) => `(${ai})${value.replaceAll('(', '\\(')}`).join('');
  return elements
    .map(({ ai, value }, at) => {
      const isLast = at === elements.length - 1;
      const needsNone = isLast || APPLICATION_IDENTIFIERS.get(ai)?.isPredefined === true;
      return ai + value + (needsNone ? '' : FNC1);
    })
    .join('');
}

/** Splits a text into elements without judging their content. */
export function splitElements(text: string): Split {
  if (text.length > MOST) return tooLong(text);
  const lead = text.length - text.trimStart().length;
  const symbology = SYMBOLOGY.exec(text.trimStart())?.[0];
  const start = lead + (symbology?.length ?? 0);
  const data = text.slice(start).trimEnd();
  if (symbology !== undefined && GS1_SYMBOLOGY.has(symbology)) return splitRaw(data, start);
  if (isDigits(data) && [8, 12, 13, 14, 18].includes(data.length)) return plainNumber(data, start);
  return data.startsWith('(') ? splitBracketed(data, start) : splitRaw(data, start);
}

function plainNumber(digits: string, start: number): Split {
  const ai = digits.length === 18 ? '00' : '01';
  return { ok: true, parts: [{ ai, value: padGtin(digits), start, written: digits }] };
}

/** A `(` in a value may be written `\(`. It starts an AI only if 2 to 4 digits and `)` follow. */
function splitBracketed(text: string, offset: number): Split {
  const openings = [...text.matchAll(/(?<!\\)\((\d{2,4})\)\s*/g)];
  if (openings[0]?.index !== 0) return notAnAi(text, 0, offset);
  const parts = openings.map((opening, at) => {
    const from = opening.index + opening[0].length;
    const written = text.slice(from, openings[at + 1]?.index).trimEnd();
    const value = written.replaceAll('\\(', '(');
    return { ai: opening[1] ?? '', value, start: offset + from, written };
  });
  return { ok: true, parts };
}

/** FNC1 ends a value of variable length. A superfluous FNC1 is skipped. */
function splitRaw(text: string, offset: number): Split {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    if (text.startsWith(FNC1, at)) {
      at += 1;
      continue;
    }
    const length = aiLength(text.slice(at, at + 2));
    const ai = text.slice(at, at + (length ?? 0));
    const spec = APPLICATION_IDENTIFIERS.get(ai);
    if (spec === undefined) return notAnAi(text, at, offset);
    const from = at + ai.length;
    const fixed = spec.isPredefined ? (spec.components[0]?.maxLength ?? 0) : text.length;
    const [written = ''] = text.slice(from, from + fixed).split(FNC1, 1);
    at = from + written.length;
    parts.push({ ai, value: written, start: offset + from, written });
  }
  return parts.length === 0 ? notAnAi(text, 0, offset) : { ok: true, parts };
}

function notAnAi(text: string, at: number, offset: number): Split {
  return {
    ok: false,
    fault: {
      code: 'UNKNOWN_FORM',
      element: null,
      ai: null,
      position: offset + at + 1,
      found: text.slice(at, at + 4),
      rule: 'must have a GS1 application identifier (two to four digits) where an element begins',
      remedy:
        'Give (01)…(21)… or the scan as it came; a lost FNC1 separator (GS, code 29) may have run two elements together.',
    },
  };
}

function tooLong(text: string): Split {
  return {
    ok: false,
    fault: {
      code: 'LENGTH',
      element: null,
      ai: null,
      position: MOST + 1,
      found: text.slice(0, 20),
      rule: `may have at most ${MOST} characters, not ${text.length}`,
      remedy: 'Give one barcode at a time.',
    },
  };
}

function placeInText(fault: ElementFault, parts: readonly Part[]): ElementFault {
  const part = fault.element === null ? undefined : parts[fault.element];
  if (part === undefined) return fault;
  return { ...fault, position: part.start + offsetIn(part, fault.position - 1) + 1 };
}

/** Maps a position in the value to the written text, which has escapes but no padding zeros. */
function offsetIn({ value, written }: Part, at: number): number {
  if (written.length <= value.length) return Math.max(at - (value.length - written.length), 0);
  let offset = 0;
  for (let passed = 0; passed < at; passed++) offset += written.startsWith('\\(', offset) ? 2 : 1;
  return offset;
}
