const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'];

const event = {
  type: 'ObjectEvent',
  eventID: 'urn:uuid:5f1a0a4c-0000-4000-8000-000000000001',
  eventTime: '2026-03-14T09:26:53.589+01:00',
  eventTimeZoneOffset: '+01:00',
  epcList: ['https://id.gs1.org/01/09506000134352/21/A1'],
  action: 'OBSERVE',
  bizStep: 'shipping',
  readPoint: { id: 'https://id.gs1.org/414/9506000134352' },
};

const eventXml = (name: string): string =>
  `<${name}><eventTime>${event.eventTime}</eventTime><eventTimeZoneOffset>${event.eventTimeZoneOffset}</eventTimeZoneOffset><eventID>urn:uuid:5f1a0a4c-0000-4000-8000-000000000002</eventID><epcList><epc>https://id.gs1.org/01/09506000134352/21/A2</epc></epcList><action>OBSERVE</action><bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep></${name}>`;

/** A document of one event, as POST /epcis/capture takes it. */
export const EXAMPLE_DOCUMENT = {
  json: {
    '@context': CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: { eventList: [event] },
  },
  xml: `<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" creationDate="2026-03-14T10:00:00Z"><EPCISBody><EventList>${eventXml('ObjectEvent')}</EventList></EPCISBody></epcis:EPCISDocument>`,
} as const;

/** One event, as POST /epcis/events takes it. */
export const EXAMPLE_EVENT = {
  json: { '@context': CONTEXT, ...event },
  xml: eventXml('ObjectEvent'),
} as const;
