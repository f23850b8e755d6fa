const noted = new WeakMap<object, Map<string, string>>();

/** Remembers how a number was written, if JavaScript would write it differently (`1.50`). */
export function noteDigits(holder: object, key: string | number, written: string): void {
  if (String(Number(written)) === written) return;
  const inside = noted.get(holder) ?? new Map<string, string>();
  noted.set(holder, inside.set(String(key), written));
}

/** A JSON value in which each noted number is the text of its digits, so that none is lost. */
export function withDigits(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const digits = noted.get(value);
  const inner = (key: string, item: unknown): unknown =>
    typeof item === 'number' ? (digits?.get(key) ?? item) : withDigits(item);
  if (Array.isArray(value)) return value.map((item: unknown, index) => inner(String(index), item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(key, item)]));
}
