import type { ElementRule } from './application-identifiers.js';
import { firstOutside, isDigits } from './characters.js';
import { checkDigit } from './check-digit.js';
import { checkPair } from './check-pair.js';
import { COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS } from './code-lists.js';
import { expectedIban } from './iban.js';
import type { IdentifierFaultCode } from './parsed.js';

/** What a component breaks: where in it (index from 0), which rule, what to do. */
export interface RuleFault {
  readonly code: IdentifierFaultCode;
  readonly at: number;
  readonly rule: string;
  readonly remedy: string;
}

type Judge = (text: string) => RuleFault | null;

const READ_AGAIN = 'Scan or type it again: a character is wrong or two are swapped.';
/** Fewest digits of a company prefix (GS1 General Specifications 1.4.4). */
const SHORTEST_PREFIX = 4;

/**
 * What each rule demands of a component of the right length and set.
 *
 * Some are judged only by shape, not by their code list or inner grammar: company prefixes (four
 * digits), package types of UN/ECE recommendation 21, North American coupons (digits).
 *
 * @see GS1 General Specifications 3 and 7.9 to 7.12
 */
const RULES: Readonly<Record<ElementRule, Judge>> = {
  check: faultOfCheckDigit,
  pair: faultOfPair,
  gcp: (text) => faultOfPrefix(text, 0),
  gcp2: (text) => faultOfPrefix(text, 1),
  day0: (text) => faultOfDay(`20${text}`, true, 'YYMMDD'),
  day: (text) => faultOfDay(`20${text}`, false, 'YYMMDD'),
  date: (text) => faultOfDay(text, false, 'YYYYMMDD'),
  time: (text) =>
    below(text.slice(0, 2), 24, 'the hour') ?? below(text.slice(2), 60, 'the minute', 2),
  hour: (text) => below(text, 24, 'the hour'),
  minute: (text) => below(text, 60, 'the minute'),
  second: (text) => below(text, 60, 'the second'),
  country: among(COUNTRY_NUMBERS, 'a numeric country code of ISO 3166-1'),
  country999: (text) =>
    text === '999'
      ? null
      : among(COUNTRY_NUMBERS, 'a numeric country code of ISO 3166-1, or 999')(text),
  country2: among(COUNTRY_LETTERS, 'a two-letter country code of ISO 3166-1'),
  currency: among(CURRENCY_NUMBERS, 'a numeric currency code of ISO 4217'),
  escapes: faultOfEscapes,
  latitude: (text) =>
    atMost(text, 1_800_000_000, 'a latitude is 90 degrees more, in 1/10000000 degrees'),
  longitude: (text) =>
    atMost(text, 3_600_000_000, 'a longitude is 180 degrees more, in 1/10000000 degrees'),
  yesno: shape(/^[01]$/, '0 for no, 1 for yes'),
  minus: shape(/^-$/, '"-", for a temperature below zero, or nothing'),
  importer: shape(/^[-0-9A-Z_a-z]$/, 'a letter, a digit, "-" or "_"'),
  package: shape(/^[0-9A-Z]+$/, 'a package type of UN/ECE recommendation 21: capitals and digits'),
  media: shape(/^(?:0[1-9]|10|[89]\d)$/, 'a media type: 01 to 10, or 80 to 99 by agreement'),
  sex: shape(/^[0129]$/, '0 unknown, 1 male, 2 female or 9 not applicable (ISO 5218)'),
  order: faultOfOrder,
  nonzero: shape(/[^0]/, 'more than zero'),
  zero: shape(/^0+$/, '0'),
  winding: shape(/^[019]$/, '0 face out, 1 face in or 9 undefined'),
  piece: faultOfPiece,
  iban: faultOfIban,
  plain: shape(/^(?:0|[1-9]\d*)$/, 'a number without leading zeros'),
  letter: shape(/\D/, 'not digits only'),
  coupon: shape(/^\d+$/, 'digits (North American coupon)'),
  offer: shape(/^\d+$/, 'digits (North American positive offer)'),
};

/** Judges a component of the right length and characters by one rule; null when it obeys. */
export function judgeByRule(rule: ElementRule, text: string): RuleFault | null {
  return RULES[rule](text);
}

function broken(at: number, rule: string, remedy: string): RuleFault {
  return { code: 'VALUE', at, rule, remedy };
}

function shape(form: RegExp, rule: string): Judge {
  return (text) =>
    form.test(text) ? null : broken(0, `is ${rule}`, 'Ask who printed it, and correct it.');
}

function among(codes: ReadonlySet<string>, rule: string): Judge {
  return (text) =>
    codes.has(text) ? null : broken(0, `is ${rule}`, 'Look the code up and correct it.');
}

function atMost(text: string, most: number, rule: string): RuleFault | null {
  return Number(text) <= most
    ? null
    : broken(0, `is at most ${most}: ${rule}`, 'Correct the position.');
}

function below(text: string, end: number, name: string, at = 0): RuleFault | null {
  if (Number(text) < end) return null;
  const last = String(end - 1);
  return broken(at, `has 00 to ${last} for ${name}, found ${text}`, 'Correct the time.');
}

function faultOfCheckDigit(text: string): RuleFault | null {
  const expected = checkDigit(text.slice(0, -1));
  if (text.endsWith(expected)) return null;
  return {
    code: 'CHECK_DIGIT',
    at: text.length - 1,
    rule: `has the check digit ${expected}, found ${text.slice(-1)}`,
    remedy: READ_AGAIN,
  };
}

function faultOfPair(text: string): RuleFault | null {
  const expected = checkPair(text.slice(0, -2));
  if (expected !== null && text.length > 2 && text.endsWith(expected)) return null;
  return {
    code: 'CHECK_DIGIT',
    at: Math.max(text.length - 2, 0),
    rule: `ends in the check characters ${expected ?? 'of its data'}, found ${text.slice(-2)}`,
    remedy: READ_AGAIN,
  };
}

function faultOfPrefix(text: string, from: number): RuleFault | null {
  const prefix = text.slice(from, from + SHORTEST_PREFIX);
  if (prefix.length === SHORTEST_PREFIX && isDigits(prefix)) return null;
  const first = firstOutside(prefix, 'N');
  return broken(
    from + Math.max(first, 0),
    'begins with a GS1 company prefix, four digits at least',
    'Put the company prefix in front of the reference.',
  );
}

/** @param text YYYYMMDD */
function faultOfDay(text: string, mayBeOpen: boolean, form: string): RuleFault | null {
  const month = Number(text.slice(4, 6));
  const day = Number(text.slice(6));
  const start = form.length - 4;
  if (month < 1 || month > 12)
    return broken(start, `is ${form} with a month from 01 to 12`, 'Correct the date.');
  const last = new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate();
  if ((day >= 1 && day <= last) || (day === 0 && mayBeOpen)) return null;
  const first = mayBeOpen ? '00 (the whole month)' : '01';
  return broken(
    start + 2,
    `is ${form} with a day from ${first} to ${last} in that month`,
    'Correct the date.',
  );
}

function faultOfEscapes(text: string): RuleFault | null {
  const at = text.search(/%(?![0-9A-Fa-f]{2})/);
  return at < 0
    ? null
    : broken(at, 'must have two hexadecimal digits after each "%"', 'Write a plain "%" as %25.');
}

function faultOfOrder(text: string): RuleFault | null {
  const found = /^([1-9])\/([1-9])$/.exec(text);
  const [, position = '', total = ''] = found ?? [];
  return found !== null && position <= total
    ? null
    : broken(0, 'is position/total, such as 1/2, the position at most the total', 'Correct it.');
}

function faultOfPiece(text: string): RuleFault | null {
  const [piece, total] = [text.slice(0, 2), text.slice(2)];
  return piece !== '00' && piece <= total
    ? null
    : broken(0, `counts pieces from 01 up to the total, found ${piece} of ${total}`, 'Correct it.');
}

function faultOfIban(text: string): RuleFault | null {
  const expected = expectedIban(text);
  if (expected === null)
    return broken(0, 'is an IBAN: country, two check digits, account', 'Correct the account.');
  if (expected === text.slice(2, 4)) return null;
  return {
    code: 'CHECK_DIGIT',
    at: 2,
    rule: `has the check digits ${expected}, found ${text.slice(2, 4)}`,
    remedy: READ_AGAIN,
  };
}
