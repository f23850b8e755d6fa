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

test.each([
  { count: 1 },
  { count: 1_000_000 },
  { alphabet: DECIMAL, length: 6 },
  { alphabet: '01', length: 20 },
  { allocatedTo: 'x'.repeat(1000), requestedBy: 'x'.repeat(1000), note: '' },
])('%j may just be asked for', (more) => {
  expect(domainOf(request(more))).toMatchObject({ ok: true });
});

test.each<[Partial<SerialRequest>, string, string]>([
  [{ alphabet: 'ABÄ' }, '"Ä" is not a character', 'Use digits'],
  [{ alphabet: 'ABCA' }, '"A" is given twice', 'Give each character once'],
  [{ alphabet: 'A' }, 'two characters or more', 'Leave it out'],
  [{ length: 1 }, 'has 2 to 20 characters', 'The default is 12'],
  [{ length: 2.5 }, 'has 2 to 20 characters', 'The default is 12'],
  [{ length: 2 }, 'fewer than 1,000,000 serials', 'Use more characters'],
  [{ requestedBy: 'x'.repeat(1001) }, 'at most 1000', 'in one line'],
  [{ count: 1_000_001 }, '1 to 1,000,000 serials', 'Ask in parts'],
])('%j is refused, and the refusal says what to do', (more, rule, remedy) => {
  expect(domainOf(request(more))).toMatchObject({
    refusal: {
      rule: expect.stringContaining(rule) as string,
      remedy: expect.stringContaining(remedy) as string,
    },
  });
});

test('who may only ask for a few at once is told how to get many', () => {
  expect(domainOf(request({ count: 1000 }), 1000)).toMatchObject({ ok: true });
  expect(domainOf(request({ count: 1001 }), 1000)).toMatchObject({
    refusal: {
      rule: 'must be 1 to 1,000 serials.',
      remedy: 'POST /serials streams up to 1,000,000. Or ask in parts.',
    },
  });
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

test('one in ten thousand is too likely, so a serial gets a character more', () => {
  const domain = { alphabet: DECIMAL, length: 8 };

  expect(faultOfGuess(domain, [{ ...domain, next: 100_000 }], 1)?.remedy).toContain(
    'Use 10 characters or more',
  );
});

test('how much longer a serial must be follows from what its own pool gives out then', () => {
  const domain = { alphabet: '01', length: 10 };
  const other = { alphabet: '0123', length: 10, next: 1 };

  expect(faultOfGuess(domain, [other, { ...domain, next: 52 }], 1)).toMatchObject({
    found: expect.stringContaining(
      '1 more serials of 10 characters from 2: one guess in 19',
    ) as string,
    remedy: 'Use 19 characters or more, or an alphabet of more characters.',
  });
  expect(faultOfGuess(domain, [{ ...domain, next: 104 }], 1)?.remedy).toBe(
    'Use 20 characters or more, or an alphabet of more characters.',
  );
  expect(faultOfGuess(domain, [{ ...domain, next: 105 }], 1)?.remedy).toBe(
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
