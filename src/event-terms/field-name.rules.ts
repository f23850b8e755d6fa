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
 * The one name of an extension field, however it is written: `namespace#local`. `ext:field` with a bound prefix, the URI
 * `http://example.org/ns#field` and the XML element `field` of that namespace have the same name. An unbound prefix
 * stands for its own namespace, so that `ext:field` still finds `ext:field`.
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

/** The name as written, with a uniform last separator. */
function literalName(name: string): string {
  const [, namespace = '', local = ''] = /^(.*)[#/:]([^#/:]*)$/s.exec(name) ?? [];
  return namespace === '' ? name : `${bare(namespace)}#${local}`;
}

/** Known schemes of URIs. In these, the part before the colon is not a prefix. */
const SCHEMES: ReadonlySet<string> = new Set(
  'urn http https ni nih tag did data info doi uuid mailto tel geo file ftp'.split(' '),
);

/**
 * The unbound prefix of a name or CURIE. Null for a URI, a word without a colon, and a prefix that is bound or belongs to the
 * standard.
 */
export function unknownPrefix(text: string, prefixes: Prefixes): string | null {
  const [, prefix, rest = ''] = /^([A-Za-z_][\w.-]*):(.*)$/s.exec(text) ?? [];
  if (prefix === undefined || rest.startsWith('//') || isStandard(text)) return null;
  return prefixes.get(prefix) !== undefined || SCHEMES.has(prefix.toLowerCase()) ? null : prefix;
}

/** The name of a field with its prefix resolved, and the name as written; only one when they are equal. */
export function namesOfField(name: string, prefixes: Prefixes): readonly string[] {
  const canonical = canonicalName(name, prefixes);
  const literal = literalName(name);
  return canonical === literal || isStandard(name) ? [canonical] : [canonical, literal];
}

const STANDARD = /^(?:cbvmda|gs1|cbv|epcis|sbdh|xsi|xsd|xml):/;

/** Whether a prefix is in the standard's own context. Nobody must declare such a prefix, so nobody queries by the bare prefix. */
function isStandard(name: string): boolean {
  return STANDARD.test(name);
}
