import type { Prefixes } from '../epcis/namespaces.js';
import { expandName } from '../epcis/namespaces.js';

const SEPARATORS = new Set(['#', '/', ':']);

/** A namespace without the separators at its end. */
function bare(namespace: string): string {
  let end = namespace.length;
  while (end > 0 && SEPARATORS.has(namespace.charAt(end - 1))) end -= 1;
  return namespace.slice(0, end);
}

/**
 * The one name of an extension field, however it is written: `namespace#local`. `ext:field` under a prefix that is bound, the URI
 * `http://example.org/ns#field` and the XML element `field` of that namespace are the same. Without a binding the prefix
 * itself stands for the namespace, so that `ext:field` still finds `ext:field`.
 */
export function canonicalName(name: string, prefixes: Prefixes): string {
  const colon = name.indexOf(':');
  if (colon > 0) {
    const prefix = name.slice(0, colon + 1);
    const bound = expandName(prefix, prefixes);
    if (bound !== prefix) return `${bare(bound)}#${name.slice(colon + 1)}`;
  }
  return literalName(name);
}

/** The name as it stands, its last separator made the same for all. */
function literalName(name: string): string {
  const [, namespace = '', local = ''] = /^(.*)[#/:]([^#/:]*)$/s.exec(name) ?? [];
  return namespace === '' ? name : `${bare(namespace)}#${local}`;
}

/** Schemes of URIs in use: what stands before the colon there is no prefix. */
const SCHEMES: ReadonlySet<string> = new Set(
  'urn http https ni nih tag did data info doi uuid mailto tel geo file ftp'.split(' '),
);

/**
 * The prefix of a name or CURIE that nothing binds; null where there is none: a URI, a word without a colon, a prefix that is bound or
 * belongs to the standard.
 */
export function unknownPrefix(text: string, prefixes: Prefixes): string | null {
  const [, prefix, rest = ''] = /^([A-Za-z_][\w.-]*):(.*)$/s.exec(text) ?? [];
  if (prefix === undefined || rest.startsWith('//') || isStandard(text)) return null;
  return prefixes.get(prefix) !== undefined || SCHEMES.has(prefix.toLowerCase()) ? null : prefix;
}

/** Both names of a field: as its prefix is bound, and as it is written; one when they are the same. */
export function namesOfField(name: string, prefixes: Prefixes): readonly string[] {
  const canonical = canonicalName(name, prefixes);
  const literal = literalName(name);
  return canonical === literal || isStandard(name) ? [canonical] : [canonical, literal];
}

const STANDARD = /^(?:cbvmda|gs1|cbv|epcis|sbdh|xsi|xsd|xml):/;

/** Prefixes of the standard's own context: nobody has to declare them, so nobody asks by the bare prefix. */
function isStandard(name: string): boolean {
  return STANDARD.test(name);
}
