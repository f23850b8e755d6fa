import { birthsOf } from '../../../src/projection/births.rules.js';
import type { Births, Naming } from '../../../src/projection/births.rules.js';
import type {
  Changes,
  Interval,
  PackageChange,
  RowChange,
} from '../../../src/projection/changes.rules.js';

const unit = (key: string, more: Partial<PackageChange> = {}): PackageChange => ({
  ...{ key, isNew: true, container: false, kindChanged: false, lotChanged: false },
  ...{ lot: 'L1', last: 5, inner: -1, current: { id: `F ${key} 0`, from: -1 } },
  ...more,
});
const entry = (holding: string | null, from = 5): Interval => ({
  ...{ row: { from, holding, own: null }, to: null },
});
const change = (key: string, more: Partial<RowChange> = {}): RowChange => ({
  ...{ key, removed: [], retimed: [], created: [entry('L made x')] },
  ...more,
});
const made = (...keys: string[]): Naming => ({ id: 'made', role: 'epc', keys });

function births(
  packages: readonly PackageChange[],
  rows: readonly RowChange[],
  names: readonly Naming[],
): Births {
  return birthsOf({ packages, rows } as unknown as Changes, names);
}
const groups = ({ groups: all }: Births): unknown[] =>
  all.map(({ eventId, holding, lot, from, keys }) => [eventId, holding, lot, from, keys.join(' ')]);

test('new units that one event brought into one holding are one group, and nothing else is written of them', () => {
  const rows = ['a', 'b', 'old'].map((key) => change(key));
  const packages = [unit('a'), unit('b'), unit('old', { isNew: false })];
  const told = births(packages, rows, [made('a', 'b'), { ...made('old', 'a2'), id: 'seen' }]);

  expect(groups(told)).toEqual([['made', 'L made x', 'L1', 5, 'a b']]);
  expect(told.changes.packages.map(({ key }) => key)).toEqual(['old']);
  expect(told.changes.rows.map(({ key }) => key)).toEqual(['old']);
  expect(told.names).toEqual([{ id: 'seen', role: 'epc', keys: ['old', 'a2'] }]);
});

test('other holdings, lots, newest facts and events make other groups', () => {
  const keys = ['a', 'b', 'c', 'd'];
  const packages = [unit('a'), unit('b', { lot: 'L2' }), unit('c', { last: 6 }), unit('d')];
  const rows = keys.map((key) => change(key, key === 'd' ? { created: [entry('L made y')] } : {}));

  expect(births(packages, rows, [made(...keys)]).groups).toHaveLength(4);
});

const removed = [{ from: 1, holding: null, own: null }];
const marked = { status: 'recalled', since: 5, at: 5, differs: true };
test.each<[string, PackageChange, RowChange, Naming[]]>([
  ['a container', unit('u', { container: true }), change('u'), [made('u')]],
  ['what was known', unit('u', { isNew: false }), change('u'), [made('u')]],
  ['what two events name', unit('u'), change('u'), [made('u'), { ...made('u'), id: 'seen' }]],
  ['what no event names', unit('u'), change('u'), []],
  ['what moved on', unit('u'), change('u', { created: [entry('a'), entry('b', 6)] }), [made('u')]],
  ['what loses a row', unit('u'), change('u', { removed }), [made('u')]],
  ['what is another time', unit('u'), change('u', { retimed: [entry('a')] }), [made('u')]],
  ['what gets no row', unit('u'), change('u', { created: [] }), [made('u')]],
  ['what has ended', unit('u'), change('u', { created: [{ ...entry('a'), to: 9 }] }), [made('u')]],
  ['what is in nothing', unit('u'), change('u', { created: [entry(null)] }), [made('u')]],
  [
    'what has a status of its own',
    unit('u'),
    change('u', { created: [{ row: { ...entry('a').row, mark: marked }, to: null }] }),
    [made('u')],
  ],
])('%s is not born whole, and all about it is written piece by piece', (_, one, row, names) => {
  const told = births([one, unit('other')], [row], names);

  expect(told.groups).toEqual([]);
  expect(told.changes.rows).toEqual([row]);
  expect(told.names).toEqual(names);
});
