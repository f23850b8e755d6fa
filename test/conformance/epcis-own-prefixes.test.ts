import { rebuildProjection } from '../../src/rebuild/index.js';
import { eventHash } from '../../src/epcis/event-hash.js';
import type { EpcisEvent } from '../../src/epcis/event.js';
import { cypher } from '../../src/graph/cypher.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { callSoap, pollOf } from '../support/soap-client.js';

// A prefix that a document declares means the same in a value as in a name: `ex:frozen` is the URI.

const NS = 'http://ns.example.com/epcis/';
const DECLARED = { 'GS1-Extensions': `ex=${NS}` };
const UNIT = (serial: string): string => `https://id.gs1.org/01/09506000134352/21/${serial}`;
/** The same event, under a prefix and in full. */
const event = (serial: string, ns: string, item: string): Record<string, unknown> => ({
  type: 'ObjectEvent',
  eventTime: '2026-03-14T09:00:00Z',
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  epcList: [`${item}${serial}`],
  bizStep: `${ns}inspect`,
  disposition: `${ns}frozen`,
  persistentDisposition: { set: [`${ns}sealed`] },
  readPoint: { id: `${ns}dock7` },
  bizLocation: { id: `${ns}hall` },
  bizTransactionList: [{ type: `${ns}lane`, bizTransaction: `${ns}tx1` }],
  destinationList: [{ type: `${ns}keeper`, destination: `${ns}them` }],
  'ex:seen': `${ns}twice`,
});
const ITEM = UNIT('');
const CONTEXT = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { ex: NS, item: ITEM },
];
/** The length of the company prefix is learnt from URNs. */
const SGTIN = 'urn:epc:id:sgtin:9506000.013435';
const URN = {
  type: 'ObjectEvent',
  eventTime: '2026-03-14T09:00:00Z',
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  epcList: [`${SGTIN}.C`],
};
const CURIE = event('A', 'ex:', 'item:');
const FULL = event('B', NS, ITEM);

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  const document = {
    '@context': CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: { eventList: [CURIE, FULL, URN] },
  };
  expect(await app.capture(document)).toMatchObject({ status: 202, body: { captured: 3 } });
});
afterAll(() => app.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<EpcisAnswer> =>
  epcis(app, 'GET', path, { headers });
const query = (parameter: string, value: string): string =>
  `/events?${new URLSearchParams({ [parameter]: value }).toString()}`;
const count = async (path: string, headers = {}): Promise<number> => {
  const answer = await get(path, headers);
  expect([path, answer.status]).toEqual([path, 200]);
  return eventsIn(answer).length;
};

const ASKED: readonly (readonly [string, string])[] = [
  ['EQ_bizStep', 'inspect'],
  ['EQ_disposition', 'frozen'],
  ['EQ_persistentDisposition_set', 'sealed'],
  ['EQ_readPoint', 'dock7'],
  ['EQ_bizLocation', 'hall'],
  ['EQ_bizTransaction_ex:lane', 'tx1'],
  [`EQ_bizTransaction_${NS}lane`, 'tx1'],
  ['EQ_destination_ex:keeper', 'them'],
  ['EQ_ex:seen', 'twice'],
  [`EQ_${NS}seen`, 'twice'],
];

test.each(ASKED)(
  '%s finds an event by the URI and by the CURIE, whichever it says',
  async (name, value) => {
    expect(await count(query(name, `${NS}${value}`), DECLARED)).toBe(2);
    expect(await count(query(name, `ex:${value}`), DECLARED)).toBe(2);
  },
);

test.each(ASKED.slice(0, 5))(
  '%s refuses a prefix that nobody declares, and says how to',
  async (name, value) => {
    const { status, json } = await get(query(name, `ex:${value}`));
    expect([status, json['type']]).toEqual([400, 'epcisException:QueryParameterException']);
    expect(json['detail']).toMatch(/"ex".*not declared.*GS1-Extensions: ex=/);
  },
);

test.each(['EQ_ex:seen', 'EXISTS_ex:seen', 'EQ_bizTransaction_ex:lane', 'EQ_ILMD_ex:seen'])(
  'the name %s with a prefix that nobody declares is refused',
  async (name) => {
    expect((await get(query(name, '1'))).status).toBe(400);
  },
);

test('state has the URI: status, dispositions, inventory', async () => {
  const { data } = await app.graphql(
    `query ($ids: [ID!]!) { packages: packagesById(ids: $ids) { status disposition persistentDispositions }
       inventory(by: [STATUS], filter: {statuses: ["${NS}frozen"]}) { status units } }`,
    { ids: [UNIT('A'), UNIT('B')] },
  );
  const word = `${NS}frozen`;
  const state = { status: word, disposition: word, persistentDispositions: [`${NS}sealed`] };
  expect(data).toEqual({ packages: [state, state], inventory: [{ status: word, units: 2 }] });
});

test('the top-level lists have each word once, and know it by both names', async () => {
  for (const [list, value] of [
    ['bizSteps', 'inspect'],
    ['dispositions', 'frozen'],
    ['readPoints', 'dock7'],
    ['bizLocations', 'hall'],
  ] as const) {
    const { json } = await get(`/${list}?perPage=1000`);
    const own = (json['member'] as string[]).filter((one) => one.endsWith(value));
    expect(own).toEqual([`${NS}${value}`]);
    expect(await count(`/${list}/${encodeURIComponent(`${NS}${value}`)}/events`)).toBe(2);
    expect(await count(`/${list}/ex:${value}/events`, DECLARED)).toBe(2);
  }
  expect((await get('/epcs')).json['member']).toEqual(['A', 'B', 'C'].map(UNIT));
});

test('a named query counts the @context inside its query, and one that declares nothing is refused', async () => {
  const store = (name: string, asked: object): Promise<EpcisAnswer> =>
    epcis(app, 'POST', '/queries', {
      body: JSON.stringify({ name, query: asked }),
      headers: { 'content-type': 'application/json' },
    });
  const asked = { EQ_disposition: ['ex:frozen'], 'EXISTS_ex:seen': null };
  expect((await store('bare', asked)).status).toBe(400);
  expect((await store('own', { '@context': { ex: NS }, ...asked })).status).toBe(201);
  expect(await count('/queries/own/events')).toBe(2);
});

test('SOAP takes the prefixes of the message, and gives back URIs', async () => {
  const answer = await callSoap(
    app,
    'Poll',
    pollOf('SimpleEventQuery', { EQ_disposition: ['ex:frozen'], 'EQ_ex:seen': ['ex:twice'] }),
  );
  expect(answer.text.match(new RegExp(`<disposition>${NS}frozen</disposition>`, 'g'))).toHaveLength(
    2,
  );
  expect(answer.text).not.toMatch(/>(?:ex|item):/);
  expect(answer.text).toContain(`${SGTIN}.A`);
  const refused = await callSoap(app, 'Poll', pollOf('SimpleEventQuery', { 'EQ_no:seen': ['1'] }));
  expect(refused.text).toMatch(/QueryParameterException.*xmlns:no/s);
});

test('in JSON it comes back as it was given; as GS1 identifiers where these are asked for', async () => {
  const given = { 'GS1-EPC-Format': 'Never_Translates' };
  const [back] = eventsIn(await get(query('MATCH_epc', UNIT('A')), given));
  expect(back).toMatchObject(CURIE);
  const urns = { 'GS1-EPC-Format': 'Always_EPC_URN', 'GS1-Extensions': 'x=urn:x:' };
  const [translated] = eventsIn(await get(query('MATCH_epc', UNIT('A')), urns));
  expect(translated).toMatchObject({ epcList: [`${SGTIN}.A`], disposition: 'ex:frozen' });
});

test('a CURIE that stands for a wrong GS1 key is refused', async () => {
  const wrong = { ...CURIE, epcList: ['bad:1'] };
  const { status, body } = await app.capture({
    '@context': [...CONTEXT, { bad: 'https://id.gs1.org/01/09506000134353/21/' }],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: { eventList: [wrong] },
  });
  expect([status, JSON.stringify(body['faults'])]).toEqual([
    400,
    expect.stringContaining('GS1_ID_INVALID'),
  ]);
});

// As it was stored before prefixes were written out.
const FORGET = cypher('test.forgetMeant', { mayScan: 'as a rebuild does' })`
MATCH (e:Event) WHERE e.meant IS NOT NULL
REMOVE e.meant
SET e.disposition = 'ex:frozen', e.bizStep = 'ex:inspect', e.readPoint = 'ex:dock7', e.hash = 'old'
WITH e MATCH (e)-[said:SAYS]->(e) DELETE said`;

test('a rebuild writes out what an earlier version stored under a prefix', async () => {
  await app.graph.write((tx) => tx.run(FORGET));
  await rebuildProjection(app.graph, () => undefined);
  for (const [name, value] of ASKED)
    expect([name, await count(query(name, `${NS}${value}`), DECLARED)]).toEqual([name, 2]);
  const inventory = `inventory(by: [STATUS], filter: {statuses: ["${NS}frozen"]}) { status units }`;
  const { data } = await app.graphql(`{ ${inventory} }`);
  expect(data).toEqual({ inventory: [{ status: `${NS}frozen`, units: 2 }] });
  const hash = eventHash(CURIE as unknown as EpcisEvent, CONTEXT);
  const [{ same } = {}] = await app.graph.read(
    cypher<{ same: number }>('test.hashes', { mayScan: 'a test' })`
MATCH (e:Event {hash: $hash}) RETURN count(e) AS same`,
    { hash },
  );
  expect(same).toBe(1);
});
