import { withCheckDigit } from '../../src/gs1/check-digit.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';

/** A file as American wholesalers get it, in our own words: parties given as SGLNs, named in the locations, a statement in the header. */
const MAKER = { gln: '9506000.20001', name: 'Rowan Remedies', street: '4 Kiln Lane', zip: '07001' };
const MAKER_DC = { gln: '9506000.20002', name: 'Rowan Depot', street: '8 Quay St', zip: '08801' };
const BUYER = { gln: '9506111.20001', name: 'Larch Supply', street: '2 Fair Ave', zip: '43001' };
const BUYER_DC = { gln: '9506111.20002', name: 'Larch East', street: '6 Yard Way', zip: '43101' };
const PLACES = [MAKER, MAKER_DC, BUYER, BUYER_DC];

const sgln = ({ gln }: { gln: string }, extension = '0'): string =>
  `urn:epc:id:sgln:${gln}.${extension}`;
const glnOf = ({ gln }: { gln: string }): string => withCheckDigit(gln.replace('.', ''));
const siteKey = (place: { gln: string }): string => `414/${glnOf(place)}`;

const UNITS = ['R1', 'R2', 'R3'].map((serial) => `urn:epc:id:sgtin:9506000.034567.${serial}`);
const CASE = 'urn:epc:id:sgtin:9506000.534567.C1';
const PALLET = 'urn:epc:id:sscc:9506000.3000000001';
const GTIN = withCheckDigit('0950600034567');

const attribute = (name: string, value: string): string =>
  `<attribute id="urn:epcglobal:cbv:mda#${name}">${value}</attribute>`;
const element = (id: string, ...attributes: readonly string[]): string =>
  `<VocabularyElement id="${id}">${attributes.join('')}</VocabularyElement>`;
const vocabulary = (type: string, ...elements: readonly string[]): string =>
  `<Vocabulary type="urn:epcglobal:epcis:vtype:${type}"><VocabularyElementList>${elements.join('')}</VocabularyElementList></Vocabulary>`;
const product = (item: string): string =>
  element(
    `urn:epc:idpat:sgtin:9506000.${item}.*`,
    attribute('additionalTradeItemIdentification', '55555-0345-67'),
    attribute('additionalTradeItemIdentificationTypeCode', 'US_FDA_NDC'),
    attribute('regulatedProductName', 'Rowanol'),
    attribute('manufacturerOfTradeItemPartyName', 'Rowan Remedies'),
    attribute('dosageFormType', 'CAPSULE'),
    attribute('strengthDescription', '5mg'),
    attribute('netContentDescription', '28 capsules'),
  );
const location = (place: (typeof PLACES)[number]): string =>
  element(
    sgln(place),
    attribute('name', place.name),
    attribute('streetAddressOne', place.street),
    attribute('city', 'Springfield'),
    attribute('state', place.zip.startsWith('0') ? 'NJ' : 'OH'),
    attribute('postalCode', place.zip),
    attribute('countryCode', 'US'),
    attribute('stateLicense', `L-${place.zip}`),
  );

const epcs = (list: readonly string[], name = 'epcList'): string =>
  `<${name}>${list.map((epc) => `<epc>${epc}</epc>`).join('')}</${name}>`;
const at = (place: { gln: string }): string =>
  `<readPoint><id>${sgln(place)}</id></readPoint><bizLocation><id>${sgln(place)}</id></bizLocation>`;
const step = (bizStep: string, disposition: string): string =>
  `<bizStep>urn:epcglobal:cbv:bizstep:${bizStep}</bizStep><disposition>urn:epcglobal:cbv:disp:${disposition}</disposition>`;
const when = (time: string): string =>
  `<eventTime>${time}</eventTime><eventTimeZoneOffset>-05:00</eventTimeZoneOffset>`;
const ilmd =
  '<extension><ilmd><cbvmda:lotNumber>RL1</cbvmda:lotNumber><cbvmda:itemExpirationDate>2028-05-31</cbvmda:itemExpirationDate></ilmd></extension>';
const commission = (time: string, list: readonly string[], place: { gln: string }, more = '') =>
  `<ObjectEvent>${when(time)}${epcs(list)}<action>ADD</action>${step('commissioning', 'active')}${at(place)}${more}</ObjectEvent>`;
const pack = (time: string, parent: string, children: readonly string[], place: { gln: string }) =>
  `<AggregationEvent>${when(time)}<parentID>${parent}</parentID>${epcs(children, 'childEPCs')}<action>ADD</action>${step('packing', 'in_progress')}${at(place)}</AggregationEvent>`;
const end = (kind: 'source' | 'destination', type: string, place: { gln: string }): string =>
  `<${kind} type="urn:epcglobal:cbv:sdt:${type}">${sgln(place)}</${kind}>`;

const SHIPPING = `<ObjectEvent>${when('2026-03-20T15:30:00.000Z')}${epcs([PALLET])}<action>OBSERVE</action>${step('shipping', 'in_transit')}<readPoint><id>${sgln(MAKER_DC)}</id></readPoint><bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:epcglobal:cbv:bt:${glnOf(BUYER)}:PO-7</bizTransaction><bizTransaction type="urn:epcglobal:cbv:btt:inv">urn:epcglobal:cbv:bt:${glnOf(MAKER)}:INV-7</bizTransaction></bizTransactionList><extension><sourceList>${end('source', 'owning_party', MAKER)}${end('source', 'location', MAKER_DC)}</sourceList><destinationList>${end('destination', 'owning_party', BUYER)}${end('destination', 'location', BUYER_DC)}</destinationList></extension><gs1ushc:dropShipment>false</gs1ushc:dropShipment></ObjectEvent>`;
const RECEIVING = `<ObjectEvent>${when('2026-03-22T09:00:00.000Z')}${epcs([PALLET])}<action>OBSERVE</action>${step('receiving', 'in_progress')}${at(BUYER_DC)}</ObjectEvent>`;

const party = (name: string, place: { gln: string }): string =>
  `<sbdh:${name}><sbdh:Identifier Authority="GS1">${sgln(place)}</sbdh:Identifier></sbdh:${name}>`;
const HEADER = `<EPCISHeader><sbdh:StandardBusinessDocumentHeader><sbdh:HeaderVersion>1.0</sbdh:HeaderVersion>${party('Sender', MAKER)}${party('Receiver', BUYER)}<sbdh:DocumentIdentification><sbdh:Standard>EPCglobal</sbdh:Standard><sbdh:TypeVersion>1.0</sbdh:TypeVersion><sbdh:InstanceIdentifier>MSG-7</sbdh:InstanceIdentifier><sbdh:Type>Events</sbdh:Type><sbdh:CreationDateAndTime>2026-03-20T16:00:00Z</sbdh:CreationDateAndTime></sbdh:DocumentIdentification></sbdh:StandardBusinessDocumentHeader><extension><EPCISMasterData><VocabularyList>${vocabulary('EPCClass', product('034567'), product('534567'))}${vocabulary('Location', ...PLACES.map(location))}</VocabularyList></EPCISMasterData></extension><gs1ushc:dscsaTransactionStatement><gs1ushc:affirmTransactionStatement>true</gs1ushc:affirmTransactionStatement><gs1ushc:legalNotice>The seller has done what the law asks.</gs1ushc:legalNotice></gs1ushc:dscsaTransactionStatement></EPCISHeader>`;

const document = (header: string, events: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader" xmlns:cbvmda="urn:epcglobal:cbv:mda" xmlns:gs1ushc="http://epcis.gs1us.org/hc/ns" schemaVersion="1.2" creationDate="2026-03-20T16:00:00Z">${header}<EPCISBody><EventList>${events.join('')}</EventList></EPCISBody></epcis:EPCISDocument>`;

const SENT = document(HEADER, [
  commission('2026-03-10T08:00:00.000Z', UNITS, MAKER, ilmd),
  commission('2026-03-10T10:00:00.000Z', [CASE], MAKER, ilmd),
  pack('2026-03-10T11:00:00.000Z', CASE, UNITS, MAKER),
  commission('2026-03-19T09:00:00.000Z', [PALLET], MAKER_DC),
  pack('2026-03-19T10:00:00.000Z', PALLET, [CASE], MAKER_DC),
  SHIPPING,
]);

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await capture(SENT);
});
afterAll(() => app.stop());

async function capture(xml: string): Promise<void> {
  const response = await fetch(`${app.url}/epcis/capture`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: xml,
  });
  expect([response.status, await response.text()]).toEqual([202, expect.anything()]);
}

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors } = await app.graphql(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

const HOLDERS = `query ($unit: ID!, $lots: [LotInput!], $gtin: ID!) {
  package: packageById(id: $unit) { holder { name } owner { name } whereabouts { holder { name } } }
  recallScope(input: { lots: $lots }) { rows { state units holder { name } }
    consignees { party { name } sites { name } depth holdingNow inbound everHeld } }
  inventory(filter: { gtins: [$gtin] }, by: [HOLDER]) { units holder { name } } }`;
const ASKED = { unit: UNITS[0], lots: [{ gtin: GTIN, lot: 'RL1' }], gtin: GTIN };

test('every part of the file has its place in the answers', async () => {
  const found = await ask(
    `query ($unit: ID!, $gtin: ID!, $site: ID!) {
      product(gtin: $gtin) { name ndc manufacturer form strength packSize registered attributes }
      site(gln: $site) { name address city region postalCode country registered attributes }
      package: packageById(id: $unit) { product { name } lot { lot gtin } expiry containers { key } }
      events(first: 10) { nodes { bizStep document documentHeader ilmd
        destinationList { type key } bizTransactionList { type bizTransaction } } } }`,
    { unit: UNITS[0], gtin: GTIN, site: sgln(MAKER) },
  );

  expect(found).toMatchObject({
    product: {
      name: 'Rowanol',
      ndc: '55555-0345-67',
      manufacturer: 'Rowan Remedies',
      form: 'CAPSULE',
      strength: '5mg',
      packSize: '28 capsules',
      registered: true,
      attributes: { additionalTradeItemIdentificationTypeCode: 'US_FDA_NDC' },
    },
    site: {
      name: MAKER.name,
      address: MAKER.street,
      city: 'Springfield',
      region: 'NJ',
      postalCode: MAKER.zip,
      country: 'US',
      registered: true,
      attributes: { stateLicense: `L-${MAKER.zip}` },
    },
    package: {
      product: { name: 'Rowanol' },
      lot: { lot: 'RL1', gtin: GTIN },
      expiry: '2028-05-31',
      containers: [
        { key: `01/${withCheckDigit('5950600034567')}/21/C1` },
        { key: expect.any(String) as string },
      ],
    },
  });
  const { nodes } = (found as { events: { nodes: Record<string, unknown>[] } }).events;
  expect(nodes.map(({ bizStep }) => bizStep)).toEqual([
    'commissioning',
    'commissioning',
    'packing',
    'commissioning',
    'packing',
    'shipping',
  ]);
  expect(nodes[0]).toMatchObject({
    ilmd: { 'cbvmda:lotNumber': 'RL1', 'cbvmda:itemExpirationDate': '2028-05-31' },
  });
  expect(nodes[5]).toMatchObject({
    document: { 'gs1ushc:dropShipment': 'false' },
    destinationList: [
      { type: 'urn:epcglobal:cbv:sdt:owning_party', key: siteKey(BUYER) },
      { type: 'urn:epcglobal:cbv:sdt:location', key: siteKey(BUYER_DC) },
    ],
    bizTransactionList: [
      {
        type: 'urn:epcglobal:cbv:btt:po',
        bizTransaction: `urn:epcglobal:cbv:bt:${glnOf(BUYER)}:PO-7`,
      },
      {
        type: 'urn:epcglobal:cbv:btt:inv',
        bizTransaction: `urn:epcglobal:cbv:bt:${glnOf(MAKER)}:INV-7`,
      },
    ],
    documentHeader: {
      'gs1ushc:dscsaTransactionStatement': {
        'gs1ushc:affirmTransactionStatement': 'true',
        'gs1ushc:legalNotice': 'The seller has done what the law asks.',
      },
    },
  });
  const { documentHeader } = nodes[5] as { documentHeader: Record<string, unknown> };
  const sbdh = JSON.stringify(documentHeader['sbdh:StandardBusinessDocumentHeader']);
  for (const said of [sgln(MAKER), sgln(BUYER), 'MSG-7']) expect(sbdh).toContain(said);
});

test('parties given as SGLNs have the name and address of the location of that key', async () => {
  const found = await ask(
    `query ($corp: ID!, $pgln: ID!, $dock: ID!, $pallet: ID!) {
      handoffs { nodes { status from { name } to { name } fromParty { key name address city region postalCode country registered attributes }
        toParty { name } transactions { bizTransaction } packages { key units } unitCount { shipped } } }
      byPgln: party(gln: $pgln) { key name address }
      dock: party(gln: $dock) { name }
      corp: party(gln: $corp) { key name }
      package: packageById(id: $pallet) { holder { name } owner { name } } }`,
    {
      corp: sgln(BUYER),
      pgln: glnOf(BUYER),
      dock: sgln(BUYER, 'GATE2'),
      pallet: PALLET,
    },
  );

  expect(found).toEqual({
    handoffs: {
      nodes: [
        {
          status: 'OUTSTANDING',
          from: { name: MAKER_DC.name },
          to: { name: BUYER_DC.name },
          fromParty: {
            key: siteKey(MAKER),
            name: MAKER.name,
            address: MAKER.street,
            city: 'Springfield',
            region: 'NJ',
            postalCode: MAKER.zip,
            country: 'US',
            registered: true,
            attributes: { stateLicense: `L-${MAKER.zip}` },
          },
          toParty: { name: BUYER.name },
          transactions: [
            { bizTransaction: `urn:epcglobal:cbv:bt:${glnOf(BUYER)}:PO-7` },
            { bizTransaction: `urn:epcglobal:cbv:bt:${glnOf(MAKER)}:INV-7` },
          ],
          packages: [{ key: expect.stringMatching(/^00\//) as string, units: 3 }],
          unitCount: { shipped: 3 },
        },
      ],
    },
    byPgln: { key: siteKey(BUYER), name: BUYER.name, address: BUYER.street },
    dock: { name: BUYER.name },
    corp: { key: siteKey(BUYER), name: BUYER.name },
    package: { holder: { name: MAKER.name }, owner: { name: MAKER.name } },
  });
});

test('who has it is named by the transfer, before and after the receipt, and to whom a recall goes', async () => {
  const one = { name: MAKER.name };
  const consignee = (
    name: string,
    sites: readonly string[],
    depth: number | null,
    [holdingNow, inbound, everHeld]: readonly number[],
  ) => ({
    party: { name },
    sites: sites.map((site) => ({ name: site })),
    depth,
    holdingNow,
    inbound,
    everHeld,
  });
  expect(await ask(HOLDERS, ASKED)).toEqual({
    package: { holder: one, owner: one, whereabouts: { holder: one } },
    recallScope: {
      rows: [{ state: 'IN_TRANSIT', units: 3, holder: one }],
      consignees: [
        consignee(MAKER.name, [MAKER.name, MAKER_DC.name], 0, [3, 0, 3]),
        consignee(BUYER.name, [BUYER_DC.name], null, [0, 3, 0]),
      ],
    },
    inventory: [{ units: 3, holder: one }],
  });

  await capture(document('', [RECEIVING]));

  const other = { name: BUYER.name };
  expect(await ask(HOLDERS, ASKED)).toEqual({
    package: { holder: other, owner: other, whereabouts: { holder: other } },
    recallScope: {
      rows: [{ state: 'SITE', units: 3, holder: other }],
      consignees: [
        consignee(MAKER.name, [MAKER.name, MAKER_DC.name], 0, [0, 0, 3]),
        consignee(BUYER.name, [BUYER_DC.name], 1, [3, 0, 3]),
      ],
    },
    inventory: [{ units: 3, holder: other }],
  });
});

test('PGLN, GLN and SGLN of one company are one party once the register says so', async () => {
  const registered = await ask(
    `mutation ($parties: [PartyInput!]!, $sites: [SiteInput!]!) {
      registerParties(parties: $parties) { __typename }
      registerSites(sites: $sites) { __typename } }`,
    {
      parties: [{ gln: glnOf(BUYER), name: 'Larch Supply Corporation', licences: ['OH-1'] }],
      sites: [{ gln: sgln(BUYER_DC), operator: glnOf(BUYER) }],
    },
  );
  expect(registered).toEqual({
    registerParties: { __typename: 'MasterDataRegistered' },
    registerSites: { __typename: 'MasterDataRegistered' },
  });
  const key = `417/${glnOf(BUYER)}`;
  const found = await ask(
    `query ($unit: ID!, $names: [ID!]!, $name: ID!, $lots: [LotInput!]) {
      package: packageById(id: $unit) { holder { key name licences address } owner { key } }
      handoffs(filter: { parties: $names }) { nodes { toParty { key } } }
      inventory(filter: { parties: $names }, by: [HOLDER]) { units holder { key } }
      recallScope(input: { lots: $lots }) { packages(filter: { holder: $name }) { nodes { key holder { key } } } }
      party(gln: $name) { key sites { nodes { key } } } }`,
    { ...ASKED, names: [sgln(BUYER)], name: `urn:epc:id:pgln:${BUYER.gln}` },
  );

  expect(found).toMatchObject({
    package: {
      holder: {
        key,
        name: 'Larch Supply Corporation',
        licences: ['OH-1'],
        address: BUYER.street,
      },
      owner: { key },
    },
    handoffs: { nodes: [{ toParty: { key } }] },
    inventory: [{ units: 3, holder: { key } }],
    recallScope: {
      packages: {
        nodes: ['R1', 'R2', 'R3'].map((serial) => ({
          key: `01/${GTIN}/21/${serial}`,
          holder: { key },
        })),
      },
    },
    party: { key, sites: { nodes: [{ key: siteKey(BUYER_DC) }] } },
  });
});

test('who is named by a shipment that tells no site is told of a recall too', async () => {
  const unit = 'urn:epc:id:sgtin:9506000.034567.N1';
  const box = 'urn:epc:id:sscc:9506000.3000000002';
  const ship = (time: string, list: readonly string[], type: string): string =>
    `<ObjectEvent>${when(time)}${epcs(list)}<action>OBSERVE</action>${step('shipping', 'in_transit')}<readPoint><id>${sgln(MAKER_DC)}</id></readPoint><extension><sourceList>${end('source', type, MAKER)}</sourceList><destinationList>${end('destination', type, BUYER)}</destinationList></extension></ObjectEvent>`;
  const lot = ilmd.replace('RL1', 'RL2');
  const boxed = ['N2', 'N3'].map((serial) => `urn:epc:id:sgtin:9506000.034567.${serial}`);
  await capture(
    document('', [
      commission('2026-04-10T08:00:00.000Z', [unit, ...boxed], MAKER_DC, lot),
      pack('2026-04-10T11:00:00.000Z', box, boxed, MAKER_DC),
      ship('2026-04-11T08:00:00.000Z', [unit], 'possessing_party'),
      ship('2026-04-11T09:00:00.000Z', [box], 'owning_party'),
    ]),
  );

  const query = `query ($lots: [LotInput!], $asOf: DateTime) { recallScope(input: { lots: $lots, asOf: $asOf }) {
    rows { state units site { name } holder { name } }
    consignees { party { name } sites { name } depth holdingNow inbound everHeld } } }`;
  const lots = [{ gtin: GTIN, lot: 'RL2' }];
  const maker = { name: MAKER.name };
  const sites = [{ name: MAKER_DC.name }];
  const buyer = {
    party: { name: 'Larch Supply Corporation' },
    sites: [],
    depth: null,
    holdingNow: 0,
    everHeld: 0,
  };
  const sender = { party: maker, sites, depth: 0, holdingNow: 3, inbound: 0, everHeld: 3 };
  const underWay = {
    recallScope: {
      rows: [{ state: 'IN_TRANSIT', units: 3, site: null, holder: maker }],
      consignees: [sender, { ...buyer, inbound: 3 }],
    },
  };
  expect(await ask(query, { lots })).toEqual(underWay);
  expect(await ask(query, { lots, asOf: '2026-04-11T08:30:00Z' })).toMatchObject({
    recallScope: { consignees: [sender, { ...buyer, inbound: 1 }] },
  });

  const unpacked = `<AggregationEvent>${when('2026-04-13T08:00:00.000Z')}<parentID>${box}</parentID><childEPCs/><action>DELETE</action>${step('unpacking', 'in_progress')}${at(BUYER_DC)}</AggregationEvent>`;
  await capture(document('', [unpacked]));
  expect(await ask(query, { lots, asOf: '2026-04-12T08:00:00Z' })).toEqual(underWay);
});
