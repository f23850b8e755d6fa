import type { Check, Shape } from './checks.js';
import {
  anything,
  checkObject,
  firstOf,
  isObject,
  list,
  object,
  oneOf,
  pattern,
  text,
  time,
  uri,
} from './checks.js';
import { context } from './event-shapes.js';

const version = pattern(/^\d+(\.\d+)*$/, {
  code: 'VERSION_INVALID',
  expected: 'a version such as 2.0',
  remedy: 'Write the EPCIS version as digits and dots.',
});

const attributeValue = firstOf(
  [(value) => typeof value === 'string', (value) => Number.isFinite(value), isObject],
  {
    code: 'ATTRIBUTE_INVALID',
    expected: 'text, a number or an object',
    remedy: 'Write one value. For several values, write several attributes.',
  },
);

const attribute = object({
  fields: { id: uri, attribute: attributeValue },
  required: ['id'],
  others: 'any',
});
const vocabularyElement = object({
  fields: { id: uri, attributes: list(attribute, { max: 1000 }), children: list(uri) },
  required: ['id'],
  others: 'any',
});
const vocabulary = object({
  fields: { type: uri, vocabularyElementList: list(vocabularyElement) },
  required: ['type'],
  others: 'any',
});
const vocabularyList = list(vocabulary);

const epcisHeader = object({
  fields: { epcisMasterData: object({ fields: { vocabularyList }, others: 'any' }) },
  others: 'namespaced',
});

/** Events are judged one by one later; here they only need to be a list. */
const eventList: Check = list(anything);

const documentType: Check = oneOf(['EPCISDocument', 'EPCISQueryDocument'], {
  code: 'DOCUMENT_TYPE_INVALID',
  remedy: 'Wrap events in an EPCISDocument (EPCIS 2.0 section 9.3).',
});

const EITHER = {
  '@context': context,
  id: uri,
  type: documentType,
  schemaVersion: version,
  creationDate: time,
};

const DOCUMENT: Shape = {
  fields: {
    ...EITHER,
    instanceIdentifier: text,
    sender: text,
    receiver: text,
    epcisHeader,
    epcisBody: object({ fields: { eventList }, required: ['eventList'], others: 'any' }),
  },
  required: ['@context', 'schemaVersion', 'creationDate', 'epcisBody'],
  others: 'namespaced',
};

const RESULTS_BODY = object({
  fields: { eventList, vocabularyList },
  required: ['eventList'],
  others: 'namespaced',
});
const QUERY_RESULTS = object({
  fields: { queryName: text, subscriptionID: text, resultsBody: RESULTS_BODY },
  required: ['queryName', 'resultsBody'],
  others: 'namespaced',
});
const QUERY_DOCUMENT: Shape = {
  fields: {
    ...EITHER,
    epcisBody: object({
      fields: { queryResults: QUERY_RESULTS },
      required: ['queryResults'],
      others: 'namespaced',
    }),
  },
  required: ['@context', 'epcisBody'],
  others: 'namespaced',
};

/** Judges an EPCISDocument without its events (EPCIS 2.0 section 9.3). */
export const checkDocument = checkObject(DOCUMENT);

/** Judges an EPCISQueryDocument without its events (EPCIS 2.0 section 9.5). */
export const checkQueryDocument = checkObject(QUERY_DOCUMENT);

/** The same for XML, where an EPCISQueryDocument has a header (EPCIS 2.0 section 9.5). */
export const checkXmlQueryDocument = checkObject({
  ...QUERY_DOCUMENT,
  fields: { ...QUERY_DOCUMENT.fields, epcisHeader },
});

/** Judges the type of a document that is neither of the two. */
export const checkDocumentType: Check = documentType;
