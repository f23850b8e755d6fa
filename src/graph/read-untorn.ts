import type { LogHead } from './log-head.js';

/** Most readings of something that keeps changing. The last reading is taken as it is. */
const MAX_READINGS = 4;

/**
 * Reads the state of one commit with several statements. When somebody commits meanwhile, it reads again until two readings are equal.
 * What did not change from one reading to the next was all true at the same time between them.
 */
export async function readSteady<T>(
  { log }: { readonly log: Pick<LogHead, 'read'> },
  read: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  let before = await log.read();
  let reading = await read();
  for (let readings = 1; readings < MAX_READINGS; readings++) {
    const after = await log.read();
    if (after === before) break;
    before = after;
    const said = JSON.stringify(reading);
    reading = await read();
    if (JSON.stringify(reading) === said) break;
  }
  return reading;
}

/**
 * Reads again when a reading is impossible, such as a package between two places or a holding that no index finds. It first waits for
 * the commit that caused it. It costs nothing when nothing is torn.
 */
export async function readUntorn<T>(
  { log }: { readonly log: Pick<LogHead, 'settle'> },
  read: () => Promise<T>,
  isTorn: (reading: T) => boolean,
): Promise<T> {
  let reading = await read();
  for (let readings = 1; readings < MAX_READINGS && isTorn(reading); readings++) {
    await log.settle();
    reading = await read();
  }
  return reading;
}
