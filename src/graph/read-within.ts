import type { ReadOptions } from './run-options.js';

/** Longest answer when nobody says, in bytes. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

class TooMuch extends Error {}

/**
 * Reads as many rows as `maxBytes` allow: all that are asked for when they are short, else fewer; one always.
 *
 * @param read reads at most that many rows, with these options
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
      if (left < 0 && limit > 1) throw new TooMuch('More than fits is stopped while it comes');
    };
    try {
      return { rows: await read(limit, { onBytes }), limit };
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
    }
  }
}
