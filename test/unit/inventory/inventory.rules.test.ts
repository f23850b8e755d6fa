import type { InventoryRow, StockPart } from '../../../src/inventory/inventory.js';
import { groupStock } from '../../../src/inventory/inventory.rules.js';

const part = (more: Partial<StockPart>): StockPart => ({
  ...{ state: 'SITE', site: 'hub', origin: null, country: 'DE', holder: 'maker' },
  status: 'active',
  ...{ lot: '01/09506000134352/10/L1', gtin: '09506000134352', expiryMonth: '2027-01' },
  ...{ units: 0, containers: 0 },
  ...more,
});
const counts = (rows: readonly InventoryRow[]): unknown[] =>
  rows.map(({ units, containers }) => [units, containers]);

test('stock is added up over all that nobody asked to tell apart, its state apart', () => {
  const parts = [
    part({ units: 2, containers: 1 }),
    part({ units: 5, site: 'shop', holder: 'pharmacy', status: 'recalled', lot: 'other' }),
    part({ units: 1, state: 'IN_TRANSIT', site: 'shop' }),
  ];
  const untold = { site: null, country: null, holder: null, status: null, lot: null };

  expect(groupStock(parts, [])).toEqual([
    { state: 'SITE', ...untold, gtin: null, expiryMonth: null, units: 7, containers: 1 },
    { state: 'IN_TRANSIT', ...untold, gtin: null, expiryMonth: null, units: 1, containers: 0 },
  ]);
});

test.each([
  ['SITE', { site: 'hub' }],
  ['HOLDER', { holder: 'maker' }],
  ['STATUS', { status: 'active' }],
  ['LOT', { lot: '01/09506000134352/10/L1', gtin: '09506000134352' }],
  ['PRODUCT', { gtin: '09506000134352' }],
  ['EXPIRY_MONTH', { expiryMonth: '2027-01' }],
] as const)('told apart by %s, a row says that and nothing else', (dimension, told) => {
  const { units, containers, state, ...rest } = groupStock([part({ units: 1 })], [dimension])[0]!;

  expect({ units, containers, state }).toEqual({ units: 1, containers: 0, state: 'SITE' });
  expect(Object.entries(rest).filter(([, value]) => value !== null)).toEqual(Object.entries(told));
});

test('a row that nothing is left of goes; one with a container only, or with less than none, stays', () => {
  const rows = groupStock(
    [
      part({ site: 'a', units: 3 }),
      part({ site: 'a', units: -3 }),
      part({ site: 'b', containers: 1 }),
      part({ site: 'c', units: -1 }),
    ],
    ['SITE'],
  );

  expect(rows.map(({ site }) => site)).toEqual(['b', 'c']);
});

test('the largest rows come first, equal ones in an order of their own, whatever came first', () => {
  const parts = [
    part({ site: 'b', units: 1 }),
    part({ site: 'c', units: 9 }),
    part({ site: 'a', units: 1 }),
  ];
  const sites = (some: readonly StockPart[]): unknown[] =>
    groupStock(some, ['SITE']).map(({ site }) => site);

  expect(sites(parts)).toEqual(['c', 'a', 'b']);
  expect(sites(parts.toReversed())).toEqual(['c', 'a', 'b']);
  expect(counts(groupStock(parts, []))).toEqual([[11, 0]]);
});
