import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anonymous, documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { runCommand } from '../support/service-process.js';
import { inXml12, inXml2, queryDocumentOf } from './epcis-points-documents.js';

// "What users ask for" (U1 to U17), as far as no other test has it. The others: U1 EPCIS-Q7 and test/e2e/epcis-subscription; U3
// EPCIS-10; U4 EPCIS-11; U5 EPCIS-04; U7 EPCIS-H5; U12 and partners' visibility (U10) are not served yet; U14 test/e2e/crash.

type Event = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());
beforeEach(() => emptyGraph(app.graph));

const PLACE = 'https://id.gs1.org/414/9506000134352';
const ELSEWHERE = 'https://id.gs1.org/414/9506000134369';
const epc = (serial: string): string => `https://id.gs1.org/01/09506000134352/21/${serial}`;

async function capture(body: unknown, type = 'application/json'): Promise<EpcisAnswer> {
  const answer = await epcis(app, 'POST', '/capture', { body, headers: { 'content-type': type } });
  expect([answer.status, answer.status === 202 ? '' : answer.text]).toEqual([202, '']);
  return answer;
}
const found = async (query: string): Promise<Event[]> =>
  eventsIn(await epcis(app, 'GET', `/events?${query}`));
const serials = async (query: string): Promise<string[]> =>
  (await found(query)).map(({ eventID }) => String(eventID).replace('urn:x:event:', '')).sort();
const ask = async (
  query: string,
  variables?: Record<string, unknown>,
): Promise<Record<string, unknown>> => {
  const { data, errors } = await app.graphql(query, variables);
  expect(errors).toBeUndefined();
  return data;
};

test('U2 the same event again is one; a declaration that it is wrong is not swallowed, with eventID or without', async () => {
  const declared = { declarationTime: '2026-03-15T00:00:00Z', reason: 'incorrect_data' };
  for (const event of [sighting('A'), anonymous('B')]) {
    await capture(documentOf(event, event));
    await capture(documentOf(event));
    await capture(documentOf({ ...event, errorDeclaration: declared }));
    await capture(documentOf({ ...event, errorDeclaration: declared }));
  }
  const events = await found('');
  expect(events.map((event) => 'errorDeclaration' in event).sort()).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(2);
});

test('U6 filters are exact: an eventID by itself, a document number on its own type', async () => {
  const order = (type: string, number: string): Event => ({
    bizTransactionList: [{ type, bizTransaction: `urn:epcglobal:cbv:bt:9506000134352:${number}` }],
  });
  await capture(
    documentOf(
      sighting('A', order('po', '1')),
      sighting('AB', order('inv', '1')),
      sighting('B', order('po', '11')),
    ),
  );

  expect(await serials('EQ_eventID=urn:x:event:A')).toEqual(['A']);
  expect(await serials('EQ_bizTransaction_po=urn:epcglobal:cbv:bt:9506000134352:1')).toEqual(['A']);
  expect(await serials('EQ_bizTransaction_inv=urn:epcglobal:cbv:bt:9506000134352:1')).toEqual([
    'AB',
  ]);
});

test('U8 the same event in XML 1.2, XML 2.0 and JSON is one event with one hash, and comes back as it came', async () => {
  const rest = { ...anonymous('A'), 'ours:a': 'b' };
  const without = (text: string): string =>
    text
      .replace(/<baseExtension>.*<\/baseExtension>|<eventID>.*<\/eventID>/, '')
      .replaceAll('ext:', 'ours:')
      .replace(
        'xmlns:ext="https://ns.example.com/ext/"',
        'xmlns:ours="https://ns.example.com/epcis/"',
      );
  const more = '<ext:a>b</ext:a>';
  await capture(without(inXml12('A', { more })), 'application/xml');
  await capture(without(inXml2('A', { more })), 'application/xml');
  await capture(documentOf(rest));

  const events = await found('');
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject(rest);
  expect(String(events[0]!['eventID'])).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
});

test('U8 an event of somebody’s own type has one hash, whatever the prefix of its namespace and the syntax', async () => {
  const common = { eventTime: '2026-03-14T09:00:00Z', eventTimeZoneOffset: '+00:00' };
  const blessing = (prefix: string): Event => ({
    ...documentOf({ ...common, type: `${prefix}:Blessing`, [`${prefix}:by`]: 'me' }),
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { [prefix]: 'https://ns.example.com/ext/' },
    ],
  });
  await capture(blessing('a'));
  await capture(blessing('b'));
  const element =
    '<ext:Blessing><eventTime>2026-03-14T09:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><ext:by>me</ext:by></ext:Blessing>';
  await capture(inXml2('', { events: `<extension>${element}</extension>` }), 'application/xml');

  expect(await found('')).toHaveLength(1);
  expect(
    await serials(`eventType=${encodeURIComponent('https://ns.example.com/ext/Blessing')}`),
  ).toHaveLength(1);
});

test('U9 the state of an EPC now: where it is, its status and its lot', async () => {
  const ilmd = { 'cbvmda:lotNumber': 'L1' };
  await capture(
    documentOf(
      sighting('A', { action: 'ADD', bizStep: 'commissioning', disposition: 'active', ilmd }),
      sighting('A', {
        eventID: 'urn:x:event:2',
        eventTime: '2026-03-14T10:00:00Z',
        bizStep: 'inspecting',
        disposition: 'damaged',
        bizLocation: { id: ELSEWHERE },
      }),
    ),
  );
  const query =
    '{ package: packageById(id: "urn:epc:id:sgtin:9506000.013435.A") { status lot { key } whereabouts { state site { key } } } }';
  expect(await ask(query)).toEqual({
    package: {
      status: 'damaged',
      lot: { key: '01/09506000134352/10/L1' },
      whereabouts: { state: 'SITE', site: { key: '414/9506000134369' } },
    },
  });
});

test('U11 a recall that reaches nothing says so, and which lot nobody knows', async () => {
  await capture(documentOf(sighting('A')));
  const lots = '[{ gtin: "09506000134352", lot: "NONE" }]';
  const data = await ask(`{ recallScope(input: { lots: ${lots} }) { totals { units } notFound } }`);
  expect(data['recallScope']).toEqual({
    totals: { units: 0 },
    notFound: ['01/09506000134352/10/NONE'],
  });
});

test('U13 documents stay with their shipment: one event for each SSCC, several despatch advices on one', async () => {
  const sscc = (n: number): string => `urn:epc:id:sscc:9506000.013435200${n}`;
  const bt = (type: string, n: number): Event => ({
    type,
    bizTransaction: `urn:epcglobal:cbv:bt:9506000134352:${type}-${n}`,
  });
  const ship = (n: number, ...list: Event[]): Event =>
    sighting(`S${n}`, { epcList: [sscc(n)], bizStep: 'shipping', bizTransactionList: list });
  await capture(
    documentOf(
      ship(0, bt('po', 1), bt('desadv', 1), bt('desadv', 2)),
      ship(1, bt('po', 1), bt('po', 2), bt('desadv', 3)),
    ),
  );

  const at = (type: string, n: number): string =>
    `EQ_bizTransaction_${type}=urn:epcglobal:cbv:bt:9506000134352:${type}-${n}`;
  expect(await serials(at('po', 1))).toEqual(['S0', 'S1']);
  expect(await serials(at('desadv', 2))).toEqual(['S0']);
  expect(await serials(`${at('po', 2)}&${at('desadv', 3)}`)).toEqual(['S1']);
  expect((await found(at('desadv', 1)))[0]!['bizTransactionList']).toEqual([
    bt('po', 1),
    bt('desadv', 1),
    bt('desadv', 2),
  ]);
  expect(await serials(`MATCH_epc=${sscc(1)}`)).toEqual(['S1']);
});

test('U15 a serial seen at two distant places is kept and flagged, not repaired', async () => {
  await capture(
    documentOf(
      sighting('A', { action: 'ADD', bizStep: 'commissioning' }),
      sighting('A', {
        eventID: 'urn:x:event:2',
        action: 'ADD',
        bizStep: 'commissioning',
        eventTime: '2026-03-14T09:05:00Z',
        bizLocation: { id: ELSEWHERE },
      }),
    ),
  );
  const data = await ask(`{ package: packageById(id: "${epc('A')}") { exceptions { code } } }`);
  expect((data['package'] as { exceptions: unknown[] }).exceptions.length).toBeGreaterThan(0);
  expect(await serials('')).toEqual(['2', 'A']);
});

test('U16 an EPCISQueryDocument is taken for capture and for hashing, with the same hash', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-hash-'));
  try {
    const hashes = [];
    for (const [index, body] of [
      documentOf(anonymous('A')),
      queryDocumentOf(anonymous('A')),
    ].entries()) {
      const path = join(folder, `${index}.jsonld`);
      await writeFile(path, JSON.stringify(body));
      const { out } = await runCommand(['hash', path]);
      hashes.push(out.trim());
      await capture(body);
    }
    const [event, ...more] = await found('');
    expect([more, new Set(hashes)]).toEqual([[], new Set([event!['eventID']])]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('U17 persistentDisposition stands on all five types, and what was set and not unset is told', async () => {
  const times = { eventTime: '2026-03-14T09:00:00Z', eventTimeZoneOffset: '+00:00' };
  const persistentDisposition = {
    set: ['completeness_verified'],
    unset: ['completeness_inferred'],
  };
  const common = (id: string): Event => ({
    ...times,
    eventID: `urn:x:event:${id}`,
    persistentDisposition,
  });
  const parentID = 'urn:epc:id:sscc:9506000.0134352000';
  await capture(
    documentOf(
      {
        ...common('1'),
        type: 'ObjectEvent',
        action: 'ADD',
        epcList: [epc('A')],
        bizLocation: { id: PLACE },
      },
      { ...common('2'), type: 'AggregationEvent', action: 'ADD', parentID, childEPCs: [epc('B')] },
      {
        ...common('3'),
        type: 'AssociationEvent',
        action: 'ADD',
        parentID,
        childEPCs: ['urn:epc:id:giai:9506000.T1'],
      },
      {
        ...common('4'),
        type: 'TransactionEvent',
        action: 'ADD',
        bizTransactionList: [{ bizTransaction: 'urn:x:po:1' }],
        epcList: [epc('C')],
      },
      {
        ...common('5'),
        type: 'TransformationEvent',
        inputEPCList: [epc('D')],
        outputEPCList: [epc('E')],
      },
    ),
  );
  expect(await serials('EQ_persistentDisposition_set=completeness_verified')).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
  expect(await serials('EQ_persistentDisposition_unset=completeness_verified')).toEqual([]);
  expect(
    await ask(`{ package: packageById(id: "${epc('A')}") { persistentDispositions } }`),
  ).toEqual({
    package: { persistentDispositions: ['completeness_verified'] },
  });
});
