import { rebuildProjection, verifyProjection } from '../../src/rebuild/index.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const RULED = '09506000134369';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
});

function post(body: unknown, accept = 'text/plain', url = app.url): Promise<Response> {
  return fetch(`${url}/serials`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });
}

const commissioning = (gtin: string, serials: readonly string[], eventID?: string): unknown => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-02T00:00:00Z',
  epcisBody: {
    eventList: [
      {
        type: 'ObjectEvent',
        ...(eventID === undefined ? {} : { eventID }),
        action: 'ADD',
        bizStep: 'commissioning',
        eventTime: '2026-01-01T00:00:00Z',
        eventTimeZoneOffset: '+00:00',
        epcList: serials.map((serial) => `https://id.gs1.org/01/${gtin}/21/${serial}`),
      },
    ],
  },
});

const EXCEPTIONS = `query ($ids: [ID!]!) { packages: packagesById(ids: $ids) { exceptions { code eventId at } } }`;
async function exceptionsOf(gtin: string, serials: readonly string[]): Promise<string[][]> {
  const ids = serials.map((serial) => `01/${gtin}/21/${serial}`);
  const { data } = await app.graphql(EXCEPTIONS, { ids });
  const packages = data['packages'] as { exceptions: { code: string }[] }[];
  return packages.map(({ exceptions }) => exceptions.map(({ code }) => code));
}

const ALLOCATE = `mutation ($input: AllocateSerialsInput!) { allocateSerials(input: $input) {
  __typename
  ... on SerialsAllocated { serials allocation { id: key gtin count allocatedTo alphabet length } }
  ... on SerialsRefused { reason argument rule remedy }
} }`;
async function allocate(input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { data, errors } = await app.graphql(ALLOCATE, { input });
  expect(errors).toBeUndefined();
  return data['allocateSerials'] as Record<string, unknown>;
}

test('fifty thousand serials are streamed, each on a line, and again when asked for', async () => {
  const response = await post({ gtin: GTIN, count: 50_000, allocatedTo: 'Line 1' });
  const text = await response.text();

  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const lines = text.split('\n').slice(0, -1);
  expect(new Set(lines).size).toBe(50_000);

  const again = await fetch(`${app.url}${response.headers.get('location')!}`);
  expect(again.status).toBe(200);
  expect(await again.text()).toBe(text);
});

test('serials come as CSV and as NDJSON', async () => {
  const request = { gtin: GTIN, count: 2, allocatedTo: 'Line 1' };

  const csv = await (await post(request, 'text/csv')).text();
  const ndjson = await (await post(request, 'application/x-ndjson')).text();

  expect(csv).toMatch(/^gtin,serial\r\n(09506000134352,\w{12}\r\n){2}$/);
  const rows = ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(rows).toEqual([
    { gtin: GTIN, serial: expect.stringMatching(/^\w{12}$/) as string },
    { gtin: GTIN, serial: expect.stringMatching(/^\w{12}$/) as string },
  ]);
});

test('who stops reading stops the work, and may fetch the rest later', async () => {
  const response = await post({ gtin: GTIN, count: 1_000_000, allocatedTo: 'Line 1' });
  const reader = response.body!.getReader();
  const value = ((await reader.read()) as { value: Uint8Array }).value;
  await reader.cancel();

  const serial = Buffer.from(value).toString('utf8').split('\n', 1)[0]!;

  expect(serial).toMatch(/^\w{12}$/);
  const { data } = await app.graphql(
    `{ serialStatus(gtin: "${GTIN}", serial: "${serial}") { allocation { count } commissioned } }`,
  );
  expect(data['serialStatus']).toEqual({ allocation: { count: 1_000_000 }, commissioned: false });
});

test.each([
  [{ gtin: '09506000134353', count: 1, allocatedTo: 'x' }, 400, 'gtin'],
  [{ gtin: GTIN, count: 1_000_001, allocatedTo: 'x' }, 400, 'count'],
  [{ gtin: GTIN, count: '1', allocatedTo: 'x' }, 400, 'count'],
  [{ gtin: GTIN, count: 1 }, 400, 'allocatedTo'],
  [{ gtin: GTIN, count: 1, allocatedTo: 'x', seed: 1 }, 400, 'seed'],
  [{ gtin: GTIN, count: 1000, allocatedTo: 'x', alphabet: '0123456789', length: 7 }, 400, 'length'],
  [[], 400, 'body'],
])('%j is refused with %i at %s', async (body, status, argument) => {
  const response = await post(body);

  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({
    argument,
    rule: expect.any(String) as string,
    remedy: expect.any(String) as string,
  });
});

test('fifty thousand brackets are a fault of the sender', async () => {
  const response = await fetch(`${app.url}/serials`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '['.repeat(50_000) + ']'.repeat(50_000),
  });

  expect(response.status).toBe(400);
});

test('an unknown allocation is 404, an unknown media type 406', async () => {
  expect((await fetch(`${app.url}/serials/nobody`)).status).toBe(404);
  expect((await post({ gtin: GTIN, count: 1, allocatedTo: 'x' }, 'image/png')).status).toBe(406);
});

test('GraphQL gives up to ten thousand, and says where there are more', async () => {
  const given = await allocate({ gtin: GTIN, count: 10_000, allocatedTo: 'Line 1' });
  const refused = await allocate({ gtin: GTIN, count: 10_001, allocatedTo: 'Line 1' });

  expect(new Set(given['serials'] as string[]).size).toBe(10_000);
  expect(JSON.stringify(given)).not.toContain('key');
  expect(refused).toMatchObject({
    __typename: 'SerialsRefused',
    reason: 'COUNT',
    remedy: expect.stringContaining('POST /serials') as string,
  });
});

test('a serial no pool gave out is an exception where the product says so, and nowhere else', async () => {
  const register = await app.graphql(`mutation {
    registerProducts(products: [{ gtin: "${RULED}", serialsFromPools: true }]) { __typename }
  }`);
  expect(register.errors).toBeUndefined();
  const given = await allocate({ gtin: RULED, count: 2, allocatedTo: 'Line 1' });
  const [one, other] = given['serials'] as string[];

  await app.capture(
    commissioning(RULED, [one!, 'MADE-UP'], 'urn:uuid:00000000-0000-4000-8000-000000000001'),
  );
  await app.capture(commissioning(GTIN, ['MADE-UP']));

  expect(await exceptionsOf(RULED, [one!, 'MADE-UP'])).toEqual([[], ['SERIAL_NOT_ALLOCATED']]);
  expect(await exceptionsOf(GTIN, ['MADE-UP'])).toEqual([[]]);
  const { data } = await app.graphql(`{
    product(gtin: "${RULED}") { serialsFromPools }
    used: serialStatus(gtin: "${RULED}", serial: "${one}") { commissioned allocation { allocatedTo } }
    unused: serialStatus(gtin: "${RULED}", serial: "${other}") { commissioned allocation { allocatedTo } }
    stray: serialStatus(gtin: "${RULED}", serial: "MADE-UP") { commissioned allocation { allocatedTo } }
  }`);
  expect(data).toEqual({
    product: { serialsFromPools: true },
    used: { commissioned: true, allocation: { allocatedTo: 'Line 1' } },
    unused: { commissioned: false, allocation: { allocatedTo: 'Line 1' } },
    stray: { commissioned: true, allocation: null },
  });
});

test('the exception survives a rebuild, and goes when its event is declared in error', async () => {
  const eventID = 'urn:uuid:00000000-0000-4000-8000-000000000002';
  await app.capture(commissioning(RULED, ['STRAY-2'], eventID));
  await rebuildProjection(app.graph, () => undefined);

  expect(await exceptionsOf(RULED, ['STRAY-2'])).toEqual([['SERIAL_NOT_ALLOCATED']]);
  expect(await verifyProjection(app.graph, () => undefined)).toMatchObject({
    unexpected: [],
    missing: [],
  });

  const document = commissioning(RULED, ['STRAY-2'], eventID) as {
    epcisBody: { eventList: Record<string, unknown>[] };
  };
  document.epcisBody.eventList[0]!['errorDeclaration'] = {
    declarationTime: '2026-01-03T00:00:00Z',
  };
  const declared = await app.capture(document);
  expect(declared.status).toBe(202);
  expect((await exceptionsOf(RULED, ['STRAY-2'])).flat()).toEqual([]);
});

test('switched off again, the rule is silent', async () => {
  await app.graphql(`mutation {
    registerProducts(products: [{ gtin: "${RULED}", serialsFromPools: false }]) { __typename }
  }`);
  await app.capture(commissioning(RULED, ['STRAY-3']));

  expect(await exceptionsOf(RULED, ['STRAY-3'])).toEqual([[]]);
});
