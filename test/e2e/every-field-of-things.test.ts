import { epcisDocument } from '../support/history-document.js';
import type { EpcisJson } from '../support/history-document.js';
import {
  GTIN,
  MADE,
  U1,
  U2,
  U3,
  V1,
  CASE,
  PALLET,
  PLANT,
  HUB,
  MAKER,
  WHOLESALER,
  uri,
  at,
  SENSOR,
  PRODUCT,
  ADDRESS,
  text,
  number,
  instant,
  event,
  urn,
  tellStory,
} from '../support/told-story.js';
import type { ToldApp } from '../support/told-story.js';

/** What no other test asks of things: see test/architecture/every-field-asked.test.ts. */
let told: ToldApp;
const ask: ToldApp['ask'] = (query, variables) => told.ask(query, variables);
beforeAll(async () => {
  told = await tellStory();
});
afterAll(() => told.app.stop());

describe('master data', () => {
  test('is given back field by field', async () => {
    const found = await ask(
      `query ($gtin: ID!, $hub: ID!, $party: ID!) {
        product(gtin: $gtin) { gtin name description manufacturer activeIngredient strength form packSize ndc
          marketAuthorisations storageMinCelsius storageMaxCelsius identifier { key } lots { edges { cursor node { gtin lot } } } }
        site(gln: $hub) { type address city region postalCode country lat lon identifier { key } operator { key } }
        party(gln: $party) { name licences address city region postalCode country identifier { key }
          sites { edges { cursor node { key } } } } }`,
      { gtin: GTIN, hub: uri(HUB), party: uri(WHOLESALER) },
    );

    expect(found).toEqual({
      product: {
        ...PRODUCT,
        identifier: { key: `01/${GTIN}` },
        lots: {
          edges: [
            { cursor: text, node: { gtin: GTIN, lot: null } },
            { cursor: text, node: { gtin: GTIN, lot: 'A1' } },
          ],
        },
      },
      site: {
        type: 'warehouse',
        lat: 47.4,
        lon: 8.5,
        ...ADDRESS,
        identifier: { key: HUB },
        operator: { key: WHOLESALER },
      },
      party: {
        name: 'Wholesaler',
        licences: ['CH-1'],
        ...ADDRESS,
        identifier: { key: WHOLESALER },
        sites: { edges: [{ cursor: text, node: { key: HUB } }] },
      },
    });
  });

  test('is listed page by page, edges and nodes alike', async () => {
    const found = await ask<
      Record<string, { edges: { cursor: string; node: object }[]; pageInfo: object }>
    >(
      `{ products(first: 1) { edges { cursor node { gtin } } pageInfo { startCursor endCursor hasNextPage } }
         parties(first: 1) { edges { cursor node { key } } pageInfo { startCursor endCursor hasNextPage } }
         sites(first: 1) { edges { cursor node { key } } pageInfo { startCursor endCursor hasNextPage } } }`,
    );

    for (const [name, node] of [
      ['products', { gtin: GTIN }],
      ['parties', { key: MAKER }],
      ['sites', { key: PLANT }],
    ] as const) {
      const { edges, pageInfo } = found[name]!;
      const { cursor } = edges[0]!;
      expect(edges).toEqual([{ cursor: text, node }]);
      expect(pageInfo).toEqual({ startCursor: cursor, endCursor: cursor, hasNextPage: true });
    }
  });

  test('that is wrong is refused with what is expected and what to do', async () => {
    const found = await ask(
      `mutation { registerSites(sites: [{ gln: "9506000000008", lat: 91 }]) {
        ... on MasterDataRefused { faults { code pointer found expected remedy } } } }`,
    );

    expect(found).toEqual({
      registerSites: {
        faults: [
          {
            code: 'RANGE',
            pointer: '/0/lat',
            found: '91',
            expected: '-90 to 90',
            remedy: 'Correct the value.',
          },
        ],
      },
    });
  });
});

describe('events', () => {
  test('are given back with every list and reading', async () => {
    const found = await ask(
      `query ($ids: EventFilter) { events(filter: $ids, first: 20) { edges { cursor node { id: eventId action disposition ilmd
          certificationInfo persistentDisposition sensorElementList transformationID
          childQuantityList { key quantity uom } destinationList { type key }
          inputEPCList { key } inputQuantityList { key quantity uom }
          outputEPCList { key } outputQuantityList { key quantity uom } declarations { recordTime seq reason } } } } }`,
      { ids: null },
    );

    const { edges } = (found as { events: { edges: { cursor: string; node: EpcisJson }[] } })
      .events;
    expect(new Set(edges.map(({ cursor }) => cursor)).size).toBe(edges.length);
    const nodes = new Map(edges.map(({ node }) => [node['id'], node]));
    const amount = (key: string, quantity: number): object => ({ key, quantity, uom: 'KGM' });
    expect(nodes.get('urn:x:made')).toMatchObject({
      action: 'ADD',
      ilmd: { 'cbvmda:lotNumber': 'A1' },
    });
    expect(nodes.get('urn:x:cased')).toMatchObject({
      childQuantityList: [amount(`01/${GTIN}/10/A1`, 2.5)],
    });
    expect(nodes.get('urn:x:checked')).toMatchObject({
      disposition: 'sellable_accessible',
      certificationInfo: 'https://example.com/certificate/1',
      persistentDisposition: { set: ['completeness_verified'] },
      sensorElementList: SENSOR,
    });
    expect(nodes.get('urn:x:blended')).toMatchObject({
      transformationID: 'urn:x:blend:1',
      inputEPCList: [{ key: U3 }],
      inputQuantityList: [amount(`01/${GTIN}/10/A1`, 4)],
      outputEPCList: [{ key: V1 }],
      outputQuantityList: [amount(`01/${MADE}/10/C1`, 3)],
    });
    expect(nodes.get('urn:x:sent')).toMatchObject({
      destinationList: [
        { type: 'owning_party', key: WHOLESALER },
        { type: 'location', key: HUB },
      ],
    });
    expect(nodes.get('urn:x:wrong')).toMatchObject({
      declarations: [{ recordTime: instant, seq: number, reason: 'did_not_occur' }],
    });
  });

  test('have a job that says when it came and when it was committed', async () => {
    const { captureJob } = await ask<{ captureJob: { createdAt: string; finishedAt: string } }>(
      'query ($id: ID!) { captureJob(id: $id) { createdAt finishedAt } }',
      { id: told.jobId },
    );

    expect(captureJob).toEqual({ createdAt: instant, finishedAt: instant });
    expect(captureJob.finishedAt >= captureJob.createdAt).toBe(true);
  });
});

describe('a document', () => {
  test('that is refused has its faults, and its warnings beside them', async () => {
    const twice = event('twice', 50, { bizStep: 'inspecting', epcList: [urn('U4'), urn('U4')] });
    const never = { ...event('never', 51, { epcList: [urn('U4')] }), eventTime: 'yesterday' };
    const found = await ask(
      `mutation ($document: JSON!) { captureEvents(document: $document) { __typename
        ... on CaptureRejected { faults { code pointer } warnings { code pointer found } } } }`,
      { document: epcisDocument([twice, never]) },
    );

    expect(found).toEqual({
      captureEvents: {
        __typename: 'CaptureRejected',
        faults: [{ code: 'TIME_INVALID', pointer: '/epcisBody/eventList/1/eventTime' }],
        warnings: [
          {
            code: 'ITEM_DUPLICATE',
            pointer: '/epcisBody/eventList/0/epcList/1',
            found: expect.stringContaining('U4') as string,
          },
        ],
      },
    });
  });

  test('in XML has the line and column of each fault on its job', async () => {
    const xml = `<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2026-03-20T16:00:00Z"><EPCISBody><EventList>
  <ObjectEvent><eventTime>yesterday</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList><epc>urn:epc:id:sscc:9506000.0000000099</epc></epcList><action>OBSERVE</action></ObjectEvent>
  <ObjectEvent><eventTime>${at(52)}</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList><epc>urn:epc:id:sscc:9506000.0000000099</epc></epcList><action>OBSERVE</action></ObjectEvent>
</EventList></EPCISBody></epcis:EPCISDocument>`;
    const response = await fetch(`${told.app.url}/epcis/capture`, {
      method: 'POST',
      headers: { 'content-type': 'application/xml', 'GS1-Capture-Error-Behaviour': 'proceed' },
      body: xml,
    });
    const id = response.headers.get('location')!.split('/').pop();
    const { captureJob } = await ask(
      'query ($id: ID!) { captureJob(id: $id) { captured faults { code line column } } }',
      { id },
    );

    expect(captureJob).toEqual({
      captured: 1,
      faults: [{ code: 'TIME_INVALID', line: 2, column: number }],
    });
  });
});

describe('packages', () => {
  test('a journey says what happened, and in what it was then', async () => {
    const found = await ask(
      `query ($id: ID!) { journey(id: $id) { nodes { eventId type action eventTimeZoneOffset recordTime viaSince viaUntil } } }`,
      { id: uri(U1) },
    );

    const own = { eventTimeZoneOffset: '+01:00', recordTime: instant };
    const direct = { ...own, viaSince: null, viaUntil: null };
    expect(found).toEqual({
      journey: {
        nodes: [
          { eventId: 'urn:x:made', type: 'ObjectEvent', action: 'ADD', ...direct },
          { eventId: 'urn:x:cased', type: 'AggregationEvent', action: 'ADD', ...direct },
          {
            eventId: 'urn:x:stacked',
            type: 'AggregationEvent',
            action: 'ADD',
            ...own,
            viaSince: at(3),
            viaUntil: at(30),
          },
          {
            eventId: 'urn:x:sent',
            type: 'ObjectEvent',
            action: 'OBSERVE',
            ...own,
            viaSince: at(4),
            viaUntil: at(20),
          },
          {
            eventId: 'urn:x:came',
            type: 'ObjectEvent',
            action: 'OBSERVE',
            ...own,
            viaSince: at(3),
            viaUntil: at(30),
          },
          { eventId: 'urn:x:given', type: 'ObjectEvent', action: 'OBSERVE', ...direct },
        ],
      },
    });
  });

  test('a place says where it was last seen; a case what is in it, and what is strange', async () => {
    const found = await ask(
      `query ($unit: ID!, $case: ID!) {
        locate(id: $unit) { lastSeen { eventId readPoint { key } bizLocation { key } } }
        package: packageById(id: $case) { contentsSummary { classes { lot { key } quantity } } exceptions { code detail event { eventId } }
          contents { edges { cursor node { key } } pageInfo { startCursor } } } }`,
      { unit: uri(U1), case: uri(CASE) },
    );

    expect(found).toEqual({
      locate: {
        lastSeen: { eventId: 'urn:x:given', readPoint: { key: HUB }, bizLocation: { key: HUB } },
      },
      package: {
        contentsSummary: { classes: [{ lot: { key: `01/${GTIN}/10/A1` }, quantity: 2.5 }] },
        exceptions: [{ code: 'SEEN_APART', detail: PALLET, event: { eventId: 'urn:x:came' } }],
        contents: {
          edges: [{ cursor: text, node: { key: U2 } }],
          pageInfo: { startCursor: text },
        },
      },
    });
  });

  test('a lineage tells what its nodes are, and what cut it', async () => {
    const found = await ask<Record<string, { nodes: EpcisJson[] }>>(
      `query ($id: ID!) {
        whole: lineage(id: $id, direction: BACK) { truncated truncatedBy nodes { key kind lot { key } package { key } party { key } site { key } } }
        cut: lineage(id: $id, direction: BOTH, depth: 1) { truncated truncatedBy } }`,
      { id: uri(U1) },
    );

    const nodes = new Map(found['whole']!.nodes.map((node) => [node['key'], node]));
    const nothing = { lot: null, package: null, party: null, site: null };
    expect(nodes.get(U1)).toEqual({ key: U1, kind: 'UNIT', ...nothing, package: { key: U1 } });
    expect(nodes.get(HUB)).toEqual({ key: HUB, kind: 'SITE', ...nothing, site: { key: HUB } });
    expect(nodes.get(`01/${GTIN}/10/A1`)).toMatchObject({
      kind: 'LOT',
      lot: { key: `01/${GTIN}/10/A1` },
    });
    expect(found['whole']).toMatchObject({ truncated: false, truncatedBy: [] });
    expect(found['cut']).toEqual({ truncated: true, truncatedBy: ['DEPTH'] });
  });
});

test('a handoff says when, what of it came as parts, and by which events', async () => {
  const found = await ask(
    `{ handoffs { edges { cursor node { shippedAt firstReceivedAt lastReceivedAt parts events { id: eventId }
        packages { key container eventId event { eventId } identifier { key } } } } } }`,
  );

  expect(found).toEqual({
    handoffs: {
      edges: [
        {
          cursor: text,
          node: {
            shippedAt: at(10),
            firstReceivedAt: at(20),
            lastReceivedAt: at(20),
            parts: 1,
            events: [{ id: 'urn:x:sent' }, { id: 'urn:x:came' }],
            packages: [
              {
                key: PALLET,
                container: true,
                eventId: null,
                event: null,
                identifier: { key: PALLET },
              },
              {
                key: CASE,
                container: true,
                eventId: 'urn:x:came',
                event: { eventId: 'urn:x:came' },
                identifier: { key: CASE },
              },
            ],
          },
        },
      ],
    },
  });
});

test('stock is told apart by everything it can be', async () => {
  const found = await ask(
    `query ($gtin: ID!) { inventory(filter: { gtins: [$gtin] }, by: [PRODUCT, LOT, SITE, COUNTRY, HOLDER, STATUS, EXPIRY_MONTH]) {
      state status gtin expiryMonth units containers product { name } lot { key } site { key } country holder { key } } }`,
    { gtin: GTIN },
  );

  const row = { state: 'SITE', gtin: GTIN, product: { name: 'Pills' } };
  const ofLot = { ...row, lot: { key: `01/${GTIN}/10/A1` }, expiryMonth: '2028-05', units: 1 };
  const atPlant = { site: { key: PLANT }, country: null, holder: { key: MAKER }, containers: 0 };
  const atHub = { site: { key: HUB }, country: 'CH', holder: { key: WHOLESALER }, containers: 1 };
  expect(found).toEqual({
    inventory: [
      { ...ofLot, ...atPlant, status: 'active' },
      {
        ...row,
        ...atPlant,
        lot: { key: `01/${GTIN}` },
        status: 'sellable_accessible',
        expiryMonth: null,
        units: 1,
      },
      { ...ofLot, ...atHub, status: 'in_transit' },
    ],
  });
});
