import { createHash } from 'node:crypto';
import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import { contextUsed } from './event-context.js';
import { prefixesOf } from './namespaces.js';

/** What a document says around its events, master data aside: kept once for all documents that say the same. */
export interface DocumentHeader {
  /** SHA-256 of the text, in hexadecimal. */
  readonly id: string;
  /**
   * JSON text of an object: fields with a namespace as `prefix:local`, such as `sbdh:StandardBusinessDocumentHeader` or
   * `gs1ushc:dscsaTransactionStatement`; `epcis:sender`, `epcis:receiver`, `epcis:instanceIdentifier`; and `@context` with the
   * prefixes these use.
   */
  readonly text: string;
}

const EPCIS = 'https://ref.gs1.org/epcis/';
const SBDH = 'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader';
/** Fields of the standard that say from whom to whom a document goes (EPCIS 2.0 section 10). */
const ADDRESSES = ['sender', 'receiver', 'instanceIdentifier'] as const;

function namespaced(fields: unknown): [string, unknown][] {
  if (!isObject(fields)) return [];
  return Object.entries(fields).filter(
    ([name]) => name.includes(':') && !name.endsWith(':ignoreFields'),
  );
}

/** The header of a document that was judged; undefined when it says nothing. */
export function documentHeaderOf(document: JsonObject): DocumentHeader | undefined {
  const addresses = ADDRESSES.filter((name) => document[name] !== undefined).map(
    (name): [string, unknown] => [`epcis:${name}`, document[name]],
  );
  const fields = [...addresses, ...namespaced(document), ...namespaced(document['epcisHeader'])];
  if (fields.length === 0) return undefined;
  const said = Object.fromEntries(fields);
  const known = new Map([['sbdh', SBDH], ...prefixesOf(document['@context'])]);
  if (addresses.length > 0) known.set('epcis', EPCIS);
  const context = contextUsed(JSON.stringify(said), known, undefined);
  const whole =
    context === undefined ? said : { '@context': JSON.parse(context) as unknown, ...said };
  const text = JSON.stringify(whole);
  return { id: createHash('sha256').update(text).digest('hex'), text };
}
