/** From each thing to what it is joined with, and back to it by its id. */
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { stories } from '../scenarios/stories.js';

const GTIN = '09506000134352';
const UNIT = `01/${GTIN}/21/U0011`;
const LOT = `(01)${GTIN}(10)A2611`;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  for (const { documents } of stories)
    for (const document of documents) await app.capture(document);
});
afterAll(async () => {
  await app.stop();
});

async function ask<T>(source: string, variables?: Record<string, unknown>): Promise<T> {
  const { data, errors } = await app.graphql(source, variables);
  expect(errors).toBeUndefined();
  return data as T;
}

test('everything with an id is found again by it, and its key and its id are both taken', async () => {
  const { made } = await ask<{ made: { allocation: { id: string; key: string } } }>(
    `mutation { made: allocateSerials(input: { gtin: "${GTIN}", count: 1, length: 12, allocatedTo: "A" }) {
      ... on SerialsAllocated { allocation { id key } } } }`,
  );
  const { sent } = await ask<{ sent: { jobId: string } }>(
    'mutation ($document: JSON!) { sent: captureEvents(document: $document) { ... on CaptureAccepted { jobId } } }',
    { document: stories[0]!.documents[0] },
  );
  const found = await ask<Record<string, { id: string } | { nodes: { id: string }[] }>>(
    `query ($unit: ID!, $lot: ID!, $job: ID!, $allocation: ID!) {
      pack: packageById(id: $unit) { id __typename }
      lot(gtin: $lot) { id __typename }
      product(gtin: "${GTIN}") { id __typename }
      sites(first: 1) { nodes { id __typename } }
      parties(first: 1) { nodes { id __typename } }
      events(first: 1) { nodes { id __typename } }
      handoffs(first: 1) { nodes { id __typename } }
      captureJob(id: $job) { id __typename }
      serialAllocation(id: $allocation) { id __typename } }`,
    { unit: UNIT, lot: LOT, job: sent.jobId, allocation: made.allocation.key },
  );

  const nodes = Object.values(found).map((one) => ('nodes' in one ? one.nodes[0]! : one));
  expect(nodes).toHaveLength(9);
  for (const node of nodes)
    expect(await ask('query ($id: ID!) { node(id: $id) { id __typename } }', node)).toEqual({
      node,
    });
  const ids = nodes.map(({ id }) => id);
  const of = (type: string): string => ids.find((id) => id.startsWith(`${type}:`))!;
  expect(
    await ask(
      `query ($unit: ID!, $lot: ID!, $product: ID!, $site: ID!, $party: ID!, $event: ID!, $handoff: ID!, $job: ID!, $allocation: ID!) {
        locate(id: $unit) { package { id } } lot(gtin: $lot) { id } product(gtin: $product) { id } site(gln: $site) { id }
        party(gln: $party) { id } event(id: $event) { id } handoffs(filter: { ids: [$handoff] }) { nodes { id } }
        captureJob(id: $job) { id } serialAllocation(id: $allocation) { id } }`,
      {
        ...{ unit: of('Package'), lot: of('Lot'), product: of('Product'), site: of('Site') },
        ...{ party: of('Party'), event: of('Event'), handoff: of('Handoff') },
        ...{ job: of('CaptureJob'), allocation: of('SerialAllocation') },
      },
    ),
  ).toEqual({
    locate: { package: { id: of('Package') } },
    lot: { id: of('Lot') },
    product: { id: of('Product') },
    site: { id: of('Site') },
    party: { id: of('Party') },
    event: { id: of('Event') },
    handoffs: { nodes: [{ id: of('Handoff') }] },
    captureJob: { id: of('CaptureJob') },
    serialAllocation: { id: of('SerialAllocation') },
  });
});

test.each([
  [
    'a lot where a package is wanted',
    `{ packageById(id: "Lot:01/${GTIN}/10/A2611") { key } }`,
    'id',
  ],
  [
    'a package where a handoff is wanted',
    `{ handoffs(filter: { ids: ["${UNIT}"] }) { nodes { key } } }`,
    'filter.ids[0]',
  ],
  ['a product where an event is wanted', `{ event(id: "Product:${GTIN}") { eventId } }`, 'id'],
  ['a key where an id is wanted', `{ node(id: "${UNIT}") { id } }`, 'id'],
])('%s is refused, not answered with nothing', async (_, query, argument) => {
  const { errors } = await app.graphql(query);

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
});

test('a part that fails by itself leaves the rest answered', async () => {
  const { data, errors } = await app.graphql(
    `{ packageById(id: "${UNIT}") { level journey(first: 5000) { nodes { eventId } } } }`,
  );

  expect(data).toEqual({ packageById: { level: 'UNIT', journey: null } });
  expect(errors).toMatchObject([
    { path: ['packageById', 'journey'], extensions: { argument: 'first' } },
  ]);
});

interface Nodes {
  readonly nodes: readonly object[];
}

test('a site, a party, a lot and a package lead to what the lists of the root say of them', async () => {
  const { sites, parties, lots } = await ask<Record<string, { nodes: { key: string }[] }>>(
    '{ sites(first: 100) { nodes { key } } parties(first: 100) { nodes { key } } lots(first: 100) { nodes { key } } }',
  );
  const handoffs = 'handoffs(first: 3) { nodes { key } totalCount { exact } }';
  const packages = 'packages(first: 3) { nodes { key } totalCount { exact } }';
  const events = 'events(first: 3) { nodes { eventId } totalCount { exact } }';
  const order = 'orderBy: { direction: DESC }';
  for (const { key } of sites!.nodes) {
    const { site, ...root } = await ask<Record<string, Record<string, Nodes>>>(
      `query ($site: ID!) { site(gln: $site) { stock { gtin state units } ${handoffs} ${packages} ${events} }
        stock: inventory(filter: { sites: [$site] }, by: [PRODUCT]) { gtin state units }
        ${handoffs.replace('(', '(filter: { sites: [$site] }, ')}
        ${packages.replace('(', '(filter: { site: $site }, ')}
        ${events.replace('(', `(filter: { site: $site }, ${order}, `)} }`,
      { site: key },
    );
    expect(site).toEqual(root);
  }
  for (const { key } of parties!.nodes) {
    const { party, ...root } = await ask<Record<string, object>>(
      `query ($party: ID!) { party(gln: $party) { ${handoffs} } ${handoffs.replace('(', '(filter: { parties: [$party] }, ')} }`,
      { party: key },
    );
    expect(party).toEqual(root);
  }
  for (const { key } of lots!.nodes) {
    const { lot, ...root } = await ask<Record<string, object>>(
      `query ($lot: ID!) { lot(gtin: $lot) { inventory { state units site { key } } ${packages} ${events} }
        inventory(filter: { lots: [$lot] }, by: [SITE]) { state units site { key } }
        ${packages.replace('(', '(filter: { lot: $lot }, ')}
        ${events.replace('(', `(filter: { lot: $lot }, ${order}, `)} }`,
      { lot: key },
    );
    expect(lot).toEqual(root);
  }
  const { lot, recallScope } = await ask<Record<string, { recallScope: object }>>(
    `{ lot(gtin: "${LOT}") { recallScope { totals { units } rows { state units } } }
      recallScope(input: { lots: [{ gtin: "${GTIN}", lot: "A2611" }] }) { totals { units } rows { state units } } }`,
  );
  expect(lot!.recallScope).toEqual(recallScope);
});

test('a package has the handoffs by which it moved, alone or inside something', async () => {
  const { handoffs, packages } = await ask<{
    handoffs: { nodes: { key: string; shippedAt: string; packages: { key: string }[] }[] };
    packages: { nodes: { key: string; handoffs: { nodes: { key: string }[] } }[] };
  }>(
    `{ handoffs(first: 1000) { nodes { key shippedAt packages { key } } }
      packages(first: 1000, filter: { includeEnded: true }) { nodes { key handoffs(first: 20) { nodes { key } } } } }`,
  );
  const keys = packages.nodes.map(({ key }) => key);
  const expected = new Map(keys.map((key) => [key, [] as string[]]));
  for (const { key, shippedAt, packages: named } of handoffs.nodes) {
    const { then } = await ask<{
      then: { key: string; whereabouts: { containers: { key: string }[] } }[];
    }>(
      `query ($ids: [ID!]!, $at: DateTime!) { then: packagesById(ids: $ids) { key whereabouts(asOf: $at) { containers { key } } } }`,
      { ids: keys, at: shippedAt },
    );
    const moved = new Set(named.map((one) => one.key));
    for (const one of then)
      if (moved.has(one.key) || one.whereabouts.containers.some((box) => moved.has(box.key)))
        expected.get(one.key)!.push(key);
  }
  const found = packages.nodes.map((one) => [
    one.key,
    one.handoffs.nodes.map(({ key }) => key).sort(),
  ]);
  expect(found).toEqual(keys.map((key) => [key, expected.get(key)!.sort()]));
});

test('what names an event leads to it', async () => {
  const { packageById, lineage, recallScope } = await ask<Record<string, never>>(
    `query ($unit: ID!) {
      packageById(id: $unit) {
        journey(first: 3) { nodes { eventId event { eventId } } }
        whereabouts { lastSeen { eventId event { eventId } } }
      }
      lineage(id: $unit, direction: BACK) { edges { eventId event { eventId } } }
      recallScope(input: { lots: [{ gtin: "${GTIN}", lot: "A2611" }] }) {
        lots { eventId event { eventId } } classLevel { eventId event { eventId } }
        explain(id: $unit) { links { eventId event { eventId } } } } }`,
    { unit: UNIT },
  );

  const naming = namingEvents({ packageById, lineage, recallScope });
  expect(naming.length).toBeGreaterThan(5);
  for (const { eventId, event } of naming) expect(event).toEqual(eventId && { eventId });
});

interface Naming {
  readonly eventId: string | null;
  readonly event: object | null;
}

/** All parts of an answer that have both `eventId` and `event`. */
function namingEvents(value: unknown): Naming[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(namingEvents);
  return 'event' in value && 'eventId' in value ? [value as Naming, ...inside] : inside;
}
