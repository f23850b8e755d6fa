import {
  parseQueryRequest,
  parseSocketRequest,
  parseWebhookRequest,
} from '../../../src/epcis-subscription/subscription-request.rules.js';

const DEST = 'https://client.example.com/callback';

test('a stream with a token, as in GS1 OpenAPI', () => {
  expect(parseWebhookRequest({ dest: DEST, signatureToken: 't0k3n', stream: true })).toEqual({
    dest: DEST,
    token: 't0k3n',
    schedule: null,
    reportIfEmpty: false,
    initialRecordTime: null,
    epcFormat: 'Always_GS1_Digital_Link',
  });
});

test('a schedule with all there is; "secret" is the token', () => {
  const body = {
    dest: DEST,
    secret: 't0k3n',
    schedule: { hour: '1', minute: 5 },
    reportIfEmpty: true,
    initialRecordTime: '2020-04-04T20:33:31.116-06:00',
    somethingElse: 1,
  };

  expect(parseWebhookRequest(body, 'Always_EPC_URN')).toEqual({
    dest: DEST,
    token: 't0k3n',
    schedule: { hour: '1', minute: '5' },
    reportIfEmpty: true,
    initialRecordTime: Date.parse('2020-04-05T02:33:31.116Z'),
    epcFormat: 'Always_EPC_URN',
  });
});

test.each<[string, unknown, string, string]>([
  ['neither stream nor schedule', { dest: DEST }, 'schedule', 'is missing'],
  ['both', { dest: DEST, stream: true, schedule: { hour: '1' } }, 'stream', 'excludes'],
  ['no stream', { dest: DEST, stream: false }, 'schedule', 'is missing'],
  ['a stream in quotes', { dest: DEST, stream: 'true' }, 'stream', 'true or false'],
  ['no destination', { stream: true }, 'dest', 'must be the URL'],
  ['a destination that is no URL', { dest: 'client', stream: true }, 'dest', 'must be the URL'],
  [
    'a destination of 2,001 characters',
    { dest: DEST.padEnd(2001, 'x'), stream: true },
    ...(['dest', 'at most 2000'] as const),
  ],
  [
    'a trigger',
    { dest: DEST, trigger: 'urn:x:y', schedule: { hour: '1' } },
    ...(['trigger', 'is not supported'] as const),
  ],
  [
    'an instant without offset',
    { dest: DEST, stream: true, initialRecordTime: '2020-04-04' },
    ...(['initialRecordTime', 'with its offset'] as const),
  ],
  [
    'an instant as a number',
    { dest: DEST, stream: true, initialRecordTime: 5 },
    ...(['initialRecordTime', 'with its offset'] as const),
  ],
  [
    'an unknown format of EPCs',
    { dest: DEST, stream: true, epcFormat: 'Sometimes' },
    ...(['GS1-EPC-Format', 'Always_EPC_URN'] as const),
  ],
  [
    'reportIfEmpty as text',
    { dest: DEST, schedule: { hour: '1' }, reportIfEmpty: 'yes' },
    ...(['reportIfEmpty', 'true or false'] as const),
  ],
  ['a list', [DEST], 'body', 'JSON object'],
  ['nothing', null, 'body', 'JSON object'],
  ['a text', DEST, 'body', 'JSON object'],
])('%s is refused, and the refusal says where and why', (_what, body, parameter, why) => {
  expect(() => parseWebhookRequest(body)).toThrow(
    expect.objectContaining({
      code: 'SUBSCRIPTION_CONTROLS',
      message: expect.stringContaining(why) as string,
      details: { parameter },
    }) as Error,
  );
});

test('what is null is as if left out', () => {
  const nothing = {
    ...{ dest: DEST, schedule: null, reportIfEmpty: null, initialRecordTime: null },
    ...{ signatureToken: null, secret: null, epcFormat: null },
  };

  expect(parseWebhookRequest({ ...nothing, stream: true })).toEqual(
    parseWebhookRequest({ dest: DEST, stream: true }),
  );
  expect(parseWebhookRequest({ ...nothing, stream: null, schedule: { hour: '1' } })).toMatchObject({
    schedule: { hour: '1' },
    token: null,
  });
});

test('destinations and tokens may be as long as is said, and a token may be told under both names', () => {
  const dest = DEST.padEnd(2000, 'x');
  const token = 't'.repeat(1024);

  expect(
    parseWebhookRequest({ dest, stream: true, signatureToken: token, secret: token }),
  ).toMatchObject({ dest, token });
  expect(
    parseWebhookRequest({ dest, stream: true, signatureToken: 't', secret: null }),
  ).toMatchObject({ token: 't' });
});

test('the format of EPCs may be told in the body, and the header wins', () => {
  const body = { dest: DEST, stream: true, epcFormat: 'Never_Translates' };

  expect(parseWebhookRequest(body).epcFormat).toBe('Never_Translates');
  expect(parseWebhookRequest(body, 'No_Preference').epcFormat).toBe('No_Preference');
});

test.each([
  [{ dest: DEST, stream: true, signatureToken: ['hush-hush'] }],
  [{ dest: DEST, stream: true, signatureToken: 'hush-hush'.repeat(200) }],
  [{ dest: DEST, stream: true, signatureToken: 'hush'.repeat(256) + '!' }],
  [{ dest: DEST, stream: true, signatureToken: '' }],
  [{ dest: DEST, stream: true, signatureToken: 'hush-hush', secret: 'other' }],
])('a token that is not taken is not repeated in the refusal', (body) => {
  expect(() => parseWebhookRequest(body)).toThrow(
    expect.objectContaining({
      code: 'SUBSCRIPTION_CONTROLS',
      message: expect.not.stringContaining('hush') as string,
    }) as Error,
  );
});

test('a socket takes the parts of a schedule, or stream', () => {
  const scheduled = parseSocketRequest(new URLSearchParams('minute=5&hour=1&reportIfEmpty=true'));
  const streamed = 'stream=true&reportIfEmpty=false&initialRecordTime=2026-04-04T20:33:31.116Z';

  expect(scheduled).toEqual({
    ...{ schedule: { minute: '5', hour: '1' }, reportIfEmpty: true, initialRecordTime: null },
    epcFormat: 'Always_GS1_Digital_Link',
  });
  expect(parseSocketRequest(new URLSearchParams(streamed), 'Always_EPC_URN')).toEqual({
    ...{ schedule: null, reportIfEmpty: false, epcFormat: 'Always_EPC_URN' },
    initialRecordTime: Date.parse('2026-04-04T20:33:31.116Z'),
  });
});

test.each([
  ['', 'schedule', 'is missing'],
  ['stream=false', 'schedule', 'is missing'],
  ['stream=true&minute=5', 'stream', 'excludes'],
  ['stream=1', 'stream', 'true or false'],
  ['stream=true&stream=true', 'stream', 'given twice'],
  ['minute=5&minute=6', 'minute', 'given twice'],
  ['stream=true&EQ_a=1', 'EQ_a', 'is not a parameter'],
  ['stream=true&initialRecordTime=today', 'initialRecordTime', 'with its offset'],
])('a socket with "%s" is refused: "%s" %s', (search, parameter, why) => {
  expect(() => parseSocketRequest(new URLSearchParams(search))).toThrow(
    expect.objectContaining({
      code: 'SUBSCRIPTION_CONTROLS',
      message: expect.stringContaining(why) as string,
      details: { parameter },
    }) as Error,
  );
});

test('a query has a name and parameters', () => {
  const request = { name: 'my query/1', query: { eventType: ['ObjectEvent'] } };

  expect(parseQueryRequest(request)).toEqual(request);
});

test('the name of a query may be 200 characters long, and have dots', () => {
  const query = {};

  expect(parseQueryRequest({ name: 'a'.repeat(200), query }).name).toHaveLength(200);
  expect(parseQueryRequest({ name: '...', query, '@context': ['x'] })).toEqual({
    ...{ name: '...', query, context: ['x'] },
  });
});

test.each<[unknown, string]>([
  [{ query: {} }, 'name'],
  [{ name: '', query: {} }, 'name'],
  [{ name: ' a', query: {} }, 'name'],
  [{ name: 'a\nb', query: {} }, 'name'],
  [{ name: 'a\ud800', query: {} }, 'name'],
  [{ name: '.', query: {} }, 'name'],
  [{ name: '..', query: {} }, 'name'],
  [{ name: 'a'.repeat(201), query: {} }, 'name'],
  [{ name: 'SimpleEventQuery', query: {} }, 'name'],
  [{ name: 'SimpleMasterDataQuery', query: {} }, 'name'],
  [{ name: 'a' }, 'query'],
  [{ name: 'a', query: [] }, 'query'],
  [{ name: 'a', query: null }, 'query'],
  [{ name: 'a', query: 'x' }, 'query'],
  [null, 'name'],
  [['a'], 'name'],
])('the query %j is refused for its %s', (body, parameter) => {
  expect(() => parseQueryRequest(body)).toThrow(
    expect.objectContaining({ code: 'QUERY_PARAMETER', details: { parameter } }) as Error,
  );
});
