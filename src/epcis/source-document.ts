import type { CaptureLimits } from './capture-limits.js';
import { decode } from './charset.js';
import { readJson } from './read-json.js';
import type { SourceDocument, SourceRead } from './source.js';
import { readXml } from './xml/read-document.js';

export type { SourceDocument, SourceRead } from './source.js';

const XML_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?xml$/;

/**
 * Reads JSON or XML by media type (`application/xml; charset=…`); the root's namespace tells XML
 * 2.0 from 1.2. Never throws, fetches nothing, and goes no deeper than the limits.
 *
 * @see EPCIS 2.0 sections 9 (XML) and 10 (JSON)
 */
export function readSource(
  bytes: Uint8Array,
  mediaType: string,
  limits: CaptureLimits,
): SourceRead {
  const type = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isXml = XML_TYPE.test(type);
  const decoded = decode(bytes, mediaType, isXml);
  if (!decoded.ok) return decoded;
  return isXml ? readXml(decoded.text, limits) : readJson(decoded.text, limits);
}

/** A document that is already parsed, for example by GraphQL. */
export function jsonSource(document: unknown): SourceDocument {
  return {
    syntax: 'JSON',
    document,
    textOf: () => undefined,
    placeOf: () => undefined,
  };
}
