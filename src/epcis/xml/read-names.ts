import { XML_NAMESPACES } from './layout.js';
import { textOfName } from './name-escapes.js';

/** Prefixes that mean something in EPCIS JSON, wherever they come from. */
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

/** Words that are no prefix in a JSON name: they would make it another URI. */
const TAKEN: ReadonlySet<string> = new Set(['', 'urn', 'http', 'https', 'ni', 'mailto', 'xmlns']);

/**
 * Where a value begins, not that of a declaration or of `xsi:type`, and what it has before a first colon. It looks back only from an
 * equals sign, and no further than to the one before: from every character it would be quadratic in a text without white space.
 */
const VALUE = /(?:>|=(?<!(?::type|xmlns(?::[^\s=]*)?)=)["']|<!\[CDATA\[)\s*([^\s<>"'&:=]+):/g;

/** Words that values of a document have before a colon: no name may have them as its prefix, as XML knows no CURIEs in values. */
export function prefixesInValues(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, prefix = ''] of text.matchAll(VALUE)) found.add(prefix);
  return found;
}

/**
 * The one prefix of each namespace in a document, so that `prefix:local` says the same everywhere in it: the prefix it is first met
 * with, another where that one is taken.
 */
export class Names {
  private readonly prefixes = new Map<string, string>(FIXED);
  private readonly namespaces = new Map<string, string>(
    [...FIXED].map(([uri, prefix]) => [prefix, uri]),
  );
  /** The number that the next prefix of a name ends in: lower ones are taken. */
  private readonly next = new Map<string, number>();

  /** @param inValues words that are no prefix here: see {@link prefixesInValues} */
  constructor(private readonly inValues: ReadonlySet<string> = new Set()) {}

  /** Takes the prefixes that an element binds. */
  bind(bound: Readonly<Record<string, string>>): void {
    for (const [prefix, uri] of Object.entries(bound)) {
      if (prefix !== '' && !NOT_EXTENSIONS.has(uri)) this.prefixOf(prefix, uri);
    }
  }

  /** `prefix:local`, or the local name where there is no namespace. */
  nameOf({ prefix, local, uri }: { prefix: string; local: string; uri: string }): string {
    const said = textOfName(local);
    return uri === '' ? said : `${this.prefixOf(prefix, uri)}:${said}`;
  }

  /** Prefixes and namespaces of the document, for `@context`; those of the standard as XML values use them. */
  context(): Record<string, string> {
    // `ex` bound to `ex:` is how a name without a context is written in XML: see `layout.ts`.
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
