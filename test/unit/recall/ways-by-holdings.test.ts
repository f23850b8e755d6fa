import { heldAfter } from '../../../src/holdings/held.rules.js';
import { pathsOf, stepsWithout } from '../../../src/recall/custody-path.rules.js';
import type { LotMove } from '../../../src/recall/custody-path.rules.js';

const step = (holding: string, at: number, units: number, was: string | null = null): LotMove => ({
  lot: 'A',
  holding,
  was,
  at,
  units,
});
const byHoldings = ({ steps }: { steps: readonly { holding: string }[] }): string =>
  steps.map(({ holding }) => holding).join(' ');

test('what came in and did not go on is there, under its mark; what was taken back never came', () => {
  const mark = 'https://ref.gs1.org/cbv/Disp-recalled 5 9';

  const held = heldAfter([
    {
      holding: 'made',
      came: [
        [10, null, null],
        [3, null, null],
        [-3, null, null],
      ],
    },
    {
      holding: 'case',
      came: [
        [6, null, 'made'],
        [1, mark, 'case'],
      ],
    },
    { holding: 'out', came: [[1, null, `case\n${mark}`]] },
  ]);

  expect(held).toEqual([
    { holding: 'made', mark: null, units: 4 },
    { holding: 'case', mark: null, units: 5 },
    { holding: 'out', mark: null, units: 1 },
  ]);
  expect(heldAfter([{ holding: 'case', came: [[2, mark, null]] }])).toEqual([
    {
      holding: 'case',
      units: 2,
      mark: { status: 'https://ref.gs1.org/cbv/Disp-recalled', since: 5, at: 9 },
    },
  ]);
});

test('units that came one way and part are told by numbers', () => {
  const { paths, unclear } = pathsOf(
    [step('shop', 3, 2, 'case'), step('made', 1, 10), step('case', 2, 6, 'made')],
    byHoldings,
  );

  expect(unclear).toEqual([]);
  expect(paths.map((path) => [byHoldings(path), path.units])).toEqual([
    ['made', 4],
    ['made case', 4],
    ['made case shop', 2],
  ]);
  expect(paths[2]?.steps).toEqual([
    { holding: 'made', from: 1, to: 2 },
    { holding: 'case', from: 2, to: 3 },
    { holding: 'shop', from: 3, to: null },
  ]);
});

describe('of units that came by two ways and part', () => {
  const steps = [
    step('plant 1', 1, 5),
    step('plant 2', 1, 5),
    step('case', 2, 3, 'plant 1'),
    step('case', 2, 3, 'plant 2'),
    step('shop', 3, 4, 'case'),
  ];

  test('only the units tell who went, if it makes a difference', () => {
    expect(pathsOf(steps, byHoldings).unclear).toEqual(['case']);
    expect(pathsOf(steps, () => 'the same').unclear).toEqual([]);
  });

  test('the rest is told by numbers once these are known', () => {
    const way = (plant: string, units: number, to: number | null): object => ({
      lot: 'A',
      units,
      steps: [
        { holding: plant, from: 1, to: 2 },
        { holding: 'case', from: 2, to },
        ...(to === null ? [] : [{ holding: 'shop', from: to, to: null }]),
      ],
    });
    const known = [way('plant 1', 3, 3), way('plant 2', 1, 3), way('plant 2', 2, null)];

    const { paths, unclear } = pathsOf(stepsWithout(steps, known as never), byHoldings);

    expect(unclear).toEqual([]);
    expect(paths.map((path) => [byHoldings(path), path.units])).toEqual([
      ['plant 1', 2],
      ['plant 2', 2],
    ]);
  });
});

test('who comes at an instant does not go on at it, and all of several ways may go on together', () => {
  const { paths, unclear } = pathsOf(
    [
      step('a', 1, 2),
      step('b', 1, 1),
      step('c', 2, 1, 'b'),
      step('c', 3, 2, 'a'),
      step('d', 3, 1, 'c'),
      step('e', 4, 2, 'c'),
    ],
    byHoldings,
  );

  expect(unclear).toEqual([]);
  expect(paths.map((path) => [byHoldings(path), path.units])).toEqual([
    ['b c d', 1],
    ['a c e', 2],
  ]);
});

test('of several ways that look the same, all that go on together keep their own', () => {
  const steps = [step('a', 1, 2), step('b', 1, 1), step('c', 2, 2, 'a'), step('c', 3, 1, 'b')];
  const { paths, unclear } = pathsOf([...steps, step('d', 4, 3, 'c')], () => 'the same');

  expect(unclear).toEqual([]);
  expect(paths.map((path) => [byHoldings(path), path.units])).toEqual([
    ['a c d', 2],
    ['b c d', 1],
  ]);
});

test('no way is told of no units', () => {
  const steps = [step('a', 1, 2), step('b', 1, 2), step('c', 2, 2, 'a'), step('c', 2, 2, 'b')];
  const { paths } = pathsOf([...steps, step('d', 3, 2, 'c')], byHoldings);

  expect(paths.map((path) => path.units)).toEqual([2, 2]);
});

test('steps are added up, less those of units whose ways are known, each change of holding once', () => {
  const known = {
    ...{ lot: 'A', units: 2 },
    steps: [
      { holding: 'a', from: 1, to: 2 },
      { holding: 'a', from: 2, to: 3 },
      { holding: 'b', from: 3, to: 4 },
      { holding: 'nobody told', from: 4, to: null },
    ],
  };

  expect(stepsWithout([step('a', 1, 2), step('a', 1, 3), step('b', 3, 2, 'a')], [known])).toEqual([
    step('a', 1, 3),
  ]);
});
