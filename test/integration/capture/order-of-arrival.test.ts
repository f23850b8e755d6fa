import { rebuildProjection, verifyProjection } from '../../../src/rebuild/index.js';
import { cypher } from '../../../src/graph/cypher.js';
import { readDigest } from '../../../src/projection/digest.read-model.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import type { EpcisJson } from '../../support/history-document.js';
import { epcisDocument } from '../../support/history-document.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(async () => {
  await app.stop();
});

const MADE_FROM = cypher<{ line: string }>('test.madeFrom', { mayScan: 'reads a small graph' })`
MATCH (out:Lot)-[m:MADE_FROM]->(from:Lot)
RETURN DISTINCT out.id + ' of ' + from.id + ' by ' + m.eventId AS line ORDER BY line`;

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 14, 9, minute)).toISOString();
const dl = (key: string): string => `https://id.gs1.org/${key}`;

function commission(unit: string, minute: number, ilmd: EpcisJson): EpcisJson {
  return {
    eventID: `urn:x:commission:${unit.split('/').pop()!}:${minute}`,
    type: 'ObjectEvent',
    action: 'ADD',
    eventTime: at(minute),
    eventTimeZoneOffset: '+00:00',
    bizStep: 'commissioning',
    epcList: [dl(unit)],
    ilmd,
  };
}

const declared = (event: EpcisJson): EpcisJson => ({
  ...event,
  errorDeclaration: { declarationTime: at(59), reason: 'did_not_occur' },
});

/** What is stored after these documents, each a list of events: what lots are made from, then the digest. */
async function after(...documents: readonly (readonly EpcisJson[])[]): Promise<readonly string[]> {
  await emptyGraph(app.graph);
  for (const events of documents) {
    const { status, body } = await app.capture(epcisDocument(events));
    expect([status, body['faults']]).toEqual([202, []]);
  }
  const made = await app.graph.read(MADE_FROM);
  return [...made.map(({ line }) => line), ...(await readDigest(app.graph))];
}

describe('what is said of a lot', () => {
  const unit = '01/09506000134352/21/';
  const first = commission(`${unit}A`, 1, {
    'cbvmda:lotNumber': 'L1',
    'cbvmda:itemExpirationDate': '2027-01-31',
  });
  const second = commission(`${unit}B`, 2, {
    'cbvmda:lotNumber': 'L1',
    'cbvmda:itemExpirationDate': '2027-02-28',
    'gs1:productionDate': '2026-02-01',
  });
  const third = commission(`${unit}C`, 3, { 'cbvmda:lotNumber': 'L1' });

  test('is the earliest expiry and the newest time of making, in any order', async () => {
    const expected = await after([first], [second], [third]);

    expect(expected).toContain(`lot 01/09506000134352/10/L1 2027-01-31 ${Date.UTC(2026, 1, 1)}`);
    expect(await after([third], [second], [first])).toEqual(expected);
    expect(await after([first, second, third])).toEqual(expected);
    expect(await after([second, third, first])).toEqual(expected);
    expect(await after([third, second, first])).toEqual(expected);
  });

  test('is what the others say, once one is declared wrong', async () => {
    const said = await after([first, second], [declared(first)]);

    expect(said).toContain(`lot 01/09506000134352/10/L1 2027-02-28 ${Date.UTC(2026, 1, 1)}`);
    expect(await after([declared(first)], [second], [first])).toEqual(said);
    const other = await after([first, second], [declared(second)]);
    expect(other).toContain(`lot 01/09506000134352/10/L1 2027-01-31 ${Date.parse(at(1))}`);
  });

  test('is every expiry, each a finding with its event, as long as there are several', async () => {
    const query = `query ($u: ID!) { lot(gtin: "01/09506000134352/10/L1") { expiry expiries exceptions { at code eventId event { eventId } detail } }
      package: packageById(id: $u) { expiry exceptions { code eventId detail } } }`;
    const ask = async (): Promise<unknown> => (await app.graphql(query, { u: `${unit}B` })).data;
    const code = 'EXPIRY_CONTRADICTED';
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string;
    const [one, other] = [String(first['eventID']), String(second['eventID'])];

    await after([second, third, first]);
    expect(await ask()).toEqual({
      lot: {
        expiry: '2027-01-31',
        expiries: ['2027-01-31', '2027-02-28'],
        exceptions: [
          { at, code, eventId: one, event: { eventId: one }, detail: '2027-01-31' },
          { at, code, eventId: other, event: { eventId: other }, detail: '2027-02-28' },
        ],
      },
      package: {
        expiry: '2027-01-31',
        exceptions: [{ code, eventId: other, detail: '2027-01-31' }],
      },
    });
    await after([second, third, first], [declared(first)]);
    expect(await ask()).toEqual({
      lot: { expiry: '2027-02-28', expiries: ['2027-02-28'], exceptions: [] },
      package: { expiry: '2027-02-28', exceptions: [] },
    });
  });
});

describe('a serial commissioned under two lots', () => {
  const unit = '01/09506000134352/21/TWICE';
  const [one, two, three] = ['L1', 'L2', 'L1'].map((lot, i) =>
    commission(unit, i + 1, { 'cbvmda:lotNumber': lot }),
  ) as [EpcisJson, EpcisJson, EpcisJson];
  const claims = (lines: readonly string[]): string[] =>
    lines.filter((line) => line.startsWith('claim'));
  const claim = (lot: string, event: EpcisJson): string =>
    `claim ${unit} 01/09506000134352/10/${lot} ${String(event['eventID'])}`;
  const finding = (event: EpcisJson, earlier: EpcisJson): string =>
    `exception ${unit} ${Date.parse(String(event['eventTime']))} LOT_CONTRADICTED ${String(event['eventID'])} ${String(earlier['eventID'])} for `;

  test('is of the newest, found from either, and a finding with both events, in any order', async () => {
    const expected = await after([one], [two]);

    expect(claims(expected)).toEqual([claim('L1', one), claim('L2', two)]);
    expect(expected).toEqual(
      expect.arrayContaining([finding(two, one), `package ${unit} unit 01/09506000134352/10/L2`]),
    );
    expect(await after([two], [one])).toEqual(expected);
    expect(await after([two, one])).toEqual(expected);
    const { missing, unexpected } = await verifyProjection(app.graph, () => undefined);
    expect([missing, unexpected]).toEqual([[], []]);
    await rebuildProjection(app.graph, () => undefined);
    expect(claims(await readDigest(app.graph))).toEqual(claims(expected));
  });

  test('is of one again once the others are declared wrong', async () => {
    expect(claims(await after([one, two], [declared(two)]))).toEqual([]);
    expect(claims(await after([declared(one)], [two], [one]))).toEqual([]);
    const both = await after([two], [three], [one], [declared(one)]);
    expect(claims(both)).toEqual([claim('L1', three), claim('L2', two)]);
    expect(both).toContain(finding(three, two));
  });
});

describe('what lots are made from', () => {
  const A = '01/09506000134352/21/A';
  const API = '01/09506000134376/10/API-7';
  const transformation = (id: string, given: EpcisJson): EpcisJson => ({
    eventID: `urn:x:${id}`,
    type: 'TransformationEvent',
    eventTime: at(10),
    eventTimeZoneOffset: '+00:00',
    ...given,
  });
  const input = commission(A, 1, { 'cbvmda:lotNumber': 'L1' });
  const inputs = {
    inputEPCList: [dl(A)],
    inputQuantityList: [{ epcClass: dl(API), quantity: 5, uom: 'KGM' }],
  };
  const outputs = {
    outputEPCList: [dl('01/09506000134369/21/B')],
    ilmd: { 'cbvmda:lotNumber': 'M1' },
  };
  const OUT = '01/09506000134369/10/M1';
  const made = transformation('made', { ...inputs, ...outputs });
  const lines = (by: string): string[] => [
    `${OUT} of 01/09506000134352/10/L1 by urn:x:${by}`,
    `${OUT} of ${API} by urn:x:${by}`,
  ];

  test('is every lot put in, also when its commissioning comes late', async () => {
    const expected = await after([input], [made]);

    expect(expected).toEqual(expect.arrayContaining(lines('made')));
    expect(await after([made], [input])).toEqual(expected);
    expect(await after([made, input])).toEqual(expected);
  });

  test('is nothing once the transformation is declared wrong', async () => {
    const without = await after([input], [made], [declared(made)]);

    expect(without.filter((line) => line.startsWith(OUT))).toEqual([]);
    expect(await after([declared(made)], [made], [input])).toEqual(without);
    expect(await after([made, declared(made), input])).toEqual(without);
  });

  test('is no longer a lot whose commissioning is declared wrong', async () => {
    const without = await after([input, made], [declared(input)]);

    expect(without.filter((line) => line.startsWith(OUT))).toEqual([lines('made')[1]]);
    expect(await after([declared(input)], [made], [input])).toEqual(without);
  });

  test('joins the events of one transformationID, without those declared wrong', async () => {
    const joined = { transformationID: 'urn:x:joined' };
    const half = transformation('in', { ...joined, ...inputs });
    const more = transformation('more', {
      ...joined,
      inputQuantityList: [{ epcClass: dl('01/09506000134376/10/API-8') }],
    });
    const other = transformation('out', { ...joined, ...outputs });
    const third = `${OUT} of 01/09506000134376/10/API-8 by urn:x:joined`;

    const all = await after([input], [half], [more], [other]);
    expect(all.filter((line) => line.startsWith(OUT))).toEqual([...lines('joined'), third]);
    expect(await after([other], [more], [half], [input])).toEqual(all);
    expect(await after([other, more, half, input])).toEqual(all);

    const fewer = await after([input], [half], [more], [other], [declared(more)]);
    expect(fewer.filter((line) => line.startsWith(OUT))).toEqual(lines('joined'));
    expect(await after([declared(more)], [other], [more], [half, input])).toEqual(fewer);
  });
});
