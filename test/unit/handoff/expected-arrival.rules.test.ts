import { expectedArrivalOf } from '../../../src/handoff/expected-arrival.rules.js';

describe('the expected arrival', () => {
  test.each([
    ['ex:expectedArrival', '2026-03-01T09:30:00+01:00', Date.UTC(2026, 2, 1, 8, 30)],
    [
      'https://example.com/voc#estimatedTimeOfArrival',
      '2026-03-01T08:00:00Z',
      Date.UTC(2026, 2, 1, 8),
    ],
    ['ex:expectedDeliveryDate', '2026-03-01', Date.UTC(2026, 2, 1)],
    ['acme:eta', '2026-03-01T08:00:00Z', Date.UTC(2026, 2, 1, 8)],
  ])('is read from %s', (name, value, expected) => {
    expect(expectedArrivalOf({ [name]: value })).toBe(expected);
  });

  test('is null when nothing says so', () => {
    expect(expectedArrivalOf({ eventTime: '2026-03-01T08:00:00Z', 'ex:beta': 'x' })).toBeNull();
    expect(expectedArrivalOf({ 'ex:eta': 20260301 })).toBeNull();
    expect(expectedArrivalOf({ 'ex:eta': 1, 'ex:expectedDelivery': '1970-01-02' })).toBe(
      86_400_000,
    );
  });
});
