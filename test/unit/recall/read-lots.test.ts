import { HOST } from '../../../src/access/principal.js';
import type { View } from '../../../src/access/view.js';
import { readLots } from '../../../src/recall/recall.read-model.js';
import { rowsOf } from '../../../src/recall/recall-scope.rules.js';

const LOT = '01/09506000134352/10/A';
const NO_MORE = { withoutLot: [], products: [], followed: [], asOf: null, named: false };
const QUERY = { lots: [LOT], ...NO_MORE };
const MEMBER = {
  ...{ holding: 'case', loose: false, units: 2, containers: 0 },
  ...{ mStatus: 'damaged', mSince: 5, mAt: 5 },
};
const CASE = ['case', 'FILLING', '00/1', true, 'pallet', [null, null, null], ...nowhere(5)];
const PALLET = ['pallet', 'LOOSE', null, false, null, [null, null, null], 'AT', '414/1'];
const STANDING = [...PALLET, null, 'active', 1];
const MOVING = [...PALLET.slice(0, 6), ...nowhere(5)];

function nowhere(columns: number): null[] {
  return Array.from({ length: columns }, () => null);
}

/** A view that reads these steps, one list a time, and the last one from then on. */
function viewOf(...readings: readonly (readonly unknown[])[]): {
  readonly view: View;
  readonly waits: () => number;
} {
  let waits = 0;
  const read = (): Promise<unknown[]> => {
    const steps = readings[Math.min(waits, readings.length - 1)];
    const none = { rows: [], probes: [], reports: [], sites: [] };
    const row = { before: 1, after: 1, members: [MEMBER], steps, ...none };
    return Promise.resolve([{ ...row, found: { holders: [], parties: [] } }]);
  };
  const settle = (): Promise<void> => {
    waits++;
    return Promise.resolve();
  };
  return {
    view: { read, log: { settle }, principal: HOST } as unknown as View,
    waits: () => waits,
  };
}

test.each([
  ['whose case no index finds', [STANDING]],
  ['whose pallet no index finds', [CASE]],
  ['whose pallet is between two places', [CASE, MOVING]],
])('a unit with a status of its own %s is read again after the commit', async (_, torn) => {
  const { view, waits } = viewOf(torn, [CASE, STANDING]);

  const { sure } = await readLots(view, QUERY);

  expect(waits()).toBe(1);
  expect(rowsOf(sure)).toMatchObject([
    { state: 'SITE', site: '414/1', status: 'damaged', units: 2 },
    { state: 'SITE', site: '414/1', status: 'active', units: -2 },
  ]);
});

test('nothing waits when nothing is torn', async () => {
  const { view, waits } = viewOf([CASE, STANDING]);
  await readLots(view, QUERY);
  expect(waits()).toBe(0);
});
