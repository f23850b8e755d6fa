import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { FormatsPlugin } from 'ajv-formats';
import { documentOf, sighting } from '../e2e/capture-event-types.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn, nextOf, pagesFrom } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { standardsFolder, testWithStandards } from '../support/standards.js';

// Points 10 to 14 and 20 of "REST interface: where implementers go wrong". What each parameter finds is in epcis-points-parameters.

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());
beforeEach(() => emptyGraph(app.graph));

type Event = Record<string, unknown>;

async function capture(...events: Event[]): Promise<void> {
  const { status, text } = await epcis(app, 'POST', '/capture', { body: documentOf(...events) });
  expect([status, status === 202 ? '' : text]).toEqual([202, '']);
}

const get = (path: string, headers: Record<string, string> = {}): Promise<EpcisAnswer> =>
  epcis(app, 'GET', path, { headers });
const serialsIn = (answer: EpcisAnswer): string[] =>
  eventsIn(answer).map(({ eventID }) => String(eventID).replace('urn:x:event:', ''));
/** Serials of what a query finds, in the order of the answer. */
const found = async (query: string, headers = {}): Promise<string[]> => {
  const answer = await get(`/events?${query}`, headers);
  expect([query, answer.status]).toEqual([query, 200]);
  return serialsIn(answer);
};
const refusal = async (path: string, headers = {}): Promise<unknown[]> => {
  const { status, json } = await get(path, headers);
  return [status, json['type'], json['status']];
};
const PARAMETER = [400, 'epcisException:QueryParameterException', 400];
const at = (minute: number): string => `2026-03-14T09:${String(minute).padStart(2, '0')}:00Z`;
const many = (count: number): Event[] =>
  Array.from({ length: count }, (_, i) =>
    sighting(`S${String(i).padStart(2, '0')}`, { eventTime: at(i) }),
  );
const declared = (event: Event, reason: string, time = '2026-03-15T00:00:00Z'): Event => ({
  ...event,
  errorDeclaration: { declarationTime: time, reason },
});

function schemaFaults(document: unknown): unknown {
  const ajv = new Ajv({ strict: false, validateFormats: true });
  (createRequire(import.meta.url)('ajv-formats') as FormatsPlugin)(ajv);
  const schema = readFileSync(
    join(standardsFolder ?? '', 'epcis-2.0.1/epcis-json-schema.json'),
    'utf8',
  );
  const accepts = ajv.compile(JSON.parse(schema) as object);
  return accepts(document) ? null : accepts.errors;
}

describe('EPCIS-10 what queries answer', () => {
  const events = [sighting('A'), sighting('B'), declared(sighting('A'), 'incorrect_data')];
  const paths = [
    '/events',
    '/events/urn:x:event:A',
    '/events?EQ_action=ADD',
    '/epcs/urn:epc:id:sgtin:9506000.013435.B/events',
  ];

  testWithStandards('is valid by the schema, also when nothing is found', async () => {
    await capture(...events);
    for (const path of paths)
      expect([path, schemaFaults((await get(path)).json)]).toEqual([path, null]);
  });

  test('is an EPCISQueryDocument, also when nothing is found', async () => {
    await capture(...events);
    for (const path of paths) {
      const { status, json, headers } = await get(path);

      expect([path, status]).toEqual([path, 200]);
      expect(headers.get('content-type')).toMatch(/^application\/(ld\+)?json/);
      expect(json).toMatchObject({
        type: 'EPCISQueryDocument',
        schemaVersion: '2.0',
        epcisBody: { queryResults: { queryName: 'SimpleEventQuery' } },
      });
    }
    const { text, headers } = await get('/events', { accept: 'application/xml' });
    expect(headers.get('content-type')).toMatch(/^application\/xml/);
    expect(text).toMatch(
      /<(\w+):EPCISQueryDocument[^>]*xmlns:\1="urn:epcglobal:epcis-query:xsd:2"/,
    );
  });

  test('one event comes with the declarations that it is wrong, and only those', async () => {
    await capture(...events, declared(sighting('A'), 'did_not_occur', '2026-03-16T00:00:00Z'));

    const one = eventsIn(await get('/events/urn:x:event:A'));

    expect(one.map(({ eventID }) => eventID)).toEqual(Array(3).fill('urn:x:event:A'));
    expect(one.filter((event) => 'errorDeclaration' in event)).toHaveLength(2);
    expect(await refusal('/events/urn:x:event:none')).toEqual([
      404,
      'epcisException:NoSuchResourceException',
      404,
    ]);
  });
});

describe('EPCIS-11 pages', () => {
  test('have 30 events unless asked otherwise, and perPage at most', async () => {
    await capture(...many(33));
    expect(eventsIn(await get('/events'))).toHaveLength(30);
    expect(eventsIn(await get('/events?perPage=7')).length).toBeLessThanOrEqual(7);
  });

  test('are all reached by Link alone, each event once, while others arrive and are declared wrong', async () => {
    await capture(...many(25));
    const seen: string[] = [];
    let pages = 0;
    for (
      let next: string | undefined = '/events?perPage=4&EQ_action=OBSERVE';
      next !== undefined;
      pages++
    ) {
      const page = await get(next);
      expect(eventsIn(page).length).toBeGreaterThan(0);
      seen.push(...serialsIn(page));
      next = nextOf(page);
      await capture(
        sighting(`early${pages}`, { eventTime: '2026-03-13T00:00:00Z' }),
        sighting(`late${pages}`, { eventTime: '2026-03-15T00:00:00Z' }),
      );
    }

    const first = many(25).map(({ eventID }) => String(eventID).replace('urn:x:event:', ''));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((serial) => serial.startsWith('S'))).toEqual(first.reverse());
  });

  test('say when their token ends; the last one has none, though it is full', async () => {
    await capture(...many(6));
    const pages = await pagesFrom(app, '/events?perPage=3');

    expect(pages.map((page) => eventsIn(page).length)).toEqual([3, 3]);
    expect(pages[0]!.headers.get('link')).toMatch(/^<[^>]+nextPageToken=[^>]+>; *rel="next"$/);
    const ends = pages[0]!.headers.get('gs1-next-page-token-expires')!;
    expect(ends).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/);
    expect(Date.parse(ends)).toBeGreaterThan(performance.timeOrigin + performance.now());
    expect(pages[1]!.headers.has('link')).toBe(false);
    expect(pages[1]!.headers.has('gs1-next-page-token-expires')).toBe(false);
  });

  test('a token may be given back with 204, and is of no use then', async () => {
    await capture(...many(3));
    const next = nextOf(await get('/events?perPage=2'))!;
    const token = new URL(next, app.url).searchParams.get('nextPageToken')!;

    expect((await get(next)).status).toBe(200);
    expect((await epcis(app, 'DELETE', `/nextPageToken/${token}`)).status).toBe(204);
    expect(await refusal(next)).toEqual(PARAMETER);
  });

  test('a token leads on in its own query only', async () => {
    await capture(...many(3));
    const token = new URL(nextOf(await get('/events?perPage=2'))!, app.url).searchParams.get(
      'nextPageToken',
    )!;
    expect(await refusal(`/events?perPage=2&EQ_action=OBSERVE&nextPageToken=${token}`)).toEqual(
      PARAMETER,
    );
    expect(await refusal(`/events?nextPageToken=${token}x`)).toEqual(PARAMETER);
    expect(await refusal('/events?perPage=0')).toEqual(PARAMETER);
    expect(await refusal('/events?perPage=many')).toEqual(PARAMETER);
  });
});

describe('EPCIS-12 values of a parameter', () => {
  const PARTED = '%7C';

  test('are parted by |, escaped or not, and any of them will do', async () => {
    await capture(
      sighting('A', { bizStep: 'shipping' }),
      sighting('B', { bizStep: 'receiving' }),
      sighting('C', { bizStep: 'packing' }),
    );
    for (const parted of ['|', PARTED, PARTED.toLowerCase()])
      expect((await found(`EQ_bizStep=shipping${parted}receiving`)).sort()).toEqual(['A', 'B']);
  });

  const words: readonly (readonly [
    parameter: string,
    bare: string,
    forms: readonly string[],
    fields: Event,
  ])[] = [
    ['EQ_bizStep', 'shipping', ['bizstep', 'BizStep'], { bizStep: 'shipping' }],
    ['EQ_disposition', 'in_transit', ['disp', 'Disp'], { disposition: 'in_transit' }],
    [
      'EQ_persistentDisposition_set',
      'completeness_verified',
      ['disp', 'Disp'],
      { persistentDisposition: { set: ['completeness_verified'] } },
    ],
    [
      'EQ_errorReason',
      'did_not_occur',
      ['er', 'ER'],
      { errorDeclaration: { declarationTime: at(0), reason: 'did_not_occur' } },
    ],
  ];
  test.each(words)(
    '%s: bare word, URN and Web URI are one',
    async (parameter, word, [urn, web], fields) => {
      await capture(sighting('A', fields), sighting('B'));
      const uris = [
        `urn:epcglobal:cbv:${urn ?? ''}:${word}`,
        `https://ref.gs1.org/cbv/${web ?? ''}-${word}`,
      ];
      for (const form of [word, ...uris])
        expect(await found(`${parameter}=${encodeURIComponent(form)}`)).toEqual(['A']);
    },
  );

  test('EQ_type takes bare types of sensor reports and their URIs', async () => {
    const sensing = (type: string): Event => ({
      sensorElementList: [{ sensorReport: [{ type, value: 1 }] }],
    });
    await capture(
      sighting('A', sensing('Temperature')),
      sighting('B', sensing('https://ns.example.com/Smell')),
    );
    for (const form of ['Temperature', 'https://gs1.org/voc/Temperature', 'gs1:Temperature'])
      expect(await found(`EQ_type=${encodeURIComponent(form)}`)).toEqual(['A']);
    expect(await found(`EQ_type=${encodeURIComponent('https://ns.example.com/Smell')}`)).toEqual([
      'B',
    ]);
  });
});

describe('EPCIS-13 bounds, order and number', () => {
  beforeEach(() => capture(...many(5)));

  test('GE is inclusive, LT is exclusive, whatever the offset is written in', async () => {
    expect((await found(`GE_eventTime=${at(1)}&LT_eventTime=${at(3)}`)).sort()).toEqual([
      'S01',
      'S02',
    ]);
    expect(
      (
        await found(
          'GE_eventTime=2026-03-14T10:01:00%2B01:00&LT_eventTime=2026-03-14T10:03:00.000%2B01:00',
        )
      ).sort(),
    ).toEqual(['S01', 'S02']);
  });

  test('orderDirection is DESC unless said; ASC turns it round', async () => {
    const ascending = ['S00', 'S01', 'S02', 'S03', 'S04'];
    expect(await found('orderBy=eventTime')).toEqual([...ascending].reverse());
    expect(await found('orderBy=eventTime&orderDirection=ASC')).toEqual(ascending);
    expect(await refusal('/events?orderBy=eventTime&orderDirection=up')).toEqual(PARAMETER);
    expect(await refusal('/events?orderBy=bizStep')).toEqual(PARAMETER);
  });

  test('eventCountLimit takes the first by the order, over all pages; it needs orderBy and excludes maxEventCount', async () => {
    expect(await found('orderBy=eventTime&eventCountLimit=2')).toEqual(['S04', 'S03']);
    const pages = await pagesFrom(
      app,
      '/events?orderBy=eventTime&orderDirection=ASC&eventCountLimit=3&perPage=2',
    );
    expect(pages.map(serialsIn)).toEqual([['S00', 'S01'], ['S02']]);
    for (const query of [
      'eventCountLimit=2',
      'orderBy=eventTime&eventCountLimit=2&maxEventCount=9',
      'orderBy=eventTime&eventCountLimit=0',
    ])
      expect(await refusal(`/events?${query}`)).toEqual(PARAMETER);
  });

  test('maxEventCount exceeded is 413 QueryTooLargeException; exactly as many are answered', async () => {
    expect(await found('maxEventCount=5')).toHaveLength(5);
    expect(await refusal('/events?maxEventCount=4')).toEqual([
      413,
      'epcisException:QueryTooLargeException',
      413,
    ]);
    expect(await refusal('/events?maxEventCount=4&perPage=2')).toEqual([
      413,
      'epcisException:QueryTooLargeException',
      413,
    ]);
  });
});

describe('EPCIS-14 parameters that the standard does not have', () => {
  test.each([
    'EQ_bizStp=a',
    'eq_bizStep=shipping',
    'MATCH_foo=urn:x',
    'foo=bar',
    'EQ_field=1',
    'GE_bizStep=a',
    'EXISTS_foo',
    'WD_epc=urn:x',
  ])('%s is refused, by name', async (query) => {
    const { status, json } = await get(`/events?${query}`);
    expect([status, json['type'], json['status']]).toEqual(PARAMETER);
    expect(JSON.stringify(json)).toContain(query.split('=', 1)[0]);
  });

  test('fields of extensions are asked for with their namespace, on the event and inside', async () => {
    const colour = {
      'ours:colour': 'red',
      'ours:box': { 'ours:size': 7, 'ours:lid': { 'ours:colour': 'blue' } },
    };
    await capture(
      sighting('A', colour),
      sighting('B', { 'ours:colour': 'green', 'ours:box': { 'ours:size': 9 } }),
    );
    const prefixed = { 'GS1-Extensions': 'x=https://ns.example.com/epcis/' };
    const named = encodeURIComponent('https://ns.example.com/epcis/');

    expect(await found('EQ_x:colour=red', prefixed)).toEqual(['A']);
    expect((await found('EQ_x:colour=red|green', prefixed)).sort()).toEqual(['A', 'B']);
    expect(await found(`EQ_${named}colour=green`)).toEqual(['B']);
    expect(await found('EQ_INNER_x:size=7', prefixed)).toEqual(['A']);
    expect(await found('GT_INNER_x:size=7', prefixed)).toEqual(['B']);
    expect(await found('EQ_INNER_x:colour=blue', prefixed)).toEqual(['A']);
    expect(await found('EQ_x:colour=blue', prefixed)).toEqual([]);
    expect(await found('EXISTS_INNER_x:lid=true', prefixed)).toEqual(['A']);
    expect(
      await found('EQ_x:colour=red', { 'GS1-Extensions': 'x=https://ns.example.com/other/' }),
    ).toEqual([]);
  });

  test('those of ILMD and of error declarations have their own', async () => {
    const ilmd = { 'cbvmda:lotNumber': 'L1' };
    const wrong = { errorDeclaration: { declarationTime: at(9), 'ours:by': 'me' } };
    await capture(sighting('A', { action: 'ADD', ilmd }), sighting('B'), sighting('B', wrong));
    const prefixed = { 'GS1-Extensions': 'x=https://ns.example.com/epcis/' };

    expect(
      await found(`EQ_ILMD_${encodeURIComponent('urn:epcglobal:cbv:mda#lotNumber')}=L1`),
    ).toEqual(['A']);
    expect(await found('EXISTS_ilmd=true')).toEqual(['A']);
    expect(await found('EQ_ERROR_DECLARATION_x:by=me', prefixed)).toEqual(['B']);
  });
});

describe('EPCIS-20 where the standard’s own files disagree: liberal in, strict out', () => {
  test('both spellings of the times of error declarations, and every way to say EXISTS', async () => {
    await capture(sighting('A'), declared(sighting('A'), 'incorrect_data', at(30)), sighting('B'));
    for (const name of ['errorDeclarationTime', 'errorDeclaration_Time']) {
      expect(await found(`GE_${name}=${at(30)}`)).toEqual(['A']);
      expect(await found(`LT_${name}=${at(30)}`)).toEqual([]);
    }
    for (const yes of [
      'EXISTS_errorDeclaration=true',
      'EXISTS_errorDeclaration=1',
      'EXISTS_errorDeclaration',
      'EXISTS_errorDeclaration=',
    ])
      expect(await found(yes)).toEqual(['A']);
    expect((await found('EXISTS_errorDeclaration=false')).sort()).toEqual(['A', 'A', 'B']);
  });

  test('a named query may say EXISTS with true, 1 or null', async () => {
    await capture(sighting('A'), declared(sighting('A'), 'incorrect_data'));
    for (const [index, value] of [true, 1, null].entries()) {
      const body = { name: `q${index}`, query: { EXISTS_errorDeclaration: value } };
      const created = await epcis(app, 'POST', '/queries', { body });
      expect([created.status, created.text]).toEqual([201, '']);
      expect(eventsIn(await get(`/queries/q${index}/events`))).toMatchObject([
        { errorDeclaration: {} },
      ]);
    }
  });

  test('404 is NoSuchNameException for queries and NoSuchResourceException for the rest; 409 says 409', async () => {
    for (const path of [
      '/queries/none',
      '/queries/none/events',
      '/queries/none/subscriptions',
      '/queries/none/subscriptions/x',
    ])
      expect([path, ...(await refusal(path))]).toEqual([
        path,
        404,
        'epcisException:NoSuchNameException',
        404,
      ]);
    for (const path of ['/events/urn:x:none', '/capture/none', '/epcs/urn:x:none', '/nowhere'])
      expect([path, ...(await refusal(path))]).toEqual([
        path,
        404,
        'epcisException:NoSuchResourceException',
        404,
      ]);
    const body = { name: 'twice', query: {} };
    await epcis(app, 'POST', '/queries', { body });
    const { status, json } = await epcis(app, 'POST', '/queries', { body });
    expect([status, json['type'], json['status']]).toEqual([
      409,
      'epcisException:ResourceAlreadyExistsException',
      409,
    ]);
  });
});
