import type { QueryValue } from '../../../src/epcis-query/event-query.js';
import {
  booleanOf,
  checkPrefix,
  countOf,
  equalValuesOf,
  keyIn,
  keysIn,
  numbersOf,
  oneOf,
  orderedValueOf,
  refusal,
  saysYes,
  spellingsOf,
  textsOf,
  timeOf,
  wordsIn,
} from '../../../src/epcis-query/parameter-values.rules.js';
import type { Parameter } from '../../../src/epcis-query/parameter-values.rules.js';

const given = (...values: QueryValue[]): Parameter => ({
  ...{ name: 'EQ_x', values, namespaces: new Map([['ex', 'https://ns/']]) },
});
const NOON = '2026-03-01T12:00:00.000Z';
const at = { ms: Date.parse(NOON), micros: 0 };

/** How a value is read, or the rule by which it is refused. */
function read<T>(reader: (parameter: Parameter) => T, ...values: QueryValue[]): T | string {
  try {
    return reader(given(...values));
  } catch (error) {
    return (error as { details: { rule: string } }).details.rule;
  }
}

test.each<[string, readonly QueryValue[], unknown]>([
  ['distinct, in one order', ['b', 'a', 'b', 1], ['1', 'a', 'b']],
  ['none', [], 'needs a value.'],
  ['an empty one', ['a', ' '], 'needs a value.'],
])('texts, %s: %j', (_, values, texts) => {
  expect(read(textsOf, ...values)).toEqual(texts);
});

test.each<[readonly QueryValue[], unknown]>([
  [[NOON], at],
  [['2026-03-01T13:00:00+01:00'], at],
  [['2026-03-01T13:00:00 01:00'], at],
  [[` ${NOON} `], at],
  [['2026-03-01'], 'must be a date and time with an offset.'],
  [[NOON, NOON], 'takes one value.'],
  [[''], 'needs a value.'],
  [[], 'needs a value.'],
])('an instant, with an offset whose plus a URL may have lost: %j', (values, time) => {
  expect(read(timeOf, ...values)).toEqual(time);
});

test.each<[readonly QueryValue[], unknown]>([
  [
    ['5', 5, '+5', '-.5', '5.', '1E3', ' 7 '],
    [5, 5, 5, -0.5, 5, 1000, 7],
  ],
  [['5x'], 'must be a number.'],
  [['1e999'], 'must be a number.'],
  [['0x10'], 'must be a number.'],
  [[Infinity], 'must be a number.'],
  [[true], 'must be a number.'],
  [[], 'needs a value.'],
])('numbers: %j', (values, numbers) => {
  expect(read(numbersOf, ...values)).toEqual(numbers);
});

test.each<[0 | 1, readonly QueryValue[], unknown]>([
  [0, ['0'], 0],
  [1, [1], 1],
  [1, ['0'], 'must be a whole number of at least 1.'],
  [0, ['-1'], 'must be a whole number of at least 0.'],
  [0, ['1.5'], 'must be a whole number of at least 0.'],
  [0, ['9007199254740992'], 'must be a whole number of at least 0.'],
  [0, ['1', '2'], 'takes one value.'],
])('a count of at least %s: %j', (least, values, count) => {
  expect(read((parameter) => countOf(parameter, least), ...values)).toEqual(count);
});

test.each<[readonly QueryValue[], unknown, unknown]>([
  [[true], true, true],
  [['TRUE'], true, true],
  [[1], true, true],
  [['0'], false, false],
  [['False'], false, false],
  [['yes'], 'must be true or false.', 'must be true or false.'],
  [[], 'needs a value.', true],
  [['', ''], 'needs a value.', true],
  [['', 'false'], 'needs a value.', 'needs a value.'],
])('yes or no, and whether a question that needs no value is asked: %j', (values, flag, yes) => {
  expect([read(booleanOf, ...values), read(saysYes, ...values)]).toEqual([flag, yes]);
});

test.each<[readonly QueryValue[], unknown]>([
  [['shipping', 'urn:epcglobal:cbv:bizstep:shipping'], ['shipping']],
  [['urn:x:own'], ['urn:x:own']],
  [['ex:own'], ['ex:own', 'https://ns/own']],
  [['shiping'], 'must be a word of the CBV'],
  [['other:own'], 'has the prefix "other"'],
])('words of a vocabulary, or own ones as URIs: %j', (values, words) => {
  const told = read((parameter) => wordsIn(parameter, 'bizStep'), ...values);

  expect(typeof told === 'string' ? told.slice(0, String(words).length) : told).toEqual(words);
});

test('of a closed list a value is taken as it is spelt', () => {
  const action = (parameter: Parameter): readonly string[] => oneOf(parameter, ['ADD', 'DELETE']);

  expect(read(action, 'DELETE', 'ADD')).toEqual(['ADD', 'DELETE']);
  expect(read(action, 'add')).toBe('must be ADD or DELETE.');
});

test('thirteen digits are a place where one is asked for, else an item, and a URI is what it is', () => {
  expect(keyIn('x', '9506000134352', 'place')).toBe('414/9506000134352');
  expect(keyIn('x', '9506000134352')).toBe('01/09506000134352');
  expect(keyIn('x', ' urn:epc:id:sgln:9506000.13435.0 ')).toBe('414/9506000134352');
  expect(keyIn('x', 'urn:x:1')).toBe('urn:x:1');
  expect(() => keyIn('x', 'somewhere')).toThrow('must be an identifier');
  expect(keysIn(given('9506000134352', 'urn:epc:id:sgln:9506000.13435.0'), 'place')).toEqual([
    '414/9506000134352',
  ]);
  expect(keysIn(given('ex:thing'))).toEqual(['ex:thing', 'https://ns/thing']);
});

test('a prefix that nobody declared is refused, unless it may stand for itself', () => {
  const other = given('other:thing');

  expect(spellingsOf(given(), 'ex:a')).toEqual(['ex:a', 'https://ns/a']);
  expect(spellingsOf(given(), 'urn:a')).toEqual(['urn:a']);
  expect(() => {
    checkPrefix(other, ' other:thing');
  }).toThrow('has the prefix "other", which is not declared');
  expect(spellingsOf({ ...other, isLenient: true }, 'other:thing')).toEqual(['other:thing']);
});

test.each<[QueryValue, unknown, unknown]>([
  ['5', [{ kind: 'text', text: '5', number: 5 }], { kind: 'text', text: '5', number: 5 }],
  [5, [{ kind: 'text', text: '5', number: 5 }], { kind: 'text', text: '5', number: 5 }],
  [NOON, [{ kind: 'time', text: NOON, at }], { kind: 'time', text: NOON, at }],
  [true, [{ kind: 'text', text: 'true' }], 'must be a number, or a date and time with an offset.'],
  [
    'ex:a',
    [
      { kind: 'text', text: 'ex:a' },
      { kind: 'text', text: 'https://ns/a' },
    ],
    'must be a number, or a date and time with an offset.',
  ],
  ['', 'needs a value.', 'needs a value.'],
])('what a field may equal, and be more or less than: %j', (value, equal, ordered) => {
  expect(read(equalValuesOf, value)).toEqual(equal);
  expect(read(orderedValueOf, value)).toEqual(ordered);
});

test('a refusal shows what was found, a long text cut', () => {
  const long = 'x'.repeat(300);
  const { message, details } = refusal(long, long, 'is wrong.', 'Mend it.');

  expect(details).toMatchObject({ parameter: 'x'.repeat(200), found: 'x'.repeat(200) });
  expect(message).toContain('is wrong. Found "xxx');
  expect(refusal('p', 5, 'is wrong.', 'Mend it.')).toMatchObject({
    ...{ message: 'Parameter "p": is wrong. Found 5. Mend it.', details: { found: 5 } },
  });
  expect(refusal('p', undefined, 'is wrong.', 'Mend it.')).toMatchObject({
    ...{ message: 'Parameter "p": is wrong. Mend it.' },
    details: { parameter: 'p', rule: 'is wrong.', remedy: 'Mend it.' },
  });
});
