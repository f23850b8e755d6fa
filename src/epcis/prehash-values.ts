import { canonicalUri } from './canonical-uri.js';
import { parseInstant } from './formats.js';
import type { Prefixes } from './namespaces.js';
import type { WordKind } from './vocabulary.js';
import { isWord } from './vocabulary.js';

const NUMERIC =
  /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;

/** A number without outer zeros; an exponent only below 0.0001 (CBV 2.0 section 8.9, numbers). */
export function canonicalNumber(value: number): string {
  if (Number.isSafeInteger(value)) return value === 0 ? '0' : String(value);
  if (Number.isInteger(value)) return BigInt(value).toString();
  if (Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

function numericOr(text: string): string {
  const first = text.charCodeAt(0);
  const mayBe = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!mayBe || !NUMERIC.test(text)) return text;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? canonicalNumber(value) : text;
}

const CBV_URNS: readonly (readonly [string, string])[] = [
  ['urn:epcglobal:cbv:bizstep:', 'https://ref.gs1.org/cbv/BizStep-'],
  ['urn:epcglobal:cbv:disp:', 'https://ref.gs1.org/cbv/Disp-'],
  ['urn:epcglobal:cbv:btt:', 'https://ref.gs1.org/cbv/BTT-'],
  ['urn:epcglobal:cbv:sdt:', 'https://ref.gs1.org/cbv/SDT-'],
  ['urn:epcglobal:cbv:er:', 'https://ref.gs1.org/cbv/ER-'],
  ['urn:epcglobal:cbv:comp:', 'https://ref.gs1.org/cbv/Comp-'],
];

function webVocabulary(text: string): string {
  if (!text.includes('urn:epcglobal:cbv:')) return text;
  return CBV_URNS.reduce((said, [urn, web]) => said.replaceAll(urn, web), text);
}

/** Needs no declaration. `gs1` does, by the test vector epcisDocHavingTooManyUserExtensions. */
const UNDECLARED: Prefixes = new Map([['cbv', 'https://ref.gs1.org/cbv/']]);

/** Expands a CURIE of `cbv` or a declared prefix, as the reference implementation does. */
function expandCurie(text: string, prefixes: Prefixes): string {
  const colon = text.indexOf(':');
  if (colon < 0) return text;
  const prefix = text.slice(0, colon);
  const bound = prefixes.get(prefix) ?? UNDECLARED.get(prefix);
  return bound === undefined || text.startsWith('//', colon + 1)
    ? text
    : bound + text.slice(colon + 1);
}

/** The text of a JSON value in the event hash; empty for a value without content. */
export function canonicalValue(value: unknown, prefixes: Prefixes): string {
  if (typeof value === 'string') {
    const said = expandCurie(value, prefixes).trim();
    return canonicalUri(numericOr(webVocabulary(said)));
  }
  if (typeof value === 'number') return canonicalNumber(value);
  return typeof value === 'boolean' ? String(value) : '';
}

/**
 * A time in UTC with milliseconds, rounded half to even from the microsecond (CBV 2.0 section 8.9,
 * rule on timestamps).
 */
export function canonicalTime(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const instant = parseInstant(text);
  if (instant === null) return text;
  const { ms, micros } = instant;
  const up = micros > 500 || (micros === 500 && ms % 2 !== 0);
  return new Date(up ? ms + 1 : ms).toISOString();
}

const WEB: Readonly<Record<WordKind, string>> = {
  bizStep: 'https://ref.gs1.org/cbv/BizStep-',
  disposition: 'https://ref.gs1.org/cbv/Disp-',
  bizTransactionType: 'https://ref.gs1.org/cbv/BTT-',
  sourceDestType: 'https://ref.gs1.org/cbv/SDT-',
  errorReason: 'https://ref.gs1.org/cbv/ER-',
  component: 'https://ref.gs1.org/cbv/Comp-',
  measurementType: 'https://gs1.org/voc/',
  sensorAlertType: 'https://gs1.org/voc/',
};

/** The Web URI of a bare word; any other value has its usual canonical form. */
export function webWord(kind: WordKind, value: unknown, prefixes: Prefixes): string {
  return typeof value === 'string' && isWord(kind, value)
    ? WEB[kind] + value
    : canonicalValue(value, prefixes);
}
