import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { rawRequest } from '../support/raw-http.js';
import type { RawAnswer } from '../support/raw-http.js';
import { documentOf, sighting } from './capture-event-types.js';

let app: TestApp;
let key = '';
beforeAll(async () => {
  app = await startApp({
    env: { ALLOWED_HOSTS: 'custody.example', ALLOWED_ORIGINS: 'https://portal.example' },
    // A service that others can reach asks for a key.
    onFirstKey: (secret) => (key = `X-API-Key: ${secret}`),
  });
});
afterAll(async () => {
  await app.stop();
});

interface Asked {
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

const ask = (
  line: string,
  { host = 'localhost', headers = [], body = '' }: Asked = {},
): Promise<RawAnswer> =>
  rawRequest(
    app.url,
    [
      `${line} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: close',
      ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      key,
      ...headers,
    ],
    body,
  );

const upgrade = (
  path: string,
  headers: readonly string[] = [],
  asked: Asked = {},
): Promise<RawAnswer> =>
  rawRequest(app.url, [
    `GET ${path} HTTP/1.1`,
    `Host: ${asked.host ?? 'localhost'}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    ...(headers.some((line) => /^Sec-WebSocket-Version/i.test(line))
      ? []
      : ['Sec-WebSocket-Version: 13']),
    ...(headers.some((line) => /^Sec-WebSocket-Key/i.test(line))
      ? []
      : ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']),
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    key,
    ...headers,
  ]);

/** Status and code of a problem document, or of the one error of a GraphQL answer. */
function problemOf({ status, headers, text }: RawAnswer): [number, unknown] {
  const body = JSON.parse(text) as {
    status?: number;
    code?: string;
    errors?: { extensions: { code: string } }[];
  };
  if (body.errors !== undefined) return [status, body.errors[0]?.extensions.code];
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({ type: expect.any(String) as unknown, status });
  return [status, body.code];
}

const GRAPHQL_WRITE = JSON.stringify({
  query: 'mutation ($document: JSON!) { captureEvents(document: $document) { __typename } }',
  variables: { document: documentOf(sighting('G')) },
});
const JSON_BODY = 'Content-Type: application/json';
const CAPTURE = JSON.stringify(documentOf(sighting('A')));

/** One request of every route the service has, with what it would write. */
async function everyRoute(): Promise<[string, Asked][]> {
  const { paths } = (await (await fetch(`${app.url}/epcis/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown> & { servers?: { url: string }[] }>;
  };
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((name) => ['get', 'post', 'put', 'delete', 'options'].includes(name))
      .map((method): [string, Asked] => {
        const base = item.servers?.[0]?.url === '/' ? '' : '/epcis';
        const line = `${method.toUpperCase()} ${base}${path.replaceAll(/\{\w+\}/g, 'x')}`;
        const writes = method === 'post' || method === 'put';
        return [line, writes ? { headers: [JSON_BODY], body: CAPTURE } : {}];
      }),
  );
  const others: [string, Asked][] = [
    ['GET /graphql?query={__typename}', { headers: ['apollo-require-preflight: 1'] }],
    ['GET /graphql', { headers: ['Accept: text/html'] }],
    ['POST /graphql', { headers: [JSON_BODY], body: GRAPHQL_WRITE }],
    ['GET /health/live', {}],
    ['GET /health/ready', {}],
    ['GET /metrics', {}],
    ['GET /playground/assets/x.js', {}],
    ['GET /nothing', {}],
    ['DELETE /serials', {}],
    ['GET /epcis/nothing', {}],
    ['PROPFIND /graphql', {}],
  ];
  return [...described, ...others];
}

/** The header with the key. */
const known = (): Record<string, string> =>
  Object.fromEntries([key.split(': ')]) as Record<string, string>;

/** What the metrics say of captured events: nothing as long as there are none. */
async function capturedEvents(): Promise<string> {
  const text = await (await fetch(`${app.url}/metrics`, { headers: known() })).text();
  return /^custody_captured_events_total\{.*$/m.exec(text)?.[0] ?? '';
}

describe('a name that is not ours', () => {
  test('gets 421 at every route, and nothing is written', async () => {
    const routes = await everyRoute();
    expect(routes.length).toBeGreaterThan(60);
    for (const [line, asked] of routes) {
      const answer = await ask(line, { ...asked, host: 'evil.example:4000' });

      expect([line, ...problemOf(answer)]).toEqual([line, 421, 'MISDIRECTED_REQUEST']);
    }
    expect(await capturedEvents()).toBe('');
  });

  test('opens no socket, at any path', async () => {
    for (const path of ['/graphql', '/epcis/queries/x/events', '/nothing'])
      expect(problemOf(await upgrade(path, [], { host: 'evil.example' }))).toEqual([
        421,
        'MISDIRECTED_REQUEST',
      ]);
  });

  test('is ours when it is in ALLOWED_HOSTS', async () => {
    expect((await ask('GET /health/live', { host: 'custody.example:443' })).status).toBe(200);
    expect((await upgrade('/graphql', [], { host: 'custody.example' })).status).toBe(101);
  });
});

describe('a foreign page', () => {
  test.each(['https://evil.example', 'null', 'http://localhost:5173'])(
    'of %s writes nowhere, opens no socket, and may read what browsers keep from it',
    async (origin) => {
      const routes = await everyRoute();
      const writes = routes.filter(([line]) => /^(POST|PUT|DELETE)/.test(line));
      for (const [line, asked] of writes) {
        const headers = [...(asked.headers ?? []), `Origin: ${origin}`];

        expect([line, ...problemOf(await ask(line, { ...asked, headers }))]).toEqual([
          line,
          403,
          'FORBIDDEN',
        ]);
      }
      for (const path of ['/graphql', '/epcis/queries/x/events'])
        expect(problemOf(await upgrade(path, [`Origin: ${origin}`]))).toEqual([403, 'FORBIDDEN']);
      expect((await ask('GET /health/live', { headers: [`Origin: ${origin}`] })).status).toBe(200);
      expect(await capturedEvents()).toBe('');
    },
    60_000,
  );

  test('of this service, or of ALLOWED_ORIGINS, is let in to write and to open sockets', async () => {
    for (const origin of ['http://localhost', 'https://portal.example']) {
      const headers = [JSON_BODY, `Origin: ${origin}`];
      const answer = await ask('POST /serials', { headers, body: '{}' });

      expect(problemOf(answer)).toEqual([400, 'BAD_USER_INPUT']);
      expect((await upgrade('/graphql', [`Origin: ${origin}`])).status).toBe(101);
    }
  });
});

describe('a page of another origin', () => {
  const from = (
    origin: string,
    path = '/graphql',
    { headers, ...init }: { headers?: Record<string, string>; method?: string; body?: string } = {},
  ): Promise<Response> =>
    fetch(`${app.url}${path}`, { ...init, headers: { ...known(), ...headers, origin } });
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type, x-request-id',
  };

  test('that is in ALLOWED_ORIGINS may ask, and may read every answer and its headers', async () => {
    const preflight = await from('https://portal.example', '/graphql', {
      method: 'OPTIONS',
      headers: asked,
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      'content-type, x-request-id',
    );
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');

    const body = JSON.stringify({ query: '{ __typename }' });
    const answers = await Promise.all([
      from('https://portal.example', '/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }),
      from('https://portal.example', '/epcis/events?eventCountLimit=none'),
      from('https://portal.example', '/nothing'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 404]);
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe('https://portal.example');
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
      expect(headers.get('vary')).toContain('Origin');
    }
  });

  test('that is not there gets no such header', async () => {
    const preflight = await from('https://evil.example', '/graphql', {
      method: 'OPTIONS',
      headers: asked,
    });
    const read = await from('https://evil.example', '/health/live');

    for (const { headers } of [preflight, read]) {
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  test('leaves OPTIONS of EPCIS to EPCIS, as what it tells is no preflight', async () => {
    const discovery = await from('https://portal.example', '/epcis/events', { method: 'OPTIONS' });

    expect(discovery.status).toBe(204);
    expect(discovery.headers.get('gs1-epcis-version')).toBe('2.0.0');
  });
});

describe('every refusal is a problem with a code', () => {
  const long = 'x'.repeat(140_000);
  test.each<[string, () => Promise<RawAnswer>, number, string]>([
    ['no HTTP', () => rawRequest(app.url, ['HELO']), 400, 'BAD_USER_INPUT'],
    [
      'no Host',
      () => rawRequest(app.url, ['GET /health/live HTTP/1.1', 'Connection: close']),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'two Hosts',
      () => ask('GET /graphql', { headers: ['Host: localhost'] }),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'two lengths',
      () => ask('POST /serials', { headers: ['Content-Length: 1', 'Content-Length: 2'] }),
      400,
      'BAD_USER_INPUT',
    ],
    ['an address that cannot be decoded', () => ask('GET /%zz'), 400, 'BAD_USER_INPUT'],
    ['an unknown path', () => ask('GET /nothing?x=1'), 404, 'NOT_FOUND'],
    [
      'an unknown path with a body nobody reads',
      () => ask('POST /nothing', { headers: ['Content-Type: x/y'], body: '{' }),
      404,
      'NOT_FOUND',
    ],
    ['an unknown path of EPCIS', () => ask('GET /epcis/nothing'), 404, 'NOT_FOUND'],
    [
      'an unknown file of the playground',
      () => ask('GET /playground/assets/nothing.js'),
      404,
      'NOT_FOUND',
    ],
    ['another method of /graphql', () => ask('PUT /graphql'), 405, 'OPERATION_NOT_ALLOWED'],
    ['an unknown method', () => ask('PROPFIND /metrics'), 405, 'OPERATION_NOT_ALLOWED'],
    [
      'a type serials are not written as',
      () => ask('GET /serials/x', { headers: ['Accept: image/png'] }),
      406,
      'NOT_ACCEPTABLE',
    ],
    ['too long an address', () => ask(`GET /${long}`), 414, 'URI_TOO_LONG'],
    ['too long headers', () => ask('GET /', { headers: [`X: ${long}`] }), 431, 'HEADERS_TOO_LARGE'],
    [
      'a body of another type',
      () => ask('POST /serials', { headers: ['Content-Type: text/csv'], body: 'a' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'an expectation',
      () => ask('GET /', { headers: ['Expect: magic'] }),
      417,
      'EXPECTATION_FAILED',
    ],
    ['a socket where there is none', () => upgrade('/nothing'), 404, 'NOT_FOUND'],
    [
      'a socket of no query',
      () => upgrade('/epcis/queries/nothing/events?stream=true'),
      404,
      'NO_SUCH_NAME',
    ],
    [
      'a socket without a key',
      () => upgrade('/graphql', ['Sec-WebSocket-Key: x']),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a socket of another version',
      () => upgrade('/graphql', ['Sec-WebSocket-Version: 7']),
      426,
      'UPGRADE_REQUIRED',
    ],
  ])('%s', async (_, answer, status, code) => {
    expect(problemOf(await answer())).toEqual([status, code]);
  });

  test.each([
    ['/barcode/qr.svg', 'GET, HEAD'],
    ['/serials', 'POST'],
    ['/serials/x', 'GET, HEAD'],
    ['/graphql', 'GET, HEAD, POST'],
    ['/metrics', 'GET, HEAD'],
    ['/health/live', 'GET, HEAD'],
    ['/health/ready', 'GET, HEAD'],
  ])('other methods of %s are 405 with Allow: %s', async (path, allow) => {
    for (const method of [
      'DELETE',
      'PUT',
      'PATCH',
      'OPTIONS',
      ...(allow === 'POST' ? ['GET'] : []),
    ]) {
      const answer = await ask(`${method} ${path}`);

      expect(problemOf(answer)).toEqual([405, 'OPERATION_NOT_ALLOWED']);
      expect(answer.headers.get('allow')?.split(', ').sort().join(', ')).toBe(allow);
    }
  });
});
