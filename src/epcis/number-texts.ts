import { isObject } from './checks.js';

/**
 * The numbers of a tree that JavaScript would write differently (`26.0`, `1E3`, digits beyond a
 * double), by the object or array that holds them.
 */
export class NumberTexts {
  private readonly texts = new Map<object, Map<string, string>>();

  /** Remembers how a number was written, if JavaScript would write it differently. */
  note(container: object, key: string | number, text: string): void {
    if (String(Number(text)) === text) return;
    const inside = this.texts.get(container) ?? new Map<string, string>();
    this.texts.set(container, inside.set(String(key), text));
  }

  /** Follows a value that moved to another place. */
  move(from: object, key: string | number, to: object, toKey: string | number): void {
    const text = this.texts.get(from)?.get(String(key));
    if (text !== undefined) this.note(to, toKey, text);
    this.texts.get(from)?.delete(String(key));
  }

  /** True when nothing was remembered, so `JSON.stringify` is enough. */
  get none(): boolean {
    return this.texts.size === 0;
  }

  /** JSON text of the value at a JSON Pointer, with its numbers as written. */
  textAt(tree: unknown, pointer: string): string {
    const value = resolvePointer(tree, pointer);
    const last = pointer.lastIndexOf('/');
    if (typeof value !== 'number' || last < 0) return this.textOf(value);
    const container = resolvePointer(tree, pointer.slice(0, last)) as object;
    return this.member(container, stepKey(pointer.slice(last + 1)), value);
  }

  private textOf(value: unknown): string {
    if (Array.isArray(value)) {
      const items = value.map((item: unknown, index) => this.member(value, index, item));
      return `[${items.join(',')}]`;
    }
    if (!isObject(value)) return value === undefined ? 'null' : JSON.stringify(value);
    const members = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => `${JSON.stringify(key)}:${this.member(value, key, inner)}`);
    return `{${members.join(',')}}`;
  }

  private member(container: object, key: string | number, value: unknown): string {
    const text =
      typeof value === 'number' ? this.texts.get(container)?.get(String(key)) : undefined;
    return text ?? this.textOf(value);
  }
}

function stepKey(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The value at a JSON Pointer (RFC 6901); undefined when there is none. */
function resolvePointer(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = stepKey(step);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
