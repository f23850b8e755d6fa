/** Prefixes and the namespaces they stand for. */
export type Bindings = Readonly<Record<string, string>>;

/** Something that uses prefixes: an event, or the header. */
export interface Scope {
  readonly bindings: Bindings;
  readonly content: unknown;
}

/** Tells whether a name or value in a scope starts with a prefix. */
function mentionsIn({ content }: Scope): (prefix: string) => boolean {
  let text: string | undefined;
  return (prefix) => {
    text ??= JSON.stringify(content);
    return text.includes(`"${JSON.stringify(prefix).slice(1, -1)}:`);
  };
}

/** The bindings that hold for the whole document: none that would change what a name means somewhere. */
export function sharedBindings(scopes: readonly Scope[]): Bindings {
  const shared = new Map<string, string>();
  const clashing = new Set<string>();
  for (const { bindings } of scopes) {
    for (const [prefix, namespace] of Object.entries(bindings)) {
      const bound = shared.get(prefix) ?? namespace;
      if (bound !== namespace) clashing.add(prefix);
      shared.set(prefix, bound);
    }
  }
  const users = scopes.map((scope) => ({ ...scope, mentions: mentionsIn(scope) }));
  const everywhere = [...shared].filter(
    ([prefix]) =>
      !clashing.has(prefix) &&
      users.every(({ bindings, mentions }) => Object.hasOwn(bindings, prefix) || !mentions(prefix)),
  );
  return Object.fromEntries(everywhere);
}

/** Those of a scope that do not hold for the whole document. */
export function ownBindings(bindings: Bindings, shared: Bindings): Bindings | undefined {
  const own = Object.entries(bindings).filter(
    ([prefix, namespace]) => !Object.hasOwn(shared, prefix) || shared[prefix] !== namespace,
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}
