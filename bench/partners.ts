import { cypher } from '../src/graph/cypher.js';
import { milestone, progress, spread } from './figures.js';
import { Network } from './network.js';
import { closeBed, openBed } from './partner-beds.js';
import type { Bed } from './partner-beds.js';
import { askBoth, PAGE_OF_EVENTS, partnerWithATenth, questionsOfPartner } from './partner-reads.js';
import type { AskingPartner, PartnerRead } from './partner-reads.js';
import { measurePartnerWrites } from './partner-writes.js';
import type { Beds, PartnerWrite } from './partner-writes.js';

/** What partners cost. */
export interface PartnersResult {
  /** The partner that asks. */
  readonly partner: Pick<AskingPartner, 'name' | 'units' | 'lot'>;
  readonly reads: readonly PartnerRead[];
  readonly writes: readonly PartnerWrite[];
  /** The page of events again, when others have added theirs. */
  readonly later: PartnerRead;
  /** How many events there were the first time, and then. */
  readonly events: readonly [before: number, after: number];
  /** Without partners, and with them; so is the time of loading. */
  readonly storeMb: readonly number[];
  readonly loadMs: readonly number[];
}

const EVENTS = cypher<{ n: number }>('bench.events')`MATCH (:Event) RETURN count(*) AS n`;

/** Loads the same network without partners and with them, and takes the measure of both. */
export async function measurePartners(units: number, quick: boolean): Promise<PartnersResult> {
  const network = new Network(units);
  const beds: Bed[] = [];
  try {
    for (const hasPartners of [false, true]) beds.push(await openBed(network, hasPartners));
    const [without, own] = beds as [Bed, Bed];
    const measured = await measure(network, { without, own }, quick);
    const storeMb = await Promise.all(beds.splice(0).map(closeBed));
    return { ...measured, storeMb, loadMs: [without.loadMs, own.loadMs] };
  } finally {
    await Promise.all(beds.map(closeBed));
    progress('');
  }
}

async function measure(
  network: Network,
  beds: Beds,
  quick: boolean,
): Promise<Omit<PartnersResult, 'storeMb' | 'loadMs'>> {
  const { own } = beds;
  const partner = await partnerWithATenth(own, network);
  const reads: PartnerRead[] = [];
  for (const question of await questionsOfPartner(partner)) {
    const read = await askBoth(own, partner, question, quick);
    milestone(`${read.name}: host ${spread(read.host)} ms, partner ${spread(read.partner)} ms`);
    reads.push(read);
  }
  const before = await eventsIn(own);
  const writes = await measurePartnerWrites(network, beds, quick);
  const later = await askBoth(own, partner, PAGE_OF_EVENTS, quick);
  await partner.client.close();
  return { partner, reads, writes, later, events: [before, await eventsIn(own)] };
}

async function eventsIn({ store }: Bed): Promise<number> {
  return (await store.graph.read(EVENTS))[0]?.n ?? 0;
}
