import type { LogHead } from './log-head.js';

/** Readings of what keeps being changed before the last is taken as it is. */
const MAX_READINGS = 4;

/**
 * Reads by several statements what one commit left: again when somebody committed meanwhile, until two readings say the same. What did
 * not change from the one to the other stood together between them.
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
 * Reads again, behind the commit that got in the way, what cannot be: a package between two places, a holding that no index finds.
 * Costs nothing where nothing is torn.
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
