import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';

const ID = '(01)09506000134352(21)A1';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await app.capture({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-01-02T00:00:00Z',
    epcisBody: {
      eventList: [
        {
          type: 'ObjectEvent',
          action: 'ADD',
          bizStep: 'commissioning',
          eventTime: '2026-01-01T00:00:00Z',
          eventTimeZoneOffset: '+00:00',
          epcList: ['https://id.gs1.org/01/09506000134352/21/A1'],
          ilmd: { 'cbvmda:lotNumber': 'L7', 'cbvmda:itemExpirationDate': '2028-06-30' },
        },
      ],
    },
  });
});
afterAll(async () => {
  await app.stop();
});

const get = (file: string, query: Record<string, string>, headers = {}): Promise<Response> =>
  fetch(`${app.url}/barcode/${file}?${new URLSearchParams(query).toString()}`, { headers });

test('a barcode of a pack says the lot and expiry that events stated', async () => {
  const { data, errors } = await app.graphql(`{
    barcode(id: "${ID}", format: DATAMATRIX) { format text raw svg png }
  }`);

  expect(errors).toBeUndefined();
  const { svg, png, ...said } = data['barcode'] as Record<string, string>;
  expect(said).toEqual({
    format: 'DATAMATRIX',
    text: '(01)09506000134352(17)280630(10)L7(21)A1',
    raw: ']d201095060001343521728063010L7\u001d21A1',
  });
  expect(svg).toMatch(/^<svg viewBox/);
  expect(Buffer.from(png!, 'base64').subarray(1, 4).toString()).toBe('PNG');
});

test.each([
  ['datamatrix', 'DATAMATRIX'],
  ['gs1-128', 'GS1_128'],
  ['qr_digital_link', 'QR_DIGITAL_LINK'],
])('/barcode/%s gives SVG and PNG', async (name) => {
  const svg = await get(`${name}.svg`, { id: ID });
  const png = await get(`${name}.png`, { id: ID, scale: '3' });

  expect([svg.status, svg.headers.get('content-type')]).toEqual([
    200,
    'image/svg+xml; charset=utf-8',
  ]);
  expect(await svg.text()).toMatch(/^<svg/);
  expect([png.status, png.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(
    Buffer.from(await png.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
});

test('a picture that did not change is not sent again', async () => {
  const first = await get('datamatrix.svg', { id: ID });
  const etag = first.headers.get('etag')!;

  expect(first.headers.get('cache-control')).toBe('private, max-age=60');
  const second = await get('datamatrix.svg', { id: ID }, { 'if-none-match': `W/${etag}` });
  expect([second.status, await second.text()]).toEqual([304, '']);
  const other = await get('datamatrix.svg', { id: ID, scale: '4' }, { 'if-none-match': etag });
  expect(other.status).toBe(200);
});

test.each([
  ['datamatrix.svg', { id: '(01)09506000134353(21)A1' }, 400, 'id'],
  ['datamatrix.svg', {}, 400, 'id'],
  ['datamatrix.svg', { id: ID, scale: '11' }, 400, 'scale'],
  ['datamatrix.svg', { id: ID, scale: 'big' }, 400, 'scale'],
  ['datamatrix.svg', { id: ID, colour: 'red' }, 400, 'colour'],
  ['datamatrix.svg', { id: ID, lot: 'L8' }, 409, 'lot'],
  ['aztec.svg', { id: ID }, 404, undefined],
  ['datamatrix.gif', { id: ID }, 404, undefined],
])('/barcode/%s with %j is refused with %i', async (file, query, status, argument) => {
  const response = await get(file, query);

  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body['argument']).toBe(argument);
});

test('GraphQL names the argument at fault', async () => {
  const { errors } = await app.graphql(`{ barcode(id: "nonsense", format: GS1_128) { text } }`);

  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    argument: 'id',
    rule: expect.any(String) as string,
    remedy: expect.any(String) as string,
  });
});
