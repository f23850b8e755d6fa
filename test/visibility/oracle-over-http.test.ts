/** Partners ask a running service over HTTP, and are told what the naive references say that they may see, no more and no less. */
import fc from 'fast-check';
import { cypher } from '../../src/graph/cypher.js';
import type { Fact } from '../../src/projection/fact.js';
import { fixedClock } from '../../src/shared/clock.js';
import { AccessClient, codeOf } from '../support/access-client.js';
import { startApp } from '../support/app-for-tests.js';
import { arrivalOrders } from '../support/histories.js';
import type { History } from '../support/histories.js';
import { emptyGraph, graphForTests } from '../support/neo4j-for-tests.js';
import type { Ask } from '../support/partner-questions.js';
import { QUESTIONS } from '../support/partner-questions.js';
import { Sights } from '../support/partner-sight.js';
import type { SightOf } from '../support/partner-sight.js';
import {
  REGISTERED,
  captureSent,
  registerPartners,
  sightCapture,
} from '../support/sight-capture.js';
import { PARTNERS, trade } from '../support/sight-histories.js';
import { historiesToTry, seed } from '../support/test-settings.js';
import { together } from '../support/worlds.js';

type Name = keyof typeof QUESTIONS;
const NAMES = Object.keys(QUESTIONS) as Name[];

/** What partners may ask. The host may ask everything. */
const READY: readonly Name[] = [
  ...(['events', 'event', 'locate', 'packageById', 'journey'] as const),
  ...(['inventory', 'recallScope'] as const),
];

/** Histories of one store, and messages that arrive at the same time. */
const TOGETHER = 20;
const AT_ONCE = 200;
const histories = historiesToTry({ daily: 60, nightly: 2_000 });
/** Later than anything in a history. */
const LATE = Date.UTC(2026, 0, 1);

const HASHES = cypher<{ id: string; hash: string }>('test.hashesOfEvents')`
MATCH (e:Event) WHERE e.eventTime IS NOT NULL RETURN e.id AS id, e.hash AS hash`;

/** Captures everything in a shuffled order. The facts, with the hashes that their events have as EPCIS: these decide within a second. */
async function capture(history: History): Promise<readonly Fact[]> {
  const graph = await graphForTests();
  try {
    await emptyGraph(graph);
    await registerPartners(graph);
    const deps = sightCapture(graph, fixedClock(LATE));
    const messages = arrivalOrders(history)[1]!;
    for (let from = 0; from < messages.length; from += AT_ONCE) {
      const some = messages.slice(from, from + AT_ONCE);
      await Promise.all(some.map((message) => captureSent(deps, message, history)));
    }
    const stored = new Map((await graph.read(HASHES)).map(({ id, hash }) => [id, hash]));
    return history.facts.map((fact) => ({ ...fact, hash: stored.get(fact.eventId)! }));
  } finally {
    await graph.close();
  }
}

/** A service that asks for keys, over what was captured. */
async function serve(): Promise<{ client: AccessClient; stop: () => Promise<void> }> {
  let administrator = '';
  const app = await startApp({
    keep: true,
    env: { ACCESS: 'required', RATE_COST_PER_MINUTE: '0' },
    onFirstKey: (secret) => (administrator = secret),
  });
  return { client: new AccessClient(app, administrator), stop: () => app.stop() };
}

class Refused extends Error {
  constructor(
    readonly code: unknown,
    message: string,
  ) {
    super(message);
  }
}

/** Asks with a key. @throws Refused */
function asking(client: AccessClient, key: string): Ask {
  return async (query, variables = {}) => {
    const answer = await client.ask(key, query, { variables });
    if (answer.errors.length === 0) return answer.data as never;
    throw new Refused(codeOf(answer), `${answer.errors[0]!.message}: ${query.slice(0, 300)}`);
  };
}

/** What was told and not expected, and the reverse: the first lines. */
async function difference(name: Name, ask: Ask, sight: SightOf): Promise<object> {
  const told = await QUESTIONS[name].ask(ask, sight);
  const expected = QUESTIONS[name].expected(sight);
  return { told: without(told, expected), missing: without(expected, told) };
}

const NONE = { told: [], missing: [] };

function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const rest = new Map<string, number>();
  for (const line of other) rest.set(line, (rest.get(line) ?? 0) + 1);
  const left = list.filter((line) => {
    const n = rest.get(line) ?? 0;
    rest.set(line, n - 1);
    return n <= 0;
  });
  return left.slice(0, 8);
}

/** The code of an answer that is refused. Anything else is thrown on. */
function codeFrom(error: unknown): object {
  if (error instanceof Refused && error.code === 'FORBIDDEN') return { code: error.code };
  throw error;
}

async function partnerAgrees(ask: Ask, sight: SightOf, partner: string): Promise<void> {
  for (const name of NAMES) {
    const found = await difference(name, ask, sight).catch(codeFrom);
    const expected = READY.includes(name) ? NONE : { code: 'FORBIDDEN' };
    expect({ partner, name, ...found }).toEqual({ partner, name, ...expected });
  }
}

async function hostAgrees(ask: Ask, sight: SightOf): Promise<void> {
  for (const name of NAMES) {
    const found = await difference(name, ask, sight);
    expect({ name, ...found }).toEqual({ name, ...NONE });
  }
}

async function agrees(history: History, { withHost }: { withHost: boolean }): Promise<void> {
  const facts = await capture(history);
  const retracted = history.retract.map((i) => facts[i % facts.length]!.eventId);
  const sights = new Sights(facts, new Set(retracted), REGISTERED);
  const { client, stop } = await serve();
  try {
    if (withHost) await hostAgrees(asking(client, client.administrator), sights.ofHost());
    // All at the same time, as whatever is remembered for one must not be told to another.
    await Promise.all(
      PARTNERS.map(async (organisation) => {
        const { secret } = await client.make({ organisation });
        await partnerAgrees(asking(client, secret), sights.of(organisation), organisation);
      }),
    );
  } finally {
    await stop();
  }
}

test('the host is told everything, and each partner what it may see, of random trades with false claims that arrive in any order', async () => {
  const all = fc.sample(trade, { numRuns: histories, seed });
  for (let from = 0; from < histories; from += TOGETHER)
    await agrees(together(all.slice(from, from + TOGETHER)), { withHost: from % 500 === 0 });
}, 7_200_000);
