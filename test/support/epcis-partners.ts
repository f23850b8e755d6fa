import { admitOrganisation } from '../../src/rebuild/index.js';
import { DEPOT, MAKER, OTHER, PLANT, startWithKeys } from './access-client.js';
import type { AccessClient } from './access-client.js';
import type { TestApp } from './app-for-tests.js';

const sgtin = (serial: string): string => `https://id.gs1.org/01/09506000134352/21/${serial}`;
/** Goes from Alder to Birch; stays with Alder; is with Alder and owned by Birch; is named by nobody. */
export const [PACK, KEPT, OWNED, NOBODYS] = ['S1', 'S2', 'S3', 'S9'].map(sgtin) as [
  string,
  string,
  string,
  string,
];
/** Alder packs KEPT and OWNED into it. */
export const BOX = 'https://id.gs1.org/00/095060001343520017';
/** Minutes after the story begins. */
export const minute = (n: number): string => new Date(Date.UTC(2026, 9, 1, 8, n)).toISOString();
/** A place of an event by its GLN. */
export const place = (gln: string): object => ({ id: `https://id.gs1.org/414/${gln}` });
/** The URI of a party. */
export const party = (gln: string): string => `https://id.gs1.org/417/${gln}`;

const ENDS = {
  sourceList: [{ type: 'owning_party', source: party(MAKER) }],
  destinationList: [
    { type: 'owning_party', destination: party(OTHER) },
    { type: 'location', destination: `https://id.gs1.org/414/${DEPOT}` },
  ],
};
const PACKING = {
  type: 'AggregationEvent',
  parentID: BOX,
  childEPCs: [KEPT, OWNED],
  readPoint: place(PLANT),
  bizLocation: place(PLANT),
};
/** The events of the story by name, a minute apart. */
export const EVENTS: Readonly<Record<string, Record<string, unknown>>> = {
  made: {
    '@context': [{ ex: 'https://example.com/ns/' }],
    ...{ action: 'ADD', bizStep: 'commissioning', epcList: [PACK, KEPT, OWNED] },
    ...{ readPoint: place(PLANT), bizLocation: place(PLANT) },
    ilmd: { 'cbvmda:lotNumber': 'L1', 'ex:grade': 7 },
    'ex:note': 'for nobody else',
  },
  sold: {
    ...{
      bizStep: 'receiving',
      epcList: [OWNED],
      readPoint: place(PLANT),
      bizLocation: place(PLANT),
    },
    destinationList: [{ type: 'owning_party', destination: party(OTHER) }],
  },
  packed: { ...PACKING, action: 'ADD', bizStep: 'packing' },
  looked: { ...PACKING, action: 'OBSERVE', bizStep: 'inspecting' },
  linked: {
    ...{
      type: 'AssociationEvent',
      action: 'OBSERVE',
      bizStep: 'inspecting',
      readPoint: place(PLANT),
    },
    ...{ parentID: BOX, childEPCs: [OWNED] },
  },
  shipped: {
    bizStep: 'shipping',
    disposition: 'in_transit',
    epcList: [PACK],
    readPoint: place(PLANT),
    ...ENDS,
  },
  received: { bizStep: 'receiving', epcList: [PACK], bizLocation: place(DEPOT), ...ENDS },
  mixed: {
    '@context': [{ ex: 'https://example.com/ns/' }],
    ...{ bizStep: 'ex:weighing', disposition: 'conformant', epcList: [PACK, KEPT] },
    quantityList: [{ epcClass: 'https://id.gs1.org/01/09506000134352/10/L7', quantity: 12 }],
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:order:1' }],
    sourceList: [{ type: 'urn:x:kind', source: 'urn:x:somebody' }],
    sensorElementList: [
      { sensorReport: [{ type: 'Temperature', value: 4, uom: 'CEL', deviceID: 'urn:x:probe' }] },
    ],
    'ex:secret': 'green',
  },
  ordered: {
    ...{ type: 'TransactionEvent', action: 'ADD', bizStep: 'arriving', epcList: [PACK, KEPT] },
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:order:2' }],
  },
  private: {
    bizStep: 'inspecting',
    epcList: [KEPT],
    readPoint: place(PLANT),
    bizLocation: place(PLANT),
  },
};
/** Names of all events, in their order. */
export const NAMES = Object.keys(EVENTS);
/** The eventID of an event of the story. */
export const eventID = (name: string): string => `urn:x:queries:${name}`;

/** A service that was told the story by its host. */
export interface Told {
  readonly app: TestApp;
  readonly client: AccessClient;
  /** The keys of the maker and of who receives. */
  readonly alder: string;
  readonly birch: string;
  /** Sends an event of the story again, with something else in it. */
  readonly send: (name: string, more?: object, at?: number, id?: string) => Promise<void>;
}

/** Starts a service, and tells it the story. The store is emptied first. */
export async function tellOfPartners(): Promise<Told> {
  const { app, client } = await startWithKeys();
  for (const organisation of [MAKER, OTHER])
    await admitOrganisation(
      app.graph,
      { organisation: `417/${organisation}`, prefixes: [] },
      () => undefined,
    );
  const alder = (await client.partner()).secret;
  const birch = (await client.make({ organisation: OTHER })).secret;
  const send = async (
    name: string,
    more: object = {},
    at = NAMES.indexOf(name),
    id = eventID(name),
  ): Promise<void> => {
    const event = {
      ...{
        type: 'ObjectEvent',
        action: 'OBSERVE',
        eventID: id,
        eventTime: minute(at),
        eventTimeZoneOffset: '+00:00',
      },
      ...EVENTS[name],
      ...more,
    };
    const header = { 'gs1:desk': 'of the host' };
    const { status, body } = await client.capture(client.administrator, event, header);
    if (status !== 202) throw new Error(JSON.stringify(body));
  };
  for (const name of NAMES) await send(name);
  return { app, client, alder, birch, send };
}
