import { createHash } from 'node:crypto';
import { isObject } from './checks.js';
import { contextOf, prefixesUsed } from './event-context.js';
import { pointerTo } from './faults.js';
import { prefixesOf } from './namespaces.js';
import type { SourceDocument } from './source.js';

/** The content of a document around its events, without master data; equal ones are kept once. */
export interface DocumentHeader {
  /** SHA-256 of the text, in hexadecimal. */
  readonly id: string;
  /**
   * JSON text of an object. It has fields with a namespace as `prefix:local`, such as
   * `sbdh:StandardBusinessDocumentHeader` or `gs1ushc:dscsaTransactionStatement`; `epcis:sender`,
   * `epcis:receiver`, `epcis:instanceIdentifier`; and `@context` with the prefixes these use.
   */
  readonly text: string;
}

const EPCIS = 'https://ref.gs1.org/epcis/';
const SBDH = 'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader';
/** Fields of the standard for the sender and receiver of a document (EPCIS 2.0 section 10). */
const ADDRESSES = ['sender', 'receiver', 'instanceIdentifier'] as const;

/** A field of a header, its value, and its JSON Pointer in the document. */
type Field = readonly [name: string, value: unknown, at: string];

function namespaced(fields: unknown, at: string): readonly Field[] {
  if (!isObject(fields)) return [];
  return Object.entries(fields)
    .filter(([name]) => name.includes(':') && !name.endsWith(':ignoreFields'))
    .map(([name, value]): Field => [name, value, pointerTo(at, name)]);
}

/** The header of a judged document, with numbers as written; undefined when it is empty. */
export function documentHeaderOf({ document, textOf }: SourceDocument): DocumentHeader | undefined {
  if (!isObject(document)) return undefined;
  const addresses = ADDRESSES.filter((name) => document[name] !== undefined).map((name): Field => [
    `epcis:${name}`,
    document[name],
    pointerTo('', name),
  ]);
  const header = namespaced(document['epcisHeader'], '/epcisHeader');
  const fields = [...addresses, ...namespaced(document, ''), ...header];
  if (fields.length === 0) return undefined;
  const texts = new Map(
    fields.map(([name, value, at]) => [name, textOf(at) ?? JSON.stringify(value)]),
  );
  const said = [...texts].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',');
  const known = new Map([['sbdh', SBDH], ...prefixesOf(document['@context'])]);
  if (addresses.length > 0) known.set('epcis', EPCIS);
  const context = contextOf(prefixesUsed(said, known, undefined));
  const text = context === undefined ? `{${said}}` : `{"@context":${context},${said}}`;
  return { id: createHash('sha256').update(text).digest('hex'), text };
}
