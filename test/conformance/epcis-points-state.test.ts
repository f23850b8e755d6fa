import { documentOf } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';

// Rows of "Containment and state semantics" over the public interface. The same in any order of arrival, and its traps:
// test/unit/projection, test/integration/projection and test/scenarios.

type Event = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());
beforeEach(() => emptyGraph(app.graph));

const SITE = 'https://id.gs1.org/414/9506000134352';
const OTHER_SITE = 'https://id.gs1.org/414/9506000134369';
const PALLET = 'https://id.gs1.org/00/095060001343520000';
const OTHER_PALLET = 'https://id.gs1.org/00/095060001343520017';
const LOT = 'urn:epc:class:lgtin:9506000.013435.L1';
const unit = (serial: string): string => `https://id.gs1.org/01/09506000134352/21/${serial}`;

let count = 0;
/** An event at a minute of an hour. */
const event = (minute: number, fields: Event): Event => ({
  eventID: `urn:x:state:${++count}`,
  eventTime: `2026-03-14T09:${String(minute).padStart(2, '0')}:00Z`,
  eventTimeZoneOffset: '+00:00',
  ...fields,
});
const seen = (minute: number, serial: string, fields: Event = {}): Event =>
  event(minute, { type: 'ObjectEvent', action: 'OBSERVE', epcList: [unit(serial)], ...fields });
const made = (minute: number, ...names: string[]): Event =>
  event(minute, {
    type: 'ObjectEvent',
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    epcList: names.map(unit),
    bizLocation: { id: SITE },
  });
const pack = (
  minute: number,
  action: string,
  children: readonly string[],
  fields: Event = {},
): Event =>
  event(minute, {
    type: 'AggregationEvent',
    action,
    parentID: PALLET,
    childEPCs: children.map(unit),
    bizLocation: { id: SITE },
    ...fields,
  });

/** The event without one of its fields. */
function without(name: string, from: Event): Event {
  return Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
}

/** Captures each event as a document of its own, in this order. */
async function capture(...events: Event[]): Promise<void> {
  for (const one of events) {
    const { status, text } = await epcis(app, 'POST', '/capture', { body: documentOf(one) });
    expect([status, status === 202 ? '' : text]).toEqual([202, '']);
  }
}

async function ask<T>(fields: string, id: string): Promise<T> {
  const { data, errors } = await app.graphql(
    `query ($id: ID!) { package: packageById(id: $id) { ${fields} } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  return data['package'] as T;
}

const insideOf = async (container: string): Promise<string[]> => {
  const { contents } = await ask<{ contents: { nodes: { key: string }[] } | null }>(
    'contents { nodes { key } }',
    container,
  );
  return (contents?.nodes ?? []).map(({ key }) => key.split('/').at(-1) ?? '').sort();
};
const placeOf = (id: string): Promise<unknown> =>
  ask<{ whereabouts: unknown }>('whereabouts { state site { key } }', id).then(
    ({ whereabouts }) => whereabouts,
  );
const AT_SITE = { state: 'SITE', site: { key: '414/9506000134352' } };
const AT_OTHER = { state: 'SITE', site: { key: '414/9506000134369' } };

describe('EPCIS-C1 AggregationEvent', () => {
  test('ADD keeps what was in the parent already', async () => {
    await capture(made(0, 'A', 'B'), pack(1, 'ADD', ['A']), pack(2, 'ADD', ['B']));
    expect(await insideOf(PALLET)).toEqual(['A', 'B']);
  });

  test('OBSERVE adds nothing and takes nothing out; without a parent it is taken too', async () => {
    await capture(
      made(0, 'A', 'B'),
      pack(1, 'ADD', ['A']),
      pack(2, 'OBSERVE', ['B']),
      event(3, {
        type: 'AggregationEvent',
        action: 'OBSERVE',
        childEPCs: [unit('A')],
        bizLocation: { id: SITE },
      }),
    );
    expect(await insideOf(PALLET)).toEqual(['A']);
  });

  test('DELETE of children takes those, without children all that were in it then, though it arrives late', async () => {
    const emptied = event(2, {
      type: 'AggregationEvent',
      action: 'DELETE',
      parentID: PALLET,
      childEPCs: [],
      bizLocation: { id: SITE },
    });
    await capture(
      made(0, 'A', 'B', 'C'),
      pack(1, 'ADD', ['A', 'B']),
      pack(3, 'ADD', ['C']),
      emptied,
    );
    expect(await insideOf(PALLET)).toEqual(['C']);
    await capture(pack(4, 'DELETE', ['C']));
    expect(await insideOf(PALLET)).toEqual([]);
  });

  test('ADD and DELETE need the parent: our own check', async () => {
    for (const action of ['ADD', 'DELETE']) {
      const body = documentOf(
        event(0, { type: 'AggregationEvent', action, childEPCs: [unit('A')] }),
      );
      const { status, text } = await epcis(app, 'POST', '/capture', { body });
      expect([status, text]).toEqual([400, expect.stringContaining('PARENT_MISSING')]);
    }
  });
});

test('EPCIS-C2 childQuantityList is a ledger by class and unit of measure, and may go below nothing', async () => {
  const amount = (quantity: number, uom?: string): Event => ({
    childQuantityList: [{ epcClass: LOT, quantity, ...(uom === undefined ? {} : { uom }) }],
  });
  await capture(
    pack(1, 'ADD', [], amount(5)),
    pack(2, 'ADD', [], amount(1.5, 'KGM')),
    pack(3, 'DELETE', [], amount(7)),
  );
  const { contentsSummary } = await ask<{ contentsSummary: { classes: Event[] } }>(
    'contentsSummary { units classes { quantity uom negative } }',
    PALLET,
  );
  expect(contentsSummary).toMatchObject({ units: 0 });
  expect(contentsSummary.classes).toEqual(
    expect.arrayContaining([
      { quantity: -2, uom: null, negative: true },
      { quantity: 1.5, uom: 'KGM', negative: false },
    ]),
  );
});

test('EPCIS-C3 an association is no packing: its parent may be a place, and contents are not those of a pallet', async () => {
  const logger = 'urn:epc:id:giai:9506000.T1';
  const attach = (parentID: string, child: string): Event =>
    event(1, {
      type: 'AssociationEvent',
      action: 'ADD',
      parentID,
      childEPCs: [child],
      bizLocation: { id: OTHER_SITE },
    });
  await capture(
    made(0, 'A'),
    pack(1, 'ADD', ['A']),
    attach(PALLET, logger),
    attach('urn:epc:id:sgln:9506000.13435.0', 'urn:epc:id:giai:9506000.T2'),
  );

  expect(await insideOf(PALLET)).toEqual(['A']);
  const { associations } = await ask<{ associations: Event[] }>(
    'associations { child parent }',
    PALLET,
  );
  expect(associations).toEqual([{ child: '8004/9506000T1', parent: '00/095060001343520000' }]);
  const body = documentOf(
    event(2, { type: 'AssociationEvent', action: 'ADD', childEPCs: [logger] }),
  );
  expect((await epcis(app, 'POST', '/capture', { body })).status).toBe(400);
});

test('EPCIS-C4 a second ADD of a serial, and an event after its end, are kept and flagged', async () => {
  await capture(
    made(0, 'A'),
    made(1, 'A'),
    made(0, 'B'),
    seen(2, 'B', { action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed' }),
    seen(3, 'B', { bizLocation: { id: SITE } }),
  );
  const codes = async (serial: string): Promise<string[]> =>
    (
      await ask<{ exceptions: { code: string }[] }>('exceptions { code }', unit(serial))
    ).exceptions.map(({ code }) => code);
  expect((await codes('A')).length).toBeGreaterThan(0);
  expect(await codes('B')).toContain('AFTER_END');
  expect(await ask('status', unit('B'))).toEqual({ status: 'destroyed' });
});

test('EPCIS-C5 no disposition changes none; no bizLocation makes the place unknown; a readPoint never stands for it', async () => {
  const inspected = seen(1, 'A', { disposition: 'in_progress', bizLocation: { id: SITE } });
  await capture(made(0, 'A'), inspected, seen(2, 'A', { bizLocation: { id: OTHER_SITE } }));
  expect(await ask('disposition status', unit('A'))).toEqual({
    disposition: 'in_progress',
    status: 'in_progress',
  });
  expect(await placeOf(unit('A'))).toEqual(AT_OTHER);
  await capture(seen(3, 'A', { readPoint: { id: SITE } }));
  expect(await placeOf(unit('A'))).toEqual({ state: 'UNKNOWN', site: null });
  expect(await ask('disposition', unit('A'))).toEqual({ disposition: 'in_progress' });
});

test('EPCIS-C6 what is in a pallet moves with it, until it is taken out', async () => {
  const arrived = (minute: number, id: string): Event =>
    event(minute, {
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'arriving',
      epcList: [PALLET],
      bizLocation: { id },
    });
  await capture(
    made(0, 'A', 'B'),
    pack(1, 'ADD', ['A', 'B']),
    arrived(2, OTHER_SITE),
    pack(3, 'DELETE', ['B'], { bizLocation: { id: OTHER_SITE } }),
    arrived(4, SITE),
  );
  expect(await placeOf(unit('A'))).toEqual(AT_SITE);
  expect(await placeOf(unit('B'))).toEqual(AT_OTHER);
});

test('EPCIS-C7 sensor readings of a place alone, and a QuantityEvent, are events like others', async () => {
  const report = {
    sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 5, uom: 'CEL' }] }],
  };
  await capture(
    event(0, { type: 'ObjectEvent', action: 'OBSERVE', readPoint: { id: SITE }, ...report }),
  );
  const { json } = await epcis(
    app,
    'GET',
    `/events?EQ_readPoint=${encodeURIComponent(SITE)}&GE_value_CEL=5`,
  );
  expect(JSON.stringify(json)).toContain('"Temperature"');

  const old = `<?xml version="1.0"?><e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:1" schemaVersion="1.0" creationDate="2026-03-14T10:00:00Z"><EPCISBody><EventList><QuantityEvent><eventTime>2026-03-14T09:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcClass>urn:epc:idpat:sgtin:9506000.013435.*</epcClass><quantity>200</quantity><bizLocation><id>${SITE}</id></bizLocation></QuantityEvent></EventList></EPCISBody></e:EPCISDocument>`;
  const { status } = await epcis(app, 'POST', '/capture', {
    body: old,
    headers: { 'content-type': 'application/xml' },
  });
  const found = await epcis(app, 'GET', '/events?EQ_quantity=200&EQ_action=OBSERVE');
  expect([status, JSON.stringify(found.json)]).toEqual([
    202,
    expect.stringContaining('"ObjectEvent"'),
  ]);
  const counted = await epcis(app, 'GET', '/events?eventType=QuantityEvent', {
    headers: { accept: 'application/xml', 'GS1-EPCIS-Max': '1.2' },
  });
  expect(counted.text.match(/<(\w+)Event>/g)).toEqual(['<QuantityEvent>']);
  expect(counted.text).toContain('<quantity>200</quantity>');
});

test('EPCIS-C8 an event declared wrong is taken out whenever the declaration comes, by eventID or by what it says; what put it right stays', async () => {
  const packed = pack(1, 'ADD', ['A']);
  const moved = seen(2, 'A', { bizLocation: { id: OTHER_SITE } });
  const wrong = {
    declarationTime: '2026-03-15T00:00:00Z',
    reason: 'did_not_occur',
    correctiveEventIDs: ['urn:x:right'],
  };
  const nameless = without('eventID', seen(3, 'B', { bizLocation: { id: OTHER_SITE } }));
  await capture(made(0, 'A', 'B'), { ...packed, errorDeclaration: wrong }, packed, moved, {
    ...moved,
    errorDeclaration: wrong,
  });
  await capture(nameless, { ...nameless, errorDeclaration: wrong });

  expect(await placeOf(unit('A'))).toEqual(AT_SITE);
  expect(await placeOf(unit('B'))).toEqual(AT_SITE);
  expect(await ask('container { key }', unit('A'))).toEqual({ container: null });
});

test('EPCIS-C9 an offset changes no order, and packing elsewhere ends what was before, with a flag', async () => {
  const elsewhere = {
    ...pack(0, 'ADD', ['A'], { parentID: OTHER_PALLET }),
    eventTime: '2026-03-14T04:05:00-05:00',
  };
  await capture(made(0, 'A'), elsewhere, pack(3, 'ADD', ['A']));
  expect(await ask('container { key } exceptions { code }', unit('A'))).toMatchObject({
    container: { key: OTHER_PALLET.replace('https://id.gs1.org/', '') },
    exceptions: [{ code: 'REPACK_WITHOUT_UNPACK' }],
  });
});
