import type { View } from '../../../src/access/view.js';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { DOCUMENT_TYPES } from '../../../src/epcis-rest/body.js';
import { registerEpcis } from '../../../src/epcis-rest/routes.js';
import type { EpcisResource } from '../../../src/epcis-rest/resource.js';
import { READ_HEAD_BYTES, refuseConnection, unroutable } from '../../../src/server/unroutable.js';
import { silentLogger } from '../../../src/shared/logger.js';
import { Problem } from '../../../src/shared/problem.js';

const LIMIT = 10_000;

/** Says back what a handler gets, and fails as it is told. */
const ECHO: EpcisResource = {
  path: '/echo/{word}',
  discovery: { 'GS1-EPCIS-Capture-File-Size-Limit': String(LIMIT) },
  exists: ({ word }) => Promise.resolve(word !== 'nothing'),
  operations: [
    {
      method: 'GET',
      scope: 'read',
      about: { summary: 'Echo.', responses: { 200: { description: 'echo' } } },
      handle: ({ params, query, headers, syntax }) => {
        if (query.has('fail')) throw new Error('secret');
        if (query.has('slow')) throw new Problem('TIMEOUT', 'too slow');
        const told = JSON.stringify({ ...params, query: [...query], ...headers });
        return { status: 200, body: syntax === 'JSON' ? told : '<echo/>' };
      },
    },
    {
      method: 'POST',
      scope: 'capture',
      about: { summary: 'Take.', responses: { 201: { description: 'taken' } } },
      handle: async ({ body }) => {
        const { bytes, contentType } = await body({ types: DOCUMENT_TYPES });
        return { status: 201, body: JSON.stringify({ size: bytes.length, contentType }) };
      },
    },
  ],
};

let http: FastifyInstance;
let url: string;
beforeAll(async () => {
  http = Fastify({
    http: { maxHeaderSize: READ_HEAD_BYTES },
    routerOptions: { maxParamLength: READ_HEAD_BYTES },
    frameworkErrors: unroutable(silentLogger),
    clientErrorHandler: refuseConnection(silentLogger),
  });
  const deps = {
    viewFor: () => ({}) as View,
    logger: silentLogger,
    bodyLimitBytes: LIMIT,
    vendorVersion: 'test 1',
    questionTimeoutMs: 0,
    isRevoked: (token: string) => Promise.resolve(token === 'gone'),
  };
  registerEpcis(http, deps, [
    (routes) => {
      routes.resource(ECHO);
    },
  ]);
  url = `${await http.listen({ port: 0, host: '127.0.0.1' })}/epcis`;
});
afterAll(() => http.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, { headers });
const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<Response> => fetch(`${url}/echo/x`, { method: 'POST', headers, body });

describe('what is accepted', () => {
  test.each([
    ['*/*', 'application/json'],
    ['application/ld+json', 'application/ld+json'],
    ['application/xml', 'application/xml'],
    ['text/xml;q=0.9, application/json;q=0.1', 'text/xml'],
    ['application/json;q=0.2, */*;q=0.1, application/xml;q=0', 'application/json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/xml'],
    ['application/*;q=0.5, text/*', 'text/xml'],
  ])('%s is answered as %s', async (accept, type) => {
    const { status, headers } = await get('/echo/x', { accept });

    expect([status, headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
  });

  test.each([
    ['text/csv', 'application/problem+json; charset=utf-8'],
    ['application/problem+xml', 'application/problem+xml; charset=utf-8'],
  ])('%s is 406, told as %s', async (accept, type) => {
    const { status, headers } = await get('/echo/x', { accept });

    expect([status, headers.get('content-type')]).toEqual([406, type]);
  });
});

describe('versions', () => {
  test.each([
    [{ 'GS1-EPCIS-Version': '2.0' }, '2.0.0'],
    [{ 'GS1-EPCIS-Min': '1.0.0', 'GS1-EPCIS-Max': '2.0.0' }, '2.0.0'],
    [{ 'GS1-EPCIS-Max': '1.2.0', accept: 'application/xml' }, '1.2.0'],
    [{ 'GS1-CBV-Version': '1.2', accept: 'text/xml' }, '1.2.0'],
  ])('%j give %s', async (asked, version) => {
    const { status, headers } = await get('/echo/x', asked);

    expect([status, headers.get('gs1-epcis-version')]).toEqual([200, version]);
  });

  test.each([
    [{ 'GS1-EPCIS-Version': '1.1', accept: 'application/xml' }, 406],
    [{ 'GS1-EPCIS-Version': '3.0' }, 406],
    [{ 'GS1-EPCIS-Min': '2.1' }, 406],
    [{ 'GS1-EPCIS-Max': '1.2' }, 406],
    [{ 'GS1-EPCIS-Version': 'two' }, 400],
    [{ 'GS1-EPCIS-Version': '' }, 400],
    [{ 'GS1-EPCIS-Version': '12345678901234567890.1' }, 406],
    [{ 'GS1-EPC-Format': 'Always' }, 400],
    [{ 'GS1-CBV-XML-Format': 'urn' }, 400],
    [{ 'GS1-Extensions': 'nothing' }, 400],
  ])('%j are %i', async (asked, status) => {
    const response = await get('/echo/x', asked);
    const [name = ''] = Object.keys(asked);

    expect(response.status).toBe(status);
    await expect(response.text()).resolves.toContain(name.slice(0, 9));
  });

  test('the formats and extensions asked for reach the handler; extensions are said back', async () => {
    const response = await get(
      '/echo/urn:epc:id:sgln:0614141.1.0%2Fx?a=b%7Cc&GE_t=2026-01-01T00:00:00+02:00',
      {
        'GS1-EPC-Format': 'always_epc_urn',
        'GS1-Extensions': 'ext=https://example.com/a/, b=urn:b:',
      },
    );

    await expect(response.json()).resolves.toMatchObject({
      word: 'urn:epc:id:sgln:0614141.1.0/x',
      query: [
        ['a', 'b|c'],
        ['GE_t', '2026-01-01T00:00:00+02:00'],
      ],
      epcFormat: 'Always_EPC_URN',
      extensions: { ext: 'https://example.com/a/', b: 'urn:b:' },
    });
    expect(response.headers.get('gs1-extensions')).toBe('ext=https://example.com/a/,b=urn:b:');
  });

  test('EPCs are Digital Links unless asked otherwise', async () => {
    await expect((await get('/echo/x')).json()).resolves.toMatchObject({
      epcFormat: 'Always_GS1_Digital_Link',
    });
  });
});

describe('a body', () => {
  const text = JSON.stringify({ a: 'a'.repeat(5000) });
  const json = { 'content-type': 'application/json' };

  test.each([
    ['identity', Buffer.from(text)],
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
  ])('in %s is taken', async (encoding, body) => {
    const response = await post(body, { ...json, 'content-encoding': encoding });

    expect(response.status).toBe(201);
    await expect(response.json()).resolves.toMatchObject({ size: text.length });
  });

  test.each([
    ['plain', Buffer.alloc(LIMIT + 1, 'a'), 'identity'],
    ['compressed a thousand times', gzipSync(Buffer.alloc(50_000_000)), 'gzip'],
  ])('over the limit, %s, is 413 with the limit in a header', async (_, body, encoding) => {
    const before = process.memoryUsage().rss;
    const response = await post(body, { ...json, 'content-encoding': encoding });

    expect(response.status).toBe(413);
    expect(response.headers.get('gs1-epcis-capture-file-size-limit')).toBe(String(LIMIT));
    await expect(response.json()).resolves.toMatchObject({
      type: 'epcisException:CaptureLimitExceededException',
      status: 413,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
  });

  test('of exactly the limit is taken, chunked too', async () => {
    const bytes = Buffer.alloc(LIMIT, 'a');
    const stream = new Blob([bytes]).stream();
    const chunked = { method: 'POST', headers: json, body: stream, duplex: 'half' };

    expect((await post(bytes)).status).toBe(201);
    expect((await fetch(`${url}/echo/x`, chunked as RequestInit)).status).toBe(201);
  });

  test.each([
    [{ 'content-type': 'text/csv' }, 415],
    [{ 'content-type': 'not a type' }, 415],
    [{ 'content-type': 'application/problem+json' }, 415],
    [{ ...json, 'content-encoding': 'zstd' }, 415],
    [{ ...json, 'content-encoding': 'gzip' }, 400],
  ])('with %j is %i', async (headers, status) => {
    const response = await post('{}', headers);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test('cut short by compression is 400, and the connection goes on', async () => {
    const cut = gzipSync(text).subarray(0, 20);

    expect((await post(cut, { ...json, 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post('{}')).status).toBe(201);
  });
});

describe('problems', () => {
  test('what is not there is 404, a method that is not served 405 with Allow', async () => {
    const missing = await get('/nowhere');
    const patched = await fetch(`${url}/echo/x`, { method: 'PATCH' });
    const search = await fetch(`${url}/openapi.json`, { method: 'PROPFIND' });
    const query = await fetch(`${url}/openapi.json`, { method: 'QUERY' });

    expect([missing.status, patched.status, search.status, query.status]).toEqual([
      404, 405, 405, 405,
    ]);
    expect(patched.headers.get('allow')).toBe('OPTIONS, GET, HEAD, POST');
    await expect(missing.json()).resolves.toMatchObject({
      type: 'epcisException:NoSuchResourceException',
      title: 'Resource not found',
      status: 404,
    });
  });

  test('are XML where that is accepted, and well-formed whatever is in them', async () => {
    const response = await get('/nowhere%00%1F<&%22', { accept: 'application/xml' });
    const text = await response.text();

    expect(response.headers.get('content-type')).toBe('application/problem+xml; charset=utf-8');
    expect(text).toMatch(/<epcis:EPCISException [^>]+><type>epcisException:NoSuch/);
    expect(text).toContain('<status>404</status>');
    expect(text).not.toContain('\0');
  });

  test('of ours are a reference only; what took too long is the query', async () => {
    const failed = (await (await get('/echo/x?fail')).json()) as Record<string, unknown>;
    const slow = await get('/echo/x?slow');

    expect(failed).toMatchObject({ type: 'epcisException:ImplementationException', status: 500 });
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect(slow.status).toBe(413);
    expect(slow.headers.has('gs1-epcis-capture-file-size-limit')).toBe(false);
    await expect(slow.json()).resolves.toMatchObject({
      type: 'epcisException:QueryTooComplexException',
    });
  });

  test.each([
    ['/echo/%', 400],
    ['/echo/%E0%A4%A', 400],
    [`/echo/${'e'.repeat(70_000)}`, 414],
    [`/echo/x?EQ_a=${'e'.repeat(70_000)}`, 414],
  ])('%s is refused', async (path, status) => {
    const response = await get(path);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test('an address longer than a head may be is 414 too', async () => {
    const { port } = new URL(url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => {
        resolve(text);
      });
      socket.write(`GET /epcis/echo/${'e'.repeat(READ_HEAD_BYTES + 1000)} HTTP/1.1\r\n`);
    });

    expect(answer).toMatch(/^HTTP\/1\.1 414 /);
    expect(answer).toContain('URITooLongException');
  });

  test('a long identifier in the path is none', async () => {
    expect((await get(`/echo/${'e'.repeat(20_000)}`)).status).toBe(200);
  });

  test('a deleted nextPageToken is refused', async () => {
    const response = await get('/echo/x?nextPageToken=gone');

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      type: 'epcisException:QueryParameterException',
    });
  });
});

describe('OPTIONS and HEAD', () => {
  test('OPTIONS tells methods, versions, formats and limits, and has no content', async () => {
    const response = await fetch(`${url}/echo/x`, { method: 'OPTIONS' });

    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      allow: 'OPTIONS, GET, HEAD, POST',
      'gs1-epcis-version': '2.0.0',
      'gs1-epcis-min': '1.2.0',
      'gs1-epcis-max': '2.0.0',
      'gs1-cbv-version': '2.0.0',
      'gs1-vendor-version': 'test 1',
      'gs1-epcis-capture-file-size-limit': String(LIMIT),
    });
    expect((await fetch(`${url}/echo/nothing`, { method: 'OPTIONS' })).status).toBe(404);
  });

  test('HEAD is GET without the content', async () => {
    const [head, whole] = [await fetch(`${url}/echo/x`, { method: 'HEAD' }), await get('/echo/x')];

    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String((await whole.text()).length));
    await expect(head.text()).resolves.toBe('');
  });
});

test('openapi.json describes what was added, itself included, and nothing else', async () => {
  const { paths } = (await (await get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };

  expect(Object.keys(paths)).toEqual(['/echo/{word}', '/openapi.json']);
  expect(Object.keys(paths['/echo/{word}']!)).toEqual(['parameters', 'options', 'get', 'post']);
});

test('a path that ends where a value should stand is not there', async () => {
  for (const method of ['GET', 'OPTIONS']) {
    const response = await fetch(`${url}/echo/`, { method });
    expect([method, response.status]).toEqual([method, 404]);
  }
});

test('caches are told that an answer depends on the form and version asked for', async () => {
  const vary = (await get('/echo/x')).headers.get('vary')?.split(', ');

  expect(vary).toEqual(
    expect.arrayContaining(['Accept', 'GS1-EPC-Format', 'GS1-CBV-XML-Format', 'GS1-EPCIS-Max']),
  );
});
