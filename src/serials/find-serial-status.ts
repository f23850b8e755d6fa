import type { GraphReader } from '../graph/graph.js';
import { numbersGiven, openPool } from './open-pool.js';
import { readAllocation, readCommissioned, readPools, readRangeOf } from './serial.read-model.js';
import type { SerialAllocation, SerialStatus } from './serials.js';

/** To whom a serial of a product was given, and whether it was commissioned. */
export async function findSerialStatus(
  graph: GraphReader,
  gtin: string,
  serial: string,
): Promise<SerialStatus> {
  const [allocation, commissioned] = await Promise.all([
    findAllocation(graph, gtin, serial),
    readCommissioned(graph, `01/${gtin}/21/${serial}`),
  ]);
  return { gtin, serial, allocation, commissioned };
}

async function findAllocation(
  graph: GraphReader,
  gtin: string,
  serial: string,
): Promise<SerialAllocation | null> {
  for (const pool of await readPools(graph, gtin, serial.length)) {
    const number = numbersGiven(openPool(pool), [serial])[0] ?? null;
    if (number === null) continue;
    const range = await readRangeOf(graph, pool.id, number);
    if (range !== null && !range.skipped.includes(number))
      return readAllocation(graph, range.allocation);
  }
  return null;
}
