import type { EpcisAnswer, EpcisCall } from './resource.js';
import { attribute, element } from '../epcis/xml/write-text.js';

/** Prefixes that XML reserves, and the one of the root. */
const TAKEN_IN_XML: readonly string[] = ['xml', 'xmlns', 'epcis'];
const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

/**
 * Answers with a list of values: `{"type": "Collection", "member": […]}`. In XML, for which the
 * standard has no schema, it is the same under `epcis:Collection`. A value in a namespace of
 * GS1-Extensions is shortened by its prefix.
 */
export function collectionAnswer(
  { syntax, headers: { extensions } }: EpcisCall,
  values: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): EpcisAnswer {
  const prefixes = Object.entries(extensions).filter(
    ([prefix]) => syntax === 'JSON' || !TAKEN_IN_XML.includes(prefix),
  );
  const member = [...new Set(values.map((value) => shortened(value, prefixes)))];
  const context = prefixes.length === 0 ? CONTEXT : [CONTEXT, extensions];
  const body =
    syntax === 'JSON'
      ? JSON.stringify({ '@context': context, type: 'Collection', member })
      : collectionXml(member, prefixes);
  return { status: 200, headers, body };
}

function shortened(value: string, prefixes: readonly (readonly [string, string])[]): string {
  const found = prefixes.find(([, uri]) => value.startsWith(uri) && value.length > uri.length);
  return found === undefined ? value : `${found[0]}:${value.slice(found[1].length)}`;
}

function collectionXml(
  member: readonly string[],
  prefixes: readonly (readonly [string, string])[],
): string {
  const declared = prefixes.map(([prefix, uri]) => attribute(`xmlns:${prefix}`, uri)).join('');
  const members = member.map((value) => element('member', value)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<epcis:Collection xmlns:epcis="urn:epcglobal:epcis:xsd:2"${declared}>${members}</epcis:Collection>\n`;
}
