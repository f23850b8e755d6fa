import type { FaultCode } from '../fault-codes.js';
import type { ValueType } from './layout.js';

const LEXICAL = {
  integer: /^([+-]?)(\d+)$/,
  decimal: /^([+-]?)(\d*)(?:\.(\d*))?$/,
  double: /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/,
};

/** An XML Schema number in JSON form: no plus, no leading zeros, digits around a dot; or null. */
function jsonNumber(text: string, type: keyof typeof LEXICAL): string | null {
  const [found, sign, whole = '', fraction = '', exponent] = LEXICAL[type].exec(text) ?? [];
  if (found === undefined || whole + fraction === '') return null;
  const digits = whole.replace(/^0+(?=\d)/, '').padStart(1, '0');
  const tail = fraction.replace(/^(?=\d)/, '.');
  const power = exponent === undefined ? '' : `e${exponent}`;
  return `${sign === '-' ? '-' : ''}${digits}${tail}${power}`;
}

/** The JSON value of an element's or attribute's text, or what is wrong with it. */
export type Read =
  | { readonly ok: true; readonly value: string | boolean }
  | { readonly ok: true; readonly value: number; readonly text: string }
  | {
      readonly ok: false;
      readonly expected: string;
      readonly remedy: string;
      readonly code: FaultCode;
    };

const NOT_A_NUMBER = {
  ok: false,
  code: 'NUMBER_INVALID',
  expected: 'a finite number',
  remedy:
    'Write digits, such as 26.5. INF and NaN are not possible: leave the field out if there is no value.',
} as const;
const NOT_A_BOOLEAN = {
  ok: false,
  code: 'BOOLEAN_INVALID',
  expected: 'true or false',
  remedy: 'Write true, false, 1 or 0.',
} as const;

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  false: false,
  '0': false,
};

/** Reads a trimmed value of XML Schema. As in JSON, a number may have more digits than a double. */
export function readValue(text: string, type: ValueType | 'integer'): Read {
  const said = text.trim();
  if (type === 'boolean') {
    const value = Object.hasOwn(BOOLEANS, said) ? BOOLEANS[said] : undefined;
    return value === undefined ? NOT_A_BOOLEAN : { ok: true, value };
  }
  if (type !== 'decimal' && type !== 'double' && type !== 'integer')
    return { ok: true, value: said };
  const number = jsonNumber(said, type);
  if (number === null) return NOT_A_NUMBER;
  return { ok: true, value: Number(number), text: number };
}
