/** One event of each type with every field of the standard, and extensions wherever they are allowed. */

const OURS = { ours: 'https://ns.example.com/epcis/' };
const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', OURS];

/** An event as it is given back: with the prefixes that its document declared and it uses, so that it can be read alone. */
export function givenBack(event: Record<string, unknown>): Record<string, unknown> {
  return JSON.stringify(event).includes('"ours:') ? { '@context': OURS, ...event } : event;
}

const quantity = { epcClass: 'urn:epc:class:lgtin:9506000.013435.L1', quantity: 2.5, uom: 'KGM' };
const extension = {
  'ours:note': { '@value': 'ünïcode ✓ 𝄞', deep: [1, -0.5, 1e21, null, true, { a: [] }] },
};

const every = (id: string): Record<string, unknown> => ({
  eventID: `urn:uuid:5f1a0a4c-0000-4000-8000-00000000000${id}`,
  eventTime: '2026-03-14T09:26:53.589793+05:45',
  recordTime: '2020-01-01T00:00:00Z',
  eventTimeZoneOffset: '+05:45',
  certificationInfo: ['https://example.com/cert/1', 'urn:x:cert:2'],
  bizStep: 'https://ns.example.com/step/blessing',
  disposition: 'in_progress',
  persistentDisposition: {
    set: ['completeness_verified', 'https://ns.example.com/disp/x'],
    unset: ['completeness_inferred'],
  },
  readPoint: { id: 'urn:epc:id:sgln:9506000.13435.12', ...extension },
  bizLocation: { id: 'https://id.gs1.org/414/9506000134352', ...extension },
  bizTransactionList: [
    { type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:9506000134352:PO-7' },
    { bizTransaction: 'urn:x:untyped' },
  ],
  sourceList: [
    { type: 'owning_party', source: 'urn:epc:id:pgln:9506000.13435' },
    { type: 'https://ns.example.com/kind', source: 'https://id.gs1.org/414/9506000134352' },
  ],
  destinationList: [{ type: 'location', destination: 'https://id.gs1.org/414/9506000134369' }],
  sensorElementList: [
    {
      sensorMetadata: {
        time: '2026-03-14T09:26:53Z',
        startTime: '2026-03-14T09:00:00Z',
        endTime: '2026-03-14T10:00:00Z',
        deviceID: 'urn:epc:id:giai:9506000.T1',
        deviceMetadata: 'https://example.com/device',
        rawData: 'https://example.com/raw',
        dataProcessingMethod: 'https://example.com/method',
        bizRules: 'https://example.com/rules',
        'ours:seal': '0007',
      },
      sensorReport: [
        {
          type: 'Temperature',
          value: 2.0000001,
          minValue: -1.5,
          maxValue: 8,
          meanValue: 4.25,
          sDev: 0.1,
          percRank: 50,
          percValue: 12,
          uom: 'CEL',
          exception: 'ALARM_CONDITION',
          component: 'x',
          time: '2026-03-14T09:26:53Z',
          deviceID: 'urn:epc:id:giai:9506000.T1',
          'ours:raw': [1, 2],
        },
        { type: 'https://ns.example.com/measure', stringValue: ' as is ', booleanValue: false },
        { type: 'RelativeHumidity', hexBinaryValue: 'F0f0', uriValue: 'https://example.com/v' },
      ],
    },
  ],
  ...extension,
  'https://ns.example.com/epcis/whole': '',
});

export const EVENTS: Readonly<Record<string, Record<string, unknown>>> = {
  ObjectEvent: {
    type: 'ObjectEvent',
    action: 'ADD',
    ...every('1'),
    epcList: [
      'urn:epc:id:sgtin:9506000.013435.A1',
      'https://id.gs1.org/01/09506000134352/21/A%2F2',
    ],
    quantityList: [quantity, { epcClass: 'https://id.gs1.org/01/09506000134352' }],
    ilmd: {
      'cbvmda:lotNumber': 'L1',
      'cbvmda:itemExpirationDate': '2027-12-31',
      'ours:thing': { a: 1 },
    },
  },
  AggregationEvent: {
    type: 'AggregationEvent',
    action: 'OBSERVE',
    ...every('2'),
    parentID: 'urn:epc:id:sscc:9506000.0134352000',
    childEPCs: ['urn:epc:id:sgtin:9506000.013435.A1'],
    childQuantityList: [quantity],
  },
  AssociationEvent: {
    type: 'AssociationEvent',
    action: 'ADD',
    ...every('3'),
    parentID: 'urn:epc:id:grai:9506000.13435.T9',
    childEPCs: ['urn:epc:id:giai:9506000.S1'],
    childQuantityList: [quantity],
  },
  TransactionEvent: {
    type: 'TransactionEvent',
    action: 'DELETE',
    ...every('4'),
    parentID: 'urn:epc:id:sscc:9506000.0134352000',
    epcList: ['urn:epc:id:sgtin:9506000.013435.A1'],
    quantityList: [quantity],
  },
  TransformationEvent: {
    type: 'TransformationEvent',
    ...every('5'),
    transformationID: 'urn:epc:id:gdti:9506000.13435.T1',
    inputEPCList: ['urn:epc:id:sgtin:9506000.013435.A1'],
    inputQuantityList: [quantity],
    outputEPCList: ['urn:epc:id:sgtin:9506000.013436.B1'],
    outputQuantityList: [{ epcClass: 'https://id.gs1.org/01/09506000134369/10/M1', quantity: 0 }],
    ilmd: { 'cbvmda:lotNumber': 'M1' },
  },
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

/** A short event of one unit; the id comes from the serial unless given. */
export function sighting(
  serial: string,
  given: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    eventID: `urn:x:event:${serial}`,
    type: 'ObjectEvent',
    action: 'OBSERVE',
    eventTime: '2026-03-14T09:00:00Z',
    eventTimeZoneOffset: '+00:00',
    epcList: [`https://id.gs1.org/01/09506000134352/21/${serial}`],
    bizLocation: { id: 'https://id.gs1.org/414/9506000134352' },
    ...given,
  };
}

/** The same without an eventID. */
export function anonymous(serial: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sighting(serial)).filter(([name]) => name !== 'eventID'),
  );
}
