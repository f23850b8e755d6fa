import { append } from '../shared/append.js';

/**
 * Gives what is read of each value of an iterator, one after the other.
 *
 * It is not a generator, so that `return()` is passed on at once, even while `next()` waits.
 */
export function eachMessage<T, U>(
  source: AsyncIterator<T>,
  read: (value: T) => Promise<readonly U[]> | readonly U[],
): AsyncIterableIterator<U> {
  const waiting: U[] = [];
  let stopped = false;
  const next = async (): Promise<IteratorResult<U>> => {
    while (!stopped) {
      const part = waiting.shift();
      if (part !== undefined) return { value: part, done: false };
      const result = await source.next();
      if (result.done === true) break;
      append(waiting, await read(result.value));
    }
    return { value: undefined, done: true };
  };
  const iterator: AsyncIterableIterator<U> = {
    next,
    return: async () => {
      stopped = true;
      waiting.length = 0;
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
