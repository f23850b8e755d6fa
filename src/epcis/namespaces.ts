import { isObject } from './checks.js';

/** Tells the namespace of each prefix in scope. */
export type Prefixes = Pick<ReadonlyMap<string, string>, 'get'>;

/** Prefixes that somebody declares, and the namespace each stands for. */
export type Declared = ReadonlyMap<string, string>;

/** The prefixes of the standard's own JSON-LD context (EPCIS 2.0 section 10.1), in scope without being declared. */
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
    // Keywords (@vocab, @base) would give meaning to names without a prefix: the standard's own meaning stays.
    if (prefix.startsWith('@')) continue;
    if (typeof bound === 'string') into.set(prefix, bound);
    else if (isObject(bound) && typeof bound['@id'] === 'string') into.set(prefix, bound['@id']);
  }
}

const NONE: Declared = new Map();

/** The prefixes that a document's `@context` declares, and those of an event's own on top of them; no context is ever fetched. */
export function prefixesOf(documentContext: unknown, eventContext?: unknown): Declared {
  if (documentContext === undefined && eventContext === undefined) return NONE;
  const found = new Map<string, string>();
  collect(documentContext, found);
  collect(eventContext, found);
  return found;
}

/** Prefixes declared inside a scope; those around it are looked up, not copied: there may be many, and many such scopes. */
export function within(around: Prefixes, own: Prefixes): Prefixes {
  return { get: (prefix) => own.get(prefix) ?? around.get(prefix) };
}

/** The prefixes that names and values in a JSON text begin with, as far as they need no escape there. */
export function prefixesIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, prefix = ''] of text.matchAll(/"@?([^"\\:]*):/g)) found.add(prefix);
  return found;
}

/** A field's full name: `ext:field` becomes namespace and local name, anything without a known prefix stays as it is. */
export function expandName(name: string, prefixes: Prefixes): string {
  const colon = name.indexOf(':');
  if (colon < 0) return name;
  const prefix = name.slice(0, colon);
  const bound = prefixes.get(prefix) ?? STANDARD.get(prefix);
  return bound === undefined ? name : bound + name.slice(colon + 1);
}

/**
 * A value written as CURIE, `ext:name`, as the URI it stands for (JSON-LD 1.1 section 4.1.5); any other text as it is. Only prefixes
 * somebody declared count: those of the standard are words that every reader of it knows.
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
 * An event with the CURIEs in its values written out: what it means, and what XML says of it, which has no CURIEs. Its own type is a
 * name, and stays. The very event where there are none.
 */
export function withValuesExpanded<T extends object>(event: T, prefixes: Prefixes): T {
  return expandFields(event, prefixes, 'type');
}

/** A URI in two: the namespace and the local name of the element that stands for it in XML. */
export function splitUri(uri: string): readonly [namespace: string, local: string] {
  const at = Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('#'), uri.lastIndexOf(':')) + 1;
  return at === uri.length ? [uri, '_'] : [uri.slice(0, at), uri.slice(at)];
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The fields that a repository added to its events and wants left out of the event hash: it names them in `ignoreFields`, under a
 * prefix of its own, beside the events of a query result. Names as in `expandName`.
 */
export function ignoredFields(queryResults: unknown, prefixes: Prefixes): ReadonlySet<string> {
  if (!isObject(queryResults)) return NOTHING;
  const names = Object.keys(queryResults)
    .filter((key) => key.endsWith(':ignoreFields'))
    .flatMap((key): unknown => queryResults[key])
    .filter((name) => typeof name === 'string');
  return names.length === 0 ? NOTHING : new Set(names.map((name) => expandName(name, prefixes)));
}
