import { Session } from 'node:inspector/promises';

/** How much was done: runs of blocks of code, and what the built-in functions that go through all of something went through. */
export interface WorkCounter<T> {
  /** What was loaded, counted from then on. */
  readonly loaded: T;
  workOf(run: () => unknown): Promise<number>;
  stop(): Promise<void>;
}

let passed = 0;

/** Methods of text and lists that look at all of it, by what it costs. */
const TEXT = ['replace', 'replaceAll', 'split', 'matchAll', 'match', 'search', 'trim', 'normalize'];

type Method = (this: unknown, ...args: unknown[]) => unknown;

type Cost = (self: never, result: unknown, from: unknown) => number;

function wrap(owner: object, name: PropertyKey, cost: Cost): void {
  const before = (owner as Record<PropertyKey, Method>)[name]!;
  const counted: Method = function (...args) {
    const result = before.apply(this, args);
    passed += cost(this as never, result, args[1]);
    return result;
  };
  Object.defineProperty(owner, name, { value: counted, configurable: true, writable: true });
}

/** How far a search looked: to what it found, or to the end. */
const ahead: Cost = ({ length }: { readonly length: number }, at, from) =>
  (typeof at === 'number' && at >= 0 ? at : length) - (typeof from === 'number' ? from : 0);
const back: Cost = ({ length }: { readonly length: number }, at, from) =>
  (typeof from === 'number' ? Math.min(from, length) : length) - Math.max(Number(at), 0);

function countBuiltIns(): void {
  const length: Cost = (self: { readonly length: number }) => self.length;
  const size: Cost = (self: { readonly size: number }) => self.size;
  for (const name of TEXT) wrap(String.prototype, name, length);
  for (const owner of [String.prototype, Array.prototype]) {
    wrap(owner, 'includes', length);
    wrap(owner, 'indexOf', ahead);
    wrap(owner, 'lastIndexOf', back);
  }
  const made: Cost = (_self, result) => (result as { readonly length: number }).length;
  for (const name of ['slice', 'concat', 'flat']) wrap(Array.prototype, name, made);
  for (const name of ['join', Symbol.iterator]) wrap(Array.prototype, name, length);
  for (const owner of [Map.prototype, Set.prototype])
    for (const name of [Symbol.iterator, 'entries', 'keys', 'values', 'forEach'])
      wrap(owner, name, size);
  wrap(JSON, 'stringify', (_self, result) => String(result).length);
}

/**
 * Counts work instead of time, so that a loaded machine changes nothing: what `load` imports is compiled while V8 counts how often
 * each block runs, and the built-in functions that go through a whole text, list, map or set are charged for its length.
 *
 * Not seen: backtracking of regular expressions.
 */
export async function countWork<T>(load: () => Promise<T>): Promise<WorkCounter<T>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  countBuiltIns();
  const loaded = await load();
  const blocks = async (): Promise<number> => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const scripts = result.filter(({ url }) => url.includes('/src/'));
    const ranges = scripts.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
    return ranges.reduce((sum, { count }) => sum + count, 0);
  };
  return {
    loaded,
    workOf: async (run) => {
      await blocks();
      passed = 0;
      run();
      const through = passed;
      return (await blocks()) + through;
    },
    stop: async () => {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
