import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { isObject } from './checks.js';

/** Finds a number outside strings. A false match in a string only costs time. */
const HAS_NUMBER = /(?:":|[[,])\s*-?\d/;

function twin(value: unknown, written: unknown): unknown {
  if (typeof value === 'number')
    return isLosslessNumber(written) && Object.is(Number(written.value), value) ? written : value;
  if (Array.isArray(value)) {
    const texts: readonly unknown[] = Array.isArray(written) ? written : [];
    return value.map((item: unknown, index) => twin(item, texts[index]));
  }
  if (!isObject(value) || isLosslessNumber(value)) return value;
  const texts = isObject(written) ? written : {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      twin(item, Object.hasOwn(texts, key) ? texts[key] : undefined),
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A JSON value with its numbers as they were written. `text` is the JSON text it was read from: if
 * it has the same number in the same place, a `LosslessNumber` with its digits replaces the number.
 * Strings may differ from the text, for example after a translation.
 */
export function withNumbersAsWritten(value: unknown, text: string | undefined): unknown {
  return text === undefined || !HAS_NUMBER.test(text) ? value : twin(value, parsed(text));
}

/** JSON text of a value, with its numbers as they were written in `text`; see {@link withNumbersAsWritten}. */
export function jsonAsWritten(value: unknown, text: string): string {
  return stringify(withNumbersAsWritten(value, text)) ?? '';
}

/** The value with a text of the digits for each number that JavaScript would write differently. */
export function withDigitsKept(value: unknown, text: string): unknown {
  return plain(withNumbersAsWritten(value, text));
}

function plain(value: unknown): unknown {
  if (isLosslessNumber(value)) {
    const number = Number(value.value);
    return String(number) === value.value ? number : value.value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
