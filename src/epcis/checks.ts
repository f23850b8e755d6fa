import { isUri, epochMillis } from './formats.js';
import type { Faults, Finding } from './faults.js';
import { pointerTo } from './faults.js';
import type { WordKind } from './vocabulary.js';
import { bareWord, isReservedUri, isRetiredWord, isWord, wordsOf } from './vocabulary.js';

/** Judges one value. Its pointer is built only when there is a fault, to save time. */
export type Check = (value: unknown, parent: string, key: string | number, faults: Faults) => void;

/** A JSON object: not null, not a list. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function test(holds: (value: unknown) => boolean, finding: Finding): Check {
  return (value, parent, key, faults) => {
    if (!holds(value)) faults.add(finding, pointerTo(parent, key), value);
  };
}

/** Accepts anything. */
export const anything: Check = () => undefined;

/** An absolute URI. */
export const uri: Check = test((value) => typeof value === 'string' && isUri(value), {
  code: 'URI_INVALID',
  expected: 'an absolute URI',
  remedy:
    'Write a full URI, such as urn:epc:id:sgtin:… or https://id.gs1.org/…; characters outside RFC 3986 are percent-encoded.',
});

/** An xsd:dateTime with an offset (EPCIS 2.0 section 7.3.2). */
export const time: Check = test(
  (value) => typeof value === 'string' && epochMillis(value) !== null,
  {
    code: 'TIME_INVALID',
    expected: 'a date and time with an offset, such as 2026-03-14T09:26:53.589+01:00',
    remedy: 'Write ISO 8601 with seconds and an offset (Z or ±hh:mm).',
  },
);

/** A finite number. */
export const number: Check = test((value) => typeof value === 'number' && Number.isFinite(value), {
  code: 'NUMBER_INVALID',
  expected: 'a number',
  remedy: 'Write a JSON number, without quotes.',
});

/** Text. */
export const text: Check = test((value) => typeof value === 'string', {
  code: 'TEXT_INVALID',
  expected: 'text',
  remedy: 'Write a JSON string.',
});

/** true or false. */
export const boolean: Check = test((value) => typeof value === 'boolean', {
  code: 'BOOLEAN_INVALID',
  expected: 'true or false',
  remedy: 'Write true or false, without quotes.',
});

/** Text of a given form. */
export function pattern(form: RegExp, finding: Finding): Check {
  return test((value) => typeof value === 'string' && form.test(value), finding);
}

/** One of a few given words. */
export function oneOf(words: readonly string[], finding: Omit<Finding, 'expected'>): Check {
  return test((value) => typeof value === 'string' && words.includes(value), {
    ...finding,
    expected: words.join(' or '),
  });
}

/** Passes when either check does; otherwise the finding is reported. */
export function firstOf(holds: readonly ((value: unknown) => boolean)[], finding: Finding): Check {
  return test((value) => holds.some((one) => one(value)), finding);
}

/** A bare word of a closed CBV vocabulary, or a private URI (CBV 2.0 section 7). */
export function word(kind: WordKind): Check {
  const all = [...wordsOf(kind)];
  const shown =
    all.length > 15 ? `${all.slice(0, 5).join(', ')}, … (${all.length} words)` : all.join(', ');
  const expected = `a word of the standard for ${kind} (${shown}) or a URI of your own`;
  return (value, parent, key, faults) => {
    if (
      typeof value === 'string' &&
      (isWord(kind, value) || (isUri(value) && !isReservedUri(kind, value)))
    )
      return;
    const bare = typeof value === 'string' ? bareWord(kind, value) : '';
    if (faults.isXml && (isWord(kind, bare) || isRetiredWord(bare))) return;
    const remedy = isWord(kind, bare)
      ? `Write "${bare}".`
      : 'Use the bare word, in the spelling of CBV 2.0, or a URI.';
    faults.add({ code: 'WORD_UNKNOWN', expected, remedy }, pointerTo(parent, key), value);
  };
}

/** What a list must satisfy besides its items. */
export interface ListRule {
  readonly min?: number;
  readonly max?: number;
  /** Items with the same result are the same; a repeated item gives a warning. */
  readonly distinctBy?: (item: unknown) => unknown;
}

const NOT_A_LIST: Finding = {
  code: 'LIST_INVALID',
  expected: 'a list',
  remedy: 'Write a JSON array.',
};
const LIST_EMPTY: Finding = {
  code: 'LIST_EMPTY',
  expected: 'at least one item',
  remedy: 'Leave the field out, or put an item in.',
};
const LIST_LONG = { code: 'LIMIT_ITEMS', remedy: 'Send fewer.' } as const;
const ITEM_TWICE: Finding = {
  code: 'ITEM_DUPLICATE',
  expected: 'each item once',
  remedy: 'It counts once. Remove the repetition.',
};

/** A list of items that pass one check. */
export function list(item: Check, rule: ListRule = {}): Check {
  const { min = 0, max = Infinity, distinctBy } = rule;
  return (value, parent, key, faults) => {
    if (!Array.isArray(value)) {
      faults.add(NOT_A_LIST, pointerTo(parent, key), value);
      return;
    }
    const at = pointerTo(parent, key);
    if (value.length < min) faults.add(LIST_EMPTY, at, value);
    if (value.length > max) {
      faults.add({ ...LIST_LONG, expected: `at most ${max} items` }, at, value);
      return;
    }
    for (let i = 0; i < value.length; i += 1) item(value[i], at, i, faults);
    if (distinctBy !== undefined) warnOfRepeated(value, at, distinctBy, faults);
  };
}

function warnOfRepeated(
  items: readonly unknown[],
  at: string,
  distinctBy: (item: unknown) => unknown,
  faults: Faults,
): void {
  const seen = new Set<unknown>();
  items.forEach((item, index) => {
    const mark = distinctBy(item);
    if (seen.has(mark)) faults.warn(ITEM_TWICE, pointerTo(at, index), item);
    seen.add(mark);
  });
}

/** The content of a JSON value: equal for equal values. */
export function contentOf(value: unknown): unknown {
  return typeof value === 'object' ? canonicalText(value) : value;
}

/** JSON text with sorted keys: equal for equal values. The caller must have limited the depth. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint'
      ? String(inner)
      : isObject(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
  );
}

/** The shape of an object: its known fields, which are required, and which others are allowed. */
export interface Shape {
  readonly fields: Readonly<Record<string, Check>>;
  readonly required?: readonly string[];
  /** Other fields: none, only namespaced (`ext:field` or a URI; EPCIS 2.0 section 10.1), or any. */
  readonly others: 'refused' | 'namespaced' | 'any';
  /** Judges the fields together, after each has been judged alone. */
  readonly whole?: (value: JsonObject, at: string, faults: Faults) => void;
}

const NOT_AN_OBJECT: Finding = {
  code: 'OBJECT_INVALID',
  expected: 'an object',
  remedy: 'Write a JSON object.',
};
const UNKNOWN: Record<'refused' | 'namespaced', Finding> = {
  refused: {
    code: 'FIELD_UNKNOWN',
    expected: 'only fields of the standard here',
    remedy: 'Remove the field; it is not allowed here.',
  },
  namespaced: {
    code: 'FIELD_UNKNOWN',
    expected: 'a field of the standard, or an extension with a namespace',
    remedy:
      'Correct the spelling, or write an extension as prefix:field with the prefix in @context.',
  },
};

/** The finding for a missing field. */
export function missing(name: string): Finding {
  return { code: 'FIELD_MISSING', expected: `the field ${name}`, remedy: `Add ${name}.` };
}

/** Judges the fields of an object against a shape, at a known pointer. */
export function checkObject(shape: Shape): (value: JsonObject, at: string, faults: Faults) => void {
  const fields = new Map(Object.entries(shape.fields));
  const required = (shape.required ?? []).map((name) => ({ name, finding: missing(name) }));
  const { others, whole } = shape;
  // Reading has already judged the places of XML elements, whose names may have letters no URI has.
  const refuses = (key: string, { isXml }: Faults): boolean =>
    others === 'refused' || (others === 'namespaced' && !isXml && !isUri(key));
  return (value, at, faults) => {
    for (const key of Object.keys(value)) {
      const check = fields.get(key);
      if (check) {
        if (value[key] !== undefined) check(value[key], at, key, faults);
      } else if (refuses(key, faults)) {
        faults.add(
          UNKNOWN[others === 'refused' ? 'refused' : 'namespaced'],
          pointerTo(at, key),
          key,
        );
      }
    }
    for (const { name, finding } of required) {
      if (!Object.hasOwn(value, name) || value[name] === undefined)
        faults.add(finding, at, undefined);
    }
    whole?.(value, at, faults);
  };
}

/** An object of a shape. */
export function object(shape: Shape): Check {
  const inside = checkObject(shape);
  return (value, parent, key, faults) => {
    if (isObject(value)) inside(value, pointerTo(parent, key), faults);
    else faults.add(NOT_AN_OBJECT, pointerTo(parent, key), value);
  };
}
