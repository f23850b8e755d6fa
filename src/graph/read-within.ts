import type { ReadOptions } from './run-options.js';

/** Default for the longest answer, in bytes. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

class TooMuch extends Error {}

/**
 * Reads as many rows as fit into `maxBytes`: all wanted rows when they are short, else fewer, but at least one.
 *
 * @param read reads at most `limit` rows with these options
 */
export async function readWithin<R>(
  maxBytes: number,
  wanted: number,
  read: (limit: number, options: Pick<ReadOptions, 'onBytes'>) => Promise<R[]>,
): Promise<{ readonly rows: R[]; readonly limit: number }> {
  for (let limit = wanted; ; limit = Math.max(1, Math.floor(limit / 8))) {
    let left = maxBytes;
    const onBytes = (bytes: number): void => {
      left -= bytes;
      if (left < 0 && limit > 1) throw new TooMuch('The rows are longer than the limit');
    };
    try {
      return { rows: await read(limit, { onBytes }), limit };
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
    }
  }
}
