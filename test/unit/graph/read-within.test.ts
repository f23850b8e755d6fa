import { readWithin } from '../../../src/graph/read-within.js';

/** A store of rows so long each; says what was asked of it. */
function storeOf(rows: number, bytes: number) {
  const asked: number[] = [];
  let collected = 0;
  return {
    asked,
    collected: () => collected,
    // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is a rejection
    read: async (limit: number, { onBytes }: { onBytes?: (bytes: number) => void }) => {
      asked.push(limit);
      return Array.from({ length: Math.min(limit, rows) }, (_, i) => {
        collected++;
        onBytes?.(bytes);
        return i;
      });
    },
  };
}

test.each([
  [
    'short rows all at once',
    { rows: 500, bytes: 1, wanted: 500 },
    { got: 500, limit: 500, asked: 1 },
  ],
  ['of longer rows fewer', { rows: 500, bytes: 10, wanted: 500 }, { got: 62, limit: 62, asked: 2 }],
  ['one row always', { rows: 500, bytes: 10_000, wanted: 500 }, { got: 1, limit: 1, asked: 4 }],
  ['no row of none', { rows: 0, bytes: 1, wanted: 500 }, { got: 0, limit: 500, asked: 1 }],
])('%s', async (_, { rows, bytes, wanted }, expected) => {
  const store = storeOf(rows, bytes);

  const read = await readWithin(1000, wanted, store.read);

  const { asked } = store;
  expect({ got: read.rows.length, limit: read.limit, asked: asked.length }).toEqual(expected);
  // Each try is stopped by the row that is too much.
  expect(store.collected()).toBeLessThanOrEqual(
    read.rows.length + (asked.length - 1) * (1000 / bytes + 1),
  );
});

test('another fault is not read again', async () => {
  const failing = (): Promise<never[]> => Promise.reject(new Error('mine'));

  await expect(readWithin(1000, 500, failing)).rejects.toThrow('mine');
});
