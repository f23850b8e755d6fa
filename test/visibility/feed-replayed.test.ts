/** Who takes every message of his feed has what the service would answer: nothing changes that no message tells. */
import fc from 'fast-check';
import { fixedClock } from '../../src/shared/clock.js';
import { FeedCopy, answered } from '../support/feed-copy.js';
import type { Known } from '../support/feed-copy.js';
import type { AccessClient } from '../support/access-client.js';
import { arrivalOrders } from '../support/histories.js';
import type { History, Message } from '../support/histories.js';
import { LATE, asking, emptyStore, serve } from '../support/partner-service.js';
import { references } from '../support/reference-sight.js';
import { REGISTERED } from '../support/sight-capture.js';
import { PARTNERS, trade } from '../support/sight-histories.js';
import { historiesToTry, seed } from '../support/test-settings.js';
import { inWorld } from '../support/worlds.js';

const histories = historiesToTry({ daily: 2, nightly: 200 });
/** Histories of one store. */
const TOGETHER = 8;

const keysIn = ({ facts }: History): string[] => [
  ...new Set(
    facts.flatMap(({ kids, parent }) => (parent === undefined ? kids : [...kids, parent])),
  ),
];

/** The first lines that are not the same. */
function differing(copied: Known, told: Known): object[] {
  const keysOf = {
    events: [...copied.events.keys(), ...told.events.keys()],
    places: [...copied.places.keys(), ...told.places.keys()],
    alone: [...copied.alone.keys()],
  };
  return (['events', 'places', 'alone'] as const).flatMap((what) =>
    [...new Set(keysOf[what])].flatMap((key) => {
      const [copy, answer] = [copied[what].get(key), told[what].get(key)];
      return copy === answer ? [] : [{ what, key, copy, answer }];
    }),
  );
}

interface Client {
  readonly name: string;
  readonly ask: ReturnType<typeof asking>;
  readonly copy: FeedCopy;
}

async function agree(
  clients: readonly Client[],
  keys: readonly string[],
  { when, honest }: { when: string; honest: ReadonlySet<string> },
): Promise<void> {
  await Promise.all(
    clients.map(async ({ name, ask, copy }) => {
      await copy.takeNews();
      const { alone, ...known } = copy.known;
      // Messages still say where claims put a package, and answers do not.
      const comparable = [...alone].filter(([key]) => honest.has(key));
      const copied = { ...known, alone: new Map(comparable) };
      const found = differing(copied, await answered(ask, keys)).slice(0, 3);
      expect({ name, when, found }).toEqual({ name, when, found: [] });
    }),
  );
}

/** Without the events that do not count, so that they come in order and none claims anything. */
function withoutClaims(history: History): History {
  const flags = references(history.facts, REGISTERED).seen.flags();
  const claims = flags.filter(({ code }) => code === 'NO_STANDING');
  const facts = history.facts.filter(
    ({ t, kids, parent }) =>
      !claims.some((one) => one.t === t && [...kids, parent].includes(one.k)),
  );
  const left = { ...history, facts };
  return facts.length === history.facts.length || facts.length === 0 ? left : withoutClaims(left);
}

/** A history that is told in order and without claims, or in any order with anything. */
function toldAs(history: History, isHonest: boolean): [History, readonly Message[]] {
  const told = isHonest ? withoutClaims(history) : history;
  return [told, arrivalOrders(told)[isHonest ? 0 : 1]!];
}

async function clientsOf(client: AccessClient): Promise<readonly Client[]> {
  return Promise.all(
    PARTNERS.map(async (name): Promise<Client> => {
      const ask = asking(client, (await client.make({ organisation: name })).secret);
      return { name, ask, copy: new FeedCopy(ask) };
    }),
  );
}

async function replays(some: readonly History[]): Promise<void> {
  const store = await emptyStore();
  const { client, stop } = await serve(fixedClock(LATE));
  const [keys, honest]: [string[], Set<string>] = [[], new Set()];
  const replay = async (clients: readonly Client[], one: History, i: number): Promise<void> => {
    const isHonest = i % 2 === 0;
    const [history, order] = toldAs({ ...one, facts: inWorld(i, one.facts) }, isHonest);
    keys.push(...keysIn(history));
    if (isHonest) for (const key of keysIn(history)) honest.add(key);
    const step = 1 + (history.seed % 6);
    for (const [n, message] of order.entries()) {
      await store.send(message, history);
      const isTime = n % step === 0 || n === order.length - 1;
      if (isTime) await agree(clients, keys, { when: `${i}: ${n}`, honest });
    }
  };
  try {
    const clients = await clientsOf(client);
    for (const [i, one] of some.entries()) await replay(clients, one, i);
  } finally {
    await stop();
    await store.close();
  }
}

test('the messages of a feed make a copy of the events that a partner sees and of where packages are, at any time, with late events, declarations of error and repeats', async () => {
  const all = fc.sample(trade, { numRuns: histories, seed });
  for (let from = 0; from < histories; from += TOGETHER)
    await replays(all.slice(from, from + TOGETHER));
}, 7_200_000);
