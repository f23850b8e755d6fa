import type { View } from '../access/view.js';
import { numbersGiven, openPool } from './open-pool.js';
import { readAllocation, readCommissioned, readPools, readRangeOf } from './serial.read-model.js';
import type { SerialAllocation, SerialStatus } from './serials.js';

/** Tells to whom a serial of a product was given, and if it was commissioned. */
export async function findSerialStatus(
  view: View,
  gtin: string,
  serial: string,
): Promise<SerialStatus> {
  const [allocation, commissioned] = await Promise.all([
    findAllocation(view, gtin, serial),
    readCommissioned(view, `01/${gtin}/21/${serial}`),
  ]);
  return { gtin, serial, allocation, commissioned };
}

async function findAllocation(
  view: View,
  gtin: string,
  serial: string,
): Promise<SerialAllocation | null> {
  for (const pool of await readPools(view, gtin, serial.length)) {
    const number = numbersGiven(openPool(pool), [serial])[0] ?? null;
    if (number === null) continue;
    const range = await readRangeOf(view, pool.id, number);
    if (range !== null && !range.skipped.includes(number))
      return readAllocation(view, range.allocation);
  }
  return null;
}
