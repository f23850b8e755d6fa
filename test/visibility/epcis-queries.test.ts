/** What partners are told by the EPCIS query interface over REST. Alder makes and ships, Birch receives; the host sends the events. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import type { FormatsPlugin } from 'ajv-formats';
import { DEPOT, OTHER, PLANT, codeOf } from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, eventsIn, nextOf } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import {
  BOX,
  EVENTS,
  KEPT,
  NAMES,
  NOBODYS,
  OWNED,
  PACK,
  eventID,
  minute,
  party,
  place,
  tellOfPartners,
} from '../support/epcis-partners.js';
import type { Told } from '../support/epcis-partners.js';
import { standardsFolder, testWithStandards } from '../support/standards.js';
import { xsdFaults } from '../support/xsd-validator.js';

let app: TestApp;
let client: AccessClient;
let alder: string;
let birch: string;
let send: Told['send'];
beforeAll(async () => {
  ({ app, client, alder, birch, send } = await tellOfPartners());
});
afterAll(() => app.stop());

const get = (key: string, path: string, headers = {}): Promise<EpcisAnswer> =>
  epcis(app, 'GET', path, { headers: { 'x-api-key': key, ...headers } });
const short = (id: unknown): string => String(id).split(':').at(-1)!;

/** Names of the events of an answer, in its order. */
async function found(key: string, parameters: string): Promise<string[]> {
  const answer = await get(key, `/events?perPage=100&orderDirection=ASC&${parameters}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return eventsIn(answer).map((event) => short(event['eventID']));
}

async function eventOf(key: string, name: string): Promise<Record<string, unknown>> {
  const [event, ...more] = eventsIn(await get(key, `/events/${encodeURIComponent(eventID(name))}`));
  expect(more).toEqual([]);
  return event!;
}

/** An answer without its moment. */
const body = ({ status, text }: EpcisAnswer): unknown => [
  status,
  text.replace(/"creationDate":"[^"]*"/, ''),
];

describe('the events of a partner', () => {
  it('are those that it sees, in either order', async () => {
    const ofBirch = ['sold', 'looked', 'shipped', 'received', 'mixed'];
    expect(await found(birch, '')).toEqual(ofBirch);
    expect(await found(birch, 'orderBy=recordTime')).toEqual(ofBirch);
    expect(await found(birch, `LT_eventTime=${minute(5)}`)).toEqual(['sold', 'looked']);
    expect(await found(alder, '')).toEqual(NAMES.filter((name) => name !== 'ordered'));
    expect(await found(client.administrator, '')).toEqual(NAMES);
  });

  it('are whole only where it is named, and else say that they are not', async () => {
    const whole = await eventOf(birch, 'shipped');
    expect(whole).toMatchObject(EVENTS['shipped']!);
    expect(whole).not.toHaveProperty(['cg:redacted']);
    const { recordTime, ...cut } = await eventOf(birch, 'mixed');
    expect(recordTime).toEqual(expect.any(String));
    expect(cut).toEqual({
      ...{ type: 'ObjectEvent', eventID: eventID('mixed'), action: 'OBSERVE' },
      ...{ eventTime: minute(NAMES.indexOf('mixed')), eventTimeZoneOffset: '+00:00' },
      ...{ bizStep: 'https://example.com/ns/weighing', disposition: 'conformant', epcList: [PACK] },
      'cg:redacted': true,
    });
    expect(await eventOf(birch, 'looked')).toMatchObject({ childEPCs: [OWNED] });
    expect(await eventOf(birch, 'looked')).not.toHaveProperty('parentID');
    expect(await eventOf(alder, 'made')).toMatchObject({
      ilmd: { 'cbvmda:lotNumber': 'L1', 'ex:grade': 7 },
      'cg:redacted': true,
    });
  });

  it('hold nothing of others and of no document of others, in JSON and XML', async () => {
    const asked = (type: string): Promise<EpcisAnswer> =>
      get(birch, '/events?perPage=100', { accept: type });
    const [json, xml] = await Promise.all([asked('application/json'), asked('application/xml')]);
    const theirs = [
      KEPT,
      BOX,
      'S2',
      'order',
      'somebody',
      'probe',
      'secret',
      'green',
      'desk',
      'L7',
      '"ex"',
      'made',
      'private',
    ];
    for (const one of theirs)
      expect([one, json.text.includes(one), xml.text.includes(one)]).toEqual([one, false, false]);
    expect(json.json['@context']).toContainEqual({ cg: 'urn:custody-graph:epcis' });
    expect(xml.text).toMatch(/xmlns:cg="urn:custody-graph:epcis"/);
    expect(xml.text).toContain('<cg:redacted>true</cg:redacted>');
    const own = await get(client.administrator, '/events?perPage=100');
    expect(own.text).toContain('of the host');
  });

  testWithStandards('are valid by the schemas of GS1', async () => {
    const ajv = new Ajv({ strict: false, validateFormats: true });
    (createRequire(import.meta.url)('ajv-formats') as FormatsPlugin)(ajv);
    const read = (path: string): string => readFileSync(`${standardsFolder!}/${path}`, 'utf8');
    const accepts = ajv.compile(JSON.parse(read('epcis-2.0.1/epcis-json-schema.json')) as object);
    for (const key of [alder, birch]) {
      const { json } = await get(key, '/events?perPage=100');
      expect([accepts(json), accepts.errors]).toEqual([true, null]);
      for (const [version, schema] of [
        ['2.0', 'gs1-epcis/xsd/EPCglobal-epcis-query-2_0.xsd'],
        ['1.2', 'epcis-1.2-xsd/EPCglobal-epcis-query-1_2.xsd'],
      ] as const) {
        // AssociationEvents do not exist in EPCIS 1.2.
        const types = version === '1.2' ? '&eventType=ObjectEvent|AggregationEvent' : '';
        const headers = {
          accept: 'application/xml',
          'GS1-EPCIS-Min': version,
          'GS1-EPCIS-Max': version,
        };
        const { text } = await get(key, `/events?perPage=100${types}`, headers);
        expect(text).toContain('redacted');
        expect(await xsdFaults(`${standardsFolder!}/${schema}`, [text])).toEqual(['ok']);
      }
    }
  });
});

/** What an event is found by, by a partner that does not see it all. */
const SEEN = [
  ['EQ_bizStep=https://example.com/ns/weighing', ['mixed']],
  ['EQ_disposition=conformant', ['mixed']],
  [`EQ_bizLocation=${encodeURIComponent(`https://id.gs1.org/414/${DEPOT}`)}`, ['received']],
  [`MATCH_anyEPC=${encodeURIComponent(PACK)}`, ['shipped', 'received', 'mixed']],
  [`MATCH_epc=${encodeURIComponent(OWNED)}`, ['sold', 'looked']],
  ['eventType=AggregationEvent&EQ_action=OBSERVE', ['looked']],
  [
    `EQ_destination_owning_party=${encodeURIComponent(party(OTHER))}`,
    ['sold', 'shipped', 'received'],
  ],
  ['EXISTS_urn:custody-graph:epcis%23redacted', ['looked', 'mixed']],
  [`EQ_eventID=${encodeURIComponent(eventID('mixed'))}`, ['mixed']],
  [`GE_eventTime=${minute(7)}`, ['mixed']],
] as const;
/** What is there, but not for Birch. */
const UNSEEN = [
  `MATCH_anyEPC=${encodeURIComponent(KEPT)}`,
  `MATCH_parentID=${encodeURIComponent(BOX)}`,
  `MATCH_anyEPC=${encodeURIComponent('urn:epc:idpat:sscc:*.*')}`,
  'EQ_bizTransaction_po=urn:x:order:1',
  'EQ_source_urn:x:kind=urn:x:somebody',
  'MATCH_anyEPCClass=https://id.gs1.org/01/09506000134352/10/L7',
  'EQ_quantity=12',
  'GE_value_CEL=1',
  'EQ_deviceID=urn:x:probe',
  'EXISTS_sensorElementList',
  'EXISTS_bizTransactionList',
  'EQ_https://example.com/ns/secret=green',
  'EXISTS_https://example.com/ns/secret',
  'EQ_ILMD_https://example.com/ns/grade=7',
  'EQ_bizStep=packing',
  'EQ_bizStep=commissioning',
  'eventType=TransactionEvent',
  'eventType=AssociationEvent',
  `EQ_eventID=${encodeURIComponent(eventID('private'))}`,
] as const;

describe('a parameter', () => {
  it.each(SEEN)('%s finds what a partner sees', async (parameters, names) => {
    expect(await found(birch, parameters)).toEqual(names);
  });

  it.each(UNSEEN)('%s finds nothing of what is left out', async (parameters) => {
    expect(await found(birch, parameters)).toEqual([]);
    expect(await found(client.administrator, parameters)).not.toEqual([]);
  });

  it('asks of what was made only its maker sees', async () => {
    expect(await found(alder, 'EQ_ILMD_https://example.com/ns/grade=7')).toEqual(['made']);
    expect(await found(alder, 'EXISTS_https://example.com/ns/note')).toEqual([]);
  });
});

describe('what is not in sight', () => {
  it.each([
    ['/events/%', eventID('private'), eventID('nobody')],
    ['/epcs/%', KEPT, NOBODYS],
    ['/epcs/%/events', KEPT, NOBODYS],
    ['/events?MATCH_anyEPC=%', KEPT, NOBODYS],
    ['/events?EQ_eventID=%', eventID('private'), eventID('nobody')],
    [
      '/readPoints/%/events',
      `https://id.gs1.org/414/${PLANT}/254/9`,
      `https://id.gs1.org/414/${PLANT}/254/8`,
    ],
  ])('is told at %s as what nobody ever named', async (path, there, nowhere) => {
    await send('private', { readPoint: place(`${PLANT}/254/9`) }, 9, eventID('private2'));
    const asked = async (id: string): Promise<unknown> => {
      const told = body(await get(birch, path.replace('%', encodeURIComponent(id))));
      return JSON.parse(JSON.stringify(told).replaceAll(id, '…')) as unknown;
    };
    expect(await asked(there)).toEqual(await asked(nowhere));
    expect((await get(alder, path.replace('%', encodeURIComponent(there)))).status).toBe(200);
  });

  it('does not count', async () => {
    const { status } = await get(birch, '/events?maxEventCount=5');
    const tooMany = await get(birch, '/events?maxEventCount=4');
    expect([status, tooMany.status]).toEqual([200, 413]);
  });
});

describe('the pages of a partner', () => {
  const pages = async (key: string, path: string): Promise<EpcisAnswer[]> => {
    const all = [await get(key, path)];
    for (;;) {
      const next = nextOf(all.at(-1)!);
      if (next === undefined) return all;
      all.push(await get(key, next));
    }
  };

  it.each(['', '&orderBy=recordTime', '&orderBy=recordTime&orderDirection=ASC'])(
    'hold each of its events once, and end with the last, however many others there are (%s)',
    async (order) => {
      const all = await pages(birch, `/events?perPage=1${order}`);
      const ids = all.flatMap(eventsIn).map((event) => short(event['eventID']));
      expect(ids).toHaveLength(5);
      expect(new Set(ids).size).toBe(5);
      expect(all).toHaveLength(5);
    },
  );

  it('are those of the first page, whatever is recorded meanwhile, and of nobody else', async () => {
    const first = await get(birch, '/events?perPage=2');
    const next = nextOf(first)!;
    await send('received', {}, 30, eventID('later'));
    const rest = eventsIn(await get(birch, next.replace('perPage=2', 'perPage=100')));
    expect(rest).toHaveLength(3);
    for (const key of [alder, client.administrator]) {
      const refused = await get(key, next);
      expect([refused.status, refused.json['detail']]).toEqual([
        400,
        expect.stringMatching(/belongs to another query/),
      ]);
    }
    const decoded = Buffer.from(/nextPageToken=([\w-]+)/.exec(next)![1]!, 'base64url').toString();
    const [, snapshot] = JSON.parse(decoded) as [string, number];
    const newest = eventsIn(first)[0]!['recordTime'] as string;
    expect(new Date(snapshot).toISOString()).toBe(newest);
  });
});

describe('an error declaration', () => {
  it('is read by who sees its event, in the order in which it was recorded', async () => {
    const declared = { ...EVENTS['received'], epcList: [PACK] };
    await send('received', declared, 31, eventID('wrong'));
    const since = new Date(Math.max(...(await recordTimes(birch))) + 1).toISOString();
    const errorDeclaration = { declarationTime: minute(40), reason: 'incorrect_data' };
    await send('received', { ...declared, errorDeclaration }, 31, eventID('wrong'));
    await send('private', { errorDeclaration }, NAMES.indexOf('private'), eventID('private'));

    expect(await found(birch, `GE_recordTime=${since}&orderBy=recordTime`)).toEqual(['wrong']);
    expect(await found(birch, 'EXISTS_errorDeclaration')).toEqual(['wrong']);
    const again = { errorDeclaration: { ...errorDeclaration, reason: 'did_not_occur' } };
    await send('received', { ...declared, ...again }, 31, eventID('wrong'));
    expect(await found(birch, 'EXISTS_errorDeclaration')).toEqual(['wrong', 'wrong']);
    expect(await found(birch, `GE_recordTime=${since}&orderBy=recordTime`)).toHaveLength(2);
    expect(await found(birch, `EQ_eventID=${eventID('wrong')}`)).toEqual([
      'wrong',
      'wrong',
      'wrong',
    ]);
    expect(await found(client.administrator, 'EXISTS_errorDeclaration')).toHaveLength(3);
  });

  async function recordTimes(key: string): Promise<number[]> {
    const events = eventsIn(await get(key, '/events?perPage=100'));
    return events.map(({ recordTime }) => Date.parse(String(recordTime)));
  }
});

describe('the lists of values', () => {
  it.each(['eventTypes', 'epcs', 'bizSteps', 'bizLocations', 'readPoints', 'dispositions'])(
    'of %s are refused, and not those below one value',
    async (name) => {
      const { status, json } = await get(birch, `/${name}`);
      expect([status, json['type']]).toEqual([403, 'epcisException:SecurityException']);
      const value =
        {
          epcs: PACK,
          readPoints: `https://id.gs1.org/414/${PLANT}`,
          bizLocations: `https://id.gs1.org/414/${DEPOT}`,
        }[name] ??
        {
          eventTypes: 'ObjectEvent',
          bizSteps: 'https://ref.gs1.org/cbv/BizStep-receiving',
          dispositions: 'conformant',
        }[name]!;
      const below = await get(birch, `/${name}/${encodeURIComponent(value)}/events?perPage=100`);
      expect(eventsIn(below).length).toBeGreaterThan(0);
      for (const event of eventsIn(below))
        expect(await found(birch, '')).toContain(short(event['eventID']));
    },
  );

  it.each(['/queries', '/queries/q', '/queries/q/events'])(
    'and %s are the host’s',
    async (path) => {
      expect((await get(birch, path)).status).toBe(403);
    },
  );
});

test('GraphQL and EPCIS tell a partner of the same events, but for those that EPCIS could not write', async () => {
  const answer = await client.ask(birch, '{ events(first: 100) { nodes { eventId } } }');
  expect(codeOf(answer)).toBeUndefined();
  const nodes = answer.data!['events']!['nodes'] as { eventId: string }[];
  const told = new Set(await found(birch, ''));
  expect(
    nodes
      .map(({ eventId }) => short(eventId))
      .filter((name) => !told.has(name))
      .sort(),
  ).toEqual(['linked', 'ordered']);
});
