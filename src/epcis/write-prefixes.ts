import { prefixesIn } from './namespaces.js';

/** Prefixes and their namespaces. */
export type Bindings = Readonly<Record<string, string>>;

/** A part of a document that uses prefixes: an event, or the header. */
export interface Scope {
  readonly bindings: Bindings;
  readonly content: unknown;
}

/** A prefix with such a character cannot be found in the text, so its use is unknown. */
const UNSEEN = /["\\:\p{Cc}]/u;

/** The bindings that can hold for the whole document without changing what any name means. */
export function sharedBindings(scopes: readonly Scope[]): Bindings {
  const shared = new Map<string, string>();
  const apart = new Set<string>();
  for (const { bindings } of scopes) {
    for (const [prefix, namespace] of Object.entries(bindings)) {
      const bound = shared.get(prefix) ?? namespace;
      if (bound !== namespace || UNSEEN.test(prefix)) apart.add(prefix);
      shared.set(prefix, bound);
    }
  }
  if (shared.size === 0) return {};
  for (const { bindings, content } of scopes)
    for (const prefix of prefixesIn(JSON.stringify(content)))
      if (!Object.hasOwn(bindings, prefix)) apart.add(prefix);
  return Object.fromEntries([...shared].filter(([prefix]) => !apart.has(prefix)));
}

/** The bindings of a scope that do not hold for the whole document. */
export function ownBindings(bindings: Bindings, shared: Bindings): Bindings | undefined {
  const own = Object.entries(bindings).filter(
    ([prefix, namespace]) => !Object.hasOwn(shared, prefix) || shared[prefix] !== namespace,
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}
