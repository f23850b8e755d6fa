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

test.each([
  ['neither stream nor schedule', { dest: DEST }],
  ['both', { dest: DEST, stream: true, schedule: { hour: '1' } }],
  ['no stream', { dest: DEST, stream: false }],
  ['a stream in quotes', { dest: DEST, stream: 'true' }],
  ['no destination', { stream: true }],
  ['a destination that is no URL', { dest: 'client', stream: true }],
  ['a trigger', { dest: DEST, trigger: 'urn:x:y', schedule: { hour: '1' } }],
  ['an instant without offset', { dest: DEST, stream: true, initialRecordTime: '2020-04-04' }],
  ['an unknown format of EPCs', { dest: DEST, stream: true, epcFormat: 'Sometimes' }],
  ['reportIfEmpty as text', { dest: DEST, schedule: { hour: '1' }, reportIfEmpty: 'yes' }],
  ['no object', [DEST]],
])('%s is refused', (_what, body) => {
  expect(() => parseWebhookRequest(body)).toThrow(
    expect.objectContaining({ code: 'SUBSCRIPTION_CONTROLS' }) as Error,
  );
});

test.each([
  [{ dest: DEST, stream: true, signatureToken: ['hush-hush'] }],
  [{ dest: DEST, stream: true, signatureToken: 'hush-hush'.repeat(200) }],
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

  expect(scheduled).toMatchObject({ schedule: { minute: '5', hour: '1' }, reportIfEmpty: true });
  expect(parseSocketRequest(new URLSearchParams('stream=true'))).toMatchObject({ schedule: null });
});

test.each([
  '',
  'stream=true&minute=5',
  'stream=1',
  'stream=true&stream=true',
  'stream=true&EQ_a=1',
])('a socket with "%s" is refused', (search) => {
  expect(() => parseSocketRequest(new URLSearchParams(search))).toThrow(
    expect.objectContaining({ code: 'SUBSCRIPTION_CONTROLS' }) as Error,
  );
});

test('a query has a name and parameters', () => {
  const request = { name: 'my query/1', query: { eventType: ['ObjectEvent'] } };

  expect(parseQueryRequest(request)).toEqual(request);
});

test.each([
  [{ query: {} }],
  [{ name: '', query: {} }],
  [{ name: ' a', query: {} }],
  [{ name: 'a\nb', query: {} }],
  [{ name: 'a\ud800', query: {} }],
  [{ name: '..', query: {} }],
  [{ name: 'a'.repeat(201), query: {} }],
  [{ name: 'SimpleEventQuery', query: {} }],
  [{ name: 'SimpleMasterDataQuery', query: {} }],
  [{ name: 'a' }],
  [{ name: 'a', query: [] }],
  [null],
])('the query %j is refused', (body) => {
  expect(() => parseQueryRequest(body)).toThrow(
    expect.objectContaining({ code: 'QUERY_PARAMETER' }) as Error,
  );
});
