import fc from 'fast-check';
import { APPLICATION_IDENTIFIERS } from '../../../src/gs1/application-identifiers.js';
import type { AiComponent, ElementRule } from '../../../src/gs1/application-identifiers.js';
import type { Element } from '../../../src/gs1/check-elements.js';
import { withCheckDigit } from '../../../src/gs1/check-digit.js';
import { checkPair } from '../../../src/gs1/check-pair.js';
import { expectedIban } from '../../../src/gs1/iban.js';
import { alphabetText, ALPHABETS } from './arbitraries.js';

const number = (most: number, digits: number, least = 0): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((n) => String(n).padStart(digits, '0'));

const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((some) => some.join(''));

const some = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const capitals = (length: number): fc.Arbitrary<string> =>
  alphabetText('ABCDEFGHIJKLMNOPQRSTUVWXYZ', length, length);
const set82 = alphabetText(ALPHABETS.X, 1, 12);

const MADE: Partial<Record<ElementRule, (length: number) => fc.Arbitrary<string>>> = {
  check: (length) => number(9, length - 1).map((text) => withCheckDigit(text)),
  pair: () =>
    joined(
      number(9999, 4),
      set82.map((text) => `${text}x`),
    ).map((text) => text + checkPair(text)!),
  gcp: () => joined(number(9999, 4), alphabetText('0123456789ABCXYZ-/', 0, 10)),
  day0: () => joined(number(99, 2), number(12, 2, 1), number(28, 2)),
  day: () => joined(number(99, 2), number(12, 2, 1), number(28, 2, 1)),
  date: () => joined(number(2099, 4, 1900), number(12, 2, 1), number(28, 2, 1)),
  time: () => joined(number(23, 2), number(59, 2)),
  hour: () => number(23, 2),
  minute: () => number(59, 2),
  second: () => number(59, 2),
  country: () => some('004', '276', '840', '894'),
  country999: () => some('004', '999'),
  country2: () => some('AD', 'DE', 'ZW'),
  currency: () => some('008', '978', '840'),
  escapes: () => joined(alphabetText('abcXYZ.-', 1, 10), some('', '%20', '%e2')),
  latitude: () => number(1_800_000_000, 10),
  longitude: () => number(1_800_000_000, 10),
  yesno: () => some('0', '1'),
  minus: () => some('-'),
  importer: () => some('-', 'a', 'Z', '0', '_'),
  package: () => capitals(2),
  media: () => some('01', '10', '80', '99'),
  sex: () => some('0', '1', '2', '9'),
  order: () => some('1/1', '2/3', '9/9'),
  nonzero: (length) => number(9, length, 1),
  zero: () => some('0'),
  winding: () => some('0', '1', '9'),
  piece: () => some('0101', '0203', '9999'),
  iban: () =>
    joined(capitals(2), alphabetText(ALPHABETS.N, 5, 20)).map((text) => {
      const open = `${text.slice(0, 2)}00${text.slice(2)}`;
      return `${text.slice(0, 2)}${expectedIban(open)!}${text.slice(2)}`;
    }),
  plain: () => number(999_999, 1),
  coupon: () => number(999_999, 6),
  offer: () => number(999_999, 6),
};

function valueOf(component: AiComponent): fc.Arbitrary<string> {
  const { set, minLength, maxLength, rules } = component;
  const made = rules.map((rule) => MADE[rule]).find((make) => make !== undefined);
  return made?.(maxLength) ?? alphabetText(ALPHABETS[set], minLength, maxLength);
}

/** A right element of an AI. */
export function elementOf(ai: string): fc.Arbitrary<Element> {
  const { components } = APPLICATION_IDENTIFIERS.get(ai)!;
  const optional = components.filter((one) => one.optional).length;
  return fc.tuple(fc.nat(optional), ...components.map(valueOf)).map(([left, ...values]) => ({
    ai,
    value: values.slice(0, components.length - left).join(''),
  }));
}
