import { expandName, splitUri } from '../namespaces.js';
import type { Bindings } from '../write-prefixes.js';
import { XML_NAMESPACES } from './layout.js';
import { isName, nameFor } from './name-escapes.js';
import { attribute } from './write-text.js';

const NO_PREFIXES: ReadonlyMap<string, string> = new Map();
const RESERVED: ReadonlySet<string> = new Set([
  'http://www.w3.org/2000/xmlns/',
  'http://www.w3.org/XML/1998/namespace',
]);
/** In XML the namespace of CBV master data attributes has no final colon (CBV 2.0 section 9). */
const MASTER_DATA = 'urn:epcglobal:cbv:mda';

/** Prefixes that JSON read from XML uses without declaring them. */
const FIXED: ReadonlyMap<string, string> = new Map([
  ['xsi', XML_NAMESPACES.instance],
  ['xsd', XML_NAMESPACES.schema],
  ['sbdh', XML_NAMESPACES.sbdh],
]);

/** True if XML allows to bind the prefix to the namespace. */
function isBindable(prefix: string, namespace: string): boolean {
  return (
    isName(prefix) && !/^xml/i.test(prefix) && namespace.trim() !== '' && !RESERVED.has(namespace)
  );
}

/** The namespace of an unbound prefix: from the standard's context, or the prefix as a URI. */
function unboundNamespace(prefix: string): string {
  const expanded = expandName(`${prefix}:`, NO_PREFIXES);
  if (expanded.startsWith(MASTER_DATA)) return MASTER_DATA;
  return FIXED.get(prefix) ?? expanded;
}

/** Gives the XML names of one event or of the header, and remembers the prefixes they need. */
export class NameScope {
  private readonly namespaces = new Map<string, string>();
  private readonly prefixes = new Map<string, string>();
  private readonly unbindable = new Map<string, string>();
  /** The next number to append to a prefix; lower numbers are taken. */
  private readonly next = new Map<string, number>();

  /**
   * @param bindings prefixes that are always declared, because values may use them
   * @param fixed prefixes of the document itself, which take precedence
   * @param around the outer scope
   */
  constructor(
    bindings: Bindings,
    fixed: Bindings = {},
    private readonly around?: NameScope,
  ) {
    for (const [prefix, namespace] of [...Object.entries(fixed), ...Object.entries(bindings)]) {
      if (isBindable(prefix, namespace) && !this.namespaces.has(prefix))
        this.bind(prefix, namespace);
      else if (isBindable('ns', namespace) && this.namespaces.get(prefix) !== namespace)
        this.unbindable.set(prefix, namespace);
    }
  }

  /** The prefixes to declare for the names given, except those that the outer scope binds. */
  get declarations(): Bindings {
    const own = [...this.namespaces].filter(
      ([prefix, namespace]) => this.around?.namespaceOf(prefix) !== namespace,
    );
    return Object.fromEntries(own);
  }

  /** An inner scope with its own bindings. */
  inside(bindings: Bindings): NameScope {
    return new NameScope(bindings, {}, this);
  }

  /** The XML name for a JSON name: `prefix:local`, a URI, or a name without a namespace. */
  name(key: string): string {
    const colon = key.indexOf(':');
    if (colon < 0) return nameFor(key);
    const prefix = key.slice(0, colon);
    const local = key.slice(colon + 1);
    if (prefix === 'xml') return `xml:${nameFor(local)}`;
    const bound = this.meant(prefix);
    if (bound !== undefined && !local.startsWith('//')) return this.nameIn(bound, local, prefix);
    if (!isName(prefix) || !isName(local)) return this.nameIn(...splitUri(key), 'ns');
    return this.nameIn(unboundNamespace(prefix), local, prefix);
  }

  /** `prefix:local` for a namespace, with its prefix, the wanted prefix, or a new one. */
  nameIn(namespace: string, local: string, wanted: string): string {
    const prefix = this.prefixOf(namespace) ?? this.newPrefix(namespace, wanted);
    return `${prefix}:${nameFor(local)}`;
  }

  private newPrefix(namespace: string, wanted: string): string {
    const base = isName(wanted) && !/^xml/i.test(wanted) ? wanted : 'ns';
    const prefix = this.namespaceOf(base) === undefined ? base : this.numbered(base);
    this.bind(prefix, namespace);
    return prefix;
  }

  private numbered(base: string): string {
    let n = this.next.get(base) ?? 1;
    while (this.namespaceOf(`${base}${n}`) !== undefined) n += 1;
    this.next.set(base, n + 1);
    return `${base}${n}`;
  }

  private bind(prefix: string, namespace: string): void {
    this.namespaces.set(prefix, namespace);
    if (!this.prefixes.has(namespace)) this.prefixes.set(namespace, prefix);
  }

  private meant(prefix: string): string | undefined {
    return this.unbindable.get(prefix) ?? this.namespaces.get(prefix) ?? this.around?.meant(prefix);
  }

  private namespaceOf(prefix: string): string | undefined {
    return this.namespaces.get(prefix) ?? this.around?.namespaceOf(prefix);
  }

  /** The prefix of a namespace here. One of an outer scope counts unless it is bound again here. */
  private prefixOf(namespace: string): string | undefined {
    const own = this.prefixes.get(namespace);
    if (own !== undefined) return own;
    const outer = this.around?.prefixOf(namespace);
    return outer !== undefined && this.namespaces.has(outer) ? undefined : outer;
  }
}

/** The attributes that bind prefixes, except those that already hold. */
export function declarationsOf(bindings: Bindings, holding: Bindings = {}): string {
  return Object.entries(bindings)
    .filter(
      ([prefix, namespace]) => !Object.hasOwn(holding, prefix) || holding[prefix] !== namespace,
    )
    .map(([prefix, namespace]) => attribute(`xmlns:${prefix}`, namespace))
    .join('');
}
