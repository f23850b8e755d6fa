/** Clients that lose their connection again and again, to two instances of which one is killed: each gets every message once. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  now,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import { openSocket } from '../support/graphql-socket.js';
import type { Message } from '../support/graphql-socket.js';
import { random } from '../support/histories.js';
import { neo4jOfTests } from '../support/neo4j-for-tests.js';
import { runStart } from '../support/service-process.js';
import type { StartedService } from '../support/service-process.js';
import { nightly, seed } from '../support/test-settings.js';

const SIZE = nightly
  ? { clients: 50, disconnects: 200, messages: 20_000, kills: 5 }
  : { clients: 10, disconnects: 20, messages: 2_000, kills: 1 };

/** Units of a document, each with two events; Birch is told three messages of each. */
const UNITS = 20;
const DOCUMENTS = Math.ceil(SIZE.messages / (3 * UNITS));

interface Told {
  readonly cursor: string;
  readonly seq: number;
  readonly kind: string | null;
  readonly eventId: string | null;
}

const FIELDS = 'cursor seq kind eventId';
const WATCH = `subscription ($after: Cursor) { changes(after: $after) { ${FIELDS} } }`;

let client: AccessClient;
let keys: PartnerKeys;
const services: StartedService[] = [];

beforeAll(async () => {
  const started = await startWithPartners();
  ({ client, keys } = started);
  services.push(await start(), await start());
  await started.app.stop();
});
afterAll(async () => {
  for (const { kill } of services) kill('SIGTERM');
  await Promise.all(services.map(({ ended }) => ended));
});

const start = (): Promise<StartedService> =>
  runStart(neo4jOfTests(), { ACCESS: 'required', RATE_COST_PER_MINUTE: '0' });

/** Who follows a feed and is cut off after some messages, over and over. */
class Follower {
  readonly told: Told[] = [];
  disconnects = 0;
  /** Connections that ended without its doing. */
  lost = 0;
  private readonly next: () => number;

  constructor(
    readonly key: string,
    private readonly begin: string,
    salt: number,
  ) {
    this.next = random(salt);
  }

  async follow(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const at = services[Math.floor(this.next() * services.length)]!;
      await this.connect(at, stopped).catch(() => {
        this.lost++;
        return sleep(20);
      });
    }
  }

  private async connect(at: StartedService, stopped: AbortSignal): Promise<void> {
    const { socket, closed, next, ask } = await openSocket(this.key, at);
    socket.on('error', () => undefined);
    const end = Promise.race([closed, aborted(stopped)]).then(() => null);
    await Promise.race([next(), end]);
    const after = this.told.at(-1)?.cursor ?? this.begin;
    ask('1', WATCH, { variables: { after } });
    const most = Math.floor(((1 + this.next()) * SIZE.messages) / SIZE.disconnects / 2);
    for (let n = 0; n < most || this.disconnects >= SIZE.disconnects;) {
      const message: Message | null = await Promise.race([next(), end]);
      if (message === null) this.lost++;
      if (message?.type !== 'next') break;
      n += this.take(message.payload as { data: { changes: Told } });
    }
    if (!stopped.aborted) this.disconnects++;
    socket.terminate();
  }

  /** @returns how many it took: none of a heartbeat */
  private take({ data: { changes } }: { data: { changes: Told } }): number {
    if (changes.kind === null) return 0;
    this.told.push(changes);
    return 1;
  }
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', resolve);
  });
}

/** Units are made and sold; the seller, the buyer and the host are told. */
function sale(n: number): object[] {
  const unit = (i: number): string => `https://id.gs1.org/01/09506000134352/21/R${n}N${i}`;
  const event = (i: number, told: object): object => ({
    ...{ type: 'ObjectEvent', eventTimeZoneOffset: '+00:00', epcList: [unit(i)], ...told },
  });
  return Array.from({ length: UNITS }, (_, i) => [
    event(i, {
      ...{ eventID: `urn:x:made:${n}:${i}`, eventTime: now(-10_000), action: 'ADD' },
      ...{ bizStep: 'commissioning', bizLocation: place(PLANT) },
    }),
    event(i, {
      ...{ eventID: `urn:x:sold:${n}:${i}`, eventTime: now(-5_000), action: 'OBSERVE' },
      ...{ bizStep: 'shipping', readPoint: place(PLANT), ...sold(MAKER, OTHER, DEPOT) },
    }),
  ]).flat();
}

/** Sends a document to one instance, and to the other one if that one is killed meanwhile: known events are not stored twice. */
async function capture(n: number): Promise<void> {
  const document = sale(n);
  for (let i = n; ; i++) {
    const { url } = services[i % services.length]!;
    const at = Object.assign(Object.create(client) as AccessClient, { app: { url } });
    const answer = await at.capture(keys.host, document).catch(() => null);
    if (answer?.status === 202) return;
  }
}

async function killAndStartAgain(): Promise<void> {
  const [killed] = services;
  killed!.kill('SIGKILL');
  await killed!.ended;
  services[0] = await start();
}

async function feedOf(key: string, begin: string | null): Promise<readonly Told[]> {
  const query = `query ($after: Cursor) { changes(after: $after, first: 1000) { cursor hasMore messages { ${FIELDS} } } }`;
  const told: Told[] = [];
  for (let after = begin; ;) {
    const variables = { after };
    const { data } = await client.ask(key, query, { at: services[1]!, variables });
    const page = data!['changes'] as unknown as {
      messages: Told[];
      cursor: string;
      hasMore: boolean;
    };
    told.push(...page.messages);
    if (!page.hasMore) return told;
    after = page.cursor;
  }
}

async function beginOf(key: string): Promise<string> {
  const { data } = await client.ask(key, '{ feedCursor }', { at: services[1]! });
  return data!['feedCursor'] as unknown as string;
}

test(`${SIZE.clients} clients cut off ${SIZE.disconnects} times each get ${SIZE.messages} messages once and in order, while an instance is killed`, async () => {
  const whose = [keys.birch, keys.alder, keys.birch, keys.host, keys.birch];
  const begins = new Map<string, string>();
  for (const key of new Set(whose)) begins.set(key, await beginOf(key));
  const followers = Array.from({ length: SIZE.clients }, (_, i) => {
    const key = whose[i % whose.length]!;
    return new Follower(key, begins.get(key)!, seed + i);
  });
  const stop = new AbortController();
  const following = followers.map((follower) => follower.follow(stop.signal));

  let restarted = Promise.resolve();
  for (let n = 0; n < DOCUMENTS; n++) {
    if ((n + 1) % Math.ceil(DOCUMENTS / (SIZE.kills + 1)) === 0)
      restarted = restarted.then(killAndStartAgain);
    await capture(n);
  }
  await restarted;
  const feeds = new Map<string, readonly Told[]>();
  for (const [key, begin] of begins) feeds.set(key, await feedOf(key, begin));
  const isDone = ({ key, told, disconnects }: Follower): boolean =>
    told.length >= feeds.get(key)!.length && disconnects >= SIZE.disconnects;
  for (let waited = 0; waited < 1200 && !followers.every(isDone); waited++) await sleep(50);
  stop.abort();
  await Promise.all(following);

  for (const { key, told } of followers) expect(told).toEqual(feeds.get(key));
  const birch = feeds.get(keys.birch)!;
  expect(birch.length).toBeGreaterThanOrEqual(SIZE.messages);
  expect(birch.map(({ seq }) => seq)).toEqual(birch.map((_, i) => i + 1));
  expect(followers.every(({ disconnects }) => disconnects >= SIZE.disconnects)).toBe(true);
  // Else the kills met nobody.
  expect(followers.some(({ lost }) => lost > 0)).toBe(true);
}, 1_800_000);
