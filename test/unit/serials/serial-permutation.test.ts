import { randomBytes } from 'node:crypto';
import { FF1 } from '@noble/ciphers/ff1.js';
import fc from 'fast-check';
import { SerialPermutation } from '../../../src/serials/serial-permutation.js';

const DECIMAL = '0123456789';
const SET_82 = `${DECIMAL}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!"%&'()*+,-./:;<=>?_`;

/** Numerals of a number, the highest first. */
function digitsOf(n: number, radix: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(n / radix ** (length - 1 - i)) % radix);
}

describe('the permutation', () => {
  test.each([
    ['2B7E151628AED2A6ABF7158809CF4F3C', '2433477484'],
    ['2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F', '2830668132'],
    ['2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94', '6657667009'],
  ])('is FF1: the sample of NIST under the key %s', (hex, expected) => {
    const key = Buffer.from(hex, 'hex');
    const permutation = new SerialPermutation({ alphabet: DECIMAL, length: 10, key });

    expect(permutation.serialsAt(123456789, 1)).toEqual([expected]);
    expect(permutation.numbersOf([expected])).toEqual([123456789n]);
  });

  test('gives the serials that another implementation of FF1 gives', () => {
    const domains = fc
      .record({
        radix: fc.integer({ min: 2, max: SET_82.length }),
        length: fc.integer({ min: 2, max: 20 }),
      })
      // As NIST asks, and the other implementation with it.
      .filter(({ radix, length }) => radix ** length >= 1_000_000);
    const keys = fc.constantFrom(16, 24, 32).map((bytes) => randomBytes(bytes));
    const number = fc.integer({ min: 0, max: 1_000_000 - 3 });
    fc.assert(
      fc.property(domains, keys, number, ({ radix, length }, key, from) => {
        const alphabet = SET_82.slice(0, radix);
        const other = FF1(radix, key);
        const expected = [from, from + 1, from + 2].map((n) =>
          other
            .encrypt(digitsOf(n, radix, length))
            .map((digit) => alphabet[digit])
            .join(''),
        );

        expect(new SerialPermutation({ alphabet, length, key }).serialsAt(from, 3)).toEqual(
          expected,
        );
      }),
    );
  });

  test.each([
    ['01', 12],
    ['ABC', 7],
    [DECIMAL, 4],
    ['0123456789ABCDEF', 3],
  ])('over %s of length %i gives every serial exactly once', (alphabet, length) => {
    const size = alphabet.length ** length;
    const permutation = new SerialPermutation({ alphabet, length, key: randomBytes(32) });

    const serials = permutation.serialsAt(0, size);

    expect(new Set(serials).size).toBe(size);
    expect(serials.every((serial) => permutation.has(serial))).toBe(true);
    expect(permutation.numbersOf(serials)).toEqual(serials.map((_, i) => BigInt(i)));
  });

  test.each([
    [SET_82, 20],
    [SET_82, 19],
    ['23456789ABCDEFGHJKMNPQRSTVWXYZ', 12],
    ['01', 20],
    [DECIMAL, 2],
  ])('over %s of length %i is inverted, from any number', (alphabet, length) => {
    const permutation = new SerialPermutation({ alphabet, length, key: randomBytes(32) });

    for (const from of [0, 57, 2 ** 40, Number.MAX_SAFE_INTEGER - 20]) {
      if (BigInt(from) + 20n > BigInt(alphabet.length) ** BigInt(length)) continue;
      const serials = permutation.serialsAt(from, 20);

      expect(permutation.numbersOf(serials)).toEqual(
        serials.map((_, i) => BigInt(from) + BigInt(i)),
      );
    }
  });

  test('gives a serial the same number alone and among others', () => {
    const permutation = new SerialPermutation({
      alphabet: DECIMAL,
      length: 9,
      key: randomBytes(32),
    });

    expect(permutation.serialsAt(40, 1)).toEqual(permutation.serialsAt(0, 50).slice(40, 41));
  });

  test('knows no number of a text outside its domain', () => {
    const permutation = new SerialPermutation({
      alphabet: DECIMAL,
      length: 6,
      key: randomBytes(32),
    });

    expect(permutation.numbersOf(['12345', 'A23456', '1234567', ''])).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('shows no pattern: every character at every place about as often, neighbours unlike, keys unlike', () => {
    const alphabet = '0123456789';
    const length = 8;
    const count = 20_000;
    const [one, other] = [1, 2].map(() =>
      new SerialPermutation({ alphabet, length, key: randomBytes(32) }).serialsAt(0, count),
    );

    for (let place = 0; place < length; place++) {
      const seen = new Map<string, number>();
      for (const serial of one!) seen.set(serial[place]!, (seen.get(serial[place]!) ?? 0) + 1);
      const expected = count / alphabet.length;
      const chiSquare = Array.from(alphabet).reduce(
        (sum, c) => sum + ((seen.get(c) ?? 0) - expected) ** 2 / expected,
        0,
      );
      // Nine degrees of freedom: over 50 happens once in ten million.
      expect(chiSquare).toBeLessThan(50);
    }
    const alike = one!.slice(1).filter((serial, i) => serial.slice(0, 4) === one![i]!.slice(0, 4));
    expect(alike.length).toBeLessThan(20);
    expect(one!.filter((serial, i) => serial === other![i]).length).toBeLessThan(5);
  });
});
