import type { Declared } from './namespaces.js';
import { prefixesIn } from './namespaces.js';

/** Prefixes of the document that an event's text uses and its own `@context` does not declare. */
export function prefixesUsed(text: string, around: Declared, own: Declared | undefined): Declared {
  const used = new Map<string, string>();
  if (around.size === 0) return used;
  for (const prefix of prefixesIn(text)) {
    const namespace = around.get(prefix);
    if (namespace !== undefined && own?.has(prefix) !== true) used.set(prefix, namespace);
  }
  return used;
}

/** JSON text of prefixes and their namespaces; undefined if there are none. */
export function contextOf(prefixes: Declared): string | undefined {
  return prefixes.size === 0 ? undefined : JSON.stringify(Object.fromEntries(prefixes));
}
