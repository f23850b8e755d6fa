import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS, anonymous, documentOf, sighting } from '../e2e/capture-event-types.js';
import type { MutationSeed } from './mutate.js';
import { standardsFolder } from './standards.js';

const TIMES =
  '<eventTime>2026-03-14T09:26:53.589793+05:45</eventTime><recordTime>2026-03-14T09:27:00Z</recordTime><eventTimeZoneOffset>+05:45</eventTimeZoneOffset>';
const EPCS =
  '<epcList><epc>urn:epc:id:sgtin:9506000.013435.A1</epc><epc>https://id.gs1.org/01/09506000134352/21/A%2F2</epc></epcList>';
const QUANTITIES =
  '<quantityElement><epcClass>urn:epc:class:lgtin:9506000.013435.L1</epcClass><quantity>2.50</quantity><uom>KGM</uom></quantityElement>';
const LISTS = `<bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:epcglobal:cbv:bt:9506000134352:PO-7</bizTransaction></bizTransactionList>`;
const PARTIES = `<sourceList><source type="urn:epcglobal:cbv:sdt:owning_party">urn:epc:id:pgln:9506000.13435</source></sourceList><destinationList><destination type="urn:epcglobal:cbv:sdt:location">https://id.gs1.org/414/9506000134369</destination></destinationList>`;
const SENSORS = `<sensorElementList><sensorElement><sensorMetadata time="2026-03-14T09:26:53Z" deviceID="urn:epc:id:giai:9506000.T1" ex:seal="0007"/><sensorReport type="gs1:Temperature" value="2.0000001" minValue="-1.5" uom="CEL"/><sensorReport type="gs1:RelativeHumidity" stringValue=" as is " booleanValue="false" hexBinaryValue="F0f0"/></sensorElement></sensorElementList>`;
const WHERE =
  '<readPoint><id>urn:epc:id:sgln:9506000.13435.12</id></readPoint><bizLocation><id>https://id.gs1.org/414/9506000134352</id><ex:dock>7</ex:dock></bizLocation>';
const EXTENSION =
  '<ex:note unit="KGM">two<ex:deep>1</ex:deep><ex:deep>ünïcode ✓ 𝄞</ex:deep></ex:note>';
const ERROR =
  '<errorDeclaration><declarationTime>2026-03-15T00:00:00Z</declarationTime><reason>urn:epcglobal:cbv:er:incorrect_data</reason><correctiveEventIDs><correctiveEventID>urn:x:event:2</correctiveEventID></correctiveEventIDs></errorDeclaration>';
const ILMD =
  '<ilmd><cbvmda:lotNumber>L1</cbvmda:lotNumber><cbvmda:itemExpirationDate>2027-12-31</cbvmda:itemExpirationDate></ilmd>';
const STEP =
  '<bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep><disposition>urn:epcglobal:cbv:disp:active</disposition>';

const SBDH = `<sbdh:StandardBusinessDocumentHeader><sbdh:HeaderVersion>1.0</sbdh:HeaderVersion><sbdh:Sender><sbdh:Identifier Authority="SGLN">urn:epc:id:sgln:9506000.13435.0</sbdh:Identifier></sbdh:Sender><sbdh:Receiver><sbdh:Identifier Authority="SGLN">urn:epc:id:sgln:9506000.13436.0</sbdh:Identifier></sbdh:Receiver><sbdh:DocumentIdentification><sbdh:Standard>EPCglobal</sbdh:Standard><sbdh:TypeVersion>1.0</sbdh:TypeVersion><sbdh:InstanceIdentifier>1</sbdh:InstanceIdentifier><sbdh:Type>Events</sbdh:Type><sbdh:CreationDateAndTime>2026-03-14T10:00:00Z</sbdh:CreationDateAndTime></sbdh:DocumentIdentification></sbdh:StandardBusinessDocumentHeader>`;
const MASTER = `<EPCISMasterData><VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList><VocabularyElement id="urn:epc:id:sgln:9506000.13435.0"><attribute id="urn:epcglobal:cbv:mda#name">Hall 3</attribute><children><id>urn:epc:id:sgln:9506000.13435.12</id></children></VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData>`;

const NAMES =
  'xmlns:ex="https://ns.example.com/epcis/" xmlns:cbvmda="urn:epcglobal:cbv:mda" xmlns:gs1="https://gs1.org/voc/" xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"';

function xml(version: 1 | 2, events: string, header = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:${version}" ${NAMES} schemaVersion="${version === 1 ? '1.2' : '2.0'}" creationDate="2026-03-14T10:00:00Z">
${header}<EPCISBody><EventList>
${events}
</EventList></EPCISBody></epcis:EPCISDocument>`;
}

const OBJECT_2 = `<ObjectEvent>${TIMES}<eventID>urn:x:event:1</eventID>${EPCS}<action>ADD</action>${STEP}${WHERE}${LISTS}<quantityList>${QUANTITIES}</quantityList>${PARTIES}${SENSORS}${ILMD}${EXTENSION}</ObjectEvent>`;
const OBJECT_1 = `<ObjectEvent>${TIMES}<baseExtension><eventID>urn:x:event:1</eventID>${ERROR}</baseExtension>${EPCS}<action>ADD</action>${STEP}${WHERE}${LISTS}<extension><quantityList>${QUANTITIES}</quantityList>${PARTIES}${ILMD}</extension>${EXTENSION}</ObjectEvent>`;
const AGGREGATION_1 = `<AggregationEvent>${TIMES}<parentID>urn:epc:id:sscc:9506000.0134352000</parentID><childEPCs><epc>urn:epc:id:sgtin:9506000.013435.A1</epc></childEPCs><action>ADD</action><bizStep>urn:epcglobal:cbv:bizstep:packing</bizStep><extension><childQuantityList>${QUANTITIES}</childQuantityList></extension></AggregationEvent>`;
const AGGREGATION_2 = AGGREGATION_1.replace(/<\/?extension>/g, '');
const TRANSFORMATION_1 = `<extension><TransformationEvent>${TIMES}<inputEPCList><epc>urn:epc:id:sgtin:9506000.013435.A1</epc></inputEPCList><outputQuantityList>${QUANTITIES}</outputQuantityList><transformationID>urn:epc:id:gdti:9506000.13435.T1</transformationID></TransformationEvent></extension>`;
const QUANTITY_1 = `<QuantityEvent>${TIMES}<epcClass>urn:epc:idpat:sgtin:9506000.013435.*</epcClass><quantity>200</quantity><bizStep>urn:epcglobal:cbv:bizstep:stocking</bizStep></QuantityEvent>`;
const QUERY_2 = `<?xml version="1.0"?><q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2" ${NAMES} schemaVersion="2.0" creationDate="2026-03-14T10:00:00Z"><EPCISBody><q:QueryResults><queryName>SimpleEventQuery</queryName><resultsBody><EventList>${OBJECT_2}</EventList></resultsBody></q:QueryResults></EPCISBody></q:EPCISQueryDocument>`;
const HEADER = `<EPCISHeader>${SBDH}<extension>${MASTER}</extension></EPCISHeader>`;

const queried = (...events: readonly unknown[]): unknown => {
  const { epcisBody, ...rest } = documentOf(...events);
  const queryResults = { queryName: 'SimpleEventQuery', resultsBody: epcisBody };
  return { ...rest, type: 'EPCISQueryDocument', epcisBody: { queryResults } };
};

const declared = {
  errorDeclaration: {
    declarationTime: '2026-03-15T00:00:00Z',
    reason: 'did_not_occur',
    'ours:by': 'me',
  },
};

const JSON_SEEDS: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    Object.entries(EVENTS).map(([type, event]) => [`our ${type}`, documentOf(event)]),
  ),
  'our five types': documentOf(...Object.values(EVENTS)),
  'our short events': documentOf(sighting('A'), anonymous('B'), sighting('A', declared)),
  'our query document': queried(sighting('Q'), anonymous('R')),
  'our single event': { '@context': documentOf()['@context'], ...sighting('S') },
};

const XML_SEEDS: Readonly<Record<string, string>> = {
  'our XML 2.0': xml(2, OBJECT_2 + AGGREGATION_2, HEADER),
  'our XML 1.2': xml(1, OBJECT_1 + AGGREGATION_1 + TRANSFORMATION_1 + QUANTITY_1, HEADER),
  'our query document in XML': QUERY_2,
  'our single event in XML': OBJECT_2.replace('<ObjectEvent>', `<ObjectEvent ${NAMES}>`),
};

/** Our own documents of every syntax, and GS1's examples where they are on this machine. */
export function mutationSeeds(): readonly MutationSeed[] {
  const own = [
    ...Object.entries(JSON_SEEDS).map(([name, value]) => ({
      name,
      text: JSON.stringify(value),
      syntax: 'JSON' as const,
    })),
    ...Object.entries(XML_SEEDS).map(([name, text]) => ({ name, text, syntax: 'XML' as const })),
  ];
  return [...own, ...['gs1-epcis/json', 'gs1-epcis/xml', 'event-hash'].flatMap(examplesIn)];
}

function examplesIn(folder: string): MutationSeed[] {
  if (standardsFolder === undefined) return [];
  const path = join(standardsFolder, folder);
  return readdirSync(path)
    .filter((file) => /\.(?:jsonld|xml)$/.test(file))
    .map((file) => ({
      name: file,
      text: readFileSync(join(path, file), 'utf8'),
      syntax: file.endsWith('.xml') ? ('XML' as const) : ('JSON' as const),
    }));
}
