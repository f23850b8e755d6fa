import { callerFault } from '../../../src/server/callers.rules.js';

const CALLERS = { hosts: ['custody.example'], origins: ['https://portal.example'] };

const ask = (
  headers: readonly (readonly [string, string])[],
  { method = 'POST', url = '/graphql', isSocket = false } = {},
): string | undefined =>
  callerFault({ method, url, rawHeaders: headers.flat() }, CALLERS, isSocket)?.code;

test.each([
  ...['127.0.0.1:4000', '127.0.0.1', '127.9.9.9:1', 'localhost:80', 'LocalHost', 'localhost.:4000'],
  ...['[::1]:4000', '[0:0:0:0:0:0:0:1]', '127.1:4000', 'custody.example', 'Custody.Example:8443'],
])('Host %s is ours, with any port', (host) => {
  expect(ask([['Host', host]])).toBeUndefined();
});

test.each([
  ...['evil.example:4000', '127.0.0.1.evil.example', 'localhost.evil.example', 'evil.localhost'],
  ...['sub.custody.example', '10.0.0.1', '[::2]', '0.0.0.0:4000', '[::ffff:10.0.0.1]'],
])('Host %s is not ours, whatever is asked', (host) => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE', 'PROPFIND'])
    expect(ask([['Host', host]], { method })).toBe('MISDIRECTED_REQUEST');
  expect(ask([['host', host]], { method: 'GET', isSocket: true })).toBe('MISDIRECTED_REQUEST');
});

test.each([
  ['none', []],
  ['two', ['localhost', 'localhost']],
  ['two, one of them foreign', ['localhost', 'evil.example']],
  ['an empty one', ['']],
  ['one with a user', ['evil.example@localhost']],
  ['one with a path', ['localhost/evil']],
  ['one with blanks', ['localhost evil']],
  ['a list', ['localhost, evil.example']],
])('%s is no Host', (_, hosts) => {
  expect(ask(hosts.map((host) => ['Host', host] as const))).toBe('BAD_USER_INPUT');
});

test('the name in an address counts as well as that in Host', () => {
  const asked = (url: string): string | undefined => ask([['Host', 'localhost']], { url });

  expect(asked('http://evil.example/graphql')).toBe('MISDIRECTED_REQUEST');
  expect(asked('http://localhost/graphql')).toBeUndefined();
  expect(asked('http://evil@localhost/graphql')).toBe('BAD_USER_INPUT');
});

test.each([
  'https://evil.example',
  'null',
  '',
  'http://localhost:5173',
  'file://',
  'localhost:4000',
])('a page of origin "%s" may not write, nor open a socket', (origin) => {
  const headers = [
    ['Host', 'localhost:4000'],
    ['Origin', origin],
  ] as const;

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
    expect(ask(headers, { method })).toBe('FORBIDDEN');
  expect(ask(headers, { method: 'GET', isSocket: true })).toBe('FORBIDDEN');
  expect(ask(headers, { method: 'GET' })).toBeUndefined();
});

test.each([
  ['http://localhost:4000', 'localhost:4000'],
  ['http://localhost', 'localhost:80'],
  ['https://custody.example', 'custody.example'],
  ['http://[::1]:4000', '[::1]:4000'],
  ['https://portal.example', 'localhost:4000'],
])('a page of %s may write at %s', (origin, host) => {
  expect(
    ask([
      ['Origin', origin],
      ['Host', host],
    ]),
  ).toBeUndefined();
});

test('what is not said to open a socket opens none', () => {
  const rawHeaders = ['Host', 'localhost', 'Origin', 'https://evil.example'];

  expect(callerFault({ method: 'GET', rawHeaders }, CALLERS)).toBeNull();
  expect(callerFault({ method: 'POST', rawHeaders }, CALLERS)?.code).toBe('FORBIDDEN');
});

test('one foreign origin among two is foreign', () => {
  const headers = [
    ['Host', 'localhost:4000'],
    ['Origin', 'http://localhost:4000'],
    ['Origin', 'https://evil.example'],
  ] as const;

  expect(ask(headers)).toBe('FORBIDDEN');
});
