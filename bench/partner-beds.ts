import { createKey } from '../src/access/create-key.js';
import { hostView } from '../src/access/view.js';
import { admitOrganisations } from '../src/rebuild/index.js';
import { systemClock } from '../src/shared/clock.js';
import { milestone, show } from './figures.js';
import { sizeOf } from './growth.js';
import { HttpClient } from './http-client.js';
import { loadOurs } from './load.js';
import type { Network } from './network.js';
import { REGISTER } from './network.js';
import { ServiceProcess } from './service-process.js';
import { openBenchStore } from './store.js';
import type { BenchStore } from './store.js';

/** A loaded store, with a service that asks for keys. */
export interface Bed {
  readonly store: BenchStore;
  readonly service: ServiceProcess;
  /** Asks with an administrator's key. */
  readonly host: HttpClient;
  readonly loadMs: number;
}

/** Connections of a client that sends many requests at the same time. */
export const CLIENTS = 64;

const SETTINGS = {
  ACCESS: 'required',
  RATE_COST_PER_MINUTE: '0',
  // The events of the network are from the past.
  PARTNER_BACKDATE_DAYS: '3650',
};

/** Loads a store and starts a service on it. With partners, every company of the network takes part from the beginning. */
export async function openBed(network: Network, hasPartners: boolean): Promise<Bed> {
  const name = hasPartners ? 'with-partners' : 'without-partners';
  const store = await openBenchStore(name, false);
  const admissions = REGISTER.map(({ operator }) => ({ organisation: operator, prefixes: [] }));
  const admit = async (): Promise<void> => {
    if (hasPartners) await admitOrganisations(store.graph, admissions, () => undefined);
  };
  // Plans for an empty store would be of no use later.
  const loadMs = await loadOurs(network, store.neo4j, admit, { PREPARE_PLANS: 'false' });
  milestone(`${name}: ${show(network.units)} units in ${show(loadMs / 1000)} s`);
  const key = await makeKey(store, null);
  const service = await ServiceProcess.start(store.neo4j, SETTINGS);
  return { store, service, host: new HttpClient(service.url, CLIENTS, key), loadMs };
}

/** Stops the service and the store; tells what is then on disk, MB, apart from the transaction logs, and removes it. */
export async function closeBed({ store, service, host }: Bed): Promise<number> {
  await host.close();
  await service.stop();
  await store.stop();
  const storeMb = sizeOf(store, 'databases');
  await store.close();
  return storeMb;
}

/** A client that asks as an organisation does, with a key of its own. */
export async function clientOf({ store, service }: Bed, organisation: string): Promise<HttpClient> {
  return new HttpClient(service.url, CLIENTS, await makeKey(store, organisation));
}

async function makeKey({ graph }: BenchStore, organisation: string | null): Promise<string> {
  const { secret } = await createKey(
    { view: hostView(graph), clock: systemClock },
    {
      label: 'bench',
      organisation,
      roles: [organisation === null ? 'administrator' : 'partner'],
      ...{ scopes: null, sites: null, expiresAt: null },
    },
  );
  return secret;
}
