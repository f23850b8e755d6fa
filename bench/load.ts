import type { Graph } from '../src/graph/graph.js';
import type { Neo4jAccess } from '../src/neo4j-child/embedded-neo4j.js';
import { documentOf } from './epcis.js';
import { milestone, progress, show } from './figures.js';
import { HttpClient, inParallel } from './http-client.js';
import { prepareNaive, writeNaive } from './naive.js';
import type { BenchEvent, Network } from './network.js';
import { REGISTER } from './network.js';
import { ServiceProcess } from './service-process.js';

const MAX_EVENTS = 500;
const MAX_KEYS = 5000;

/** Events in documents of at most so many, or 5,000 EPCs. */
export function* documents(
  events: Iterable<BenchEvent>,
  maxEvents = MAX_EVENTS,
): Iterable<readonly BenchEvent[]> {
  let document: BenchEvent[] = [];
  let keys = 0;
  for (const event of events) {
    if (document.length === maxEvents || (keys > 0 && keys + event.keys.length > MAX_KEYS)) {
      yield document;
      document = [];
      keys = 0;
    }
    document.push(event);
    keys += event.keys.length;
  }
  if (document.length > 0) yield document;
}

/** Registers the places of the network, and who runs them. */
async function registerSites(http: HttpClient): Promise<void> {
  const gln = (key: string): string => key.slice('414/'.length);
  await http.graphql(
    `mutation Register($sites: [SiteInput!]!, $parties: [PartyInput!]!) {
      registerParties(parties: $parties) { __typename }
      registerSites(sites: $sites) { __typename }
    }`,
    {
      parties: REGISTER.map(({ operator, company }) => ({ gln: gln(operator), name: company })),
      sites: REGISTER.map(({ key, name, operator }) => ({
        gln: gln(key),
        name,
        operator: gln(operator),
      })),
    },
  );
}

/**
 * Loads the network into ours, through the front door, four documents at a time; by a service that ends with it.
 *
 * @param prepare done when the places are registered
 * @param settings of the service
 */
export async function loadOurs(
  network: Network,
  neo4j: Neo4jAccess,
  prepare?: () => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<number> {
  const service = await ServiceProcess.start(neo4j, settings);
  const http = new HttpClient(service.url, 4);
  await registerSites(http);
  await prepare?.();
  const list = { what: 'ours', clients: 4, events: MAX_EVENTS };
  const took = await load(network, list, (events) => http.capture(documentOf(events)));
  await http.close();
  await service.stop();
  return took;
}

/** Loads the network into the naive graph, the same events in a transaction. */
export async function loadNaive(network: Network, graph: Graph): Promise<number> {
  await prepareNaive(graph);
  // A pallet's move rewrites every unit on it: a few in a transaction are all that memory takes.
  const list = { what: 'naive', clients: 1, events: 50 };
  return load(network, list, (events) => writeNaive(graph, events));
}

/** Writes the network phase by phase, so many documents of so many events at a time; tells how long it took, ms. */
export async function load(
  network: Network,
  { what, clients, events: maxEvents }: { what: string; clients: number; events: number },
  write: (events: readonly BenchEvent[]) => Promise<void>,
): Promise<number> {
  const began = performance.now();
  for (const [phase, events] of network.phases()) {
    const started = performance.now();
    let [count, keys, told] = [0, 0, 0];
    await inParallel(clients, documents(events, maxEvents), async (document) => {
      await write(document);
      count += document.length;
      keys += document.reduce((sum, event) => sum + event.keys.length, 0);
      if (performance.now() - told < 500) return;
      told = performance.now();
      progress(`${what}: ${phase}, ${line(count, keys, started)}`);
    });
    milestone(`${what}: ${phase}, ${line(count, keys, started)}`);
  }
  return performance.now() - began;
}

function line(events: number, keys: number, started: number): string {
  const seconds = (performance.now() - started) / 1000;
  return `${show(events)} events, ${show(keys)} EPCs, ${show(events / seconds)} events/s, ${show(keys / seconds)} EPCs/s`;
}
