import { systemClock } from '../../../src/shared/clock.js';
import { hostView } from '../../../src/access/view.js';
import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Graph } from '../../../src/graph/graph.js';
import {
  AssociationResolver,
  ClassInsideResolver,
  LotInsideResolver,
  PackageResolver,
} from '../../../src/location/package.resolver.js';
import {
  LastSeenResolver,
  WhereaboutsResolver,
} from '../../../src/location/whereabouts.resolver.js';
import { makeSchema } from '../../../src/server/schema.js';
import { JourneyEntryResolver, JourneyResolver } from '../../../src/trace/journey.resolver.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { counted, keys, writeStory } from './small-graph.js';

let graph: Graph;
let schema: GraphQLSchema;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await writeStory(graph);
  schema = makeSchema([
    AssociationResolver,
    AssociationResolver,
    ClassInsideResolver,
    JourneyEntryResolver,
    JourneyResolver,
    LastSeenResolver,
    LotInsideResolver,
    PackageResolver,
    WhereaboutsResolver,
  ]);
});
afterAll(() => graph.close());

async function ask(source: string): Promise<Record<string, unknown>> {
  const contextValue = { view: hostView(graph), clock: systemClock };
  const { data, errors } = await graphql({ schema, source, contextValue });
  if (errors) throw errors[0]!;
  return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
}

describe('a unit', () => {
  test('is told by any form of its identifier', async () => {
    const source = `{ package: packageById(id: "(01)09506000134352(21)U2") {
      key level scheme identifier { urn digitalLink elementString }
      product { gtin name } lot { key } expiry status disposition
      container { key } containers { key level } contentsSummary { units } contents { nodes { key } }
    } }`;

    expect(await ask(source)).toEqual({
      package: {
        key: keys.u2,
        level: 'UNIT',
        scheme: 'SGTIN',
        identifier: {
          urn: 'urn:epc:id:sgtin:9506000.013435.U2',
          digitalLink: 'https://id.gs1.org/01/09506000134352/21/U2',
          elementString: '(01)09506000134352(21)U2',
        },
        product: { gtin: '09506000134352', name: 'Pills' },
        lot: { key: keys.lot },
        expiry: '2027-12-31',
        status: 'in_progress',
        disposition: 'in_progress',
        container: { key: keys.box },
        containers: [{ key: keys.box, level: 'CONTAINER' }],
        contentsSummary: null,
        contents: null,
      },
    });
  });

  test('has the persistent dispositions of what it travelled in, its exceptions, holder and owner', async () => {
    const source = `{ package: packageById(id: "https://id.gs1.org/${keys.u1}") {
      persistentDispositions holder { key name } owner { key } exceptions { code at eventId }
    } }`;

    expect(await ask(source)).toEqual({
      package: {
        persistentDispositions: ['completeness_verified'],
        holder: { key: keys.wholesaler, name: 'Wholesaler' },
        owner: { key: keys.wholesaler },
        exceptions: [{ code: 'AFTER_END', at: '1970-01-01T00:00:00.700Z', eventId: 'e7' }],
      },
    });
  });
});

describe('a container', () => {
  test('counts what it holds by lot, and by class as a ledger', async () => {
    const source = `{ package: packageById(id: "https://id.gs1.org/${keys.box}") {
      level contentsSummary { packages units lots { units lot { key } product { name } }
        classes { quantity uom negative product { gtin } } }
      contents(first: 10) { nodes { key } pageInfo { hasNextPage } }
    } }`;

    expect(await ask(source)).toEqual({
      package: {
        level: 'CONTAINER',
        contentsSummary: {
          packages: 1,
          units: 1,
          lots: [{ units: 1, lot: { key: keys.lot }, product: { name: 'Pills' } }],
          classes: [
            { quantity: -2, uom: null, negative: true, product: { gtin: '09506000134376' } },
          ],
        },
        contents: { nodes: [{ key: keys.u2 }], pageInfo: { hasNextPage: false } },
      },
    });
  });

  test('holds nothing after it was emptied, and keeps what is attached to it', async () => {
    const source = `{ package: packageById(id: "095060001343520000") {
      scheme contentsSummary { packages units } contents { nodes { key } }
      associations { parent child since eventId }
    } }`;

    expect(await ask(source)).toEqual({
      package: {
        scheme: 'SSCC',
        contentsSummary: { packages: 0, units: 0 },
        contents: { nodes: [] },
        associations: [
          {
            parent: keys.pallet,
            child: keys.sensor,
            since: '1970-01-01T00:00:00.310Z',
            eventId: 'a1',
          },
        ],
      },
    });
  });
});

describe('packages', () => {
  test('come in the order asked, null where unknown', async () => {
    const ids = [keys.u2, '01/09506000134352/21/NOBODY', keys.u1].map(
      (k) => `"https://id.gs1.org/${k}"`,
    );

    expect(await ask(`{ packages: packagesById(ids: [${ids.join(',')}]) { key } }`)).toEqual({
      packages: [{ key: keys.u2 }, null, { key: keys.u1 }],
    });
    expect(
      await ask('{ package: packageById(id: "(01)09506000134352(21)NOBODY") { key } }'),
    ).toEqual({
      package: null,
    });
  });

  test('with a wrong check digit are refused', async () => {
    await expect(
      ask('{ package: packageById(id: "(01)09506000134353(21)U2") { key } }'),
    ).rejects.toThrow(/check digit/i);
  });

  test('cost as many statements as one', async () => {
    const fields = `key level status product { name } lot { key } expiry holder { name } owner { key } persistentDispositions
      whereabouts { state since expected site { name } lastSeen { eventTime site { name } } containers { key level } }
      contentsSummary { lots { units lot { key } } } contents(first: 5) { nodes { key } } exceptions { code } associations { child event { eventId } }
      journey(first: 3) { nodes { eventId via { key level } readPoint { name } } }`;
    const query = (ks: readonly string[]): string =>
      `{ packages: packagesById(ids: [${ks.map((k) => `"https://id.gs1.org/${k}"`).join(',')}]) { ${fields} } }`;

    const [one] = await counted(graph, () => ask(query([keys.box])));
    const [many] = await counted(graph, () =>
      ask(query([keys.u2, keys.u3, keys.u1, keys.box, keys.pallet])),
    );

    expect(many).toBeLessThanOrEqual(one + 4);
  });
});

describe('locate', () => {
  test('tells the way with both ends, since when, and when it is expected', async () => {
    const source = `{ locate(id: "https://id.gs1.org/${keys.u2}", asOf: "1970-01-01T00:00:00.450Z") {
      known state site { key } origin { key name } destination { key name } since expected asOf
      lastSeen { site { key name } eventTime bizStep } holder { key name } owner { key } status statusSince
      containers { key level } package { key }
    } }`;

    expect(await ask(source)).toEqual({
      locate: {
        known: true,
        state: 'IN_TRANSIT',
        site: null,
        origin: { key: keys.plant, name: 'Plant' },
        destination: { key: keys.hub, name: 'Hub' },
        since: '1970-01-01T00:00:00.400Z',
        expected: '1970-01-01T00:00:00.480Z',
        asOf: '1970-01-01T00:00:00.450Z',
        lastSeen: {
          site: { key: keys.plant, name: 'Plant' },
          eventTime: '1970-01-01T00:00:00.300Z',
          bizStep: 'packing',
        },
        holder: { key: keys.maker, name: 'Maker' },
        owner: { key: keys.maker },
        status: 'in_transit',
        statusSince: '1970-01-01T00:00:00.400Z',
        containers: [
          { key: keys.box, level: 'CONTAINER' },
          { key: keys.pallet, level: 'CONTAINER' },
        ],
        package: { key: keys.u2 },
      },
    });
  });

  test('answers for what nobody knows', async () => {
    const source =
      '{ locate(id: "(01)09506000134352(21)NOBODY") { known state site { key } since lastSeen { eventTime } holder { key } owner { key } status asOf } }';

    expect(await ask(source)).toEqual({
      locate: {
        known: false,
        state: 'UNKNOWN',
        site: null,
        since: null,
        lastSeen: null,
        holder: null,
        owner: null,
        status: null,
        asOf: null,
      },
    });
  });
});
