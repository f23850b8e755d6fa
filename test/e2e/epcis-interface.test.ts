import { gzipSync } from 'node:zlib';
import { wordsOf } from '../../src/epcis/vocabulary.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn, pagesFrom } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { documentOf, sighting } from './capture-event-types.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
});
beforeEach(() => emptyGraph(app.graph));

const capture = async (...events: Record<string, unknown>[]): Promise<void> => {
  const { status, text } = await epcis(app, 'POST', '/capture', { body: documentOf(...events) });
  expect([status, status === 202 ? '' : text]).toEqual([202, '']);
};
const members = async (path: string, headers = {}): Promise<unknown> =>
  (await epcis(app, 'GET', path, { headers })).json['member'];

const XML_1_2 = `<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2026-03-14T10:00:00Z">
  <EPCISBody><EventList><ObjectEvent>
    <eventTime>2026-03-14T09:00:00.000Z</eventTime>
    <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
    <baseExtension><eventID>urn:x:event:xml</eventID></baseExtension>
    <epcList><epc>urn:epc:id:sgtin:9506000.013435.X1</epc></epcList>
    <action>OBSERVE</action>
    <bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>
  </ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>`;

describe('XML', () => {
  const xml = { 'content-type': 'application/xml' };

  test('of 1.2, compressed, is captured and given back in each syntax', async () => {
    const headers = { ...xml, 'content-encoding': 'gzip', accept: 'text/xml' };
    const taken = await epcis(app, 'POST', '/capture', { headers, body: gzipSync(XML_1_2) });
    expect([taken.status, taken.headers.get('content-type')]).toEqual([
      202,
      'text/xml; charset=utf-8',
    ]);
    expect(taken.text).toContain('success="true"');

    const json = await epcis(app, 'GET', '/events');
    const xml2 = await epcis(app, 'GET', '/events', { headers: { accept: 'application/xml' } });
    const xml1 = await epcis(app, 'GET', '/events', {
      headers: {
        accept: 'application/xml',
        'GS1-EPCIS-Max': '1.2',
        'GS1-EPC-Format': 'Always_EPC_URN',
      },
    });

    expect(eventsIn(json)).toMatchObject([
      {
        eventID: 'urn:x:event:xml',
        bizStep: 'shipping',
        epcList: ['https://id.gs1.org/01/09506000134352/21/X1'],
      },
    ]);
    expect(xml2.headers.get('gs1-epcis-version')).toBe('2.0.0');
    expect(xml2.text).toContain('xmlns:epcisq="urn:epcglobal:epcis-query:xsd:2"');
    expect(xml1.headers.get('gs1-epcis-version')).toBe('1.2.0');
    expect(xml1.text).toContain('<epc>urn:epc:id:sgtin:9506000.013435.X1</epc>');
    expect(xml1.text).toContain('<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>');
  });

  test('of 1.2 may be told by its version, whatever the answer is read in', async () => {
    const headers = { ...xml, 'GS1-EPCIS-Version': '1.2.0', 'GS1-CBV-Version': '1.2' };
    for (const accept of ['application/json', 'application/xml']) {
      const asked = { headers: { ...headers, accept }, body: XML_1_2 };
      const { status, headers: told } = await epcis(app, 'POST', '/capture', asked);

      expect([status, told.get('gs1-epcis-version')]).toEqual([202, '1.2.0']);
    }
  });

  test('words are in the form asked for', async () => {
    await capture(sighting('A', { bizStep: 'shipping' }));
    const step = async (format: string): Promise<string | undefined> => {
      const headers = { accept: 'application/xml', 'GS1-CBV-XML-Format': format };
      const { text } = await epcis(app, 'GET', '/events', { headers });
      return /<bizStep>(.*)<\/bizStep>/.exec(text)?.[1];
    };

    await expect(step('Always_URN')).resolves.toBe('urn:epcglobal:cbv:bizstep:shipping');
    await expect(step('Always_Web_URI')).resolves.toBe('https://ref.gs1.org/cbv/BizStep-shipping');
    const headers = { accept: 'application/xml', 'GS1-CBV-XML-Format': 'Always_URN' };
    const { text } = await epcis(app, 'GET', '/bizSteps', { headers });
    expect(text).toContain('<member>urn:epcglobal:cbv:bizstep:shipping</member>');
    await expect(members('/bizSteps', { 'GS1-CBV-XML-Format': 'Always_URN' })).resolves.toContain(
      'shipping',
    );
  });

  test('that is at fault is 400 with line and column, as XML where that is accepted', async () => {
    const body = XML_1_2.replace('OBSERVE', 'LOOK');
    const { status, text } = await epcis(app, 'POST', '/capture', {
      headers: { ...xml, accept: 'application/xml' },
      body,
    });

    expect(status).toBe(400);
    expect(text).toContain('<epcis:EPCISException xmlns:epcis="urn:epcglobal:epcis:xsd:2"');
    expect(text).toMatch(/<p:line>8<\/p:line><p:column>\d+<\/p:column>/);
  });

  test('in a file of unknown type, gzip or a form is taken by what is in it', async () => {
    const form = new FormData();
    form.append('file', new Blob([XML_1_2]), 'events.xml');
    const encoded = new Response(form);
    const multipart = encoded.headers.get('content-type') ?? '';
    for (const [type, body] of [
      ['application/octet-stream', Buffer.from(XML_1_2)],
      ['application/gzip', gzipSync(XML_1_2)],
      [multipart, Buffer.from(await encoded.arrayBuffer())],
    ] as const) {
      const { status } = await epcis(app, 'POST', '/capture', {
        headers: { 'content-type': type },
        body,
      });
      expect([type, status]).toEqual([type, 202]);
    }
    expect(eventsIn(await epcis(app, 'GET', '/events'))).toHaveLength(1);
    const csv = await epcis(app, 'POST', '/capture', {
      headers: { 'content-type': 'text/csv' },
      body: 'a,b',
    });
    expect([csv.status, csv.json['accepted']]).toEqual([
      415,
      expect.arrayContaining(['application/xml', 'application/gzip', 'multipart/form-data']),
    ]);
    const png = await epcis(app, 'GET', '/events', { headers: { accept: 'image/png' } });
    expect([png.status, png.json['acceptable']]).toEqual([
      406,
      ['application/json', 'application/ld+json', 'application/xml', 'text/xml'],
    ]);
  });

  test.each([
    ['a DTD', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['nothing', ''],
    ['a root that is none', '<a/>'],
    ['half a document', XML_1_2.slice(0, 400)],
  ])('%s is 400, no 500', async (_, body) => {
    for (const path of ['/capture', '/events'])
      expect((await epcis(app, 'POST', path, { headers: xml, body })).status).toBe(400);
  });
});

describe('the forms of EPCs', () => {
  const given = ['urn:epc:id:sgtin:9506000.013435.A1', 'https://id.gs1.org/00/095060001234567893'];

  test.each([
    [
      'Always_GS1_Digital_Link',
      ['https://id.gs1.org/01/09506000134352/21/A1', 'https://id.gs1.org/00/095060001234567893'],
    ],
    ['Always_EPC_URN', [given[0], 'urn:epc:id:sscc:9506000.0123456789']],
    ['Never_Translates', given],
    ['No_Preference', given],
  ])('%s', async (format, expected) => {
    await capture(sighting('A', { epcList: given }));

    const answer = await epcis(app, 'GET', '/events', { headers: { 'GS1-EPC-Format': format } });

    expect(eventsIn(answer)[0]!['epcList']).toEqual(expected);
  });
});

describe('top-level resources', () => {
  test('the root lists nine, with and without a slash at its end', async () => {
    const expected = [
      'queries',
      'capture',
      'events',
      'eventTypes',
      'epcs',
      'readPoints',
      'bizLocations',
      'dispositions',
      'bizSteps',
    ];
    await expect(members('/')).resolves.toEqual(expected);
    await expect(members('/epcis')).resolves.toEqual(expected);
  });

  test('what events name is listed, each value with its events', async () => {
    const place = 'https://id.gs1.org/414/9506000134352';
    const epc = 'https://id.gs1.org/01/09506000134352/21/A';
    await capture(
      sighting('A', { bizStep: 'https://example.com/steps/bless', disposition: 'recalled' }),
      sighting('B', { readPoint: { id: place } }),
    );

    await expect(members('/epcs')).resolves.toEqual(expect.arrayContaining([epc]));
    await expect(members('/bizLocations')).resolves.toEqual([place]);
    await expect(members('/readPoints')).resolves.toEqual([place]);
    await expect(members('/eventTypes')).resolves.toContain('ObjectEvent');
    await expect(members('/dispositions')).resolves.toContain('recalled');
    await expect(
      members('/bizSteps?perPage=1000', { 'GS1-Extensions': 'ex=https://example.com/steps/' }),
    ).resolves.toContain('ex:bless');
    await expect(
      members('/bizSteps/ex:bless', { 'GS1-Extensions': 'ex=https://example.com/steps/' }),
    ).resolves.toEqual(['events']);

    for (const [path, ids] of [
      [`/epcs/${encodeURIComponent(epc)}`, ['urn:x:event:A']],
      ['/epcs/urn:epc:id:sgtin:9506000.013435.A', ['urn:x:event:A']],
      ['/dispositions/recalled', ['urn:x:event:A']],
      ['/dispositions/urn:epcglobal:cbv:disp:recalled', ['urn:x:event:A']],
      [`/bizSteps/${encodeURIComponent('https://example.com/steps/bless')}`, ['urn:x:event:A']],
      [`/readPoints/${encodeURIComponent(place)}`, ['urn:x:event:B']],
      ['/eventTypes/ObjectEvent', ['urn:x:event:A', 'urn:x:event:B']],
    ] as const) {
      await expect(members(path)).resolves.toEqual(['events']);
      const answer = await epcis(app, 'GET', `${path}/events`);
      expect(
        eventsIn(answer)
          .map(({ eventID }) => eventID)
          .sort(),
      ).toEqual(ids);
    }
    const none = await epcis(app, 'GET', '/eventTypes/ObjectEvent/events?EQ_action=ADD');
    expect([none.status, eventsIn(none)]).toEqual([200, []]);
  });

  test('words of the standard are known without events; other values are not', async () => {
    expect((await epcis(app, 'GET', '/bizSteps/shipping')).status).toBe(200);
    expect(eventsIn(await epcis(app, 'GET', '/bizSteps/shipping/events'))).toEqual([]);
    expect((await epcis(app, 'GET', '/eventTypes/AssociationEvent')).status).toBe(200);
    for (const path of ['/epcs/urn:x:none', '/eventTypes/NoEvent', '/bizSteps/swimming'])
      for (const below of ['', '/events']) {
        expect((await epcis(app, 'GET', path + below)).status).toBe(404);
        expect((await epcis(app, 'OPTIONS', path + below)).status).toBe(404);
      }
  });

  test('words of the standard that no event has are listed behind those in use, each once', async () => {
    const step = 'https://example.com/steps/bless';
    await capture(
      sighting('A', { bizStep: 'shipping', disposition: 'unknown' }),
      sighting('B', { bizStep: step, type: 'https://example.com/events/Odd' }),
    );
    const listed = async (path: string): Promise<string[]> =>
      (await pagesFrom(app, path)).flatMap(({ json }) => json['member'] as string[]);

    for (const perPage of [1, 30]) {
      const steps = await listed(`/bizSteps?perPage=${perPage}`);
      expect(steps.slice(0, 3)).toEqual([step, 'shipping', 'accepting']);
      expect(steps).toHaveLength(1 + wordsOf('bizStep').size);
      expect(new Set(steps).size).toBe(steps.length);
    }
    const dispositions = await listed('/dispositions?perPage=7');
    expect(dispositions.slice(0, 2)).toEqual(['unknown', 'active']);
    expect(new Set(dispositions)).toEqual(wordsOf('disposition'));
    await expect(listed('/eventTypes')).resolves.toEqual([
      'ObjectEvent',
      'https://example.com/events/Odd',
      'AggregationEvent',
      'AssociationEvent',
      'TransactionEvent',
      'TransformationEvent',
    ]);
  });

  test('lists have pages', async () => {
    await capture(...['A', 'B', 'C'].map((serial) => sighting(serial)));

    const pages = await pagesFrom(app, '/epcs?perPage=2');

    expect(pages.map(({ json }) => (json['member'] as string[]).length)).toEqual([2, 1]);
    expect(pages[0]!.headers.has('gs1-next-page-token-expires')).toBe(true);
  });
});

test('capture jobs are listed newest first, page by page, each once', async () => {
  for (const serial of ['A', 'B', 'C', 'D', 'E']) await capture(sighting(serial));

  const pages = await pagesFrom(app, '/capture?perPage=2');

  const jobs = pages.flatMap(
    ({ json }) => json as unknown as { captureID: string; createdAt: string }[],
  );
  expect(pages.map(({ json }) => (json as unknown as unknown[]).length)).toEqual([2, 2, 1]);
  expect(new Set(jobs.map(({ captureID }) => captureID)).size).toBe(5);
  const times = jobs.map(({ createdAt }) => createdAt);
  expect(times).toEqual([...times].sort().reverse());
  expect((await epcis(app, 'GET', '/capture?nextPageToken=WzFd')).status).toBe(400);
});

type Content = Record<string, { readonly example?: unknown }>;
interface Described {
  readonly servers?: unknown;
  readonly get?: {
    readonly parameters: { readonly example?: string; readonly schema: { enum?: string[] } }[];
    readonly responses: Record<string, { readonly content: Content }>;
  };
  readonly post?: {
    readonly requestBody: { readonly content: Content };
    readonly responses: Record<string, { readonly content: Content }>;
  };
}

test('numbers in a header come back with the digits they were written with', async () => {
  const figures = '{"ex:one":1.10,"ex:all":[12345678901234567890.50,2.00]}';
  const document = documentOf(sighting('U1'));
  const context = [document['@context'], { ex: 'https://example.com/' }].flat();
  const given = { ...document, '@context': context, 'ex:figures': 'HERE' };
  const body = JSON.stringify(given).replace('"HERE"', figures);
  const headers = { 'content-type': 'application/json' };
  expect(await epcis(app, 'POST', '/capture', { headers, body })).toMatchObject({ status: 202 });

  const json = await epcis(app, 'GET', '/events');
  const xml = await epcis(app, 'GET', '/events', { headers: { accept: 'application/xml' } });

  expect(json.text).toContain(`"ex:figures":${figures}`);
  expect(xml.text).toContain('>12345678901234567890.50</ex:all>');
});

test('every route under /epcis is described, and every description is served', async () => {
  const { json } = await epcis(app, 'GET', '/openapi.json');
  const paths = json['paths'] as Record<string, Record<string, unknown>>;
  const values = { eventType: 'ObjectEvent', bizStep: 'shipping', disposition: 'recalled' };
  for (const [path, item] of Object.entries(paths)) {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      name in values ? values[name as keyof typeof values] : 'urn:x:none',
    );
    const { status, headers } = await epcis(app, 'OPTIONS', filled);
    const described = Object.keys(item).filter((name) => name !== 'parameters');

    expect([204, 404]).toContain(status);
    if (status === 404) continue;
    const served = headers.get('allow')!.toLowerCase().split(', ');
    expect([path, served.filter((name) => name !== 'head').sort()]).toEqual([
      path,
      described.sort(),
    ]);
  }
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/',
      '/capture',
      '/capture/{captureID}',
      '/events',
      '/events/{eventID}',
      '/nextPageToken/{token}',
      '/epcs/{epc}/events',
      '/openapi.json',
    ]),
  );
});

test('barcodes and serials are described beside the interface, with a server of their own', async () => {
  const { json } = await epcis(app, 'GET', '/openapi.json');
  const paths = json['paths'] as Record<string, Described>;
  const barcode = paths['/barcode/{file}']!;
  const serials = paths['/serials']!;
  for (const path of ['/barcode/{file}', '/serials', '/serials/{id}'])
    expect([path, paths[path]?.servers]).toEqual([path, [{ url: '/' }]]);

  const [file, id] = barcode.get!.parameters;
  for (const name of file!.schema.enum!) {
    const found = await fetch(`${app.url}/barcode/${name}?id=${encodeURIComponent(id!.example!)}`);
    const type = found.headers.get('content-type')?.split(';', 1)[0];
    expect([name, found.status]).toEqual([name, 200]);
    expect(Object.keys(barcode.get!.responses['200']!.content)).toContain(type);
  }
  const { post } = serials;
  for (const accept of Object.keys(post!.responses['201']!.content)) {
    const headers = { accept, 'content-type': 'application/json' };
    const body = JSON.stringify(post!.requestBody.content['application/json']!.example);
    const made = await fetch(`${app.url}/serials`, { method: 'POST', headers, body });
    const again = await fetch(`${app.url}${made.headers.get('location')!}`, {
      headers: { accept },
    });
    expect([made.status, again.status]).toEqual([201, 200]);
    expect(made.headers.get('content-type')).toContain(accept);
    await expect(again.text()).resolves.toBe(await made.text());
  }
});

test('the examples in openapi.json are taken', async () => {
  const { json } = await epcis(app, 'GET', '/openapi.json');
  const paths = json['paths'] as Record<
    string,
    { post?: { requestBody: { content: Record<string, { example: unknown }> } } }
  >;
  for (const path of ['/capture', '/events'])
    for (const [type, { example }] of Object.entries(paths[path]!.post!.requestBody.content)) {
      const headers = { 'content-type': type };
      const { status, text } = await epcis(app, 'POST', path, { headers, body: example });

      expect([path, type, status, text]).toEqual([
        path,
        type,
        path === '/capture' ? 202 : 201,
        expect.anything(),
      ]);
    }
});
