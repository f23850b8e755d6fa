import type { Filter } from '../../../src/epcis-query/event-query.js';
import { commonTerms, termsOfFilter } from '../../../src/epcis-query/term-filters.rules.js';
import type { TermAlternatives } from '../../../src/epcis-query/term-filters.rules.js';

const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`);
const exactly = (...exact: string[]): TermAlternatives => ({ exact, prefixes: [] });
const standing = (filter: Filter, ...found: string[]): TermAlternatives | null =>
  commonTerms(filter, new Map([[filter, new Set(found)]]));
const number = { op: 'GT', values: [5] } as const;
const field = {
  ...{ kind: 'field', op: 'EQ', scope: 'event', inner: false, name: 'ns#a' },
  values: [{ kind: 'text', text: '7.0', number: 7 }],
} as const satisfies Filter;
const at = { ms: 0, micros: 0 };

test.each<[string, Filter, TermAlternatives | null]>([
  ['the one it names', { kind: 'transformationID', values: ['t'] }, exactly('tid t')],
  [
    'what it sets',
    { kind: 'persistentDisposition', part: 'unset', values: ['a', 'b'] },
    exactly('unset a', 'unset b'),
  ],
  [
    'each type with each value',
    { kind: 'typed', list: 'source', types: ['t', 'u'], values: ['a', 'b'] },
    exactly('source t a', 'source t b', 'source u a', 'source u b'),
  ],
  [
    'classes in each list, those of a pattern by how they begin',
    {
      ...{ kind: 'epcClass', roles: ['any', 'input'] },
      patterns: [
        { kind: 'exact', key: 'k' },
        { kind: 'prefix', prefixes: ['p', 'q'] },
      ],
    },
    {
      exact: ['class any k', 'class input k'],
      prefixes: ['class any p', 'class input p', 'class any q', 'class input q'],
    },
  ],
  ['that it has a quantity', { kind: 'quantity', ...number }, exactly('quantity')],
  ['that it has sensors', { kind: 'sensorTime', attribute: 'time' }, exactly('sensor')],
  [
    'that it has sensors',
    { kind: 'sensorNumber', attribute: 'value', ...number },
    exactly('sensor'),
  ],
  ['that it has sensors', { kind: 'standardField', name: 'sensorElementList' }, exactly('sensor')],
  ['nothing for other fields of the standard', { kind: 'standardField', name: 'ilmd' }, null],
  [
    'what its sensors say',
    { kind: 'sensorText', attribute: 'deviceID', in: 'either', values: ['d'] },
    exactly('reads deviceID *', 'reads deviceID d'),
  ],
  [
    'that it has sensors, where they have no terms of what they say',
    { kind: 'sensorText', attribute: 'uom', in: 'either', values: ['CEL'] },
    exactly('sensor'),
  ],
  [
    'the value of a field as it is spelt, a number in either spelling',
    field,
    exactly('has *', 'is event ns#a 7.0', 'is event ns#a 7'),
  ],
  [
    'the value of a field inside another',
    { ...field, inner: true, values: [{ kind: 'text', text: 'x' }] },
    exactly('has *', 'is event/ ns#a x'),
  ],
  [
    'that it has the field, where more is asked than equality',
    { ...field, op: 'GT' },
    exactly('has *', 'has event ns#a'),
  ],
  [
    'that it has the field, where a time has many spellings',
    { ...field, values: [...field.values, { kind: 'time', text: 't', at }] },
    exactly('has *', 'has event ns#a'),
  ],
  ['nothing for times of events', { kind: 'eventTime' }, null],
  ['nothing for what has an index of its own', { kind: 'bizStep', values: ['shipping'] }, null],
])('an event is found by %s: %j', (_, filter, terms) => {
  expect(commonTerms(filter, new Map())).toEqual(terms);
});

test('what master data stands for is found in any list of classes, unless it is too much', () => {
  const within: Filter = { kind: 'classWithin', values: ['k'] };
  const told: Filter = { kind: 'attribute', field: 'epcClass', names: ['a'] };
  const terms = exactly('class any k', 'class input k', 'class output k');

  expect([standing(within, 'k'), standing(told, 'k')]).toEqual([terms, terms]);
  expect(standing({ kind: 'attribute', field: 'source', names: ['a'] }, 'k')).toBeNull();
  expect(standing(within, ...keys(500))?.exact).toHaveLength(1500);
  expect(standing(within, ...keys(501))).toBeNull();
  expect(commonTerms(within, new Map())).toEqual(exactly());
});

describe('an error declaration', () => {
  const place = { kind: 'place', field: 'readPoint', descend: false } as const;

  test.each<[Filter, TermAlternatives | null]>([
    [{ kind: 'eventType', values: ['ObjectEvent'] }, exactly('type ObjectEvent')],
    [{ kind: 'action', values: ['ADD'] }, exactly('action ADD')],
    [{ kind: 'bizStep', values: ['s'] }, exactly('bizStep s')],
    [{ kind: 'disposition', values: ['d'] }, exactly('disposition d')],
    [{ ...place, values: ['a', 'b'] }, exactly('readPoint a', 'readPoint b')],
    [{ ...place, values: keys(501) }, null],
    [
      { kind: 'epc', roles: ['epc'], patterns: [{ kind: 'prefix', prefixes: ['p'] }] },
      { exact: [], prefixes: ['epc epc p'] },
    ],
    [{ kind: 'eventID', values: ['e'] }, exactly('id e')],
    [{ kind: 'errorReason', values: ['r'] }, exactly('reason r')],
    [{ kind: 'correctiveEventID', values: ['c'] }, exactly('corrects c')],
    [{ kind: 'quantity', ...number }, exactly('quantity')],
    [{ kind: 'recordTime' }, null],
  ])('is found for %j', (filter, terms) => {
    expect(termsOfFilter(filter, new Map())).toEqual(terms);
  });

  test('is found by the places within another, as master data tells them', () => {
    const filter: Filter = { ...place, descend: true, values: ['site'] };

    expect(termsOfFilter(filter, new Map([[filter, new Set(['dock', 'gate'])]]))).toEqual(
      exactly('readPoint dock', 'readPoint gate'),
    );
    expect(termsOfFilter(filter, new Map())).toEqual(exactly());
    expect(
      termsOfFilter({ ...filter, values: keys(500), descend: false }, new Map())?.exact,
    ).toHaveLength(500);
  });
});
