import type { Prefixes } from './namespaces.js';
import { prefixesOf } from './namespaces.js';

/** JSON text of the prefixes around an event that its text uses and its own `@context` does not declare; undefined for none. */
export function contextUsed(text: string, prefixes: Prefixes, own: unknown): string | undefined {
  const declared = own === undefined ? undefined : prefixesOf(undefined, own);
  const used = [...prefixes].filter(
    ([prefix]) =>
      declared?.has(prefix) !== true &&
      (text.includes(`"${prefix}:`) || text.includes(`"@${prefix}:`)),
  );
  return used.length === 0 ? undefined : JSON.stringify(Object.fromEntries(used));
}
