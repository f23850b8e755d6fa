import { readXml } from '../../src/epcis/xml/read-document.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { describeWithStandards, standardsFolder } from '../support/standards.js';
import { SOAP, callSoap, faultOf, pollOf, resultsOf, strings } from '../support/soap-client.js';
import type { ParamValues, Sent } from '../support/soap-client.js';
import { startReceiver } from '../support/webhook-receiver.js';
import type { WebhookReceiverForTests } from '../support/webhook-receiver.js';
import { xsdFaults } from '../support/xsd-validator.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ env: { WEBHOOK_ALLOW_INTERNAL: '127.0.0.1' } });
  // A cold Neo4j plans capture and query for half a minute where processors are busy.
  const { order } = await ship(1);
  await call('Poll', pollOf('SimpleEventQuery', { [PO]: [order] }));
});
afterAll(() => app.stop());

const call = (operation: string, inside?: string, sent?: Sent): Promise<EpcisAnswer> =>
  callSoap(app, operation, inside, sent);

function post(body: string, headers: Record<string, string>): Promise<EpcisAnswer> {
  return epcis(app, 'POST', '/soap', { body, headers });
}

let serial = 0;
/** Captures shipments of one business transaction of their own; the transaction and the SSCCs. */
async function ship(count: number): Promise<{ order: string; epcs: string[] }> {
  const order = `urn:epcglobal:cbv:bt:9506000000013:${serial++}`;
  const epcs = Array.from(
    { length: count },
    () => `urn:epc:id:sscc:9506000.${String(serial++).padStart(10, '0')}`,
  );
  const { status, body } = await app.capture({
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { ex: 'http://ns.example.com/epcis/' },
    ],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-01-01T00:00:00Z',
    epcisBody: {
      eventList: epcs.map((epc, i) => ({
        type: 'ObjectEvent',
        eventTime: `2026-01-02T00:00:${String(i % 60).padStart(2, '0')}Z`,
        eventTimeZoneOffset: '+00:00',
        epcList: [epc],
        action: 'OBSERVE',
        bizStep: 'shipping',
        disposition: 'in_transit',
        bizTransactionList: [{ type: 'po', bizTransaction: order }],
        'ex:dock': i,
      })),
    },
  });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return { order, epcs };
}

const PO = 'EQ_bizTransaction_urn:epcglobal:cbv:btt:po';

describe('what the service says of itself', () => {
  test.each([
    ['1.1', '1', '1.2'],
    ['1.2', '2', '2.0'],
  ] as const)(
    'SOAP %s, EPCIS namespace :%s: version %s, queries by name',
    async (soap, epcisVersion, version) => {
      const sent = { soap, epcisVersion };
      const standard = await call('GetStandardVersion', '', sent);
      const names = await call('GetQueryNames', '', sent);

      expect(standard.status).toBe(200);
      expect(standard.headers.get('content-type')).toMatch(SOAP[soap].type.split(';', 1)[0]!);
      expect(standard.text).toContain(`<soap:Envelope xmlns:soap="${SOAP[soap].uri}">`);
      expect(standard.text).toContain(
        `<epcisq:GetStandardVersionResult xmlns:epcisq="urn:epcglobal:epcis-query:xsd:${epcisVersion}">${version}<`,
      );
      expect(strings(names)).toEqual(
        expect.arrayContaining(['SimpleEventQuery', 'SimpleMasterDataQuery']),
      );
      expect((await call('GetVendorVersion', '', sent)).text).toMatch(
        /GetVendorVersionResult[^>]*><\//,
      );
    },
  );

  test('WSDL describes every operation with its faults, bound to both versions of SOAP at this address', async () => {
    const { status, headers, text } = await epcis(app, 'GET', '/soap?wsdl');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/xml');
    expect(text).toContain(`location="${app.url}/epcis/soap"`);
    for (const operation of [
      'getQueryNames',
      'subscribe',
      'unsubscribe',
      'getSubscriptionIDs',
      'poll',
      'getStandardVersion',
      'getVendorVersion',
    ])
      expect(text.split(`<wsdl:operation name="${operation}">`)).toHaveLength(4);
    const used = [...text.matchAll(/message="tns:(\w+)"/g)].map(([, name = '']) => name);
    const declared = [...text.matchAll(/<wsdl:message name="(\w+)"/g)].map(([, name]) => name);
    expect(used.filter((name) => !declared.includes(name))).toEqual([]);
  });
});

describe('poll', () => {
  test('events come as 1.2 XML, identifiers and words as URN, extensions kept, in the order asked', async () => {
    const { order, epcs } = await ship(3);
    const answer = await call(
      'Poll',
      pollOf('SimpleEventQuery', {
        eventType: ['ObjectEvent'],
        [PO]: [order],
        'GE_ex:dock': 'xsd:int 1',
        GE_eventTime: 'xsd:dateTime 2026-01-02T00:00:00Z',
        EQ_action: ['OBSERVE', 'ADD'],
        orderBy: 'xsd:string eventTime',
        orderDirection: 'xsd:string ASC',
        maxEventCount: 'xsd:int 2',
      }),
    );
    const results = resultsOf(answer);
    const document = `<epcisq:EPCISQueryDocument xmlns:epcisq="urn:epcglobal:epcis-query:xsd:1" schemaVersion="1.2" creationDate="2026-01-01T00:00:00Z"><EPCISBody>${results}</EPCISBody></epcisq:EPCISQueryDocument>`;
    const read = readXml(document, { maxEvents: 10, maxEpcsPerEvent: 10, maxDepth: 64 });

    expect([...results.matchAll(/<epc>([^<]*)</g)].map(([, epc]) => epc)).toEqual(epcs.slice(1));
    expect(results).toContain('<queryName>SimpleEventQuery</queryName>');
    expect(results).toContain('<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>');
    expect(results).toMatch(/<ex:dock[^>]*>1<\/ex:dock>/);
    expect(results).toMatch(/<baseExtension><eventID>/);
    expect(read).toMatchObject({ ok: true, source: { issues: [] } });
  });

  test('a name with its namespace in full, a Digital Link, a VoidHolder and a URL in params find what they name', async () => {
    const { order, epcs } = await ship(1);
    const count = async (values: ParamValues): Promise<number> => {
      const answer = await call('poll', pollOf('SimpleEventQuery', { ...values, [PO]: [order] }));
      return resultsOf(answer).split('<ObjectEvent>').length - 1;
    };
    const sscc = epcs[0]!.split('.').at(-1)!;

    expect(await count({ 'EQ_http://ns.example.com/epcis/#dock': 'xsd:int 0' })).toBe(1);
    expect(await count({ 'EXISTS_ex:dock': null })).toBe(1);
    expect(await count({ EXISTS_errorDeclaration: null })).toBe(0);
    expect(await count({ MATCH_epc: ['urn:epc:idpat:sscc:9506000.*'] })).toBe(1);
    expect(await count({ MATCH_epc: [`urn:epc:id:sscc:9506000.${sscc}|x`] })).toBe(0);
  });

  test('a query that is stored through REST is polled by its name, and takes no parameters', async () => {
    const { order } = await ship(2);
    const query = { EQ_bizTransaction_po: [order] };
    await epcis(app, 'POST', '/queries', { body: { name: 'of an order', query } });
    const answer = await call('Poll', pollOf('of an order'));
    const refused = await call('Poll', pollOf('of an order', { EQ_action: ['ADD'] }));

    expect(resultsOf(answer)).toContain('<queryName>of an order</queryName>');
    expect(resultsOf(answer).split('<ObjectEvent>')).toHaveLength(3);
    expect(strings(await call('GetQueryNames'))).toContain('of an order');
    expect(faultOf(refused).exception).toBe('QueryParameterException');
  });
});

const MASTER_DATA = {
  '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-01T00:00:00Z',
  epcisHeader: {
    epcisMasterData: {
      vocabularyList: [
        {
          type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
          vocabularyElementList: [
            {
              id: 'urn:epc:id:sgln:9506000.00001.0',
              attributes: [
                { id: 'urn:epcglobal:cbv:mda#name', attribute: 'Plant' },
                { id: 'urn:epcglobal:cbv:mda#city', attribute: 'Bern' },
              ],
              children: ['urn:epc:id:sgln:9506000.00001.1'],
            },
            {
              id: 'urn:epc:id:sgln:9506000.00001.1',
              attributes: [{ id: 'urn:epcglobal:cbv:mda#name', attribute: 'Ramp' }],
              children: ['urn:epc:id:sgln:9506000.00001.2'],
            },
            { id: 'urn:epc:id:sgln:9506000.00001.2' },
          ],
        },
      ],
    },
  },
  epcisBody: { eventList: [] },
};

describe('master data', () => {
  const BOTH = { includeAttributes: 'xsd:boolean true', includeChildren: 'xsd:boolean true' };
  const ids = (answer: EpcisAnswer): string[] =>
    [...resultsOf(answer).matchAll(/<VocabularyElement id="([^"]*)"/g)].map(([, id = '']) => id);
  const poll = (values: ParamValues): Promise<EpcisAnswer> =>
    call('Poll', pollOf('SimpleMasterDataQuery', { ...BOTH, ...values }));

  beforeAll(async () => {
    await app.capture(MASTER_DATA);
    await app.graphql(
      'mutation($gtin: ID!) { registerProducts(products: [{gtin: $gtin, name: "Aspirin 500"}]) { __typename } }',
      { gtin: 'urn:epc:idpat:sgtin:9506000.012345.*' },
    );
  });

  test('elements are found by name, within another, by attribute, and told with what is asked for', async () => {
    const plant = 'urn:epc:id:sgln:9506000.00001.0';
    const all = await poll({ vocabularyName: ['urn:epcglobal:epcis:vtype:BusinessLocation'] });

    expect(ids(all)).toEqual([plant, plant.replace(/0$/, '1'), plant.replace(/0$/, '2')]);
    expect(resultsOf(all)).toContain(
      '<attribute id="urn:epcglobal:cbv:mda#city">Bern</attribute><children><id>urn:epc:id:sgln:9506000.00001.1</id></children>',
    );
    expect(ids(await poll({ EQ_name: [plant] }))).toEqual([plant]);
    expect(
      ids(await poll({ WD_name: ['https://id.gs1.org/414/9506000000015/254/1'] })),
    ).toHaveLength(2);
    expect(ids(await poll({ HASATTR: ['urn:epcglobal:cbv:mda#city'] }))).toEqual([plant]);
    expect(ids(await poll({ 'EQATTR_urn:epcglobal:cbv:mda#name': ['Ramp', 'x'] }))).toEqual([
      'urn:epc:id:sgln:9506000.00001.1',
    ]);
    const bare = await poll({
      EQ_name: [plant],
      includeChildren: 'xsd:boolean false',
      attributeNames: ['urn:epcglobal:cbv:mda#name'],
    });
    expect(resultsOf(bare)).not.toMatch(/children|Bern/);
    expect(resultsOf(bare)).toContain('Plant');
    expect(resultsOf(await poll({ EQ_name: ['urn:x:none'] }))).toContain('<VocabularyList/>');
  });

  test('a product that was registered, and no document told of, is an element of EPCClass', async () => {
    const answer = await poll({ vocabularyName: ['urn:epcglobal:epcis:vtype:EPCClass'] });

    expect(ids(answer)).toEqual(['urn:epc:idpat:sgtin:9506000.012345.*']);
    expect(resultsOf(answer)).toContain('Aspirin 500');
  });

  test('what is missing, unknown or too much is refused', async () => {
    const missing = await call(
      'Poll',
      pollOf('SimpleMasterDataQuery', { includeChildren: 'xsd:boolean true' }),
    );

    expect(faultOf(missing).exception).toBe('QueryParameterException');
    expect(faultOf(await poll({ EQ_action: ['ADD'] })).exception).toBe('QueryParameterException');
    expect(faultOf(await poll({ maxElementCount: 'xsd:int 1' })).detail).toMatch(
      /QueryTooLargeException.*<queryName>SimpleMasterDataQuery</,
    );
  });
});

describe('subscriptions', () => {
  let receiver: WebhookReceiverForTests;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());

  const subscription = (
    id: string,
    {
      controls = '<trigger>stream</trigger><reportIfEmpty>false</reportIfEmpty>',
      query = pollOf('SimpleEventQuery'),
      dest = '',
    } = {},
  ): string =>
    `${query}<dest>${dest === '' ? receiver.url : dest}</dest><controls>${controls}</controls><subscriptionID>${id}</subscriptionID>`;

  test('a standing query with its own parameters brings QueryResults in 1.2 XML until it is ended', async () => {
    const id = `erp &amp; co ${serial++}`;
    const query = pollOf('SimpleEventQuery', { 'EQ_ex:dock': 'xsd:int 0' });
    const made = await call('Subscribe', subscription(id, { query }));
    const again = await call('Subscribe', subscription(id, { query }));
    const { epcs } = await ship(2);
    await receiver.until(() => receiver.received.length > 0);
    const [first] = receiver.received;
    const ids = await call('GetSubscriptionIDs', '<queryName>SimpleEventQuery</queryName>');
    const ended = await call('Unsubscribe', `<subscriptionID>${id}</subscriptionID>`);

    expect(made.text).toMatch(/<epcisq:SubscribeResult [^>]*><\/epcisq:SubscribeResult>/);
    expect(faultOf(again).exception).toBe('DuplicateSubscriptionException');
    expect(first?.headers['content-type']).toContain('text/xml');
    expect(first?.body).toMatch(
      /<epcisq:EPCISQueryDocument [^>]*xmlns:epcisq="urn:epcglobal:epcis-query:xsd:1"/,
    );
    expect(first?.body).toContain(`<subscriptionID>${id}</subscriptionID>`);
    expect([...(first?.body ?? '').matchAll(/<epc>([^<]*)</g)].map(([, epc]) => epc)).toEqual([
      epcs[0],
    ]);
    expect(strings(ids)).toContain(id);
    expect(ended.status).toBe(200);
    expect(
      strings(await call('GetSubscriptionIDs', '<queryName>SimpleEventQuery</queryName>')),
    ).not.toContain(id);
    await ship(1);
    expect(receiver.received).toHaveLength(1);
  });

  test('a schedule reports, also that there is nothing, in the namespace it was subscribed in', async () => {
    const id = `scheduled ${serial++}`;
    const controls =
      '<schedule><second>[0-59]</second></schedule><initialRecordTime>2026-01-01T00:00:00Z</initialRecordTime><reportIfEmpty>true</reportIfEmpty>';
    const query = pollOf('SimpleEventQuery', { EQ_bizStep: ['urn:x:never'] });
    await call('Subscribe', subscription(id, { controls, query }), { epcisVersion: '2' });
    await receiver.until(() => receiver.received.length > 0);
    await call('Unsubscribe', `<subscriptionID>${id}</subscriptionID>`);

    expect(receiver.received[0]?.body).toContain('urn:epcglobal:epcis-query:xsd:2');
    expect(receiver.received[0]?.body).toContain('<EventList/>');
  });

  test.each<[exception: string, sent: () => string]>([
    ['InvalidURIException', () => subscription('x', { dest: 'nowhere' })],
    ['InvalidURIException', () => subscription('x', { dest: 'http://10.0.0.1/internal' })],
    [
      'SubscriptionControlsException',
      () => subscription('x', { controls: '<reportIfEmpty>true</reportIfEmpty>' }),
    ],
    [
      'SubscriptionControlsException',
      () =>
        subscription('x', {
          controls: '<schedule><second>61</second></schedule><reportIfEmpty>true</reportIfEmpty>',
        }),
    ],
    [
      'SubscriptionControlsException',
      () =>
        subscription('x', {
          controls: '<trigger>urn:x:bell</trigger><reportIfEmpty>true</reportIfEmpty>',
        }),
    ],
    [
      'SubscribeNotPermittedException',
      () => subscription('x', { query: pollOf('SimpleMasterDataQuery') }),
    ],
    ['NoSuchNameException', () => subscription('x', { query: pollOf('no such') })],
    [
      'QueryParameterException',
      () => subscription('x', { query: pollOf('SimpleEventQuery', { EQ_x: ['1'] }) }),
    ],
    ['ValidationException', () => subscription('')],
  ])('%s', async (exception, sent) => {
    expect(faultOf(await call('Subscribe', sent()))).toMatchObject({
      status: 500,
      code: 'Client',
      exception,
    });
  });

  test('an id nobody subscribed with cannot be ended', async () => {
    const answer = await call('Unsubscribe', '<subscriptionID>none</subscriptionID>');
    expect(faultOf(answer).exception).toBe('NoSuchSubscriptionException');
  });
});

describe('faults', () => {
  test.each<[exception: string, operation: string, inside: () => string]>([
    ['NoSuchNameException', 'Poll', () => pollOf('no such')],
    ['NoSuchNameException', 'GetSubscriptionIDs', () => '<queryName>no such</queryName>'],
    ['QueryParameterException', 'Poll', () => pollOf('SimpleEventQuery', { EQ_steps: ['x'] })],
    [
      'QueryParameterException',
      'Poll',
      () => pollOf('SimpleEventQuery', { GE_eventTime: 'xsd:string noon' }),
    ],
    [
      'QueryParameterException',
      'Poll',
      () =>
        `<queryName>SimpleEventQuery</queryName><params>${'<param><name>EQ_action</name><value>ADD</value></param>'.repeat(2)}</params>`,
    ],
    ['ValidationException', 'Poll', () => '<params/>'],
    ['ValidationException', 'Poll', () => '<queryName>SimpleEventQuery</queryName><stray/>'],
    ['ValidationException', 'Capture', () => ''],
  ])(
    '%s is the client’s: HTTP 500 in SOAP 1.1, 400 in SOAP 1.2 (%s)',
    async (exception, operation, inside) => {
      const old = await call(operation, inside());
      const newer = await call(operation, inside(), { soap: '1.2' });

      expect(faultOf(old)).toMatchObject({ status: 500, code: 'Client', exception });
      expect(faultOf(newer)).toMatchObject({ status: 400, code: 'Sender', exception });
    },
  );

  test('over maxEventCount: QueryTooLargeException with the name of the query', async () => {
    const { order } = await ship(2);
    const over = pollOf('SimpleEventQuery', { [PO]: [order], maxEventCount: 'xsd:int 1' });
    const equal = pollOf('SimpleEventQuery', { [PO]: [order], maxEventCount: 'xsd:int 2' });

    expect(faultOf(await call('Poll', over)).detail).toMatch(
      /^<epcisq:QueryTooLargeException .*<queryName>SimpleEventQuery<\/queryName>/,
    );
    expect((await call('Poll', equal)).status).toBe(200);
  });

  test('what is no envelope is a problem with 400', async () => {
    const { status, json } = await post('<a/>', { 'content-type': 'text/xml' });
    expect([status, json['type']]).toEqual([400, 'epcisException:ValidationException']);
  });

  test('JSON is not taken', async () => {
    expect((await post('{}', { 'content-type': 'application/json' })).status).toBe(415);
  });
});

describeWithStandards('by the schema of 2.0', () => {
  test('events, vocabularies and answers are valid', async () => {
    const { order } = await ship(2);
    const sent = { epcisVersion: '2' } as const;
    const events = await call('Poll', pollOf('SimpleEventQuery', { [PO]: [order] }), sent);
    const both = { includeAttributes: 'xsd:boolean true', includeChildren: 'xsd:boolean true' };
    const vocabularies = await call('Poll', pollOf('SimpleMasterDataQuery', both), sent);
    const names = await call('GetQueryNames', '', sent);
    const [result = ''] = /<epcisq:GetQueryNamesResult.*Result>/.exec(names.text) ?? [];
    const schema = `${standardsFolder}/gs1-epcis/xsd/EPCglobal-epcis-query-2_0.xsd`;

    expect(await xsdFaults(schema, [resultsOf(events), resultsOf(vocabularies), result])).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });
});
