import { content, parameter, response } from '../epcis-rest/openapi-parts.js';
import type { OperationObject, ResponseObject } from '../epcis-rest/openapi-parts.js';

const JSON_MEDIA = ['application/json', 'application/ld+json'];
const PAGE = [parameter('perPage'), parameter('nextPageToken')];
const LOCATION = { Location: { schema: { type: 'string' } } };
const instant = { type: 'string', format: 'date-time' };

const QUERY = {
  type: 'object',
  required: ['name', 'query'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200, example: 'shipments' },
    query: {
      type: 'object',
      description: 'Parameters of SimpleEventQuery.',
      example: { eventType: ['ObjectEvent'], EQ_bizStep: ['shipping', 'receiving'] },
    },
  },
};
const CONTROLS = {
  dest: { type: 'string', format: 'uri', example: 'https://client.example.com/callback' },
  stream: { type: 'boolean', enum: [true] },
  schedule: {
    type: 'object',
    description: 'All fields have to match, in UTC: numbers, ranges [1-5], lists; 1 is Monday.',
    properties: Object.fromEntries(
      ['second', 'minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'].map((name) => [
        name,
        { type: 'string', example: '1' },
      ]),
    ),
  },
  reportIfEmpty: { type: 'boolean', default: false },
  initialRecordTime: instant,
};
const SUBSCRIPTION_REQUEST = {
  type: 'object',
  description: 'With stream or with schedule, not both.',
  required: ['dest'],
  properties: {
    ...CONTROLS,
    signatureToken: {
      type: 'string',
      description: 'Key of GS1-Signature: sha256=<hex HMAC-SHA256 of the body>. Never shown.',
    },
  },
};
const SUBSCRIPTION = {
  type: 'object',
  required: ['subscriptionID', 'dest', 'createdAt'],
  properties: {
    subscriptionID: { type: 'string' },
    queryName: { type: 'string' },
    ...CONTROLS,
    epcFormat: { type: 'string' },
    createdAt: instant,
    minRecordTime: instant,
    lastExecutedAt: instant,
    lastNotifiedAt: instant,
    failures: { type: 'integer', description: 'In a row.' },
    lastError: { type: 'string' },
    nextAttemptAt: instant,
  },
};

function one(description: string, of: object): ResponseObject {
  return { description, content: content(JSON_MEDIA, { ...of }) };
}

function pageOf(description: string, of: object): ResponseObject {
  return {
    ...one(description, { type: 'array', items: of }),
    headers: { Link: { schema: { type: 'string' } } },
  };
}

/** GET /queries */
export const LIST_QUERIES: OperationObject = {
  summary: 'The named queries, page by page.',
  tags: ['Queries'],
  parameters: PAGE,
  responses: { 200: pageOf('Named queries.', QUERY) },
};

/** POST /queries */
export const CREATE_QUERY: OperationObject = {
  summary: 'Stores a query under a name.',
  tags: ['Queries'],
  requestBody: { required: true, content: content(JSON_MEDIA, QUERY) },
  responses: {
    201: { description: 'Stored; Location leads to it.', headers: LOCATION },
    400: response('Query'),
    409: response('AlreadyExists'),
    415: response('UnsupportedMediaType'),
  },
};

/** GET /queries/{queryName} */
export const ONE_QUERY: OperationObject = {
  summary: 'A named query.',
  tags: ['Queries'],
  responses: { 200: one('The query.', QUERY), 404: response('NoSuchResource') },
};

/** DELETE /queries/{queryName} */
export const DELETE_QUERY: OperationObject = {
  summary: 'Deletes a named query and ends its subscriptions, webhooks and WebSockets.',
  tags: ['Queries'],
  responses: { 204: response('NoContent'), 404: response('NoSuchResource') },
};

/** GET /queries/{queryName}/events */
export const QUERY_EVENTS: OperationObject = {
  summary: 'The events a named query finds, page by page; as WebSocket, a subscription.',
  description:
    'With Upgrade: websocket and ?stream=true, or parts of a schedule (second, minute, hour, dayOfMonth, month, dayOfWeek), every message is an EPCISQueryDocument.',
  tags: ['Queries', 'Events'],
  parameters: [...PAGE, parameter('GS1-EPC-Format'), parameter('GS1-CBV-XML-Format')],
  responses: {
    200: response('EPCISQueryDocument'),
    400: response('Query'),
    404: response('NoSuchResource'),
    413: response('QueryTooLarge'),
  },
};

/** GET /queries/{queryName}/subscriptions */
export const LIST_SUBSCRIPTIONS: OperationObject = {
  summary: 'The webhook subscriptions of a query, page by page.',
  tags: ['Subscriptions'],
  parameters: PAGE,
  responses: { 200: pageOf('Subscriptions.', SUBSCRIPTION), 404: response('NoSuchResource') },
};

/** POST /queries/{queryName}/subscriptions */
export const CREATE_SUBSCRIPTION: OperationObject = {
  summary: 'Subscribes a webhook: EPCISQueryDocuments are posted to `dest`.',
  description:
    'Events come in the order they were recorded, none is left out; a document is sent again until it is answered with 2xx, with the same Idempotency-Key. A receiver that answers 413 gets smaller ones.',
  tags: ['Subscriptions'],
  parameters: [parameter('GS1-EPC-Format')],
  requestBody: { required: true, content: content(JSON_MEDIA, SUBSCRIPTION_REQUEST) },
  responses: {
    201: { ...one('Subscribed; Location leads to it.', SUBSCRIPTION), headers: LOCATION },
    400: response('SubscriptionControls'),
    404: response('NoSuchResource'),
    415: response('UnsupportedMediaType'),
  },
};

/** GET /queries/{queryName}/subscriptions/{subscriptionID} */
export const ONE_SUBSCRIPTION: OperationObject = {
  summary: 'A subscription, and how its delivery goes.',
  tags: ['Subscriptions'],
  responses: { 200: one('The subscription.', SUBSCRIPTION), 404: response('NoSuchResource') },
};

/** DELETE /queries/{queryName}/subscriptions/{subscriptionID} */
export const DELETE_SUBSCRIPTION: OperationObject = {
  summary: 'Ends a subscription.',
  tags: ['Subscriptions'],
  responses: { 204: response('NoContent'), 404: response('NoSuchResource') },
};
