import { resolve } from 'node:path';
import Fastify from 'fastify';
import { buildSchema, graphql } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { registerPlayground } from '../../src/server/playground.http.js';
import { playgroundBundle } from './playground-bundle.js';

/** A server with the playground on `${origin}/graphql`, and what a test must know of its data. */
export interface ServerForPlayground {
  origin: string;
  /** What the first tab (locate, with its own variables) is answered with, somewhere in the answer. */
  located: string;
  /** Moves a package the last tab (watch locations, with its own variables) asks about; may be called again. */
  movePackage: () => Promise<void>;
  /** What the subscriber then sees, somewhere in the message. */
  moved: string;
  stop: () => Promise<void>;
}

const SDL = /* GraphQL */ `
  type Place {
    key: ID!
    name: String
  }
  type LastSeen {
    site: Place
    eventTime: String!
  }
  type Package {
    key: ID!
    level: String!
  }
  type Whereabouts {
    state: String!
    site: Place
    origin: Place
    destination: Place
    since: String
    lastSeen: LastSeen
    holder: Place
    status: String
    containers: [Package!]!
  }
  type LotUnits {
    lot: String!
    units: Int!
  }
  type LocationChange {
    cursor: String!
    seq: Int!
    eventId: ID!
    recordTime: String!
    package: Package!
    from: Whereabouts
    to: Whereabouts!
    units: Int!
    lots: [LotUnits!]!
  }
  input LotInput {
    gtin: ID!
    lot: String!
  }
  input LocationFilter {
    lots: [LotInput!]
  }
  type Query {
    locate(id: ID!): Whereabouts!
  }
  type Mutation {
    move: Boolean
  }
  type Subscription {
    locationChanges(filter: LocationFilter, after: String): LocationChange!
  }
`;

const LOCATED = { state: 'SITE', site: { key: 'site-1', name: 'Toy wholesaler' }, containers: [] };
const MOVED = {
  cursor: 'c1',
  seq: 1,
  eventId: 'ni:///toy',
  recordTime: '2026-11-01T00:00:00Z',
  package: { key: 'pallet-1', level: 'PALLET' },
  from: LOCATED,
  to: { state: 'SITE', site: { key: 'site-2', name: 'Toy pharmacy' }, containers: [] },
  units: 480,
  lots: [{ lot: 'A2611', units: 480 }],
};

/**
 * Starts what the playground's tests talk to. For now a toy with a schema just big enough for the first and the last tab;
 * the real server takes its place by replacing the body of this function, and no test changes.
 */
export async function startServerForPlayground(): Promise<ServerForPlayground> {
  const schema = buildSchema(SDL);
  const moves = new EventTarget();
  const rootValue = {
    locate: () => LOCATED,
    move: () => moves.dispatchEvent(new Event('move')),
    locationChanges: () => changes(moves),
  };

  const http = Fastify({ forceCloseConnections: true });
  registerPlayground(http, { distDir: resolve(await playgroundBundle()) });
  http.route<{ Body?: ToyRequest; Querystring: ToyRequest }>({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: ({ body, query: inUrl }) => {
      const { query, variables, operationName } = body ?? inUrl;
      return graphql({
        schema,
        rootValue,
        source: query,
        variableValues: variables ?? null,
        operationName: operationName ?? null,
      });
    },
  });
  const sockets = new WebSocketServer({ server: http.server, path: '/graphql' });
  const subscriptions = useServer({ schema, roots: { subscription: rootValue } }, sockets);
  const origin = await http.listen({ host: '127.0.0.1', port: 0 });

  return {
    origin,
    located: 'Toy wholesaler',
    movePackage: async () => {
      const answer = await graphql({ schema, rootValue, source: 'mutation { move }' });
      if (answer.errors) throw answer.errors[0]!;
    },
    moved: 'Toy pharmacy',
    stop: async () => {
      await subscriptions.dispose();
      await http.close();
    },
  };
}

interface ToyRequest {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/** One message for each move, from the moment of subscribing. */
function changes(moves: EventTarget): AsyncIterableIterator<{ locationChanges: typeof MOVED }> {
  let finish = (): void => undefined;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      new Promise((settle) => {
        const onMove = (): void => {
          settle({ value: { locationChanges: MOVED }, done: false });
        };
        moves.addEventListener('move', onMove, { once: true });
        finish = () => {
          moves.removeEventListener('move', onMove);
          settle({ value: undefined, done: true });
        };
      }),
    return: () => {
      finish();
      return Promise.resolve({ value: undefined, done: true });
    },
  };
}
