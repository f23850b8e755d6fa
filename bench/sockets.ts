import { setTimeout as sleep } from 'node:timers/promises';
import { createKey } from '../src/access/create-key.js';
import { HOST } from '../src/access/principal.js';
import { hostView, viewsOf } from '../src/access/view.js';
import { Relay } from '../src/feed/relay.js';
import { withCheckDigit } from '../src/gs1/check-digit.js';
import { admitOrganisations } from '../src/rebuild/index.js';
import { systemClock } from '../src/shared/clock.js';
import { silentLogger } from '../src/shared/logger.js';
import WebSocket from 'ws';
import { documentOf } from './epcis.js';
import { milestone, progress } from './figures.js';
import type { Samples } from './figures.js';
import type { BenchEvent } from './network.js';
import { HttpClient, inParallel } from './http-client.js';
import { ServiceProcess } from './service-process.js';
import { openBenchStore } from './store.js';
import type { BenchStore } from './store.js';

/** One instance with many sockets of many organisations. */
export interface SocketsResult {
  readonly sockets: number;
  readonly organisations: number;
  /** From the record time, which is stamped just before the commit, to the socket; ms. */
  readonly fromRecord: Samples;
  /** From the 202 of the capture; below zero when the message came first. */
  readonly fromAccepted: Samples;
  /** A batch of the log given to all subscriptions that it is for, in the process of the bench; ms. */
  readonly handing: Samples;
  /** Heap and buffers of the service for each socket with its subscription, KB. */
  readonly kbEach: number;
  /** Messages that came too few or too many. */
  readonly wrong: number;
}

const SOCKETS = 1000;
const ORGANISATIONS = 300;
/** Organisations of which each document moves something. */
const TOLD = 10;
/** A socket that did not say yet who it is has one of a hundred places of its address. */
const OPENED_AT_ONCE = 50;

const gln = (n: number): string => withCheckDigit(`95060002${String(n).padStart(4, '0')}`);
const partyOf = (i: number): string => gln(i);
const siteOf = (i: number): string => gln(1000 + i);

const WATCH = `subscription { changes { seq kind recordTime location { package { key } to { state site { key name } } units lots { units } } event { visibility eventId } } }`;

/** Opens the sockets, captures documents one after the other and counts what comes. */
export async function measureSockets(rounds: number): Promise<SocketsResult> {
  const store = await openBenchStore('sockets', false);
  const service = await ServiceProcess.start(store.neo4j, SETTINGS);
  try {
    const host = new HttpClient(service.url, 4, await keyOf(store, null));
    await register(store, host);
    const before = await memoryOf(service);
    const crowd = await openAll(store, service);
    const kbEach = ((await memoryOf(service)) - before) / 1024 / SOCKETS;
    const inProcess = await handingTo(store);
    const accepted = await captureAll(host, rounds);
    await sleep(2000);
    for (const socket of crowd.sockets) socket.terminate();
    await host.close();
    const handing = await inProcess.stop();
    const told = accepted.flatMap(({ to }) => to);
    const expected = told.reduce((sum, i) => sum + Math.ceil((SOCKETS - i) / ORGANISATIONS), 0);
    const { arrivals } = crowd;
    return {
      ...{ sockets: SOCKETS, organisations: ORGANISATIONS, handing, kbEach },
      fromRecord: arrivals.map(({ at, recordTime }) => at - recordTime),
      fromAccepted: arrivals.map(({ at, n }) => at - (accepted[n]?.at ?? at)),
      wrong: Math.abs(arrivals.length - expected),
    };
  } finally {
    await service.stop();
    await store.close();
  }
}

const SETTINGS = { ACCESS: 'required', RATE_COST_PER_MINUTE: '0' };

async function keyOf({ graph }: BenchStore, organisation: string | null): Promise<string> {
  const { secret } = await createKey(
    { view: hostView(graph), clock: systemClock },
    {
      ...{ label: 'bench', organisation, scopes: null, sites: null, expiresAt: null },
      roles: [organisation === null ? 'administrator' : 'partner'],
    },
  );
  return secret;
}

async function register({ graph }: BenchStore, host: HttpClient): Promise<void> {
  const all = Array.from({ length: ORGANISATIONS }, (_, i) => i);
  await host.graphql(
    `mutation ($parties: [PartyInput!]!, $sites: [SiteInput!]!) {
      registerParties(parties: $parties) { __typename } registerSites(sites: $sites) { __typename } }`,
    {
      parties: all.map((i) => ({ gln: partyOf(i), name: `Company ${i}` })),
      sites: all.map((i) => ({ gln: siteOf(i), name: `Site ${i}`, operator: partyOf(i) })),
    },
  );
  const admissions = all.map((i) => ({ organisation: `417/${partyOf(i)}`, prefixes: [] }));
  await admitOrganisations(graph, admissions, () => undefined);
}

async function memoryOf(service: ServiceProcess): Promise<number> {
  return (await service.ask({ ask: 'memory' })).bytes ?? 0;
}

/** That a package moved, as a socket was told; when it came; `n` is the number of its document. */
interface Arrival {
  readonly at: number;
  readonly recordTime: number;
  readonly n: number;
}

interface Crowd {
  readonly sockets: readonly WebSocket[];
  readonly arrivals: Arrival[];
}

async function openAll(store: BenchStore, service: ServiceProcess): Promise<Crowd> {
  const keys: string[] = [];
  for (let i = 0; i < ORGANISATIONS; i++) keys.push(await keyOf(store, `417/${partyOf(i)}`));
  const sockets: WebSocket[] = [];
  const arrivals: Arrival[] = [];
  await inParallel(
    OPENED_AT_ONCE,
    Array.from({ length: SOCKETS }, (_, i) => keys[i % ORGANISATIONS] ?? ''),
    async (key) => {
      sockets.push(await openOne(service.url, key, arrivals));
      progress(`${sockets.length} sockets`);
    },
  );
  milestone(`${SOCKETS} sockets of ${ORGANISATIONS} organisations`);
  return { sockets, arrivals };
}

interface Received {
  readonly type: string;
  readonly payload?: { readonly data: { readonly changes: ReceivedChange } };
}
interface ReceivedChange {
  readonly kind: string | null;
  readonly recordTime: string;
  readonly location: { readonly package: { readonly key: string } } | null;
}

/** Resolves with the first message, which is a heartbeat: then it listens. */
function openOne(url: string, key: string, arrivals: Arrival[]): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const send = (message: object): void => {
    socket.send(JSON.stringify(message));
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code) => {
      reject(new Error(`A socket was closed with ${code}`));
    });
    socket.once('open', () => {
      send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
    });
    socket.on('message', (data: Buffer) => {
      const at = systemClock.now();
      const { type, payload } = JSON.parse(data.toString()) as Received;
      if (type === 'connection_ack')
        send({ id: '1', type: 'subscribe', payload: { query: WATCH } });
      if (type !== 'next' || payload === undefined) return;
      const { kind, recordTime, location } = payload.data.changes;
      if (kind === null) resolve(socket);
      const n = Number(/N(\d+)/.exec(location?.package.key ?? '')?.[1]);
      if (location !== null) arrivals.push({ at, recordTime: Date.parse(recordTime), n });
    });
  });
}

/** A document for some organisations, which are all others each time: a unit appears at the site of each. */
async function captureAll(
  host: HttpClient,
  rounds: number,
): Promise<readonly { readonly at: number; readonly to: readonly number[] }[]> {
  const accepted: { at: number; to: readonly number[] }[] = [];
  for (let n = 0; n < rounds; n++) {
    progress(`document ${n} of ${rounds}`);
    const to = Array.from({ length: TOLD }, (_, i) => (n * TOLD + i) % ORGANISATIONS);
    await host.capture(documentOf(to.map((i) => appearing(n, i))));
    accepted.push({ at: systemClock.now(), to });
    await sleep(50);
  }
  return accepted;
}

function appearing(n: number, i: number): BenchEvent {
  return {
    ...{ kind: 'commission', t: Date.UTC(2026, 0, 1) + n * 1000, site: `414/${siteOf(i)}` },
    keys: [`01/09506000134352/21/N${n}S${i}`],
  };
}

/** The relay alone, in this process, with as many subscriptions: from the first that looks at a batch until the last has it. */
async function handingTo({ graph }: BenchStore): Promise<{ stop: () => Promise<Samples> }> {
  const relay = new Relay({ view: hostView(graph), clock: systemClock, logger: silentLogger });
  await relay.start();
  const handing: number[] = [];
  let began: number | null = null;
  relay.onAdvance(() => {
    if (began !== null) handing.push(performance.now() - began);
    began = null;
  });
  const viewFor = viewsOf(graph);
  for (let i = 0; i < SOCKETS; i++) {
    const organisation = `417/${partyOf(i % ORGANISATIONS)}`;
    const view = viewFor({ ...HOST, kind: 'PARTY', organisation, roles: ['partner'] });
    const wants = (): boolean => ((began ??= performance.now()), true);
    const batches = await relay.subscribe({ view, wants });
    void drain(batches);
  }
  return {
    stop: async () => {
      await relay.stop();
      return handing;
    },
  };
}

/** Takes everything until the relay stops. */
async function drain(batches: AsyncIterator<unknown>): Promise<void> {
  const next = (): Promise<boolean> =>
    batches.next().then(
      ({ done }) => done !== true,
      () => false,
    );
  while (await next());
}
