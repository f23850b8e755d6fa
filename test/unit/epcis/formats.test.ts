import { epochMillis, isUri, parseInstant } from '../../../src/epcis/formats.js';

describe('a time', () => {
  it.each([
    ['2026-03-14T09:26:53.589+01:00', 1_773_476_813_589],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0000-03-01T00:00:00Z', -62_162_035_200_000],
    ['9999-12-31T23:59:59Z', 253_402_300_799_000],
    ['2016-12-31T24:00:00Z', 1_483_228_800_000],
    ['2017-01-01T01:00:00+01:00', 1_483_228_800_000],
    ['2016-12-31T24:00:00.000-01:00', 1_483_232_400_000],
  ])('is read as an instant: %s', (text, ms) => {
    expect(epochMillis(text)).toBe(ms);
  });

  it.each([
    '2026-03-14',
    '2026-03-14T09:26:53',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:01Z',
    '2026-01-01T24:00:00.1Z',
    '2026-01-01T24:01:00Z',
    '2026-01-01T25:00:00Z',
    '9999-12-31T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-01-01 12:00:00Z',
    '2026-01-01T12:00:60Z',
    '+12026-01-01T00:00:00Z',
  ])('is refused: %s', (text) => {
    expect(epochMillis(text)).toBeNull();
  });

  it('keeps microseconds beside the milliseconds', () => {
    expect(parseInstant('2026-03-14T08:26:53.5891239Z')).toEqual({
      ms: 1_773_476_813_589,
      micros: 123,
    });
  });
});

describe('a URI', () => {
  it.each([
    'urn:x:1',
    'ext:field',
    'http://[2001:db8::1]:80/',
    'http://[::ffff:192.0.2.1]',
    'http://[1:2:3:4:5:6:7:8]/',
    'http://[v1.x]/',
    "https://a.example/b?c=(d)#e'",
    'ni:///sha-256;00?ver=CBV2.0',
  ])('is one: %s', (text) => {
    expect(isUri(text)).toBe(true);
  });

  it.each([
    '',
    'word',
    'urn:',
    'https://a.example/ b',
    'https://a.example/%zz',
    'http://[::zz]/',
    'http://[1::2::3]/',
    'http://[1:2:3:4:5:6:7]/',
    '1a:b',
    '/path',
  ])('is none: %s', (text) => {
    expect(isUri(text)).toBe(false);
  });
});
