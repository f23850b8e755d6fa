import {
  UNAMBIGUOUS,
  domainOf,
  faultOfGuess,
  guessProbability,
} from '../../../src/serials/serial-request.rules.js';
import type { SerialRequest } from '../../../src/serials/serials.js';

const request = (more: Partial<SerialRequest>): SerialRequest => ({
  gtin: '09506000134352',
  count: 10,
  allocatedTo: 'Line 1',
  ...more,
});
const DECIMAL = '0123456789';

test('left out, the alphabet is the unambiguous one and the length twelve', () => {
  expect(domainOf(request({}))).toEqual({
    ok: true,
    domain: { alphabet: UNAMBIGUOUS, length: 12 },
  });
  expect(UNAMBIGUOUS).not.toMatch(/[01ILOU]/);
});

test('the same characters in another order are the same domain', () => {
  expect(domainOf(request({ alphabet: '9876543210' }))).toEqual(
    domainOf(request({ alphabet: DECIMAL })),
  );
});

test.each([
  [{ count: 0 }, 'count', 'COUNT'],
  [{ count: 1_000_001 }, 'count', 'COUNT'],
  [{ count: 1.5 }, 'count', 'COUNT'],
  [{ alphabet: 'ABÄ' }, 'alphabet', 'ALPHABET'],
  [{ alphabet: '0123#' }, 'alphabet', 'ALPHABET'],
  [{ alphabet: 'ABCA' }, 'alphabet', 'ALPHABET'],
  [{ alphabet: 'A' }, 'alphabet', 'ALPHABET'],
  [{ alphabet: '' }, 'alphabet', 'ALPHABET'],
  [{ length: 21 }, 'length', 'LENGTH'],
  [{ length: 0 }, 'length', 'LENGTH'],
  [{ alphabet: DECIMAL, length: 5 }, 'length', 'LENGTH'],
  [{ allocatedTo: ' ' }, 'allocatedTo', 'TEXT'],
  [{ note: 'x'.repeat(1001) }, 'note', 'TEXT'],
])('%j is refused at %s', (more, argument, code) => {
  expect(domainOf(request(more))).toMatchObject({ ok: false, refusal: { argument, code } });
});

test('a pool of a billion gives out a hundred thousand less one, and says what to do for more', () => {
  const domain = { alphabet: DECIMAL, length: 9 };

  expect(faultOfGuess(domain, [{ ...domain, next: 99_999 }], 1)).toBeUndefined();
  expect(faultOfGuess(domain, [{ ...domain, next: 100_000 }], 1)).toMatchObject({
    code: 'GUESSABLE',
    argument: 'length',
    remedy: 'Use 10 characters or more, or an alphabet of more characters.',
  });
});

test('a longer serial is no remedy where there is none', () => {
  const domain = { alphabet: '01', length: 20 };

  expect(faultOfGuess(domain, [{ ...domain, next: 1000 }], 1000)?.remedy).toBe(
    'Use an alphabet of more characters.',
  );
});

test('what other pools gave out counts as far as it falls into the domain', () => {
  const decimal = { alphabet: DECIMAL, length: 9, next: 50_000 };
  const same = { alphabet: '0123456789A', length: 9, next: 50_000 };
  const letters = { alphabet: 'ABCDEFGHIJ', length: 9, next: 50_000 };
  const longer = { alphabet: DECIMAL, length: 10, next: 50_000 };

  expect(guessProbability(decimal, [decimal])).toBeCloseTo(0.00005, 10);
  expect(guessProbability(decimal, [decimal, letters, longer])).toBeCloseTo(0.00005, 10);
  expect(guessProbability(decimal, [decimal, same])).toBeGreaterThan(0.00007);
});
