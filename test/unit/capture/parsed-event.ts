import type { EpcisEvent } from '../../../src/epcis/event.js';
import type { ParsedEvent } from '../../../src/epcis/parse-document.js';
import { parseDocument } from '../../../src/epcis/parse-document.js';

const LIMITS = { maxEvents: 100, maxEpcsPerEvent: 100, maxDepth: 20 };

/** An ObjectEvent as short as the standard allows, with what is given on top. */
export function objectEvent(given: Readonly<Record<string, unknown>> = {}): EpcisEvent {
  return {
    type: 'ObjectEvent',
    eventTime: '2026-03-14T09:00:00Z',
    eventTimeZoneOffset: '+00:00',
    action: 'OBSERVE',
    epcList: ['urn:epc:id:sgtin:9506000.013435.A1'],
    ...given,
  } as unknown as EpcisEvent;
}

/** Reads one event as a document of one would be read. */
export function parsed(event: EpcisEvent | Readonly<Record<string, unknown>>): ParsedEvent {
  const document = {
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: { eventList: [event] },
  };
  const read = parseDocument(document, LIMITS);
  if (!read.ok) throw new Error(read.issues.map(({ message }) => message).join('\n'));
  return read.document.events[0]!;
}

/** The event without one of its fields. */
export function without(event: EpcisEvent, field: string): EpcisEvent {
  return Object.fromEntries(
    Object.entries(event).filter(([name]) => name !== field),
  ) as unknown as EpcisEvent;
}
