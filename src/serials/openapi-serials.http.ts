import { content } from '../epcis-rest/openapi-parts.js';
import { ownProblem } from '../epcis-rest/openapi-parts.js';
import type { PathItems } from '../epcis-rest/openapi-parts.js';
import { SERIAL_MEDIA_TYPES } from './serial-lines.rules.js';

const text = { type: 'string' };

const REQUEST = {
  type: 'object',
  required: ['gtin', 'count', 'allocatedTo'],
  additionalProperties: false,
  properties: {
    gtin: { ...text, example: '09506000134352' },
    count: { type: 'integer', minimum: 1, description: 'At most 1,000,000.' },
    allocatedTo: { ...text, minLength: 1, maxLength: 1000, description: 'Who gets them.' },
    alphabet: { ...text, description: 'Characters to use. The default has only unambiguous ones.' },
    length: { type: 'integer', minimum: 2, maximum: 20, default: 12 },
    requestedBy: { ...text, maxLength: 1000 },
    note: { ...text, maxLength: 1000 },
  },
};

const SERIALS = {
  headers: {
    Location: { schema: text },
    'X-Serial-Allocation': { schema: text },
    'X-Serial-Count': { schema: { type: 'integer' } },
  },
  content: content(SERIAL_MEDIA_TYPES, text),
};

/** The OpenAPI description of the serial routes. */
export const SERIAL_PATHS: PathItems = {
  '/serials': {
    post: {
      summary: 'Allocates serials of a product, and streams them, one per line.',
      description: 'The serials are random and never given out twice. It is stored who got them.',
      tags: ['Serials'],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: REQUEST,
            example: { gtin: '09506000134352', count: 3, allocatedTo: 'Line 4' },
          },
        },
      },
      responses: {
        201: { description: 'Allocated. GET of Location streams them again.', ...SERIALS },
        400: ownProblem('The request is wrong, or its serials could be guessed.'),
        406: ownProblem('No accepted media type is served.'),
        413: ownProblem('The body is too large.'),
        415: ownProblem('Content-Type is not accepted.'),
        500: ownProblem('A server-side error.'),
        503: ownProblem('The graph does not answer.'),
      },
    },
  },
  '/serials/{id}': {
    get: {
      summary: 'Streams the serials of an allocation again.',
      tags: ['Serials'],
      parameters: [{ name: 'id', in: 'path', required: true, schema: { ...text, minLength: 1 } }],
      responses: {
        200: { description: 'The same serials in the same order.', ...SERIALS },
        404: ownProblem('There is no such allocation.'),
        406: ownProblem('No accepted media type is served.'),
        500: ownProblem('A server-side error.'),
        503: ownProblem('The graph does not answer.'),
      },
    },
  },
};
