import type { Dice } from './dice.js';
import { oddTexts } from './mutate-values.js';

/** A changed text, and how it was changed. */
export interface TextChange {
  readonly text: string;
  readonly how: string;
}

type Step = string | number;
type Holder = Record<Step, unknown>;

/** Text that JSON has no value for, or none that is reasonable. */
const RAW: readonly (() => string)[] = [
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '-1e999',
    '1e-999',
    '-0',
    '0x10',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
  ],
  ...[
    'true',
    'false',
    'null',
    'undefined',
    "'a'",
    '"a',
    '"\\',
    '"\\u12"',
    '"\\x41"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
  ],
  ...[
    '"\\u0000"',
    '"\u0001"',
    '"\t"',
    '"\\u0008\\u001f"',
    '"\\uffff"',
    '""',
    '" "',
    '"\\u202e"',
    '12',
    '-7.5e-3',
  ],
  ...[
    '[]',
    '{}',
    '[null]',
    '[[]]',
    '[{}]',
    '{"":""}',
    '{"a":1}',
    '{"ex:a":1}',
    '{"@value":1}',
    '{"@id":"a"}',
    '/* */1',
  ],
  ...[
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"prototype":1}',
    '{"toString":1}',
  ],
  ...[
    '{"a":1,"a":2}',
    '{"ex:a":1,"ex:a":1}',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '[1 2]',
    '{"a" 1}',
    '{,}',
    '"a" "b"',
  ],
  ...[
    '{"@context":{"@vocab":"https://example.com/"}}',
    '{"@context":{"a":{"@context":{"a":{"@id":"a:a"}}}}}',
  ],
].map((text) => () => text);

const BIG: readonly ((dice: Dice) => string)[] = [
  (dice) => '9'.repeat(1 + dice.below(20_000)),
  (dice) => `1.${'0'.repeat(dice.below(20_000))}1`,
  (dice) => `1e${dice.below(1_000_000)}`,
  (dice) => JSON.stringify('ä'.repeat(dice.below(100_000))),
  (dice) => `[${'1,'.repeat(dice.below(50_000))}1]`,
  (dice) => `[${'"urn:x:y",'.repeat(dice.below(5_000))}"urn:x:z"]`,
  (dice) =>
    `{${Array.from({ length: dice.below(5_000) }, (_, i) => `"ex:f${i}":${i},`).join('')}"ex:last":0}`,
];

const DEEP: readonly (readonly [string, string, string])[] = [
  ['[', '0', ']'],
  ['{"ex:a":', '0', '}'],
  ['[{"ex:a":', '1', '}]'],
  ['[', '', ''],
  ['{"a":', '', ''],
];

function bomb(dice: Dice): string {
  const [open, core, close] = dice.one(DEEP);
  const levels = dice.one([20, 31, 33, 70, 200, 1000, 10_000, 100_000]);
  return open.repeat(levels) + core + close.repeat(levels);
}

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'unknown',
  'ex:unknown',
  'nobody:declared',
  ':a',
  'a:',
  'https://example.com/x y',
  '@context',
  '@type',
  '@graph',
  '#text',
  'eventList',
  'ilmd',
  'errorDeclaration',
  'type',
  'a~b/c',
  '',
  '\u0000',
  '\ud800',
  '😀',
  'x'.repeat(70_000),
];

const MARK = 'd0c8f2e1-mark';

function places(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, inner]) =>
    places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [path, ...inside];
}

function holderOf(root: unknown, path: readonly Step[]): Holder {
  return path.slice(0, -1).reduce<Holder>((inner, step) => inner[step] as Holder, root as Holder);
}

/** The text with something else at a random place. */
function replaced(dice: Dice, root: unknown, raw: string): string {
  const path = dice.one(places(root));
  if (path.length === 0) return raw;
  holderOf(root, path)[path.at(-1) ?? ''] = MARK;
  return JSON.stringify(root).replace(`"${MARK}"`, () => raw);
}

/** The text with one more field in a random object, which may be there already. */
function added(dice: Dice, root: unknown, name: string | undefined, raw: string): string {
  const objects = places(root).filter((path) => {
    const value = path.reduce<unknown>((inner, step) => (inner as Holder)[step], root);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  });
  if (objects.length === 0) return raw;
  const object = dice
    .one(objects)
    .reduce<unknown>((inner, step) => (inner as Holder)[step], root) as Holder;
  const key = name ?? dice.one(['a', ...Object.keys(object)]);
  object[MARK] = 0;
  return JSON.stringify(root).replace(`"${MARK}":0`, () => `${JSON.stringify(key)}:${raw}`);
}

function renamed(dice: Dice, root: unknown): string {
  const path = dice.one(places(root));
  const step = path.at(-1);
  const holder = holderOf(root, path);
  if (typeof step !== 'string') return replaced(dice, root, '[]');
  const fields = Object.entries(holder).map(([key, value]) => [
    key === step ? dice.one(NAMES) : key,
    value,
  ]);
  for (const key of Object.keys(holder)) Reflect.deleteProperty(holder, key);
  for (const [key, value] of fields)
    Object.defineProperty(holder, key as string, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return JSON.stringify(root);
}

function dropped(dice: Dice, root: unknown): string {
  const path = dice.one(places(root));
  if (path.length === 0) return '';
  const holder: unknown = holderOf(root, path);
  if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
  else Reflect.deleteProperty(holder as Holder, path.at(-1) ?? '');
  return JSON.stringify(root);
}

type JsonChange = (dice: Dice, root: unknown, other: string) => string;

const CHANGES: Readonly<Record<string, JsonChange>> = {
  'another value': (dice, root) => replaced(dice, root, dice.one(RAW)()),
  'an odd text': (dice, root) => replaced(dice, root, JSON.stringify(dice.one(oddTexts)(dice))),
  'another odd text': (dice, root) =>
    replaced(dice, root, JSON.stringify(dice.one(oddTexts)(dice))),
  'something big': (dice, root) =>
    dice.chance(0.15) ? replaced(dice, root, dice.one(BIG)(dice)) : dropped(dice, root),
  'a depth bomb': (dice, root) =>
    dice.chance(0.3) ? added(dice, root, 'ex:deep', bomb(dice)) : replaced(dice, root, bomb(dice)),
  'a key twice': (dice, root) => added(dice, root, undefined, dice.one(RAW)()),
  'one more field': (dice, root) => added(dice, root, dice.one(NAMES), dice.one(RAW)()),
  'a field of another name': renamed,
  'something left out': dropped,
  'part of another document': (dice, root, other) =>
    replaced(dice, root, other.startsWith('{') ? other : JSON.stringify(other)),
};
const KINDS = Object.keys(CHANGES);

/** A JSON text, changed in one way; what was broken before is changed as text. */
export function mutateJson(dice: Dice, text: string, other: string): TextChange {
  const how = dice.one(KINDS);
  try {
    return { how, text: CHANGES[how]?.(dice, JSON.parse(text) as unknown, other) ?? text };
  } catch {
    return {
      how: 'broken twice',
      text: text.slice(0, dice.below(text.length + 1)) + dice.one(RAW)(),
    };
  }
}
