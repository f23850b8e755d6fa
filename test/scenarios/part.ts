/** Lists whose order is the answer; of all others only what is in them counts. */
const ORDERED = new Set(['journey']);

/** What `expected` speaks of, out of `actual`: its fields, and of the items of a list the fields of its items. */
function partOf(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected))
    return actual.map((item: unknown, i) => partOf(item, expected[i] ?? expected[0]));
  if (!isRecord(actual) || !isRecord(expected)) return actual;
  return Object.fromEntries(
    Object.keys(expected).map((key) => [key, partOf(actual[key], expected[key])]),
  );
}

/** Both sides of a comparison: only what the story tells of, and in one order where the order is nothing. */
export function sidesOf(
  query: string,
  actual: unknown,
  expected: unknown,
): { actual: unknown; expected: unknown } {
  const part = partOf(actual, expected);
  if (ORDERED.has(query)) return { actual: part, expected };
  return { actual: sorted(part), expected: sorted(expected) };
}

/** The same value with its lists and fields in one order, for answers whose order is nothing. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted).map((item): [string, unknown] => [JSON.stringify(item), item]);
    return items.sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, item]) => item);
  }
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).map(([key, item]): [string, unknown] => [key, sorted(item)]);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
