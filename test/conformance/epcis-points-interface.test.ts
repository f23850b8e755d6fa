import { documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';

// Paragraphs "Problem types" (P) and "Headers" (H), judged by GS1's OpenAPI.

type Event = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());
beforeEach(() => emptyGraph(app.graph));

const JSON_TYPE = { 'content-type': 'application/json' };

async function capture(...events: Event[]): Promise<void> {
  const { status, text } = await epcis(app, 'POST', '/capture', { body: documentOf(...events) });
  expect([status, status === 202 ? '' : text]).toEqual([202, '']);
}

const get = (path: string, headers: Record<string, string> = {}): Promise<EpcisAnswer> =>
  epcis(app, 'GET', path, { headers });
const membersAt = async (path: string, headers = {}): Promise<unknown> =>
  (await get(path, headers)).json['member'];
const at = (value: string): string => encodeURIComponent(value);

type Ask = readonly [
  method: string,
  path: string,
  headers?: Record<string, string>,
  body?: unknown,
];

describe('problem types', () => {
  /** Some resources are in JSON only; problems are in XML for all. */
  const XML_FIRST = 'application/problem+xml, application/xml;q=0.9, application/json;q=0.8';
  const problems: readonly (readonly [id: string, status: number, type: string, ask: Ask])[] = [
    ['EPCIS-P1', 400, 'ValidationException', ['POST', '/capture', JSON_TYPE, '{}']],
    ['EPCIS-P2', 400, 'QueryParameterException', ['GET', '/events?foo=bar']],
    [
      'EPCIS-P3',
      400,
      'SubscriptionControlsException',
      ['POST', '/queries/q/subscriptions', JSON_TYPE, '{"dest":"https://example.com/"}'],
    ],
    ['EPCIS-P4', 404, 'NoSuchNameException', ['GET', '/queries/none']],
    ['EPCIS-P5', 404, 'NoSuchResourceException', ['GET', '/events/urn:x:none']],
    ['EPCIS-P6', 406, 'NotAcceptableException', ['GET', '/events', { accept: 'text/html' }]],
    [
      'EPCIS-P7',
      409,
      'ResourceAlreadyExistsException',
      ['POST', '/queries', JSON_TYPE, '{"name":"q","query":{}}'],
    ],
    [
      'EPCIS-P8',
      413,
      'CaptureLimitExceededException',
      ['POST', '/capture', JSON_TYPE, ' '.repeat(65 * 1024 * 1024)],
    ],
    ['EPCIS-P9', 413, 'QueryTooLargeException', ['GET', '/events?maxEventCount=1']],
    ['EPCIS-P10', 414, 'URITooLongException', ['GET', `/events?EQ_eventID=${'a'.repeat(100_000)}`]],
    [
      'EPCIS-P11',
      415,
      'UnsupportedMediaTypeException',
      ['POST', '/capture', { 'content-type': 'text/plain' }, 'a'],
    ],
    ['EPCIS-P12', 501, 'ImplementationException', ['PUT', '/events', JSON_TYPE, '{}']],
  ];
  const told = problems.filter(([, status]) => status !== 501);

  beforeEach(async () => {
    await capture(sighting('A'), sighting('B'));
    await epcis(app, 'POST', '/queries', { body: { name: 'q', query: {} } });
  });

  test.each(told)(
    '%s: %d epcisException:%s, in JSON and in XML as is accepted',
    async (_id, status, type, [method, path, headers, body]) => {
      const answers = [];
      for (const accept of ['application/json', XML_FIRST]) {
        const answer = await epcis(app, method, path, { body, headers: { accept, ...headers } });
        answers.push([
          answer.status,
          answer.headers.get('content-type')?.split(';', 1)[0],
          answer.text.includes(`epcisException:${type}`),
        ]);
        if (accept === 'application/json') {
          const { type: named, title, status: said } = answer.json;
          expect([named, typeof title, said]).toEqual([`epcisException:${type}`, 'string', status]);
        }
      }
      // A refusal to write HTML is told in JSON.
      const xml = headers?.['accept'] === undefined ? 'xml' : 'json';
      expect(answers).toEqual([
        [status, 'application/problem+json', true],
        [status, `application/problem+${xml}`, true],
      ]);
    },
  );

  test('EPCIS-P12: a method that is not served is told as a problem with Allow', async () => {
    for (const [method, path] of [
      ['PUT', '/events'],
      ['DELETE', '/capture'],
      ['PATCH', '/queries'],
    ] as const) {
      const { status, json, headers } = await epcis(app, method, path);
      expect([405, 501]).toContain(status);
      expect(json).toMatchObject({
        type: 'epcisException:ImplementationException',
        title: expect.any(String) as string,
        status,
      });
      expect(headers.get('allow')).toContain('GET');
    }
  });

  test('EPCIS-P13: problems in XML are well-formed and escape what they repeat', async () => {
    const { text } = await get(`/events?${at('<a>&"')}=1`, { accept: 'application/xml' });
    expect(text).toContain('&lt;a&gt;&amp;');
    expect(text).not.toContain('<a>');
  });
});

describe('headers', () => {
  const VERSION = /^\d+(\.\d+)*$/;
  const RESOURCES = [
    '/',
    '/capture',
    '/events',
    '/eventTypes',
    '/eventTypes/ObjectEvent',
    '/eventTypes/ObjectEvent/events',
    '/epcs',
    '/bizSteps',
    '/bizSteps/shipping',
    '/bizSteps/shipping/events',
    '/bizLocations',
    '/readPoints',
    '/dispositions',
    '/dispositions/active/events',
    '/queries',
  ];

  test.each(RESOURCES)(
    'EPCIS-H1: OPTIONS %s is 204 and tells versions, formats, extensions and methods',
    async (path) => {
      const { status, headers } = await epcis(app, 'OPTIONS', path);

      expect(status).toBe(204);
      for (const name of [
        'GS1-EPCIS-Version',
        'GS1-EPCIS-Min',
        'GS1-EPCIS-Max',
        'GS1-CBV-Version',
        'GS1-CBV-Min',
        'GS1-CBV-Max',
      ])
        expect([name, headers.get(name)]).toEqual([name, expect.stringMatching(VERSION)]);
      for (const name of ['GS1-EPC-Format', 'GS1-CBV-XML-Format', 'GS1-Vendor-Version', 'Allow'])
        expect([name, headers.get(name)]).toEqual([name, expect.stringMatching(/./)]);
      expect(headers.get('allow')).toContain('OPTIONS');
      expect(headers.get('allow')).toContain('GET');
    },
  );

  test('EPCIS-H2: OPTIONS of what is not there is 404', async () => {
    for (const path of [
      '/events/urn:x:none',
      '/capture/none',
      '/queries/none',
      '/queries/none/subscriptions',
      '/epcs/urn:x:none',
      '/eventTypes/None',
    ])
      expect([path, (await epcis(app, 'OPTIONS', path)).status]).toEqual([path, 404]);
  });

  test('EPCIS-H3: every answer says its versions', async () => {
    await capture(sighting('A'));
    for (const path of [
      '/',
      '/events',
      '/events/urn:x:event:A',
      '/epcs',
      '/bizSteps',
      '/eventTypes',
      '/capture',
      '/queries',
    ]) {
      const { status, headers } = await get(path);
      expect([path, status, headers.get('gs1-epcis-version')]).toEqual([path, 200, '2.0.0']);
    }
  });

  test('EPCIS-H4: Min and Max choose the version; what cannot be met is 406', async () => {
    await capture(sighting('A'));
    const version = async (headers: Record<string, string>): Promise<unknown> => {
      const answer = await get('/events', headers);
      return answer.status === 200 ? answer.headers.get('gs1-epcis-version') : answer.status;
    };
    const xml = { accept: 'application/xml' };
    expect(await version({ 'GS1-EPCIS-Min': '1.0.0', 'GS1-EPCIS-Max': '2.0.0' })).toBe('2.0.0');
    expect(await version({ ...xml, 'GS1-EPCIS-Max': '1.2.0' })).toBe('1.2.0');
    expect(await version({ ...xml, 'GS1-EPCIS-Min': '2.0' })).toBe('2.0.0');
    expect(await version({ 'GS1-EPCIS-Min': '3.0.0' })).toBe(406);
    expect(await version({ 'GS1-EPCIS-Max': '1.2' })).toBe(406);
    expect(await version({ 'GS1-EPCIS-Min': 'two' })).toBe(400);
  });

  const GIVEN = [
    'urn:epc:id:sgtin:9506000.013435.A1',
    'https://id.gs1.org/00/095060001234567893',
    'https://example.com/objects/1',
  ];
  const LINKS = ['https://id.gs1.org/01/09506000134352/21/A1', GIVEN[1], GIVEN[2]];
  const URNS = [GIVEN[0], 'urn:epc:id:sscc:9506000.0123456789', GIVEN[2]];

  test.each([
    ['absent', {}, LINKS],
    ['Always_GS1_Digital_Link', { 'GS1-EPC-Format': 'Always_GS1_Digital_Link' }, LINKS],
    ['Always_EPC_URN', { 'GS1-EPC-Format': 'Always_EPC_URN' }, URNS],
    ['Never_Translates', { 'GS1-EPC-Format': 'Never_Translates' }, GIVEN],
  ])(
    'EPCIS-H5: GS1-EPC-Format %s, in every list that names EPCs and in both syntaxes',
    async (_, headers, expected) => {
      await capture(sighting('A', { epcList: GIVEN }));

      expect(eventsIn(await get('/events', headers))[0]!['epcList']).toEqual(expected);
      expect(eventsIn(await get('/events/urn:x:event:A', headers))[0]!['epcList']).toEqual(
        expected,
      );
      const { text } = await get('/events', { ...headers, accept: 'application/xml' });
      expect([...text.matchAll(/<epc>([^<]*)<\/epc>/g)].map(([, epc]) => epc)).toEqual(expected);
      const { status } = await get('/events', { 'GS1-EPC-Format': 'Sometimes' });
      expect(status).toBe(400);
    },
  );

  test('EPCIS-H6: GS1-CBV-XML-Format is for XML only', async () => {
    await capture(sighting('A', { bizStep: 'shipping' }));
    const step = async (format: string): Promise<string | undefined> =>
      /<bizStep>(.*)<\/bizStep>/.exec(
        (await get('/events', { accept: 'application/xml', 'GS1-CBV-XML-Format': format })).text,
      )?.[1];

    expect(await step('Always_URN')).toBe('urn:epcglobal:cbv:bizstep:shipping');
    expect(await step('Always_Web_URI')).toBe('https://ref.gs1.org/cbv/BizStep-shipping');
    const json = await get('/events', { 'GS1-CBV-XML-Format': 'Always_URN' });
    expect(eventsIn(json)[0]!['bizStep']).toBe('shipping');
  });

  test('EPCIS-H7: GS1-Extensions gives the prefixes of parameters and lists, and comes back', async () => {
    await capture(sighting('A', { bizStep: 'https://example.com/steps/bless' }));
    const headers = { 'GS1-Extensions': 'ex=https://example.com/steps/' };
    const answer = await get('/bizSteps?perPage=1000', headers);

    expect(answer.headers.get('gs1-extensions')).toBe('ex=https://example.com/steps/');
    expect(answer.json['member']).toContain('ex:bless');
    expect(JSON.stringify(answer.json['@context'])).toContain('https://example.com/steps/');
    expect(await membersAt('/bizSteps?perPage=1000')).toContain('https://example.com/steps/bless');
    expect((await get('/events', { 'GS1-Extensions': 'nonsense' })).status).toBe(400);
  });
});
