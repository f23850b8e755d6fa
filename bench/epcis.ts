import type { BenchEvent } from './network.js';

const uri = (key: string): string => `https://id.gs1.org/${key}`;

const STEPS = {
  commission: { action: 'ADD', bizStep: 'commissioning', disposition: 'active' },
  pack: { action: 'ADD', bizStep: 'packing', disposition: 'in_progress' },
  ship: { action: 'OBSERVE', bizStep: 'shipping', disposition: 'in_transit' },
  receive: { action: 'OBSERVE', bizStep: 'receiving', disposition: 'in_progress' },
  empty: { action: 'DELETE', bizStep: 'unpacking', disposition: 'in_progress' },
  dispense: { action: 'OBSERVE', bizStep: 'dispensing', disposition: 'dispensed' },
} as const;

function what({ kind, parent, keys }: BenchEvent): object {
  if (parent === undefined) return { type: 'ObjectEvent', epcList: keys.map(uri) };
  const children = kind === 'empty' ? {} : { childEPCs: keys.map(uri) };
  return { type: 'AggregationEvent', parentID: uri(parent), ...children };
}

/** An event as a partner would send it; without an id, so that the hash has to be worked out. */
function toEpcis(event: BenchEvent): object {
  const { kind, t, site, to, lot } = event;
  return {
    ...what(event),
    ...STEPS[kind],
    eventTime: new Date(t).toISOString(),
    eventTimeZoneOffset: '+00:00',
    readPoint: { id: uri(site) },
    ...(kind === 'ship' ? {} : { bizLocation: { id: uri(site) } }),
    ...(to === undefined
      ? {}
      : {
          sourceList: [{ type: 'location', source: uri(site) }],
          destinationList: [{ type: 'location', destination: uri(to) }],
        }),
    ...(lot === undefined
      ? {}
      : { ilmd: { 'cbvmda:lotNumber': lot.number, 'cbvmda:itemExpirationDate': '2028-12-31' } }),
  };
}

/** A document of events, as text. */
export function documentOf(events: readonly BenchEvent[]): string {
  return JSON.stringify({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-11-01T00:00:00.000Z',
    epcisBody: { eventList: events.map(toEpcis) },
  });
}
