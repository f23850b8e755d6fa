import { systemClock } from '../../../src/shared/clock.js';
import { hostView } from '../../../src/access/view.js';
/** The operations that schema/examples promises, on the story. */
import { readFile } from 'node:fs/promises';
import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Graph } from '../../../src/graph/graph.js';
import { PackageResolver } from '../../../src/location/package.resolver.js';
import {
  LastSeenResolver,
  WhereaboutsResolver,
} from '../../../src/location/whereabouts.resolver.js';
import { makeSchema } from '../../../src/server/schema.js';
import { JourneyEntryResolver, JourneyResolver } from '../../../src/trace/journey.resolver.js';
import { LineageNodeResolver, LineageResolver } from '../../../src/trace/lineage.resolver.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { keys, writeStory } from '../location/small-graph.js';

const id = `https://id.gs1.org/${keys.u2}`;

let graph: Graph;
let schema: GraphQLSchema;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await writeStory(graph);
  schema = makeSchema([
    JourneyEntryResolver,
    JourneyResolver,
    LastSeenResolver,
    LineageNodeResolver,
    LineageResolver,
    PackageResolver,
    WhereaboutsResolver,
  ]);
});
afterAll(() => graph.close());

async function run(source: string, variableValues: Record<string, unknown> = {}): Promise<unknown> {
  const contextValue = { view: hostView(graph), clock: systemClock };
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  if (errors) throw errors[0]!;
  return JSON.parse(JSON.stringify(data));
}

async function example(name: string, variables: Record<string, unknown>): Promise<unknown> {
  const file = new URL(`../../../schema/examples/${name}.graphql`, import.meta.url);
  return run(await readFile(file, 'utf8'), variables);
}

test('locate', async () => {
  expect(await example('locate', { id })).toEqual({
    locate: {
      state: 'SITE',
      site: { key: keys.hub, name: 'Hub' },
      origin: null,
      destination: null,
      since: '1970-01-01T00:00:00.500Z',
      lastSeen: {
        site: { key: keys.hub, name: 'Hub' },
        eventTime: '1970-01-01T00:00:00.600Z',
      },
      holder: { key: keys.wholesaler, name: 'Wholesaler' },
      status: 'in_progress',
      containers: [{ key: keys.box, level: 'CONTAINER' }],
    },
  });
});

test('journey', async () => {
  const answer = await run(
    `{ journey(id: "${id}", first: 20) { edges { cursor node { eventId bizStep disposition via { key } bizLocation { name } } }
       pageInfo { hasNextPage endCursor } } }`,
  );

  expect(answer).toMatchObject({
    journey: {
      edges: [
        {
          node: {
            eventId: 'e1',
            bizStep: 'commissioning',
            via: null,
            bizLocation: { name: 'Plant' },
          },
        },
        { node: { eventId: 'e2' } },
        { node: { eventId: 'q1' } },
        { node: { eventId: 'q2' } },
        { node: { eventId: 'e3', via: { key: keys.box } } },
        { node: { eventId: 'a1' } },
        { node: { eventId: 'e4', disposition: 'in_transit', via: { key: keys.pallet } } },
        { node: { eventId: 'e5' } },
        { node: { eventId: 'e6' } },
      ],
      pageInfo: { hasNextPage: false },
    },
  });
});

test('lineage', async () => {
  const answer = await example('lineage', { id });

  expect(answer).toMatchObject({ lineage: { truncated: false } });
  expect(answer).toMatchObject({
    lineage: {
      edges: expect.arrayContaining([
        {
          from: keys.pallet,
          to: keys.box,
          kind: 'CONTAINMENT',
          since: '1970-01-01T00:00:00.300Z',
          until: '1970-01-01T00:00:00.600Z',
          eventId: 'e6',
        },
      ]) as unknown,
    },
  });
});

describe('a question that cannot be answered', () => {
  test('is null for what nobody knows', async () => {
    const nobody = '(01)09506000134352(21)NOBODY';

    expect(
      await run(
        `{ journey(id: "${nobody}") { nodes { eventId } } lineage(id: "${nobody}", direction: BOTH) { truncated } }`,
      ),
    ).toEqual({ journey: null, lineage: null });
  });

  test.each([
    [
      'a depth out of bounds',
      `{ lineage(id: "${id}", direction: BACK, depth: 21) { truncated } }`,
      /depth/,
    ],
    [
      'a place',
      '{ lineage(id: "(414)9506000000008", direction: BACK) { truncated } }',
      /lot or a product/,
    ],
    ['too many rows', `{ journey(id: "${id}", first: 1001) { nodes { eventId } } }`, /first/],
    [
      'another list’s cursor',
      `{ journey(id: "${id}", after: "WzFd") { nodes { eventId } } }`,
      /cursor/,
    ],
  ])('is refused: %s', async (_, source, reason) => {
    await expect(run(source)).rejects.toThrow(reason);
  });
});
