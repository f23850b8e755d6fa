import type { GeneratedEvent } from './events.js';
import { productsOf } from './lots.js';
import { companiesOf } from './network.js';
import type { Company, Network } from './network.js';

interface Attribute {
  readonly id: string;
  readonly attribute: string;
}

interface Vocabulary {
  readonly type: string;
  readonly vocabularyElementList: readonly {
    readonly id: string;
    readonly attributes: readonly Attribute[];
  }[];
}

/** An EPCISDocument of generated events. */
export interface GeneratedDocument {
  readonly '@context': readonly unknown[];
  readonly type: 'EPCISDocument';
  readonly schemaVersion: string;
  readonly creationDate: string;
  readonly epcisHeader?: {
    readonly epcisMasterData: { readonly vocabularyList: readonly Vocabulary[] };
  };
  readonly epcisBody: { readonly eventList: readonly GeneratedEvent[] };
}

const CONTEXT = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { cbvmda: 'urn:epcglobal:cbv:mda:' },
];

/** A document; with a network, one that also names its products, sites and parties. */
export function documentOf(
  eventList: readonly GeneratedEvent[],
  network?: Network,
): GeneratedDocument {
  return {
    '@context': CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-11-01T00:00:00Z',
    ...(network === undefined
      ? {}
      : { epcisHeader: { epcisMasterData: { vocabularyList: vocabulariesOf(network) } } }),
    epcisBody: { eventList },
  };
}

function vocabulariesOf(network: Network): Vocabulary[] {
  const companies = companiesOf(network);
  return [
    {
      type: 'urn:epcglobal:epcis:vtype:EPCClass',
      vocabularyElementList: productsOf().map(({ urn, name, maker }) => ({
        id: urn,
        attributes: attributes({ descriptionShort: name, manufacturerOfTradeItemPartyName: maker }),
      })),
    },
    {
      type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
      vocabularyElementList: companies.map((one) => ({
        id: one.site.urn,
        attributes: attributes(siteAttributes(one)),
      })),
    },
    {
      type: 'urn:epcglobal:epcis:vtype:SourceDest',
      vocabularyElementList: companies.map(({ party, name }) => ({
        id: party.urn,
        attributes: attributes({ name }),
      })),
    },
  ];
}

function siteAttributes({ name, role, party }: Company): Readonly<Record<string, string>> {
  return { name: `${name}, site`, siteLocationType: role, operatedBy: party.urn };
}

function attributes(values: Readonly<Record<string, string>>): Attribute[] {
  return Object.entries(values).map(([name, attribute]) => ({ id: `cbvmda:${name}`, attribute }));
}
