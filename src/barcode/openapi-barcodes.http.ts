import { ownProblem } from '../epcis-rest/openapi-parts.js';
import type { PathItems } from '../epcis-rest/openapi-parts.js';
import { BARCODE_FORMATS } from './barcode.js';

const text = { type: 'string' };
const FILES = BARCODE_FORMATS.map((format) => format.toLowerCase().replaceAll('_', '-')).flatMap(
  (name) => [`${name}.svg`, `${name}.png`],
);
const PICTURE_HEADERS = { ETag: { schema: text }, 'Cache-Control': { schema: text } };

/** The OpenAPI description of the barcodes. */
export const BARCODE_PATHS: PathItems = {
  '/barcode/{file}': {
    get: {
      summary: 'A barcode of an identifier: GS1 DataMatrix, GS1-128, or QR with a Digital Link.',
      description: 'Lot and expiry of a known pack or lot come from the graph.',
      tags: ['Barcodes'],
      parameters: [
        { name: 'file', in: 'path', required: true, schema: { ...text, enum: FILES } },
        {
          name: 'id',
          in: 'query',
          required: true,
          description: 'An EPC URN, a GS1 Digital Link or an element string.',
          schema: { ...text, minLength: 1, maxLength: 1000 },
          example: '(01)09506000134352(21)A1',
        },
        { name: 'lot', in: 'query', description: 'Lot, if it is not yet known.', schema: text },
        {
          name: 'expiry',
          in: 'query',
          description: 'Expiry, if it is not yet known: YYYY-MM-DD or YYMMDD.',
          schema: text,
        },
        {
          name: 'scale',
          in: 'query',
          schema: { type: 'integer', minimum: 1, maximum: 10, default: 2 },
        },
        { name: 'If-None-Match', in: 'header', schema: text },
      ],
      responses: {
        200: {
          description: 'The picture.',
          headers: PICTURE_HEADERS,
          content: {
            'image/svg+xml': { schema: text },
            'image/png': { schema: { ...text, format: 'binary' } },
          },
        },
        304: { description: 'The picture has not changed.', headers: PICTURE_HEADERS },
        400: ownProblem('This identifier has no such barcode.'),
        404: ownProblem('There is no such format.'),
        409: ownProblem('Lot or expiry contradict what is stored.'),
        500: ownProblem('A server-side error.'),
        503: ownProblem('The graph does not answer.'),
      },
    },
  },
};
