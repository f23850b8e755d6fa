import { isObject } from '../epcis/checks.js';

/** What is wrong with a field of a record. The caller knows where the record is. */
export interface FieldFault {
  readonly code: string;
  readonly field: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
}

/** The most characters of a text, items of a list, attributes of a record, characters of the attributes as JSON, and levels of nesting. */
const MOST = { text: 1000, items: 100, attributes: 200, attributesJson: 65_536, depth: 8 };
const SHORTER = 'Register less.';

/**
 * Faults of texts, lists and attributes that exceed the limits, and of attributes that are not an object. This judges only input from the
 * wire, whose types were checked before.
 */
export function limitFaultsOf(record: Readonly<Record<string, unknown>>): FieldFault[] {
  return Object.entries(record).flatMap(([field, value]) => {
    const fault = field === 'attributes' ? attributesFault(value) : textsFault(value);
    return fault === null ? [] : [{ field, ...fault }];
  });
}

type Fault = Omit<FieldFault, 'field'>;

function textsFault(value: unknown): Fault | null {
  if (typeof value === 'string') return over(value.length, MOST.text, 'characters');
  if (!Array.isArray(value)) return null;
  const longest = Math.max(0, ...value.slice(0, MOST.items).map((one) => String(one).length));
  return over(value.length, MOST.items, 'items') ?? over(longest, MOST.text, 'characters');
}

function attributesFault(value: unknown): Fault | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    const found = Array.isArray(value) ? `a list of ${value.length}` : `a ${typeof value}`;
    const remedy = 'Write {"name": value, …}, or leave it out.';
    return { code: 'ATTRIBUTES', found, expected: 'an object by attribute name', remedy };
  }
  return (
    over(Object.keys(value).length, MOST.attributes, 'attributes') ??
    over(depthOf(value, MOST.depth + 1), MOST.depth, 'levels of nesting') ??
    over(JSON.stringify(value).length, MOST.attributesJson, 'characters of JSON')
  );
}

/** The depth of nesting; stops counting at `most`. */
function depthOf(value: unknown, most: number): number {
  if (most === 0 || typeof value !== 'object' || value === null) return 0;
  return (
    1 + Object.values(value).reduce<number>((d, one) => Math.max(d, depthOf(one, most - 1)), 0)
  );
}

function over(found: number, most: number, what: string): Fault | null {
  if (found <= most) return null;
  const expected = `at most ${most} ${what}`;
  return { code: 'LIMIT', found: `${found} ${what}`, expected, remedy: SHORTER };
}
