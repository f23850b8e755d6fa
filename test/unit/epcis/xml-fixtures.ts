import type { Issue } from '../../../src/epcis/faults.js';
import type { Parsed, ParsedDocument } from '../../../src/epcis/parse-document.js';
import { parseSource } from '../../../src/epcis/parse-document.js';
import type { SourceDocument, SourceRead } from '../../../src/epcis/source-document.js';
import { readSource } from '../../../src/epcis/source-document.js';
import { LIMITS } from './fixtures.js';

export const TIMES =
  '<eventTime>2026-03-14T09:00:00Z</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>';

export const EPCS = '<epcList><epc>urn:epc:id:sgtin:9506000.013435.A1</epc></epcList>';

/** An ObjectEvent in XML 2.0, with what is given behind the action. */
export const objectEvent = (more = '', head = ''): string =>
  `<ObjectEvent>${TIMES}${head}${EPCS}<action>OBSERVE</action>${more}</ObjectEvent>`;

/** A document in XML; `attributes` go on its root. */
export function xmlDocument(
  events: string,
  { attributes = '', header = '', version = '2' } = {},
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:${version}" schemaVersion="${version === '2' ? '2.0' : '1.2'}" creationDate="2026-03-14T10:00:00Z" ${attributes}>
${header}<EPCISBody><EventList>
${events}
</EventList></EPCISBody>
</e:EPCISDocument>`;
}

/** Reads bytes or text as XML. */
export function readXmlText(text: string | Uint8Array, type = 'application/xml'): SourceRead {
  return readSource(typeof text === 'string' ? Buffer.from(text) : text, type, LIMITS);
}

/** The document of a text that can be read. */
export function sourceOf(text: string): SourceDocument {
  const read = readXmlText(text);
  if (!read.ok) throw new Error(read.issues.map(({ message }) => message).join('\n'));
  return read.source;
}

function parseXmlText(text: string): Parsed {
  return parseSource(sourceOf(text), LIMITS);
}

/** The parts of a document without a fault. */
export function soundDocument(text: string): ParsedDocument {
  const parsed = parseXmlText(text);
  if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join('\n'));
  return parsed.document;
}

/** The events of a document without a fault. */
export function eventsOf(text: string): Readonly<Record<string, unknown>>[] {
  return soundDocument(text).events.map(
    ({ event }) => event as unknown as Readonly<Record<string, unknown>>,
  );
}

/** The faults of a text, from reading or from judging. */
export function issuesOf(text: string | Uint8Array, type?: string): readonly Issue[] {
  const read = readXmlText(text, type);
  if (!read.ok) return read.issues;
  const parsed = parseSource(read.source, LIMITS);
  return parsed.ok ? [] : parsed.issues;
}
