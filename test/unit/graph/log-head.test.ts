import { LogHead } from '../../../src/graph/log-head.js';

test('who waits for the lock at once asks once; who comes while one is asked for gets the next', async () => {
  const asked: ((seq: number) => void)[] = [];
  const head = new LogHead({
    read: () => Promise.resolve([]),
    writeAlone: <R extends object>() =>
      new Promise<R[]>((resolve) => {
        asked.push((seq) => {
          resolve([{ seq }] as unknown as R[]);
        });
      }),
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const first = [head.settle(), head.settle()];
  await turn();
  expect(asked).toHaveLength(1);
  const late = [head.settle(), head.settle(), head.settle()];
  await turn();
  expect(asked).toHaveLength(1);

  asked[0]?.(7);
  await Promise.all(first);
  expect(head.whole).toBe(7);
  await turn();
  expect(asked).toHaveLength(2);
  asked[1]?.(9);
  await Promise.all(late);
  expect(head.whole).toBe(9);
});
