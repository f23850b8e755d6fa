import type { Dice } from './dice.js';
import { oddTexts } from './mutate-values.js';

/** A value that is written in a way of its own. */
export class Written {
  /**
   * @param json    in JSON
   * @param literal in GraphQL
   */
  constructor(
    readonly json: string,
    readonly literal = json,
  ) {}
}

/** What the service knows, so that a part of the inputs finds something. */
export interface Known {
  /** Identifiers in every form, jobs, events, handoffs. */
  readonly ids: readonly string[];
  readonly cursors: readonly string[];
}

const TEXTS = [
  '',
  '0',
  '-1',
  '\u0000',
  'A\u0000B',
  '\ud800',
  'a\udfffb',
  '__proto__',
  'constructor',
  'a\r\nX-Other: 1',
  'ä ö',
  '%00%FF%2F%',
  '🧪'.repeat(300),
  '(01)09506000134353(21)A',
  '(01)09506000134352(17)999999(10)',
  '\u001d0109506000134352',
  '014950600013435217000000',
  '00/095060001343520018',
  '01/09506000134352/21/',
  '417/9506000000008/417/9506000000008',
  'https://example.com/objects/1',
  'urn:x:own:1',
  'ex:1',
  'https://id.gs1.org/01/09506000134352/22/2/10/1/21/1?17=280230',
];

const INSTANTS = [
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59.999999999-14:00',
  '9999-12-31T23:59:59-23:59',
  '1969-12-31T23:59:59Z',
  '2026-02-30T00:00:00Z',
  '2026-02-28T24:00:00Z',
  '2026-02-28T25:00:00Z',
  '2026-02-28',
];

const NUMBERS = [
  ...['0', '-0', '-1', '1', '2147483647', '2147483648', '-2147483648', '9007199254740991'],
  ...['9007199254740992', '-9007199254740991', '9223372036854775808', '1e3', '1e308', '1e999'],
  ...['-1e999', '1e-999', '0.1', '5e-324', '9'.repeat(400)],
].map((text) => new Written(text));

const OTHERS = [
  ...['null', 'true', 'false', '[]', '{}', '[null]', '[[1]]'].map((text) => new Written(text)),
  new Written('{"__proto__":{"a":1}}', '{__proto__: {a: 1}}'),
  new Written('{"constructor":{"prototype":1}}', '{constructor: {prototype: 1}}'),
  new Written('"A"', 'A'),
];

const DEPTHS = [10, 70, 1000, 20_000];

/** A text nobody hopes for. */
export function oddText(dice: Dice): string {
  const kind = dice.below(10);
  if (kind < 5) return dice.one(TEXTS);
  if (kind < 6) return dice.one(INSTANTS);
  return dice.one(oddTexts)(dice);
}

/** A text that is nearly another. */
export function nearly(dice: Dice, text: string): string {
  const at = dice.below(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  return dice.one([
    () => before + after.slice(1),
    () => before + dice.one(['0', '9', '/', '%', '\u0000', '\ud800', ' ', '*', '\n']) + after,
    () => before + oddText(dice).slice(0, 2000) + after,
    () => text.toUpperCase(),
    () => text.repeat(2 + dice.below(40)),
    () => `${text}/21/${'A'.repeat(dice.below(300))}`,
    () => before,
  ])();
}

/** An instant, or what nearly is one. */
export function instant(dice: Dice, wild: number): string {
  if (dice.chance(wild)) return dice.one(INSTANTS);
  return new Date(Date.UTC(2026, 2, 1) + dice.below(4_000_000_000)).toISOString();
}

export const oddNumber = (dice: Dice): Written => dice.one(NUMBERS);

/** A value of no kind in particular. */
export function oddValue(dice: Dice): unknown {
  const kind = dice.below(10);
  if (kind < 3) return oddText(dice);
  if (kind < 6) return oddNumber(dice);
  if (kind < 9) return dice.one(OTHERS);
  const depth = dice.one(DEPTHS);
  return dice.one([
    new Written('['.repeat(depth) + ']'.repeat(depth)),
    new Written(
      '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
      '{a:'.repeat(depth) + '1' + '}'.repeat(depth),
    ),
  ]);
}

/** A value as JSON or as a literal of GraphQL has it. */
export function write(value: unknown, as: 'json' | 'literal'): string {
  if (value instanceof Written) return value[as];
  if (Array.isArray(value)) return `[${value.map((item) => write(item, as)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, inner]) => {
    const key = as === 'json' || !/^[_A-Za-z]\w*$/.test(name) ? JSON.stringify(name) : name;
    return `${key}:${write(inner, as)}`;
  });
  return `{${fields.join(',')}}`;
}
