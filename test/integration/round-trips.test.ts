/** What each question costs on the way to Neo4j: round trips are what reads spend their time on. */
import { readFileSync, readdirSync } from 'node:fs';
import { getOperationAST, graphql, OperationTypeNode, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { hostView } from '../../src/access/view.js';
import { Relay } from '../../src/feed/relay.js';
import { makeSchema } from '../../src/server/schema.js';
import { ByteBudget } from '../../src/shared/byte-budget.js';
import { systemClock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { RoundTripCounter } from '../support/count-round-trips.js';
import type { RoundTrips } from '../support/count-round-trips.js';
import { stories } from '../scenarios/stories.js';

const EXAMPLES = 'schema/examples/';
const example = (name: string): string => readFileSync(`${EXAMPLES}${name}.graphql`, 'utf8');
const variablesOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${EXAMPLES}${name}.variables.json`, 'utf8')) as Record<string, unknown>;

const GTIN = '09506000134352';
const unit = (serial: string): string => `"https://id.gs1.org/01/${GTIN}/21/${serial}"`;
/** On a shelf, in a tote on its way, and unopened in its case. */
const [UNIT, SENT, CASED] = ['U0001', 'U0006', 'U0011'].map(unit) as [string, string, string];

/** What is asked, and what it costs: statements, and waves of them (see {@link RoundTrips}). Neither may grow. */
const EXAMPLES_COST: Record<string, readonly [number, number]> = {
  'allocate-serials': [8, 8],
  barcode: [1, 1],
  journey: [2, 2],
  lineage: [18, 7],
  locate: [2, 2],
  'recall-scope': [13, 7],
  'serial-status': [3, 1],
};

const QUESTIONS_COST: Record<string, readonly [number, number]> = {
  '{ accessLog(first: 5) { nodes { operation organisation { name } } } }': [1, 1],
  [`{ barcode(id: ${UNIT}, format: DATAMATRIX) { text } }`]: [1, 1],
  '{ captureJob(id: "none") { id: jobId } }': [1, 1],
  '{ event(id: "none") { id: eventId } }': [1, 1],
  [`{ node(id: "Package:01/${GTIN}/21/none") { id } }`]: [1, 1],
  [`{ packageById(id: "urn:epc:id:sscc:9506000.1000000101") { contents(first: 5) { nodes { key } } contentsSummary { units } } }`]:
    [5, 2],
  '{ events(first: 5) { nodes { id: eventId bizLocation { name } } } }': [2, 2],
  '{ disclosures(first: 5) { nodes { disclosureId grantor { name } products { name } } } }': [1, 1],
  '{ disclosureRequests(first: 5) { nodes { requestId asker { name } } } }': [1, 1],
  '{ webhooks { webhookId } }': [1, 1],
  '{ deadLetters(webhook: "none") { nodes { deadLetterId } } }': [1, 1],
  '{ handoffs(first: 2) { nodes { lots { units lot { key } } } } }': [5, 5],
  '{ lots(first: 5) { nodes { key } } }': [1, 1],
  '{ lots(first: 5) { nodes { inventory { units } events(first: 2) { nodes { eventId } } } } }': [
    5, 3,
  ],
  '{ packages(first: 5) { nodes { key } } }': [2, 2],
  [`{ packages(first: 5, filter: { site: "414/9506000100012" }) { nodes { key whereabouts { state } } } }`]:
    [6, 6],
  '{ sites(first: 5) { nodes { handoffs(first: 2) { nodes { key } } events(first: 2) { nodes { eventId } } stock { units } } } }':
    [7, 4],
  [`{ packagesById(ids: [${UNIT}, ${SENT}, ${CASED}]) { handoffs(first: 2) { nodes { key } } } }`]:
    [2, 2],
  '{ feedCursor }': [2, 2],
  '{ changes(first: 5) { messages { cursor } } }': [4, 4],
  '{ committedCursor(name: "portal") { cursor } }': [1, 1],
  '{ keys { keyId label } }': [1, 1],
  '{ me { subject } }': [0, 0],
  '{ handoffs(first: 5) { nodes { id: key status fromParty { name } from { name } to { name } } } }':
    [3, 2],
  [`{ inventory(filter: { gtins: ["${GTIN}"] }, by: [SITE, HOLDER]) { units site { name } holder { name } } }`]:
    [3, 2],
  [`{ journey(id: ${UNIT}) { nodes { eventId } } }`]: [2, 2],
  [`{ journey(id: ${UNIT}, includeRetracted: true) { nodes { eventId readPoint { name } via { key level } } } }`]:
    [2, 2],
  [`{ lineage(id: ${UNIT}, direction: BACK) { nodes { key } } }`]: [16, 6],
  [`{ locate(id: ${UNIT}) { state status } }`]: [1, 1],
  [`{ locate(id: ${CASED}) { state site { name } status } }`]: [1, 1],
  [`{ locate(id: ${SENT}) { state origin { name } destination { name } holder { name } } }`]: [
    2, 2,
  ],
  [`{ locate(id: ${UNIT}, asOf: "2026-02-05T12:00:00Z") { state site { name } origin { name } since holder { name } lastSeen { site { name } } containers { key level } } }`]:
    [2, 2],
  [`{ locate(id: ${UNIT}) { owner { name } } }`]: [2, 2],
  [`{ lot(gtin: "${GTIN}", lot: "A2611") { expiry product { name } } }`]: [2, 2],
  [`{ packageById(id: ${SENT}) { level product { name } lot { lot } status holder { name } owner { name } containers { key level } whereabouts { state site { name } since lastSeen { eventTime } } } }`]:
    [5, 3],
  [`{ packageById(id: ${UNIT}) { disposition persistentDispositions exceptions { code } associations { child } contentsSummary { units } journey(first: 3) { nodes { eventId } } } }`]:
    [6, 3],
  [`{ packagesById(ids: [${UNIT}, ${SENT}, ${CASED}]) { key whereabouts { state site { name } holder { name } since lastSeen { eventTime } } } }`]:
    [3, 3],
  '{ me { subject open organisation { name } sites { name } } }': [0, 0],
  '{ keys { keyId organisation { name } sites { name } } }': [1, 1],
  '{ parties(first: 5) { nodes { key name sites { nodes { name } } } } }': [2, 2],
  '{ party(gln: "417/9506000100005") { name } }': [1, 1],
  [`{ product(gtin: "${GTIN}") { name lots { nodes { lot } } } }`]: [2, 2],
  '{ products(first: 5) { nodes { name } } }': [1, 1],
  [`{ recallScope(input: { lots: [{ gtin: "${GTIN}", lot: "A2611" }] }) { totals { units } rows { units site { name } holder { name } } } }`]:
    [1, 1],
  // Two lists of what was asked and not found more than a recall of what is known.
  [`{ recallScope(input: { lots: [{ gtin: "${GTIN}", lot: "a2611" }] }) { totals { units } suggestions { asked } } }`]:
    [3, 2],
  '{ search(text: "A2611") { kind key why } }': [2, 1],
  [`{ search(text: ${UNIT}, kinds: [PACKAGE]) { key label node { id } } }`]: [3, 2],
  '{ serialAllocation(id: "none") { id: key } }': [1, 1],
  [`{ serialAllocations(gtin: "${GTIN}") { nodes { id: key } } }`]: [1, 1],
  [`{ serialStatus(gtin: "${GTIN}", serial: "U0001") { commissioned } }`]: [2, 1],
  '{ site(gln: "414/9506000100012") { name operator { name } } }': [2, 2],
  '{ sites(first: 5) { nodes { name operator { name } } } }': [2, 2],
  '{ unregistered { sites { nodes { key } } } }': [1, 1],
};

let app: TestApp;
let schema: GraphQLSchema;
beforeAll(async () => {
  app = await startApp();
  schema = makeSchema();
  for (const { documents } of stories)
    for (const document of documents) expect((await app.capture(document)).status).toBe(202);
});
afterAll(() => app.stop());

async function costOf(
  source: string,
  variableValues: Record<string, unknown> = {},
): Promise<RoundTrips> {
  const counter = new RoundTripCounter(app.graph);
  const { graph } = counter;
  const view = hostView(graph);
  const feed = new Relay({ view, clock: systemClock, logger: silentLogger });
  const contextValue = {
    ...{ view, feed, clock: systemClock, budget: new ByteBudget(1e9), requestId: 'counted' },
  };
  const { errors } = await graphql({ schema, source, variableValues, contextValue });
  expect(errors).toBeUndefined();
  return counter.counted;
}

const inShort = ({ statements, waves }: RoundTrips): [number, number] => [statements, waves];

test('every example takes as many statements and waves as it may', async () => {
  const names = readdirSync(EXAMPLES).flatMap((file) => /^(.+)\.graphql$/.exec(file)?.[1] ?? []);
  const found: Record<string, unknown> = {};
  for (const name of names) {
    // Each message of a subscription is an operation of its own.
    if (getOperationAST(parse(example(name)))?.operation === OperationTypeNode.SUBSCRIPTION)
      continue;
    found[name] = inShort(await costOf(example(name), variablesOf(name)));
  }

  expect(found).toEqual(EXAMPLES_COST);
});

test('every root field takes as many statements and waves as it may', async () => {
  const found: Record<string, unknown> = {};
  for (const question of Object.keys(QUESTIONS_COST))
    found[question] = inShort(await costOf(question));

  expect(found).toEqual(QUESTIONS_COST);
  const asked = Object.keys(QUESTIONS_COST).map((question) => /\w+/.exec(question)?.[0]);
  const fields = Object.keys(schema.getQueryType()?.getFields() ?? {});
  expect(fields.filter((field) => !asked.includes(field))).toEqual([]);
});
