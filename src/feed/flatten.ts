import { append } from '../shared/append.js';

/**
 * Gives the parts of each value of an iterator, one after the other.
 *
 * It is not a generator, so that `return()` is passed on at once, even while `next()` waits.
 */
export function flatten<T, U>(
  source: AsyncIterator<T>,
  partsOf: (value: T) => readonly U[],
): AsyncIterableIterator<U> {
  const waiting: U[] = [];
  const next = async (): Promise<IteratorResult<U>> => {
    for (;;) {
      const part = waiting.shift();
      if (part !== undefined) return { value: part, done: false };
      const result = await source.next();
      if (result.done === true) return { value: undefined, done: true };
      append(waiting, partsOf(result.value));
    }
  };
  const iterator: AsyncIterableIterator<U> = {
    next,
    return: async () => {
      waiting.length = 0;
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
