import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Neo4jAccess } from '../src/neo4j-child/embedded-neo4j.js';
import { HttpClient } from './http-client.js';
import type { Ask, Rival } from './questions.js';

/** `@neo4j/graphql` on the naive graph, served by Apollo in a process of its own, as ours is. */
export interface Neo4jGraphqlRival extends Rival {
  readonly close: () => Promise<void>;
}

const PLACE = 'site place { k name } from origin { k name company } status';
const ROWS = '{ site name from origin holder status units }';

const QUERIES: Readonly<Record<Ask, string>> = {
  recall: `query Recall($lot: String!) { recall(lot: $lot) ${ROWS} }`,
  recallAsOf: `query RecallAsOf($lot: String!, $asOf: BigInt!) { recallAsOf(lot: $lot, asOf: $asOf) ${ROWS} }`,
  consignees: `query Consignees($lot: String!) { consignees(lot: $lot) { party name everHeld } }`,
  inventory: `{ inventory { site name status units } }`,
  locate: `query Locate($k: String!) {
    units(where: { k: { eq: $k } }) {
      ${PLACE} since containers { k }
      eventsConnection(first: 1, sort: [{ node: { t: DESC } }]) { edges { node { t place { k name } } } }
    }
  }`,
  place: `query Place($k: String!) { units(where: { k: { eq: $k } }) { site from place { name } status } }`,
  journey: `query Journey($k: String!) {
    units(where: { k: { eq: $k } }) {
      eventsConnection(first: 20, sort: [{ node: { t: ASC } }]) {
        edges { node { id t kind status place { k name } } properties { via } }
      }
    }
  }`,
  page: `query Page($lot: String!, $after: String!) {
    units(where: { lot: { eq: $lot }, k: { gt: $after } }, sort: [{ k: ASC }], limit: 100) { k }
  }`,
};

/** Starts it. */
export function startNeo4jGraphql({
  uri,
  user,
  password,
}: Neo4jAccess): Promise<Neo4jGraphqlRival> {
  const child = fork(
    fileURLToPath(new URL('neo4j-graphql-server.ts', import.meta.url)),
    [uri, user, password],
    { execArgv: ['--import', 'tsx'] },
  );
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`The server of @neo4j/graphql ended with ${String(code)}`));
    });
    child.once('message', (url: string) => {
      const http = new HttpClient(url, 4);
      resolve({
        name: '@neo4j/graphql over HTTP',
        ask: async (what, params) => {
          // A BigInt comes as text.
          const given: [string, string][] = Object.entries(params).map(([name, value]) => [
            name,
            String(value),
          ]);
          const variables: object = Object.fromEntries(given);
          const data = await http.graphql<object>(QUERIES[what], variables);
          return Object.values(data).flat() as readonly unknown[];
        },
        close: async () => {
          await http.close();
          child.kill();
        },
      });
    });
  });
}
