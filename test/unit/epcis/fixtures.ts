import type { CaptureLimits } from '../../../src/epcis/parse-document.js';

export const LIMITS: CaptureLimits = { maxEvents: 100, maxEpcsPerEvent: 50, maxDepth: 20 };

export const CONTEXT = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { ours: 'https://ns.example.com/epcis/' },
];

const WHEN = { eventTime: '2026-03-14T09:26:53.589+01:00', eventTimeZoneOffset: '+01:00' };

export const PACKING = {
  type: 'AggregationEvent',
  ...WHEN,
  action: 'ADD',
  bizStep: 'packing',
  parentID: 'urn:epc:id:sscc:9506000.0134352000',
  childEPCs: ['urn:epc:id:sgtin:9506000.013435.A1', 'urn:epc:id:sgtin:9506000.013435.A2'],
};

export const COMMISSIONING = {
  type: 'ObjectEvent',
  ...WHEN,
  action: 'ADD',
  bizStep: 'commissioning',
  disposition: 'active',
  epcList: ['urn:epc:id:sgtin:9506000.013435.A1'],
  readPoint: { id: 'https://id.gs1.org/414/9506000000015' },
};

export function documentOf(...events: readonly unknown[]): Record<string, unknown> {
  return {
    '@context': CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: { eventList: events },
  };
}
