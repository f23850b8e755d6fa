import { isObject } from './checks.js';

/** The namespace of each prefix in scope. */
export type Prefixes = Pick<ReadonlyMap<string, string>, 'get'>;

/** Declared prefixes, and the namespace of each. */
export type Declared = ReadonlyMap<string, string>;

/** Prefixes of the standard's JSON-LD context (EPCIS 2.0 section 10.1) need no declaration. */
const STANDARD: Prefixes = new Map([
  ['cbvmda', 'urn:epcglobal:cbv:mda:'],
  ['gs1', 'https://gs1.org/voc/'],
  ['cbv', 'https://ref.gs1.org/cbv/'],
]);

function collect(context: unknown, into: Map<string, string>): void {
  if (Array.isArray(context)) for (const part of context) collectOne(part, into);
  else collectOne(context, into);
}

function collectOne(part: unknown, into: Map<string, string>): void {
  if (!isObject(part)) return;
  for (const [prefix, bound] of Object.entries(part)) {
    // Keywords (@vocab, @base) would redefine names without a prefix, which are the standard's.
    if (prefix.startsWith('@')) continue;
    if (typeof bound === 'string') into.set(prefix, bound);
    else if (isObject(bound) && typeof bound['@id'] === 'string') into.set(prefix, bound['@id']);
  }
}

const NONE: Declared = new Map();

/** The prefixes of a document's `@context`, overridden by an event's own. No context is fetched. */
export function prefixesOf(documentContext: unknown, eventContext?: unknown): Declared {
  if (documentContext === undefined && eventContext === undefined) return NONE;
  const found = new Map<string, string>();
  collect(documentContext, found);
  collect(eventContext, found);
  return found;
}

/** Prefixes of an inner scope. The outer ones are not copied, as both may be many. */
export function within(around: Prefixes, own: Prefixes): Prefixes {
  return { get: (prefix) => own.get(prefix) ?? around.get(prefix) };
}

/** The prefixes of names and values in a JSON text, except those that need an escape. */
export function prefixesIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, prefix = ''] of text.matchAll(/"@?([^"\\:]*):/g)) found.add(prefix);
  return found;
}

/** A field's full name: `ext:field` becomes namespace and local name; an unknown prefix stays. */
export function expandName(name: string, prefixes: Prefixes): string {
  const colon = name.indexOf(':');
  if (colon < 0) return name;
  const prefix = name.slice(0, colon);
  const bound = prefixes.get(prefix) ?? STANDARD.get(prefix);
  return bound === undefined ? name : bound + name.slice(colon + 1);
}

/**
 * The URI of a CURIE `ext:name` (JSON-LD 1.1 section 4.1.5); any other text stays as it is. Only
 * declared prefixes are expanded: every reader knows the standard's own.
 */
export function expandValue(text: string, prefixes: Prefixes): string {
  const colon = text.indexOf(':');
  if (colon < 1) return text;
  const prefix = text.slice(0, colon);
  const bound = prefixes.get(prefix);
  if (bound === undefined || bound === STANDARD.get(prefix)) return text;
  return text.startsWith('//', colon + 1) ? text : bound + text.slice(colon + 1);
}

function expandInside(value: unknown, prefixes: Prefixes): unknown {
  if (typeof value === 'string') return expandValue(value, prefixes);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => expandInside(item, prefixes));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  return isObject(value) ? expandFields(value, prefixes) : value;
}

function expandFields<T extends object>(value: T, prefixes: Prefixes, but?: string): T {
  const changed = Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === but || key === '@context' || key.startsWith('@xmlns')) return [];
    const after = expandInside(inner, prefixes);
    return after === inner ? [] : [[key, after] as const];
  });
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}

/**
 * An event with expanded CURIEs in its values, as XML needs it, which has no CURIEs. The event type
 * is a name and stays. The result is the same object if there are no CURIEs.
 */
export function withValuesExpanded<T extends object>(event: T, prefixes: Prefixes): T {
  return expandFields(event, prefixes, 'type');
}

/** Splits a URI into the namespace and local name of its element in XML. */
export function splitUri(uri: string): readonly [namespace: string, local: string] {
  const at = Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('#'), uri.lastIndexOf(':')) + 1;
  return at === uri.length ? [uri, '_'] : [uri.slice(0, at), uri.slice(at)];
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Fields that a repository added to its events and excludes from the event hash. It names them in
 * `ignoreFields`, with its own prefix, beside the events of a query result. Names are expanded.
 */
export function ignoredFields(queryResults: unknown, prefixes: Prefixes): ReadonlySet<string> {
  if (!isObject(queryResults)) return NOTHING;
  const names = Object.keys(queryResults)
    .filter((key) => key.endsWith(':ignoreFields'))
    .flatMap((key): unknown => queryResults[key])
    .filter((name) => typeof name === 'string');
  return names.length === 0 ? NOTHING : new Set(names.map((name) => expandName(name, prefixes)));
}
