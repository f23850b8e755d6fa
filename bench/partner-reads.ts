import { readFile } from 'node:fs/promises';
import type { Samples } from './figures.js';
import { inTurn, WARM_MS } from './in-turn.js';
import type { HttpClient } from './http-client.js';
import { ENDS, pick, REGISTER } from './network.js';
import type { BenchLot, Network } from './network.js';
import { clientOf } from './partner-beds.js';
import type { Bed } from './partner-beds.js';
import { INVENTORY, RECALL } from './questions.js';
import { FLOOR } from './reads.js';

/** What the host and a partner ask, each of what it sees. */
export interface PartnerQuestion {
  readonly name: string;
  /** Most times the host's time that is wanted. */
  readonly goal: number;
  readonly query: string;
  /** Variables, asked in turn. */
  readonly asked: readonly object[];
}

/** A question as the host asks it and as a partner does: ms. */
export interface PartnerRead extends Pick<PartnerQuestion, 'name' | 'goal'> {
  readonly host: Samples;
  readonly partner: Samples;
  /** One round trip to Neo4j, in turn with both. */
  readonly floor: Samples;
}

/** A partner, and what it has of the lot that is recalled. */
export interface AskingPartner {
  readonly client: HttpClient;
  readonly name: string;
  readonly lot: BenchLot;
  readonly units: number;
}

interface Scope {
  readonly recallScope: {
    readonly totals: { readonly units: number };
    readonly packages: { readonly nodes: readonly { readonly key: string }[] };
  };
}

const SCOPE = `query Scope($input: RecallScopeInput!) {
  recallScope(input: $input) { totals { units } packages(first: 40) { nodes { key } } }
}`;
const EVENTS = `{ events(first: 50, orderBy: { direction: DESC }) { nodes { eventId } pageInfo { endCursor } } }`;

const inputOf = ({ gtin, number }: BenchLot): object => ({
  input: { lots: [{ gtin, lot: number }] },
});

/** The wholesaler that has about a tenth of a lot of 20,000, and none of whose pallets move later. */
export async function partnerWithATenth(bed: Bed, { lots }: Network): Promise<AskingPartner> {
  const lot = lots.find(({ units }) => units === 20_000) ?? pick(lots, 0);
  const found: AskingPartner[] = [];
  for (const { key, company, operator } of REGISTER.slice(2, 8)) {
    if (ENDS.includes(key)) continue;
    const client = await clientOf(bed, operator);
    const { recallScope } = await client.graphql<Scope>(SCOPE, inputOf(lot));
    found.push({ client, name: company, lot, units: recallScope.totals.units });
  }
  const off = ({ units }: AskingPartner): number =>
    units === 0 ? Infinity : Math.abs(units - lot.units / 10);
  const [nearest, ...others] = found.sort((a, b) => off(a) - off(b));
  for (const { client } of others) await client.close();
  if (nearest === undefined) throw new Error('There is no such wholesaler');
  return nearest;
}

/** A page of events, which is asked again when others have added theirs. */
export const PAGE_OF_EVENTS: PartnerQuestion = {
  name: 'page of 50 events, newest first',
  goal: 2,
  query: EVENTS,
  asked: [{}],
};

/** What is asked of units, of those that the partner has. */
export async function questionsOfPartner({
  client,
  lot,
}: AskingPartner): Promise<readonly PartnerQuestion[]> {
  const { recallScope } = await client.graphql<Scope>(SCOPE, inputOf(lot));
  const units = recallScope.packages.nodes.map(({ key }) => ({ id: `https://id.gs1.org/${key}` }));
  const locate = await readFile(
    new URL('../schema/examples/locate.graphql', import.meta.url),
    'utf8',
  );
  const recall = `recall scope, lot of ${lot.units.toLocaleString('en')}`;
  return [
    { name: recall, goal: 1, query: RECALL, asked: [inputOf(lot)] },
    { name: 'inventory by site and status', goal: 1, query: INVENTORY, asked: [{}] },
    { name: 'locate a unit', goal: 1.2, query: locate, asked: units },
    PAGE_OF_EVENTS,
  ];
}

/** Lets the host, the partner and a round trip take turns. */
export async function askBoth(
  bed: Bed,
  { client }: AskingPartner,
  { name, goal, query, asked }: PartnerQuestion,
  quick: boolean,
): Promise<PartnerRead> {
  const size = quick ? { rounds: 15, warmMs: 0 } : { rounds: 120, warmMs: WARM_MS };
  const [host = [], partner = [], floor = []] = await inTurn(name, size, (n) => {
    const variables = asked[n % asked.length];
    return [
      () => bed.host.graphql(query, variables),
      () => client.graphql(query, variables),
      () => bed.store.graph.read(FLOOR),
    ];
  });
  return { name, goal, host, partner, floor };
}
