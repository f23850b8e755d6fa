import { isDigits } from './characters.js';
import { urnScheme } from './epc-urn.js';
import { keyOfUri } from './key-of-uri.js';

/** Fewest and most digits of a company prefix in an EPC URN (EPC TDS 6.3). */
const SHORTEST = 6;
const LONGEST = 12;

/** Tells how long GS1 company prefixes are. */
export interface PrefixLengths {
  /**
   * Length of the company prefix that `digits` begin with, 6 to 12. Undefined when it is unknown, or
   * when the known prefixes contradict each other.
   *
   * @param digits of a key, without indicator, extension digit or leading zero of a GRAI
   */
  lengthFor(digits: string): number | undefined;
}

/** Leading digits → length of the company prefixes that begin with them; 0 if none is assigned. */
export type PrefixTable = ReadonlyMap<string, number>;

/** Bits of a node: it is a prefix; a longer prefix begins with it. */
const IS_PREFIX = 1;
const HAS_LONGER = 2;

/**
 * Company prefixes learnt one by one. The operator's table takes precedence.
 *
 * A company prefix never begins with another one. If two learnt ones conflict, one sender is wrong,
 * so no prefix that begins with the shorter one is known any more: no URN is better than a wrong
 * one. The result does not depend on the order of learning. At `limit`, nothing new is learnt.
 *
 * @see GS1 General Specifications 1.4.4 (company prefix), EPC TDS 6.3
 */
export class LearnedPrefixLengths implements PrefixLengths {
  readonly #table: PrefixTable;
  readonly #limit: number;
  readonly #nodes = new Map<string, number>();

  /** @param limit most entries, about 100 bytes each; a prefix takes one per digit after the fifth */
  constructor(table: PrefixTable = new Map(), limit = 500_000) {
    this.#table = table;
    this.#limit = limit;
  }

  /** Learns a company prefix of 6 to 12 digits, as master data gives it; ignores anything else. */
  learn(prefix: string): void {
    if (prefix.length < SHORTEST || prefix.length > LONGEST || !isDigits(prefix)) return;
    const known = this.#nodes.get(prefix) ?? 0;
    if ((known & IS_PREFIX) !== 0) return;
    if (this.#nodes.size + prefix.length - SHORTEST + 1 > this.#limit) return;
    this.#nodes.set(prefix, known | IS_PREFIX);
    for (let length = SHORTEST; length < prefix.length; length++) {
      const shorter = prefix.slice(0, length);
      this.#nodes.set(shorter, (this.#nodes.get(shorter) ?? 0) | HAS_LONGER);
    }
  }

  /** Learns the company prefix that an EPC URN shows; ignores any other URI. */
  learnFrom(uri: string): void {
    const prefix = companyPrefixIn(uri);
    if (prefix === undefined || ((this.#nodes.get(prefix) ?? 0) & IS_PREFIX) !== 0) return;
    if (keyOfUri(uri) !== null) this.learn(prefix);
  }

  lengthFor(digits: string): number | undefined {
    return lengthIn(this.#table, digits) ?? this.#learnedLength(digits);
  }

  #learnedLength(digits: string): number | undefined {
    for (let length = SHORTEST; length <= LONGEST && length <= digits.length; length++) {
      const node = this.#nodes.get(digits.slice(0, length)) ?? 0;
      if ((node & IS_PREFIX) !== 0) return (node & HAS_LONGER) === 0 ? length : undefined;
    }
    return undefined;
  }
}

const SHOWN = /^urn:epc:(?:id|class|idpat):([a-z]+):(\d{6,12})\./i;

/** The company prefix in an EPC URN of a GS1 key, 6 to 12 digits. The rest is not judged. */
export function companyPrefixIn(uri: string): string | undefined {
  const match = SHOWN.exec(uri);
  if (match === null) return undefined;
  const [, scheme = '', prefix] = match;
  return urnScheme(scheme.toLowerCase()) !== undefined ? prefix : undefined;
}

/** The table, or what is wrong with its text. */
export type PrefixTableRead =
  | { readonly ok: true; readonly table: PrefixTable }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a table of company prefixes: a JSON list of prefixes (`["0614141"]`), an object of prefix
 * and length (`{"0614141": 7}`), or GS1's own "GCP length table"
 * (`{"GCPPrefixFormatList": {"entry": [{"prefix": "030", "gcpLength": 11}]}}`). Never throws.
 */
export function parsePrefixTable(text: string): PrefixTableRead {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refused(`it is not JSON (${error instanceof Error ? error.message : 'unreadable'})`);
  }
  const rows = rowsOf(json);
  if (rows === undefined) return refused('it is neither a list nor an object of prefixes');
  const table = new Map<string, number>();
  for (const [prefix, length] of rows) {
    const problem = faultOfRow(prefix, length) ?? faultOfRepeat(table, prefix, length);
    if (problem !== undefined) return refused(problem);
    table.set(prefix, Number(length));
  }
  return { ok: true, table };
}

type Row = readonly [prefix: string, length: unknown];

function rowsOf(json: unknown): readonly Row[] | undefined {
  if (Array.isArray(json)) return json.map((prefix) => rowOfPrefix(prefix));
  if (typeof json !== 'object' || json === null) return undefined;
  if (!('GCPPrefixFormatList' in json)) return Object.entries(json);
  const list = json.GCPPrefixFormatList;
  const entries = typeof list === 'object' && list !== null && 'entry' in list ? list.entry : null;
  return Array.isArray(entries) ? entries.map((entry) => rowOfEntry(entry)) : undefined;
}

function rowOfPrefix(prefix: unknown): Row {
  return typeof prefix === 'string' ? [prefix, prefix.length] : [String(prefix), NaN];
}

function rowOfEntry(entry: unknown): Row {
  const { prefix, gcpLength } = (entry ?? {}) as { prefix?: unknown; gcpLength?: unknown };
  return [typeof prefix === 'string' ? prefix : '', gcpLength];
}

function faultOfRow(prefix: string, length: unknown): string | undefined {
  const found = JSON.stringify({ [prefix]: length ?? null });
  if (!isDigits(prefix) || prefix.length > LONGEST)
    return `a prefix is a text of 1 to 12 digits, found ${found}`;
  const digits = typeof length === 'string' ? Number(length) : length;
  if (digits === 0 || (Number.isInteger(digits) && Number(digits) >= 4 && Number(digits) <= 12))
    return undefined;
  return `a length is a number from 4 to 12, or 0 where no company prefix is assigned, found ${found}`;
}

function faultOfRepeat(table: PrefixTable, prefix: string, length: unknown): string | undefined {
  const before = table.get(prefix);
  return before === undefined || before === Number(length)
    ? undefined
    : `prefix ${prefix} has two lengths, ${before} and ${Number(length)}`;
}

function refused(problem: string): PrefixTableRead {
  return {
    ok: false,
    message: `The table of company prefixes cannot be used: ${problem}. Give ["0614141", …], {"0614141": 7, …} or GS1's GCP length table.`,
  };
}

/** The longest matching entry decides. In EPCs, prefixes of 4 and 5 digits have 6 (EPC TDS 6.3). */
function lengthIn(table: PrefixTable, digits: string): number | undefined {
  if (table.size === 0) return undefined;
  for (let length = Math.min(LONGEST, digits.length); length > 0; length--) {
    const found = table.get(digits.slice(0, length));
    if (found !== undefined) return found === 0 ? undefined : Math.max(found, SHORTEST);
  }
  return undefined;
}
