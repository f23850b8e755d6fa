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
    description:
      'All fields must match, in UTC. Write numbers, ranges [1-5] or lists; 1 is Monday.',
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
  description: 'With stream or with schedule, but not with both.',
  required: ['dest'],
  properties: {
    ...CONTROLS,
    signatureToken: {
      type: 'string',
      description:
        'Key for GS1-Signature: sha256=<hex HMAC-SHA256 of the body>. It is never shown.',
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
    failures: { type: 'integer', description: 'Number of failures in a row.' },
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
    201: { description: 'Stored. Location has its address.', headers: LOCATION },
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
  summary: 'Deletes a named query and ends its subscriptions, both webhooks and WebSockets.',
  tags: ['Queries'],
  responses: { 204: response('NoContent'), 404: response('NoSuchResource') },
};

/** GET /queries/{queryName}/events */
export const QUERY_EVENTS: OperationObject = {
  summary:
    'The events that a named query finds, page by page. As a WebSocket, it is a subscription.',
  description:
    'With Upgrade: websocket and ?stream=true, or with fields of a schedule (second, minute, hour, dayOfMonth, month, dayOfWeek), every message is an EPCISQueryDocument.',
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
    'Events are sent in the order in which they were recorded, and none is left out. A document is sent again, with the same Idempotency-Key, until it is answered with 2xx. A receiver that answers 413 gets smaller documents.',
  tags: ['Subscriptions'],
  parameters: [parameter('GS1-EPC-Format')],
  requestBody: { required: true, content: content(JSON_MEDIA, SUBSCRIPTION_REQUEST) },
  responses: {
    201: { ...one('Subscribed. Location has its address.', SUBSCRIPTION), headers: LOCATION },
    400: response('SubscriptionControls'),
    404: response('NoSuchResource'),
    415: response('UnsupportedMediaType'),
  },
};

/** GET /queries/{queryName}/subscriptions/{subscriptionID} */
export const ONE_SUBSCRIPTION: OperationObject = {
  summary: 'A subscription and the state of its delivery.',
  tags: ['Subscriptions'],
  responses: { 200: one('The subscription.', SUBSCRIPTION), 404: response('NoSuchResource') },
};

/** DELETE /queries/{queryName}/subscriptions/{subscriptionID} */
export const DELETE_SUBSCRIPTION: OperationObject = {
  summary: 'Ends a subscription.',
  tags: ['Subscriptions'],
  responses: { 204: response('NoContent'), 404: response('NoSuchResource') },
};
