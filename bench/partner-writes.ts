import { documentOf } from './epcis.js';
import { milestone, progress, spread } from './figures.js';
import type { Samples } from './figures.js';
import type { HttpClient } from './http-client.js';
import { inParallel } from './http-client.js';
import { documents } from './load.js';
import { pick, REGISTER } from './network.js';
import type { BenchEvent, Network } from './network.js';
import { CLIENTS, clientOf } from './partner-beds.js';
import type { Bed } from './partner-beds.js';
import { SINGLES_AT, WriteData } from './workloads.js';
import type { Workload } from './workloads.js';

/** A way of writing, without partners and with them: per second, by round. */
export interface PartnerWrite extends Pick<Workload, 'name' | 'unit'> {
  /** Least share of the rate without partners; null where none is wanted. */
  readonly goal: number | null;
  readonly without: Samples;
  readonly own: Samples;
}

/** A store in which nobody takes part but the host, and one with partners. */
export interface Beds {
  readonly without: Bed;
  readonly own: Bed;
}

/** Writes the same to both, in turn; then as a partner writes, beside the host. */
export async function measurePartnerWrites(
  network: Network,
  { without, own }: Beds,
  quick: boolean,
): Promise<readonly PartnerWrite[]> {
  const size = quick ? { rounds: 3, scale: 0.25 } : { rounds: 7, scale: 0.5 };
  const data = new WriteData({ network, run: 1, ...size });
  const both = [without.host, own.host];
  const prepare = (): Promise<readonly string[]> =>
    data.prepareUnits((events) => writeToAll(both, events));
  const moves = await measure({ ...data.moves(), goal: 0.7 }, size.rounds, both);
  const singles = { ...data.singles(CLIENTS, await prepare()), goal: 0.8 };
  const units = await measure(singles, size.rounds, both);
  const { operator } = pick(REGISTER, SINGLES_AT);
  const partner = await clientOf(own, operator);
  const others = data.singles(CLIENTS, await prepare());
  const sent = { ...others, name: `the same, sent by the partner whose unit it is`, goal: null };
  const partners = await measure(sent, size.rounds, [without.host, partner]);
  await partner.close();
  return [moves, units, partners];
}

async function writeToAll(
  clients: readonly HttpClient[],
  events: readonly BenchEvent[],
): Promise<void> {
  for (const document of documents(events))
    for (const client of clients) await client.capture(documentOf(document));
}

/** Sends the rounds of a workload to each, in turn. The first round warms up. */
async function measure(
  { name, unit, goal, clients, round }: Workload,
  rounds: number,
  both: readonly HttpClient[],
): Promise<PartnerWrite> {
  const rates = both.map((): number[] => []);
  for (let n = 0; n <= rounds; n++) {
    progress(`${name}: round ${n} of ${rounds}`);
    const { documents: list, counts } = round(n);
    const texts = list.map(documentOf);
    for (let i = 0; i < both.length; i++) {
      const at = (i + n) % both.length;
      const began = performance.now();
      await inParallel(clients, texts, (text) => pick(both, at).capture(text));
      if (n > 0) rates[at]?.push((1000 * counts) / (performance.now() - began));
    }
  }
  const [without = [], own = []] = rates;
  milestone(`${name}: ${spread(without)} without partners, ${spread(own)} with, ${unit}`);
  return { name, unit, goal, without, own };
}
