import fc from 'fast-check';
import { checkDigit, hasCheckDigit, withCheckDigit } from '../../../src/gs1/check-digit.js';

describe('check digit', () => {
  test.each([
    ['0950600013435', '2'],
    ['10614141234567890', '8'],
    ['950600013435', '2'],
    ['03600029145', '2'],
    ['9638507', '4'],
    ['1061414107346', '4'],
  ])('of %s is %s', (digits, expected) => {
    expect(checkDigit(digits)).toBe(expected);
    expect(hasCheckDigit(digits + expected)).toBe(true);
  });

  test('any one wrong digit is found', () => {
    const digits = fc.stringMatching(/^\d{7,17}$/);
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (text, where, by) => {
        const good = withCheckDigit(text);
        const at = where % good.length;
        const wrong = (Number(good[at]) + by) % 10;

        expect(hasCheckDigit(good)).toBe(true);
        expect(hasCheckDigit(`${good.slice(0, at)}${wrong}${good.slice(at + 1)}`)).toBe(false);
      }),
    );
  });
});
