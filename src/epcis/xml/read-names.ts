import { XML_NAMESPACES } from './layout.js';
import { textOfName } from './name-escapes.js';

/** Prefixes that always have a meaning in EPCIS JSON. */
const STANDARD: ReadonlyMap<string, string> = new Map([
  ['gs1', 'https://gs1.org/voc/'],
  ['cbv', 'https://ref.gs1.org/cbv/'],
]);

const FIXED: ReadonlyMap<string, string> = new Map([
  [XML_NAMESPACES.sbdh, 'sbdh'],
  [XML_NAMESPACES.instance, 'xsi'],
  [XML_NAMESPACES.schema, 'xsd'],
  ['http://www.w3.org/XML/1998/namespace', 'xml'],
]);

const NOT_EXTENSIONS: ReadonlySet<string> = new Set([
  ...FIXED.keys(),
  ...Object.values(XML_NAMESPACES.document),
  ...Object.values(XML_NAMESPACES.query),
  ...Object.values(XML_NAMESPACES.masterData),
  'urn:epcglobal:xsd:1',
  'urn:epcglobal:xsd:2',
]);

/** Words that cannot be a prefix in a JSON name, because they would make it another URI. */
const TAKEN: ReadonlySet<string> = new Set(['', 'urn', 'http', 'https', 'ni', 'mailto', 'xmlns']);

/**
 * The text of a value before its first colon, except in a declaration or `xsi:type`. It looks back
 * only from an equals sign and only to the one before. Looking back from every character would take
 * quadratic time in a text without white space.
 */
const VALUE = /(?:>|=(?<!(?::type|xmlns(?::[^\s=]*)?)=)["']|<!\[CDATA\[)\s*([^\s<>"'&:=]+):/g;

/** Words before a colon in values. XML has no CURIEs, so no name may get them as its prefix. */
export function prefixesInValues(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, prefix = ''] of text.matchAll(VALUE)) found.add(prefix);
  return found;
}

/**
 * Gives each namespace of a document one prefix, so that `prefix:local` always means the same. It
 * is the first prefix found for the namespace, or another if that one is taken.
 */
export class Names {
  private readonly prefixes = new Map<string, string>(FIXED);
  private readonly namespaces = new Map<string, string>(
    [...FIXED].map(([uri, prefix]) => [prefix, uri]),
  );
  /** The next number to append to a prefix; lower numbers are taken. */
  private readonly next = new Map<string, number>();

  /** @param inValues words that cannot be a prefix here: see {@link prefixesInValues} */
  constructor(private readonly inValues: ReadonlySet<string> = new Set()) {}

  /** Registers the prefixes that an element binds. */
  bind(bound: Readonly<Record<string, string>>): void {
    for (const [prefix, uri] of Object.entries(bound)) {
      if (prefix !== '' && !NOT_EXTENSIONS.has(uri)) this.prefixOf(prefix, uri);
    }
  }

  /** `prefix:local`, or the local name if there is no namespace. */
  nameOf({ prefix, local, uri }: { prefix: string; local: string; uri: string }): string {
    const said = textOfName(local);
    return uri === '' ? said : `${this.prefixOf(prefix, uri)}:${said}`;
  }

  /** Prefixes and namespaces for `@context`, with those of the standard that values may use. */
  context(): Record<string, string> {
    // `ex` bound to `ex:` is a name without a context in XML: see `write-scope.ts`.
    const own = [...this.namespaces].filter(
      ([prefix, uri]) => !NOT_EXTENSIONS.has(uri) && uri !== `${prefix}:`,
    );
    return Object.fromEntries([...STANDARD, ...own]);
  }

  private prefixOf(wanted: string, uri: string): string {
    const known = this.prefixes.get(uri);
    if (known !== undefined) return known;
    const prefix = this.free(wanted);
    this.prefixes.set(uri, prefix);
    this.namespaces.set(prefix, uri);
    return prefix;
  }

  private free(wanted: string): string {
    const base = TAKEN.has(wanted) ? 'ns' : wanted;
    if (this.isFree(base)) return base;
    let n = this.next.get(base) ?? 1;
    while (!this.isFree(`${base}${n}`)) n += 1;
    this.next.set(base, n + 1);
    return `${base}${n}`;
  }

  private isFree(prefix: string): boolean {
    return !this.namespaces.has(prefix) && !this.inValues.has(prefix);
  }
}
