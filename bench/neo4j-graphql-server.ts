/** `@neo4j/graphql` over the naive graph: `neo4j-graphql-server.ts <neo4j uri> <user> <password>`, forked by neo4j-graphql.ts. */
import type * as apollo from '@apollo/server';
import type * as standalone from '@apollo/server/standalone';
import type { GraphQLSchema } from 'graphql';
import type * as driver from 'neo4j-driver';
import { NAIVE } from './naive.js';
import { peer } from './peers.js';
import type { Ask } from './questions.js';

interface Library {
  readonly Neo4jGraphQL: new (options: object) => { getSchema(): Promise<GraphQLSchema> };
}
const { Neo4jGraphQL } = peer('@neo4j/graphql') as Library;
const { ApolloServer } = peer('@apollo/server') as typeof apollo;
const { startStandaloneServer } = peer('@apollo/server/standalone') as typeof standalone;
const neo4j = peer('neo4j-driver') as typeof driver;

/** The library groups nothing, so what is counted by groups is our Cypher in a directive. */
function counted(what: Ask, columns: string): string {
  const text = NAIVE[what].text.replaceAll('$given.', '$');
  const row = columns.split(' ').map((name) => `${name}: ${name}`);
  return `@cypher(statement: """CALL () { ${text} } RETURN { ${row.join(', ')} } AS row""", columnName: "row")`;
}

const ROW = 'site name from origin holder status units';
const at = (property: string): string =>
  `@cypher(statement: "MATCH (s:NSite {k: this.${property}}) RETURN s", columnName: "s")`;

const typeDefs = `
type Site @node(labels: ["NSite"]) { k: String! name: String! operator: String! company: String! }
type Event @node(labels: ["NEvent"]) {
  id: String! t: BigInt! kind: String! status: String! site: String! from: String!
  place: Site ${at('from')}
}
type Touched @relationshipProperties { via: String }
type Unit @node(labels: ["NUnit"]) {
  k: String! lot: String status: String! since: BigInt site: String! from: String!
  place: Site ${at('site')}
  origin: Site ${at('from')}
  containers: [Unit!]! @cypher(statement: "MATCH (this)-[:N_IN*1..5]->(c) RETURN c", columnName: "c")
  events: [Event!]! @relationship(type: "N_EVENT", direction: OUT, properties: "Touched")
}
type Row { site: String name: String from: String origin: String holder: String status: String units: Int }
type Consignee { party: String name: String everHeld: Int }
type Query {
  recall(lot: String!): [Row!]! ${counted('recall', ROW)}
  recallAsOf(lot: String!, asOf: BigInt!): [Row!]! ${counted('recallAsOf', ROW)}
  consignees(lot: String!): [Consignee!]! ${counted('consignees', 'party name everHeld')}
  inventory: [Row!]! ${counted('inventory', 'site name status units')}
}`;

const [uri = '', user = '', password = ''] = process.argv.slice(2);
const library = new Neo4jGraphQL({
  typeDefs,
  driver: neo4j.driver(uri, neo4j.auth.basic(user, password)),
  // Comparing strings is off unless asked for.
  features: { filters: { String: { GT: true } } },
});
const server = new ApolloServer({ schema: await library.getSchema() });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
process.on('disconnect', () => process.exit(0));
process.send?.(new URL(url).origin);
