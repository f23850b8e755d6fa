import { pointerTo } from '../faults.js';
import { XML_NAMESPACES } from './layout.js';
import { attributeOf, readChildren, readOwnAttributes } from './read-children.js';
import type { JsonRecord } from './read-extension.js';
import { setField } from './read-extension.js';
import { readVocabularyList } from './read-master-data.js';
import { refuseText } from './read-object.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml-tree.js';
import { elementsOf, textOfElement } from './xml-tree.js';

/** The events of a document, which are already read, and their reading. */
interface Around {
  readonly events: readonly unknown[];
  readonly reading: Reading;
}

/** Reads the header with its master data, the body and query results (EPCIS 2.0 section 9.5). */
export function readAround(
  root: XmlElement,
  events: readonly unknown[],
  reading: Reading,
): JsonRecord | undefined {
  const around = { events, reading };
  if (isOf(root, 'document', 'EPCISDocument')) return readDocument(root, around, 'EPCISDocument');
  if (isOf(root, 'masterData', 'EPCISMasterDataDocument'))
    return readDocument(root, around, 'EPCISDocument');
  if (isOf(root, 'query', 'EPCISQueryDocument'))
    return readDocument(root, around, 'EPCISQueryDocument');
  if (!isOf(root, 'query', 'QueryResults')) return undefined;
  const queryResults = readResults(root, around);
  return { type: 'EPCISQueryDocument', epcisBody: { queryResults } };
}

function isOf({ uri, local }: XmlElement, kind: 'document' | 'query' | 'masterData', name: string) {
  return local === name && Object.values(XML_NAMESPACES[kind]).some((one) => one === uri);
}

function readDocument(
  root: XmlElement,
  around: Around,
  type: 'EPCISDocument' | 'EPCISQueryDocument',
): JsonRecord {
  const { reading } = around;
  const document: JsonRecord = {
    type,
    schemaVersion: attributeOf(root, 'schemaVersion'),
    creationDate: withOffset(attributeOf(root, 'creationDate')),
  };
  readOwnAttributes(root, document, reading);
  const handlers = {
    EPCISHeader: (child: XmlElement) => {
      document['epcisHeader'] = readHeader(child, reading);
    },
    EPCISBody: (child: XmlElement) => {
      document['epcisBody'] = readBody(child, type, around, document);
    },
    extension: (child: XmlElement) => {
      readChildren(child, { at: '', handlers: {}, into: document }, reading);
    },
  };
  readChildren(root, { at: '', handlers, into: document }, reading);
  namesToIgnore(root, document, reading);
  return document;
}

/** `xsd:dateTime` may omit the offset, which we need; a time without one is taken as UTC. */
function withOffset(time: string | undefined): string | undefined {
  return time !== undefined && /T[\d:.]+$/.test(time) ? `${time}Z` : time;
}

/** `ignoreFields` names fields by empty elements in XML, by text in JSON (CBV 2.0 section 8.9). */
function namesToIgnore(element: XmlElement, into: JsonRecord, reading: Reading): void {
  for (const child of elementsOf(element)) {
    if (child.local !== 'ignoreFields' || child.uri === '') continue;
    const names = elementsOf(child).map((one) => reading.names.nameOf(one));
    setField(into, reading.names.nameOf(child), names);
  }
}

function readHeader(element: XmlElement, reading: Reading): JsonRecord {
  const at = '/epcisHeader';
  reading.mark(at, element);
  const header: JsonRecord = {};
  readOwnAttributes(element, header, reading);
  const EPCISMasterData = (child: XmlElement): void => {
    header['epcisMasterData'] = readMasterData(child, `${at}/epcisMasterData`, reading);
  };
  const readExtension = (child: XmlElement): void => {
    readChildren(
      child,
      { at, handlers: { EPCISMasterData, extension: readExtension }, into: header },
      reading,
    );
  };
  readChildren(element, { at, handlers: { extension: readExtension }, into: header }, reading);
  return header;
}

function readMasterData(element: XmlElement, at: string, reading: Reading): JsonRecord {
  reading.mark(at, element);
  const masterData: JsonRecord = {};
  const handlers = {
    VocabularyList: (child: XmlElement) => {
      masterData['vocabularyList'] = readVocabularyList(child, `${at}/vocabularyList`, reading);
    },
    extension: (child: XmlElement) => {
      readChildren(child, { at, handlers: {}, into: masterData }, reading);
    },
  };
  readChildren(element, { at, handlers, into: masterData }, reading);
  return masterData;
}

/** The events of the list are already read; any text in it is a fault. */
function eventsReadAlready(at: string, reading: Reading): (list: XmlElement) => void {
  return (list) => {
    refuseText(list, pointerTo(at, 'eventList'), reading);
  };
}

function readBody(
  element: XmlElement,
  type: string,
  around: Around,
  document: JsonRecord,
): JsonRecord {
  const { reading } = around;
  const at = '/epcisBody';
  reading.mark(at, element);
  const body: JsonRecord = {};
  if (type === 'EPCISQueryDocument') {
    const QueryResults = (child: XmlElement): void => {
      body['queryResults'] = readResults(child, around);
    };
    readChildren(element, { at, handlers: { QueryResults } }, reading);
    return body;
  }
  body['eventList'] = around.events;
  const handlers = {
    EventList: eventsReadAlready(at, reading),
    VocabularyList: (child: XmlElement) => {
      const pointer = '/epcisHeader/epcisMasterData/vocabularyList';
      const vocabularyList = readVocabularyList(child, pointer, reading);
      const header = (document['epcisHeader'] ?? {}) as JsonRecord;
      document['epcisHeader'] = { ...header, epcisMasterData: { vocabularyList } };
    },
    extension: (child: XmlElement) => {
      readChildren(child, { at, handlers: {}, into: body }, reading);
    },
  };
  readChildren(element, { at, handlers, into: body }, reading);
  return body;
}

function readResults(element: XmlElement, { events, reading }: Around): JsonRecord {
  const at = '/epcisBody/queryResults';
  reading.mark(at, element);
  const results: JsonRecord = {};
  const resultsBody: JsonRecord = { eventList: events };
  const text =
    (name: string) =>
    (child: XmlElement): void => {
      results[name] = textOfElement(child).trim();
    };
  const inBody = {
    EventList: eventsReadAlready(pointerTo(at, 'resultsBody'), reading),
    VocabularyList: (child: XmlElement) => {
      const pointer = `${at}/resultsBody/vocabularyList`;
      resultsBody['vocabularyList'] = readVocabularyList(child, pointer, reading);
    },
  };
  const handlers = {
    queryName: text('queryName'),
    subscriptionID: text('subscriptionID'),
    resultsBody: (child: XmlElement) => {
      results['resultsBody'] = resultsBody;
      readChildren(child, { at: pointerTo(at, 'resultsBody'), handlers: inBody }, reading);
    },
    extension: (child: XmlElement) => {
      readChildren(child, { at, handlers: {}, into: results }, reading);
    },
  };
  readChildren(element, { at, handlers, into: results }, reading);
  namesToIgnore(element, results, reading);
  return results;
}
