/** What others do out of a partner's sight changes no byte of its feed, at whatever time it is recorded. */
import fc from 'fast-check';
import type { Fact } from '../../src/projection/fact.js';
import { fixedClock } from '../../src/shared/clock.js';
import { arrivalOrders, random } from '../support/histories.js';
import type { History, Message } from '../support/histories.js';
import { readFeed } from '../support/partner-feed.js';
import { LATE, asking, emptyStore, serve } from '../support/partner-service.js';
import type { PartnerStore } from '../support/partner-service.js';
import { privateEvents } from '../support/private-events.js';
import { REGISTERED } from '../support/sight-capture.js';
import { PARTNERS, trade } from '../support/sight-histories.js';
import { historiesToTry, nightly, seed } from '../support/test-settings.js';
import { inWorld } from '../support/worlds.js';

const histories = historiesToTry({ daily: 2, nightly: 100 });
/** Histories of one store. */
const TOGETHER = 10;
const NOTHING: History = { facts: [], retract: [], duplicates: [], ticks: [], seed: 0 };

/** Late events, declarations of error and repeats included. */
const inSomeOrder = (history: History): readonly Message[] =>
  history.facts.length === 0 ? [] : arrivalOrders(history)[1]!;

const between = { other: NOTHING, organisations: REGISTERED, salt: seed };

/** What others do with goods of their own, while the partner's history arrives. */
function ofOthers(world: number, partner: string, other: History): History {
  const elsewhere = { ...other, facts: inWorld(world, other.facts) };
  const facts = privateEvents([], partner, { ...between, other: elsewhere });
  return facts.length === 0 ? NOTHING : { ...other, facts };
}

/** Two sequences through one another; each keeps its order. */
function merged<T>(one: readonly T[], other: readonly T[], salt: number): T[] {
  const next = random(salt);
  const [a, b] = [[...one], [...other]];
  const all: T[] = [];
  while (a.length + b.length > 0)
    all.push((next() * (a.length + b.length) < a.length ? a : b).shift()!);
  return all;
}

/** The feeds of partners, page by page. Ids of jobs are random by intention. */
async function feedsOf(partners: readonly string[]): Promise<Map<string, string[]>> {
  const { client, stop } = await serve(fixedClock(LATE + 86_400_000));
  const feeds = new Map<string, string[]>();
  try {
    for (const organisation of partners) {
      const { secret } = await client.make({ organisation });
      const pages = (await readFeed(asking(client, secret), null, 7)).map((page) =>
        JSON.stringify(page).replaceAll(/"jobId":"[^"]+"/g, '"jobId":""'),
      );
      feeds.set(organisation, pages);
    }
    return feeds;
  } finally {
    await stop();
  }
}

interface Recording {
  /** By history, with their hashes; without those declared in error. */
  readonly facts: readonly (readonly Fact[])[];
  /** How many events others added. */
  readonly added: number;
}

/** Records histories one document at a time, each followed by what others do with the same goods, if they do. */
async function record(all: readonly History[], others: Others): Promise<Recording> {
  // Record times only grow. A minute for each message of the histories leaves room for what others do in between.
  const clock = fixedClock(LATE);
  const store = await emptyStore(clock);
  const facts: (readonly Fact[])[] = [];
  let added = 0;
  const tell = async (history: History, aside: History): Promise<void> => {
    const known = { facts: [...history.facts, ...aside.facts] };
    const own = new Set(inSomeOrder(history));
    for (const message of merged([...own], inSomeOrder(aside), history.seed)) {
      if (own.has(message)) clock.set(clock.now() + 60_000);
      await store.send(message, known);
    }
  };
  try {
    for (const [i, history] of all.entries()) {
      const aside = others.aside(i);
      await tell(history, aside);
      facts.push(await counting(store, history));
      const later = others.after(facts[i]!);
      for (const fact of later) await store.send({ kind: 'fact', fact }, { facts: later });
      added += aside.facts.length + later.length;
    }
    return { facts, added };
  } finally {
    await store.close();
  }
}

async function counting(store: PartnerStore, { facts, retract }: History): Promise<Fact[]> {
  const wrong = new Set(retract.map((i) => i % facts.length));
  return store.hashed(facts.filter((_, i) => !wrong.has(i)));
}

/** What others do that a partner must not learn of. */
interface Others {
  readonly aside: (i: number) => History;
  readonly after: (facts: readonly Fact[]) => readonly Fact[];
}

const NOBODY: Others = { aside: () => NOTHING, after: () => [] };

async function areUntouched(some: readonly History[], asked: readonly string[]): Promise<number> {
  const all = some.map((one, i) => ({ ...one, facts: inWorld(2 * i, one.facts) }));
  await record(all, NOBODY);
  const alone = await feedsOf(asked);
  let added = 0;
  for (const partner of asked) {
    const recording = await record(all, {
      aside: (i) => ofOthers(2 * i, partner, some[(i + 1) % some.length]!),
      after: (facts) => privateEvents(facts, partner, between),
    });
    added += recording.added;
    const among = await feedsOf([partner]);
    expect(differing(among.get(partner)!, alone.get(partner)!)).toEqual([]);
  }
  return added;
}

/** The first pages that are not the same. */
function differing(one: readonly string[], other: readonly string[]): object[] {
  const all = [...Array(Math.max(one.length, other.length)).keys()];
  return all
    .filter((i) => one[i] !== other[i])
    .flatMap((i) => shown(one[i], other[i]))
    .slice(0, 2);
}

function shown(among = '{}', alone = '{}'): object {
  const [a, b] = [among, alone].map((text) => JSON.parse(text) as Record<string, unknown>);
  const rows = (page: Record<string, unknown>): string[] =>
    ((page['messages'] ?? []) as unknown[]).map((one) => JSON.stringify(one).slice(0, 600));
  const [more, less] = [rows(a!), rows(b!)];
  const i = more.findIndex((row, n) => row !== less[n]);
  return { among: more[i], alone: less[i], ends: [a, b].map((page) => ({ ...page, messages: 0 })) };
}

test('every message, number, cursor and end of a page is the same bytes with and without what others do out of sight', async () => {
  const all = fc.sample(trade, { numRuns: histories, seed });
  const asked = nightly ? PARTNERS : PARTNERS.filter((_, i) => i === 0 || i === 3);
  let added = 0;
  for (let from = 0; from < histories; from += TOGETHER)
    added += await areUntouched(all.slice(from, from + TOGETHER), asked);
  expect(added).toBeGreaterThan(50);
}, 7_200_000);
