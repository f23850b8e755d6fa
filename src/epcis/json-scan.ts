import { pointerTo } from './faults.js';

/** What `JSON.parse` does not report about a text. */
export interface JsonScan {
  /** Keys given twice in one object, by pointer, with their offsets. */
  readonly repeated: readonly Spot[];
  /** `__proto__`, and `constructor` with a `prototype` inside. */
  readonly forbidden: readonly Spot[];
  /** Numbers that JavaScript would write differently. */
  readonly numbers: readonly NumberSpot[];
  /** Where the text stops being JSON, and what should be there. */
  readonly broken?: { readonly offset: number; readonly expected: string };
}

/** A key in the text. */
export interface Spot {
  readonly pointer: string;
  readonly offset: number;
}

interface NumberSpot {
  readonly container: object;
  readonly key: string | number;
  readonly text: string;
}

interface Frame {
  readonly keys: Set<string> | null;
  readonly pointer: string;
  /** The value from `JSON.parse`. */
  readonly value: unknown;
  key: string | number;
}

class Broken extends Error {
  constructor(
    readonly offset: number,
    readonly expected: string,
  ) {
    super(expected);
  }
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const MAX_SPOTS = 1000;

/** Walks a JSON text (RFC 8259) once. It uses no recursion, so no nesting is too deep for it. */
class Scanner {
  private at = 0;
  private readonly stack: Frame[] = [];
  private readonly repeated: Spot[] = [];
  private readonly forbidden: Spot[] = [];
  private readonly numbers: NumberSpot[] = [];

  constructor(
    private readonly text: string,
    private readonly parsed: unknown,
  ) {}

  run(): JsonScan {
    const { repeated, forbidden, numbers } = this;
    try {
      this.document();
      return { repeated, forbidden, numbers };
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      const { offset, expected } = error;
      return { repeated, forbidden, numbers, broken: { offset, expected } };
    }
  }

  private document(): void {
    this.value();
    while (this.stack.length > 0) this.next();
    this.skip(SPACE);
    if (this.at < this.text.length) this.fail('the end of the text');
  }

  /** Reads a whole scalar, or opens a container. */
  private value(): void {
    this.skip(SPACE);
    const char = this.text[this.at];
    if (char === '{' || char === '[') this.open(char === '{');
    else if (char === '"') this.string();
    else if (this.skip(WORD) === '') this.number();
  }

  private open(isObject: boolean): void {
    const pointer = this.here();
    const value = this.valueHere();
    this.at += 1;
    this.stack.push({ keys: isObject ? new Set() : null, pointer, value, key: -1 });
    this.skip(SPACE);
    if (this.text[this.at] === (isObject ? '}' : ']')) this.close();
    else this.member();
  }

  /** Reads what follows a value in a container: another member, or its end. */
  private next(): void {
    const isObject = this.stack.at(-1)?.keys !== null;
    this.skip(SPACE);
    const char = this.text[this.at];
    if (char === (isObject ? '}' : ']')) {
      this.close();
      return;
    }
    if (char !== ',') this.fail(isObject ? 'a comma or }' : 'a comma or ]');
    this.at += 1;
    this.member();
  }

  private close(): void {
    this.at += 1;
    this.stack.pop();
  }

  private member(): void {
    const frame = this.stack.at(-1);
    if (frame === undefined) return;
    if (frame.keys === null) frame.key = Number(frame.key) + 1;
    else this.key(frame, frame.keys);
    this.value();
  }

  private key(frame: Frame, keys: Set<string>): void {
    this.skip(SPACE);
    const offset = this.at;
    if (this.text[offset] !== '"') this.fail('a key in double quotes');
    const key = this.string();
    this.skip(SPACE);
    if (this.text[this.at] !== ':') this.fail('a colon');
    this.at += 1;
    frame.key = key;
    if (keys.has(key)) this.note(this.repeated, offset);
    keys.add(key);
    if (key === '__proto__' || (key === 'prototype' && frame.pointer.endsWith('/constructor')))
      this.note(this.forbidden, offset);
  }

  private note(spots: Spot[], offset: number): void {
    if (spots.length < MAX_SPOTS) spots.push({ pointer: this.here(), offset });
  }

  private string(): string {
    const start = this.at;
    let end = this.text.indexOf('"', start + 1);
    while (end > 0 && this.isEscaped(end)) end = this.text.indexOf('"', end + 1);
    if (end < 0) this.fail('the closing quote of this string');
    this.at = end + 1;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      this.at = start;
      return this.fail('a string without line breaks and with right escapes');
    }
  }

  private isEscaped(quote: number): boolean {
    let first = quote;
    while (this.text[first - 1] === '\\') first -= 1;
    return (quote - first) % 2 === 1;
  }

  private number(): void {
    const text = this.skip(NUMBER);
    if (text === '') this.fail('a value');
    if (String(Number(text)) === text) return;
    const { value: container, key = '' } = this.stack.at(-1) ?? {};
    if (typeof container === 'object' && container !== null)
      this.numbers.push({ container, key, text });
  }

  private skip(form: RegExp): string {
    form.lastIndex = this.at;
    const found = form.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private here(): string {
    const frame = this.stack.at(-1);
    return frame === undefined ? '' : pointerTo(frame.pointer, frame.key);
  }

  /** The parsed value of this place: the last of repeated keys, but those are refused anyway. */
  private valueHere(): unknown {
    const frame = this.stack.at(-1);
    if (frame === undefined) return this.parsed;
    const { value, key } = frame;
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Readonly<Record<string, unknown>>)[key]
      : undefined;
  }

  private fail(expected: string): never {
    throw new Broken(this.at, expected);
  }
}

/** Finds what `JSON.parse` loses in a text, or where it is broken; `parsed` is the parsed value. */
export function scanJson(text: string, parsed: unknown): JsonScan {
  return new Scanner(text, parsed).run();
}

/** What a JSON text has too much of, and the offset where it exceeds the limit. */
export interface Excess {
  readonly of: 'depth' | 'values';
  readonly offset: number;
}

/** Finds the first bracket nested too deep, or the first value too many, before parsing. */
export function findExcess(
  text: string,
  limits: { readonly depth: number; readonly values: number },
): Excess | undefined {
  let [depth, values] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === COMMA) values += 1;
    else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      [depth, values] = [depth + 1, values + 1];
      if (depth > limits.depth) return { of: 'depth', offset: at };
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) depth -= 1;
    if (values > limits.values) return { of: 'values', offset: at };
  }
  return undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at += 1;
    else if (char === 0x22) return at;
  }
  return text.length;
}
