import { documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';

// Paragraphs "Identifiers" (I) and "Top-level resources" (T), judged by GS1's OpenAPI.

type Event = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());
beforeEach(() => emptyGraph(app.graph));

async function capture(...events: Event[]): Promise<void> {
  const { status, text } = await epcis(app, 'POST', '/capture', { body: documentOf(...events) });
  expect([status, status === 202 ? '' : text]).toEqual([202, '']);
}

const get = (path: string, headers: Record<string, string> = {}): Promise<EpcisAnswer> =>
  epcis(app, 'GET', path, { headers });
const idsAt = async (path: string, headers = {}): Promise<string[]> => {
  const answer = await get(path, headers);
  expect([path, answer.status]).toEqual([path, 200]);
  return eventsIn(answer)
    .map(({ eventID }) => String(eventID).replace('urn:x:event:', ''))
    .sort();
};
const membersAt = async (path: string, headers = {}): Promise<unknown> =>
  (await get(path, headers)).json['member'];
const at = (value: string): string => encodeURIComponent(value);

describe('identifiers', () => {
  const GTIN = 'https://id.gs1.org/01/09506000134352';
  const finds = async (given: string, asked: string, parameter = 'MATCH_epc'): Promise<boolean> => {
    await emptyGraph(app.graph);
    const isClass = parameter.includes('Class');
    await capture(
      sighting(
        'A',
        isClass ? { epcList: [], quantityList: [{ epcClass: given }] } : { epcList: [given] },
      ),
    );
    return (await idsAt(`/events?${parameter}=${at(asked)}`)).length === 1;
  };

  test('EPCIS-I1: the order of the path counts', async () => {
    expect(await finds(`${GTIN}/22/2A/10/L1/21/S1`, `${GTIN}/22/2A/10/L1/21/S1`)).toBe(true);
    const { status } = await epcis(app, 'POST', '/capture', {
      body: documentOf(sighting('A', { epcList: [`${GTIN}/21/S1/10/L1`] })),
    });
    expect(status).toBe(400);
  });

  test('EPCIS-I2: a Digital Link of a GTIN alone is a class', async () => {
    expect(await finds(GTIN, 'urn:epc:idpat:sgtin:9506000.013435.*', 'MATCH_epcClass')).toBe(true);
  });

  test('EPCIS-I3: without the length of the company prefix a Digital Link stays one; told it, it becomes an URN', async () => {
    const link = 'https://id.gs1.org/01/04012345123456/21/9';
    const shown = async (): Promise<unknown> =>
      eventsIn(await get('/events/urn:x:event:A', { 'GS1-EPC-Format': 'Always_EPC_URN' }))[0]![
        'epcList'
      ];
    await capture(sighting('A', { epcList: [link] }));
    expect(await shown()).toEqual([link]);
    await capture(sighting('B', { epcList: ['urn:epc:id:sgtin:4012345.099999.1'] }));
    // What URNs tell is read again after a while.
    const until = performance.now() + 15_000;
    while (performance.now() < until && JSON.stringify(await shown()).includes(link))
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await shown()).toEqual(['urn:epc:id:sgtin:4012345.012345.9']);
  });

  test('EPCIS-I4: domain, query string and percent-encoding do not count, the serial does', async () => {
    const given = 'https://id.gs1.org/01/09506000134352/21/a%2Fb';
    for (const same of [
      'https://example.com/01/09506000134352/21/a%2fb',
      'http://shop.example.com/some/path/01/09506000134352/21/a%2Fb?17=271231',
      'urn:epc:id:sgtin:9506000.013435.a%2Fb',
    ])
      expect([same, await finds(given, same)]).toEqual([same, true]);
    for (const other of [
      'https://id.gs1.org/01/09506000134352/21/A%2FB',
      'https://id.gs1.org/01/09506000134352/21/a%2Fb%2F',
    ])
      expect([other, await finds(given, other)]).toEqual([other, false]);
  });

  test('EPCIS-I5: URIs that are not of GS1 are never translated, and match letter by letter', async () => {
    const own = 'https://example.com/objects/A%2fb?x=1';
    expect(await finds(own, own)).toBe(true);
    expect(await finds(own, own.replace('%2f', '%2F'))).toBe(false);
    for (const format of ['Always_EPC_URN', 'Always_GS1_Digital_Link']) {
      await emptyGraph(app.graph);
      await capture(sighting('A', { epcList: [own] }));
      expect(eventsIn(await get('/events', { 'GS1-EPC-Format': format }))[0]!['epcList']).toEqual([
        own,
      ]);
    }
  });

  test('EPCIS-I6: a wrong check digit is refused with its place', async () => {
    const { status, json } = await epcis(app, 'POST', '/capture', {
      body: documentOf(sighting('A', { epcList: ['https://id.gs1.org/01/09506000134353/21/A'] })),
    });
    expect([status, JSON.stringify(json)]).toEqual([
      400,
      expect.stringContaining('/epcisBody/eventList/0/epcList/0'),
    ]);
  });
});

describe('top-level resources', () => {
  const epc = (name: string): string => `https://id.gs1.org/01/09506000134352/21/${name}`;
  const SSCC = 'https://id.gs1.org/00/095060001234567893';
  const times = { eventTime: '2026-03-14T09:00:00Z', eventTimeZoneOffset: '+00:00' };

  beforeEach(() =>
    capture(
      sighting('A', {
        bizStep: 'shipping',
        disposition: 'in_transit',
        readPoint: { id: 'https://id.gs1.org/414/9506000134369' },
      }),
      {
        ...times,
        eventID: 'urn:x:event:B',
        type: 'AggregationEvent',
        action: 'ADD',
        parentID: SSCC,
        childEPCs: [epc('child')],
      },
      {
        ...times,
        eventID: 'urn:x:event:C',
        type: 'TransformationEvent',
        inputEPCList: [epc('in')],
        outputEPCList: [epc('out')],
      },
    ),
  );

  test('EPCIS-T1: GET / lists nine members', async () => {
    const { json } = await get('/');
    expect(json).toMatchObject({ type: 'Collection', '@context': expect.anything() as unknown });
    expect((json['member'] as string[]).slice().sort()).toEqual([
      'bizLocations',
      'bizSteps',
      'capture',
      'dispositions',
      'epcs',
      'eventTypes',
      'events',
      'queries',
      'readPoints',
    ]);
  });

  test('EPCIS-T2: /epcs has parents, children, inputs and outputs', async () => {
    expect(await membersAt('/epcs')).toEqual(
      expect.arrayContaining([epc('A'), SSCC, epc('child'), epc('in'), epc('out')]),
    );
  });

  test.each([
    ['epcs', SSCC, ['B']],
    ['epcs', epc('in'), ['C']],
    ['bizSteps', 'shipping', ['A']],
    ['bizLocations', 'https://id.gs1.org/414/9506000134352', ['A']],
    ['readPoints', 'urn:epc:id:sgln:9506000.13436.0', ['A']],
    ['dispositions', 'https://ref.gs1.org/cbv/Disp-in_transit', ['A']],
    ['eventTypes', 'TransformationEvent', ['C']],
  ])(
    'EPCIS-T3: /%s/%s is a Collection of events, and below it are they',
    async (resource, value, ids) => {
      const { json } = await get(`/${resource}/${at(value)}`);
      expect(json).toMatchObject({ type: 'Collection', member: ['events'] });
      expect(await idsAt(`/${resource}/${at(value)}/events`)).toEqual(ids);
      expect(
        await idsAt(`/${resource}/${at(value)}/events?GE_eventTime=2027-01-01T00:00:00Z`),
      ).toEqual([]);
    },
  );

  test('EPCIS-T4: the lists have no value twice and lead on by Link', async () => {
    const seen: string[] = [];
    for (let next: string | undefined = '/epcs?perPage=2'; next !== undefined;) {
      const page = await get(next);
      seen.push(...(page.json['member'] as string[]));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen.slice().sort()).toEqual(
      [epc('A'), SSCC, epc('child'), epc('in'), epc('out')].sort(),
    );
  });

  test('EPCIS-T5: what the path says may not be said again below it', async () => {
    for (const path of [
      '/eventTypes/ObjectEvent/events?eventType=ObjectEvent',
      '/bizSteps/shipping/events?EQ_bizStep=shipping',
      `/epcs/${at(SSCC)}/events?MATCH_anyEPC=${at(SSCC)}`,
    ])
      expect((await get(path)).json['type']).toBe('epcisException:QueryParameterException');
  });
});
