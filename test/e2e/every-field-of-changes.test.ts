import {
  GTIN,
  MADE,
  U1,
  CASE,
  PALLET,
  PLANT,
  HUB,
  MAKER,
  WHOLESALER,
  uri,
  at,
  text,
  number,
  instant,
  tellStory,
} from '../support/told-story.js';
import type { ToldApp } from '../support/told-story.js';

/** What no other test asks of recalls, changes and serials: see test/architecture/every-field-asked.test.ts. */
let told: ToldApp;
const ask: ToldApp['ask'] = (query, variables) => told.ask(query, variables);
beforeAll(async () => {
  told = await tellStory();
});
afterAll(() => told.app.stop());

describe('a recall', () => {
  const lots = [{ gtin: GTIN, lot: 'A1' }];

  test('says how its lots came in, what is doubtful, and where everything is', async () => {
    const found = await ask(
      `query ($input: RecallScopeInput!, $unit: ID!) { recallScope(input: $input) { asOf containersOfLot
        completeness { gaps { code detail } }
        rows { state status ended units site { key } origin { key } }
        unitsWithoutLot { units containers ended } unknown { units }
        lots { role units eventId madeFrom lot { key } }
        classLevel { role quantity uom eventId eventTime container lot { key } }
        consignees { party { key } sites { key } }
        explain(id: $unit) { key inScope possibly links { kind text eventId at } }
        packages { edges { cursor node { key possibly state ended identifier { key } lot { key } site { key } origin { key } } } } } }`,
      { input: { sourceLots: lots, asOf: at(15) }, unit: uri(U1) },
    );

    const lot = { key: `01/${GTIN}/10/A1` };
    const { recallScope } = found as { recallScope: Record<string, unknown> };
    expect(recallScope).toMatchObject({
      asOf: at(15),
      containersOfLot: [],
      unknown: { units: 0 },
      unitsWithoutLot: { units: 1, containers: 0, ended: 0 },
      rows: expect.arrayContaining([
        {
          state: 'IN_TRANSIT',
          status: 'in_transit',
          ended: false,
          units: 2,
          site: { key: HUB },
          origin: { key: PLANT },
        },
      ]) as unknown,
      lots: expect.arrayContaining([
        { role: 'SOURCE', units: 3, eventId: null, madeFrom: null, lot },
        {
          role: 'MADE_FROM',
          units: 1,
          eventId: 'urn:x:blended',
          madeFrom: lot.key,
          lot: { key: `01/${MADE}/10/C1` },
        },
      ]) as unknown,
      consignees: [
        { party: { key: MAKER }, sites: [{ key: PLANT }] },
        { party: { key: WHOLESALER }, sites: [{ key: HUB }] },
      ],
      explain: {
        key: U1,
        inScope: true,
        possibly: false,
        links: expect.arrayContaining([
          { kind: 'LOT', text: text, eventId: 'urn:x:made', at: at(1) },
        ]) as unknown,
      },
      packages: {
        edges: expect.arrayContaining([
          {
            cursor: text,
            node: {
              key: U1,
              possibly: false,
              state: 'IN_TRANSIT',
              ended: false,
              identifier: { key: U1 },
              lot,
              site: { key: HUB },
              origin: { key: PLANT },
            },
          },
        ]) as unknown,
      },
    });
    const { gaps } = recallScope['completeness'] as { gaps: { code: string; detail: string }[] };
    expect(gaps).toContainEqual({
      code: 'UNITS_WITHOUT_LOT',
      detail: `1 unit of ${GTIN}, ${MADE} has no known lot: possibly affected, listed apart under unitsWithoutLot.`,
    });
  });

  test('lists what was reported of it without serials', async () => {
    const found = await ask(
      `query ($input: RecallScopeInput!) { recallScope(input: $input) {
        classLevel { role quantity uom eventId eventTime container lot { key } } } }`,
      { input: { lots } },
    );

    const report = { uom: 'KGM', lot: { key: `01/${GTIN}/10/A1` } };
    expect(found).toEqual({
      recallScope: {
        classLevel: expect.arrayContaining([
          {
            ...report,
            role: 'childQuantity',
            quantity: 2.5,
            eventId: 'urn:x:cased',
            eventTime: at(3),
            container: CASE,
          },
        ]) as unknown,
      },
    });
  });
});

describe('what changes', () => {
  async function next<T>(query: string, variables: object): Promise<T> {
    const changes = told.app.webSocket().iterate({ query, variables: { ...variables } });
    const { value } = (await changes.next()) as { value: { data: T; errors?: unknown } };
    await changes.return?.();
    expect(value.errors).toBeUndefined();
    return value.data;
  }
  const message = (eventId: string, minute: number, more: object): object => ({
    cursor: text,
    seq: number,
    eventId,
    recordTime: instant,
    version: 1,
    change: {
      eventId,
      event: { eventId },
      eventTime: at(minute),
      recordTime: instant,
      ...more,
    },
  });

  test.each([
    ['statuses', { statuses: ['PARTIAL'] }],
    ['sites', { sites: [uri(PLANT)] }],
    ['packages', { ids: [uri(PALLET)] }],
    ['parties, by any of their keys', { parties: [uri(HUB)] }],
  ])('in custody is told to who asks by %s', async (_, filter) => {
    const found = await next(
      `subscription ($filter: HandoffChangeFilter, $after: Cursor) { handoffChanges(filter: $filter, after: $after) {
        cursor seq eventId recordTime version change { eventId eventTime recordTime handoffKey handoff { key } event { eventId } status from { key } to { key } } } }`,
      { filter, after: told.feedStart },
    );

    expect(found).toEqual({
      handoffChanges: message('urn:x:came', 20, {
        handoffKey: 'urn:x:sent',
        handoff: { key: 'urn:x:sent' },
        status: 'PARTIAL',
        from: { key: PLANT },
        to: { key: HUB },
      }),
    });
  });

  test('of a recall is told with what it comes to', async () => {
    const found = await next(
      `subscription ($input: RecallScopeInput!, $after: Cursor) { recallScopeChanges(input: $input, after: $after) {
        cursor seq eventId recordTime version change { eventId event { eventId } eventTime recordTime change key units state status complete logPosition
        site { key } origin { key } totals { units containers ended } unitsWithoutLot { units containers ended } } } }`,
      { input: { lots: [{ gtin: GTIN, lot: 'A1' }] }, after: told.feedStart },
    );

    expect(found).toEqual({
      recallScopeChanges: message('urn:x:came', 20, {
        change: 'MOVED',
        key: CASE,
        units: 1,
        state: 'SITE',
        status: 'in_transit',
        complete: false,
        logPosition: number,
        site: { key: HUB },
        origin: null,
        totals: { units: 3, containers: 1, ended: 1 },
        unitsWithoutLot: { units: 1, containers: 0, ended: 0 },
      }),
    });
  });

  test('of place says where it came from', async () => {
    const found = await next(
      `subscription ($filter: LocationFilter, $after: Cursor) { locationChanges(filter: $filter, after: $after) {
        cursor seq eventId recordTime version change { event { eventId } package { key } from { state site { key } origin { key } } to { state site { key } origin { key } } } } }`,
      { filter: { ids: [uri(CASE)], parties: [uri(WHOLESALER)] }, after: told.feedStart },
    );

    expect(found).toEqual({
      locationChanges: {
        cursor: text,
        seq: number,
        eventId: 'urn:x:came',
        recordTime: instant,
        version: 1,
        change: {
          event: { eventId: 'urn:x:came' },
          package: { key: CASE },
          from: { state: 'IN_TRANSIT', site: { key: HUB }, origin: { key: PLANT } },
          to: { state: 'SITE', site: { key: HUB }, origin: null },
        },
      },
    });
  });
});

test('serials that nobody can have are refused with what was asked', async () => {
  const found = await ask(
    `mutation ($input: AllocateSerialsInput!) { allocateSerials(input: $input) {
      ... on SerialsRefused { reason argument found } } }`,
    { input: { gtin: GTIN, count: 0, allocatedTo: 'Line 1' } },
  );

  expect(found).toEqual({ allocateSerials: { reason: 'COUNT', argument: 'count', found: '0' } });
});

test('serials that were given out are found again, by their allocation, their product and one by one', async () => {
  const { allocateSerials } = await ask<{
    allocateSerials: { serials: string[]; allocation: { id: string } };
  }>(
    `mutation ($input: AllocateSerialsInput!) { allocateSerials(input: $input) {
      ... on SerialsAllocated { serials allocation { id: key } } } }`,
    {
      input: { gtin: GTIN, count: 2, allocatedTo: 'Line 1', requestedBy: 'Planner', note: 'PO 1' },
    },
  );
  const { id } = allocateSerials.allocation;
  const serial = allocateSerials.serials[0];
  const found = await ask(
    `query ($id: ID!, $gtin: ID!, $serial: String!) {
      serialAllocation(id: $id) { id: key gtin count length alphabet allocatedTo requestedBy note allocatedAt }
      serialAllocations(gtin: $gtin) { nodes { id: key } edges { cursor node { id: key } } pageInfo { hasNextPage } }
      serialStatus(gtin: $gtin, serial: $serial) { gtin serial commissioned allocation { requestedBy } }
      nobody: serialStatus(gtin: $gtin, serial: "U1") { gtin serial commissioned allocation { id: key } }
      none: serialAllocation(id: "none") { id: key } }`,
    { id, gtin: GTIN, serial },
  );

  expect(found).toEqual({
    serialAllocation: {
      id,
      gtin: GTIN,
      count: 2,
      length: 12,
      alphabet: '23456789ABCDEFGHJKMNPQRSTVWXYZ',
      allocatedTo: 'Line 1',
      requestedBy: 'Planner',
      note: 'PO 1',
      allocatedAt: instant,
    },
    serialAllocations: {
      nodes: [{ id }],
      edges: [{ cursor: text, node: { id } }],
      pageInfo: { hasNextPage: false },
    },
    serialStatus: {
      gtin: GTIN,
      serial,
      commissioned: false,
      allocation: { requestedBy: 'Planner' },
    },
    nobody: { gtin: GTIN, serial: 'U1', commissioned: true, allocation: null },
    none: null,
  });
});
