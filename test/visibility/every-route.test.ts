/** Every route over HTTP, asked by a partner for what is of another: it is answered as for what nobody ever named. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';
import { PLANT, MAKER, now, place, startWithPartners } from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const [THEIRS, NOBODYS] = ['SECRET', 'UNHEARD'] as const;
/** A site of the same company at which nothing happened. */
const VAULT = '9506000134376';
const pack = (serial: string): string => `https://id.gs1.org/01/09506000134352/21/${serial}`;
const word = (name: string): string => `https://ns.example.com/${name}`;

/** The routes that change something or take it otherwise, and where it is tested what they do for partners. */
const TRIED_ELSEWHERE: Readonly<Record<string, string>> = {
  'GET,POST /graphql': 'every-field',
  'POST /graphql/stream': 'feed',
  'POST /epcis/capture': 'e2e/access',
  'POST /epcis/events': 'e2e/access',
  'POST /epcis/soap': 'epcis-soap',
  'POST /epcis/queries': 'here: what has no scope of a partner, below',
  'POST /epcis/queries/:queryName/subscriptions': 'here, below',
  'POST /serials': 'here, below',
  'DELETE /epcis/queries/:queryName': 'here, below',
  'DELETE /epcis/queries/:queryName/subscriptions/:subscriptionID': 'here, below',
  'DELETE /epcis/nextPageToken/:token': 'epcis-queries',
  'GET /barcode/:file': 'every-field, as the field barcode',
};

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;
const routes: string[] = [];
/** By parameter: what it is of another, and what is nobody's. */
let values: Readonly<Record<string, readonly [theirs: string, nobodys: string]>>;

beforeAll(async () => {
  const listen = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      const name = `${[method].flat().join()} ${url}`;
      if (!/^(HEAD|OPTIONS) /.test(name)) routes.push(name);
    });
  };
  subscribe('fastify.initialization', listen);
  ({ app, client, keys } = await startWithPartners());
  unsubscribe('fastify.initialization', listen);
  await client.ask(
    keys.host,
    `mutation { registerSites(sites: [{ gln: "${VAULT}", name: "Vault", operator: "${MAKER}" }]) { __typename } }`,
  );
  const made = {
    ...client.event(),
    ...{ eventID: `urn:x:${THEIRS}`, action: 'ADD', epcList: [pack(THEIRS)], eventTime: now() },
    ...{ bizStep: word(`step-${THEIRS}`), disposition: word(`disposition-${THEIRS}`) },
    ...{ readPoint: place(PLANT), bizLocation: place(PLANT) },
  };
  const { id } = await client.capture(keys.host, made);
  const query = { name: `query-${THEIRS}`, query: { eventType: ['ObjectEvent'] } };
  const json = { 'x-api-key': keys.host, 'content-type': 'application/json' };
  const named = await fetch(`${app.url}/epcis/queries`, {
    ...{ method: 'POST', headers: json, body: JSON.stringify(query) },
  });
  expect(named.status).toBe(201);
  const both = (of: (name: string) => string): readonly [string, string] => [
    of(THEIRS),
    of(NOBODYS),
  ];
  values = {
    captureID: [id, '00000000-0000-4000-8000-000000000000'],
    eventID: both((name) => `urn:x:${name}`),
    eventType: ['ObjectEvent', 'AssociationEvent'],
    epc: both(pack),
    bizStep: both((name) => word(`step-${name}`)),
    disposition: both((name) => word(`disposition-${name}`)),
    bizLocation: [PLANT, VAULT].map((gln) => `https://id.gs1.org/414/${gln}`) as [string, string],
    readPoint: [PLANT, VAULT].map((gln) => `https://id.gs1.org/414/${gln}`) as [string, string],
    queryName: both((name) => `query-${name}`),
    subscriptionID: both((name) => `subscription-${name}`),
    id: both((name) => `allocation-${name}`),
    file: both((name) => `${name}.svg`),
  };
});
afterAll(() => app.stop());

interface Said {
  readonly status: number;
  readonly text: string;
}

/** What a partner is answered; what was asked for, when and under which id is left out. */
async function said(method: string, path: string, which: 0 | 1): Promise<Said> {
  const asked: string[] = [];
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name]![which];
    asked.push(value);
    return encodeURIComponent(value);
  });
  const response = await fetch(app.url + filled, {
    method,
    headers: { 'x-api-key': keys.cedar, 'GS1-EPCIS-Version': '2.0.0' },
  });
  let text = await response.text();
  for (const value of [...asked, encodeURIComponent(asked[0] ?? ''), filled])
    if (value !== '') text = text.replaceAll(value, '…');
  text = text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, 'T')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
  return { status: response.status, text };
}

test('a route for one thing of another is answered as for a thing that nobody ever named', async () => {
  const tried = routes.filter((route) => !(route in TRIED_ELSEWHERE) && route.includes('/:'));
  const answers: Record<string, [Said, Said]> = {};
  for (const route of new Set(tried)) {
    const [method, path] = route.split(' ') as [string, string];
    answers[route] = [await said(method, path, 0), await said(method, path, 1)];
  }
  const differing = Object.entries(answers).filter(
    ([, [theirs, nobodys]]) => JSON.stringify(theirs) !== JSON.stringify(nobodys),
  );
  expect(differing.map(([route]) => route)).toEqual([]);
  expect(Object.values(answers).filter(([{ status }]) => status >= 500)).toEqual([]);
  expect(Object.keys(answers).length).toBeGreaterThan(20);
});

test('a list, a page or a figure names nothing of another', async () => {
  const lists = routes.filter((route) => !(route in TRIED_ELSEWHERE) && !route.includes('/:'));
  for (const route of new Set(lists)) {
    const [method, path] = route.split(' ') as [string, string];
    const { status, text } = await said(method, path, 0);
    expect([route, text.includes(THEIRS), status < 500]).toEqual([route, false, true]);
  }
});

test('what changes something of another is refused as if it were nobody’s', async () => {
  const changing = Object.entries(TRIED_ELSEWHERE).filter(([, where]) => where.startsWith('here'));
  for (const [route] of changing) {
    const [method, path] = route.split(' ') as [string, string];
    const [theirs, nobodys] = [await said(method, path, 0), await said(method, path, 1)];
    expect([route, theirs]).toEqual([route, nobodys]);
    expect([route, theirs.status >= 400 && theirs.status < 500]).toEqual([route, true]);
  }
  expect(routes).toEqual(expect.arrayContaining(Object.keys(TRIED_ELSEWHERE)));
});
