import type { EpcisEvent } from '../epcis/event.js';
import type { AnyFields } from '../epcis/readers.js';
import { EPC_LISTS, isStandard, QUANTITY_LISTS } from '../epcis/event.js';
import { gtinOfKey, keyOfUri } from '../gs1/identifier.js';
import type { MayBegin } from './lot-facts.rules.js';
import type { Named, NamedThings } from './named-things.store.js';

/** An event, and the key of the organisation that sent it; null or absent for the host. */
interface Sent {
  readonly event: EpcisEvent;
  readonly sentBy?: string | null;
}

type PrefixOf = (uri: string) => string | null;

/**
 * Sites, parties and products that events name, each once, with the company prefixes from their URNs.
 *
 * @param mayBegin a prefix that others than its company tell does not count, or whoever names a key first would say how its URN is written
 */
export function namedThingsOf(events: readonly Sent[], mayBegin: MayBegin): NamedThings {
  const sites = new Map<string, Named>();
  const parties = new Map<string, Named>();
  const products = new Map<string, Named>();
  const packages = new Map<string, Named>();
  for (const { event, sentBy } of events) {
    if (!isStandard(event)) continue;
    const prefixOf: PrefixOf = (uri) => {
      const gcp = companyPrefixOf(uri);
      // A GIAI begins with the prefix, without a digit before it.
      return gcp === null || sentBy == null || mayBegin(`8004/${gcp}`, sentBy) ? gcp : null;
    };
    const fields: AnyFields = event;
    for (const place of [fields.readPoint, fields.bizLocation]) note(sites, place?.id, prefixOf);
    for (const { uri, party } of endsOf(fields)) note(party ? parties : sites, uri, prefixOf);
    for (const uri of namesIn(fields)) notePackage(uri, { products, packages }, prefixOf);
  }
  return {
    sites: [...sites.values()],
    parties: [...parties.values()],
    products: [...products.values()],
    packages: [...packages.values()],
  };
}

function endsOf(fields: AnyFields): readonly { readonly uri: string; readonly party: boolean }[] {
  const isParty = (type: string): boolean => !type.endsWith('location');
  return [
    ...(fields.sourceList ?? []).map(({ type, source }) => ({ uri: source, party: isParty(type) })),
    ...(fields.destinationList ?? []).map(({ type, destination }) => ({
      uri: destination,
      party: isParty(type),
    })),
  ];
}

function namesIn(fields: AnyFields): readonly string[] {
  const parent = fields.parentID === undefined ? [] : [fields.parentID];
  const epcs = EPC_LISTS.flatMap((name) => fields[name] ?? []);
  const classes = QUANTITY_LISTS.flatMap((name) => fields[name] ?? []);
  return [...parent, ...epcs, ...classes.map(({ epcClass }) => epcClass)];
}

function note(into: Map<string, Named>, uri: string | undefined, prefixOf: PrefixOf): void {
  if (uri === undefined) return;
  const key = keyOfUri(uri) ?? uri;
  const known = into.get(key);
  if (known?.gcp == null) into.set(key, { key, gcp: prefixOf(uri) });
}

// A product is looked up once for each product part of the URI and not for each serial, because events name thousands.
function notePackage(
  uri: string,
  { products, packages }: Record<'products' | 'packages', Map<string, Named>>,
  prefixOf: PrefixOf,
): void {
  const key = keyOfUri(uri);
  if (key === null) return;
  const gtin = gtinOfKey(key);
  const gcp = prefixOf(uri);
  if (gtin === null) {
    if (gcp !== null && !uri.startsWith('urn:epc:class:')) packages.set(key, { key, gcp });
    return;
  }
  if (products.get(gtin)?.gcp == null) products.set(gtin, { key: gtin, gcp });
}

/** The company prefix in an EPC URN (`0614141` of `urn:epc:id:sscc:0614141.…`), null in any other form. */
function companyPrefixOf(uri: string): string | null {
  if (!uri.startsWith('urn:epc:')) return null;
  const from = uri.lastIndexOf(':') + 1;
  const dot = uri.indexOf('.', from);
  return dot < 0 ? null : uri.slice(from, dot);
}
