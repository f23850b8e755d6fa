/** A service that partners ask over HTTP, over histories with several senders. */
import { cypher } from '../../src/graph/cypher.js';
import type { Fact } from '../../src/projection/fact.js';
import { fixedClock, systemClock } from '../../src/shared/clock.js';
import type { Clock } from '../../src/shared/clock.js';
import { AccessClient } from './access-client.js';
import type { Answer } from './access-client.js';
import { startApp } from './app-for-tests.js';
import { arrivalOrders } from './histories.js';
import type { History, Message } from './histories.js';
import { emptyGraph, graphForTests } from './neo4j-for-tests.js';
import type { Ask } from './partner-questions.js';
import { captureSent, registerPartners, sightCapture } from './sight-capture.js';

/** Messages that arrive at the same time. */
const AT_ONCE = 200;

/** Later than anything in a history: when everything is captured. */
export const LATE = Date.UTC(2026, 0, 1);

const HASHES = cypher<{ id: string; hash: string }>('test.hashesOfEvents')`
MATCH (e:Event) WHERE e.eventTime IS NOT NULL RETURN e.id AS id, e.hash AS hash`;

/** A store in which the partners are registered and nothing was captured. */
export interface PartnerStore {
  /** Captures a message, in the name of who sent its event. */
  readonly send: (message: Message, history: Pick<History, 'facts'>) => Promise<void>;
  /** The facts, with the hashes that their events have as EPCIS: these decide within a second. */
  readonly hashed: (facts: readonly Fact[]) => Promise<Fact[]>;
  readonly close: () => Promise<void>;
}

export async function emptyStore(clock: Clock = fixedClock(LATE)): Promise<PartnerStore> {
  const graph = await graphForTests();
  await emptyGraph(graph);
  await registerPartners(graph);
  const deps = sightCapture(graph, clock);
  return {
    send: (message, history) => captureSent(deps, message, history),
    hashed: async (facts) => {
      const stored = new Map((await graph.read(HASHES)).map(({ id, hash }) => [id, hash]));
      return facts.map((fact) => ({ ...fact, hash: stored.get(fact.eventId)! }));
    },
    close: () => graph.close(),
  };
}

/** Captures everything in a shuffled order. The facts, with their hashes. */
export async function capture(history: History): Promise<readonly Fact[]> {
  const store = await emptyStore();
  try {
    const messages = arrivalOrders(history)[1]!;
    for (let from = 0; from < messages.length; from += AT_ONCE) {
      const some = messages.slice(from, from + AT_ONCE);
      await Promise.all(some.map((message) => store.send(message, history)));
    }
    return await store.hashed(history.facts);
  } finally {
    await store.close();
  }
}

const SAME_SECRET = cypher('test.sameSecret')`
MERGE (a:AccessState {id: 'access'}) SET a.cursorSecret = 'the same in every store'`;

/** A service that asks for keys, over what was captured. Its cursors are sealed with the same secret each time. */
export async function serve(
  clock: Clock = systemClock,
): Promise<{ client: AccessClient; stop: () => Promise<void> }> {
  const graph = await graphForTests();
  await graph.write((tx) => tx.run(SAME_SECRET));
  await graph.close();
  let administrator = '';
  const app = await startApp({
    ...{ keep: true, clock },
    env: { ACCESS: 'required', RATE_COST_PER_MINUTE: '0' },
    onFirstKey: (secret) => (administrator = secret),
  });
  return { client: new AccessClient(app, administrator), stop: () => app.stop() };
}

/** Asks with a key. It throws for errors. */
export function asking(client: AccessClient, key: string): Ask {
  return async (query, variables = {}) => {
    const put = (): Promise<Answer> => client.ask(key, query, { variables });
    // A connection that was idle for long may be closed while it is used again.
    const answer = await put().catch(put);
    if (answer.errors.length === 0) return answer.data as never;
    throw new Error(`${answer.errors[0]!.message}: ${query.slice(0, 300)}`);
  };
}
