import { parseInstant } from '../epcis/formats.js';
import { expandValue } from '../epcis/namespaces.js';
import type { WordKind } from '../epcis/vocabulary.js';
import { bareWord, isWord, wordsOf } from '../epcis/vocabulary.js';
import { keyOfUri, parseGln, parseIdentifier } from '../gs1/identifier.js';
import { Problem } from '../shared/problem.js';
import type { FieldValue, QueryInstant, QueryValue } from './event-query.js';
import { unknownPrefix } from '../event-terms/field-name.rules.js';

/** One parameter, with what is needed to read it. */
export interface Parameter {
  readonly name: string;
  readonly values: readonly QueryValue[];
  /** Prefixes that the request declares. */
  readonly namespaces: ReadonlyMap<string, string>;
  /**
   * When true, an undeclared prefix stands for itself and is not refused. This is for paths, and for queries stored before such prefixes
   * were refused.
   */
  readonly isLenient?: boolean;
}

/** A refusal that names the parameter, the rule and the remedy. */
export function refusal(parameter: string, found: unknown, rule: string, remedy: string): Problem {
  const shown = typeof found === 'string' ? found.slice(0, 200) : found;
  const tail = shown === undefined ? '' : ` Found ${JSON.stringify(shown)}.`;
  return new Problem(
    'QUERY_PARAMETER',
    `Parameter "${parameter.slice(0, 200)}": ${rule}${tail} ${remedy}`,
    {
      details: {
        parameter: parameter.slice(0, 200),
        rule,
        remedy,
        ...(shown === undefined ? {} : { found: shown }),
      },
    },
  );
}

/**
 * Refuses a name, word or identifier with an unknown prefix.
 *
 * @throws Problem QUERY_PARAMETER that names the prefix. Such a text could match nothing: its namespace is unknown
 */
export function checkPrefix({ name, namespaces, isLenient }: Parameter, text: string): void {
  const prefix = isLenient === true ? null : unknownPrefix(text.trim(), namespaces);
  if (prefix === null) return;
  const shown = prefix.slice(0, 100);
  throw refusal(
    name,
    text,
    `has the prefix "${shown}", which is not declared.`,
    `Declare it, in the header GS1-Extensions: ${shown}=<namespace>, in the @context of a stored query, or as xmlns:${shown} in SOAP; or write the full URI. A URI scheme of your own is declared as ${shown}=${shown}:`,
  );
}

/** All values as text: at least one, and none of them empty. */
export function textsOf({ name, values }: Parameter): readonly string[] {
  const texts = values.map(String);
  if (texts.length === 0 || texts.some((text) => text.trim() === ''))
    throw refusal(
      name,
      undefined,
      'needs a value.',
      `Write ${name}=<value>, several with | between.`,
    );
  return [...new Set(texts)].sort(byCode);
}

function byCode(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function theOne(parameter: Parameter): QueryValue {
  const [value, ...more] = parameter.values;
  if (value === undefined || value === '')
    throw refusal(parameter.name, undefined, 'needs a value.', `Write ${parameter.name}=<value>.`);
  if (more.length > 0)
    throw refusal(
      parameter.name,
      parameter.values.join('|'),
      'takes one value.',
      'Leave the others out.',
    );
  return value;
}

// In a URL, a plus that was not escaped arrives as a space.
const LOST_PLUS = /(T[\d:.]+) (\d\d(?::?\d\d)?)$/i;

function instantIn(value: QueryValue): QueryInstant | null {
  return parseInstant(String(value).trim().replace(LOST_PLUS, '$1+$2'));
}

/** One instant: xsd:dateTime with an offset (EPCIS 2.0 section 7.3.2). */
export function timeOf(parameter: Parameter): QueryInstant {
  const value = theOne(parameter);
  const instant = instantIn(value);
  if (instant !== null) return instant;
  throw refusal(
    parameter.name,
    value,
    'must be a date and time with an offset.',
    'Write it as 2026-11-21T08:00:00.000Z or 2026-11-21T09:00:00.000%2B01:00.',
  );
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

function numberIn(value: QueryValue): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const text = String(value).trim();
  const number = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Numbers, at least one. */
export function numbersOf(parameter: Parameter): readonly number[] {
  textsOf(parameter);
  return parameter.values.map((value) => {
    const number = numberIn(value);
    if (number === undefined)
      throw refusal(
        parameter.name,
        value,
        'must be a number.',
        'Write digits with a decimal point, such as 12.5.',
      );
    return number;
  });
}

/** One number. */
function numberOf(parameter: Parameter): number {
  theOne(parameter);
  return numbersOf(parameter)[0] ?? NaN;
}

/** One whole number that is at least `least`. */
export function countOf(parameter: Parameter, least: 0 | 1): number {
  const number = numberOf(parameter);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw refusal(
    parameter.name,
    parameter.values[0],
    `must be a whole number of at least ${least}.`,
    'Write it in digits.',
  );
}

const TRUE: ReadonlySet<string> = new Set(['true', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', '0']);

/** `true` or `false`. */
export function booleanOf(parameter: Parameter): boolean {
  const value = String(theOne(parameter)).toLowerCase();
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  throw refusal(parameter.name, value, 'must be true or false.', `Write ${parameter.name}=true.`);
}

/** EXISTS_ needs only its name. No value, null, 1 and true all mean yes (the standard's schemas differ). */
export function saysYes(parameter: Parameter): boolean {
  if (parameter.values.length === 0 || parameter.values.every((value) => value === '')) return true;
  return booleanOf(parameter);
}

/** Words of a CBV vocabulary as bare words, and other words as URIs. */
export function wordsIn(parameter: Parameter, kind: WordKind): readonly string[] {
  const words = textsOf(parameter).flatMap((text) => {
    const word = bareWord(kind, text);
    if (isWord(kind, word)) return [word];
    if (!text.includes(':'))
      throw refusal(
        parameter.name,
        text,
        `must be a word of the CBV (${[...wordsOf(kind)].slice(0, 3).join(', ')} …) or a URI.`,
        'Check the spelling; your own words must be URIs.',
      );
    return spellingsOf(parameter, text).map((said) => bareWord(kind, said));
  });
  return [...new Set(words)];
}

/**
 * A URI as it is, and with its prefix expanded. In an event, a CURIE with a declared prefix means the URI; in XML, or with an undeclared
 * prefix, the text means itself.
 */
export function spellingsOf(parameter: Parameter, text: string): readonly string[] {
  checkPrefix(parameter, text);
  return [...new Set([text, expandValue(text, parameter.namespaces)])];
}

/** Values of a closed list. */
export function oneOf(parameter: Parameter, allowed: readonly string[]): readonly string[] {
  return textsOf(parameter).map((text) => {
    if (allowed.includes(text)) return text;
    throw refusal(parameter.name, text, `must be ${allowed.join(' or ')}.`, 'Letter case counts.');
  });
}

/** The canonical key of an identifier in any form. A URI that is not a GS1 key is compared as it is. */
export function keyIn(name: string, text: string, plainDigits: 'place' | 'item' = 'item'): string {
  const trimmed = text.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed)) return keyOfUri(trimmed) ?? trimmed;
  const parsed = plainDigits === 'place' ? parseGln(trimmed) : parseIdentifier(trimmed);
  if (parsed.ok) return parsed.id.key;
  throw refusal(name, text, 'must be an identifier.', parsed.message);
}

/** Distinct keys. Several spellings may mean one thing, and an index is read once for each value. */
export function keysIn(
  parameter: Parameter,
  plainDigits: 'place' | 'item' = 'item',
): readonly string[] {
  const texts = textsOf(parameter).flatMap((text) => spellingsOf(parameter, text));
  return [...new Set(texts.map((text) => keyIn(parameter.name, text, plainDigits)))];
}

/** Values that an extension field may be equal to. */
export function equalValuesOf(parameter: Parameter): readonly FieldValue[] {
  textsOf(parameter);
  const { namespaces, values } = parameter;
  const said = values.flatMap((value): readonly QueryValue[] =>
    typeof value === 'string' ? [...new Set([value, expandValue(value, namespaces)])] : [value],
  );
  return said.map((value): FieldValue => {
    const text = String(value);
    const at = instantIn(value);
    if (at !== null) return { kind: 'time', text, at };
    const number = numberIn(value);
    return { kind: 'text', text, ...(number === undefined ? {} : { number }) };
  });
}

/** The value that an extension field is compared with by greater or less: a number or a time. */
export function orderedValueOf(parameter: Parameter): FieldValue {
  const value = theOne(parameter);
  const number = numberIn(value);
  if (number !== undefined) return { kind: 'text', text: String(value), number };
  const at = instantIn(value);
  if (at !== null) return { kind: 'time', text: String(value), at };
  throw refusal(
    parameter.name,
    value,
    'must be a number, or a date and time with an offset.',
    'Greater and less are defined for numbers and times (EPCIS 2.0 section 8.2.7.1). For text use EQ_.',
  );
}
