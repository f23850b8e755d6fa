import { parameter } from '../epcis-rest/openapi-parts.js';
import { EVENT_TYPES } from '../epcis/event.js';

/** The OpenAPI description of a query parameter. */
export interface QueryParameterObject {
  readonly name: string;
  readonly in: 'query';
  readonly [key: string]: unknown;
}

/** perPage and nextPageToken. */
export const PAGE_PARAMETERS = [parameter('perPage'), parameter('nextPageToken')];

/** Headers that set the form in which events are written. */
export const FORM_PARAMETERS = [parameter('GS1-EPC-Format'), parameter('GS1-CBV-XML-Format')];

const URI = { type: 'string', format: 'uri' };
const TEXT = { type: 'string' };

function list(items: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    style: 'pipeDelimited',
    explode: false,
    schema: { type: 'array', minItems: 1, items },
  };
}

function named(
  names: readonly string[],
  rest: Readonly<Record<string, unknown>>,
): readonly QueryParameterObject[] {
  return names.map((name) => ({ name, in: 'query', required: false, ...rest }));
}

const TIMES = ['eventTime', 'recordTime', 'startTime', 'endTime', 'errorDeclarationTime'];
const EPCS = ['epc', 'parentID', 'inputEPC', 'outputEPC', 'anyEPC'];
const CLASSES = ['epcClass', 'inputEPCClass', 'outputEPCClass', 'anyEPCClass'];

/** Parameters of SimpleEventQuery with fixed names (EPCIS 2.0 section 8.2.7.1). Those with open names cannot be listed. */
export const QUERY_PARAMETERS: readonly QueryParameterObject[] = [
  ...named(['eventType'], list({ ...TEXT, example: EVENT_TYPES[0] })),
  ...named(
    TIMES.flatMap((time) => [`GE_${time}`, `LT_${time}`]),
    { schema: { type: 'string', format: 'date-time' } },
  ),
  ...named(['EQ_action'], list({ ...TEXT, enum: ['ADD', 'OBSERVE', 'DELETE'] })),
  ...named(
    [
      'EQ_bizStep',
      'EQ_disposition',
      'EQ_persistentDisposition_set',
      'EQ_persistentDisposition_unset',
      'EQ_transformationID',
      'EQ_errorReason',
      'EQ_type',
      'EQ_stringValue',
      'EQ_hexBinaryValue',
    ],
    list(TEXT),
  ),
  ...named(
    [
      'EQ_readPoint',
      'WD_readPoint',
      'EQ_bizLocation',
      'WD_bizLocation',
      'EQ_eventID',
      'EQ_correctiveEventID',
      'EQ_deviceID',
      'EQ_dataProcessingMethod',
      'EQ_microorganism',
      'EQ_chemicalSubstance',
      'EQ_bizRules',
      'EQ_uriValue',
      ...[...EPCS, ...CLASSES].map((name) => `MATCH_${name}`),
    ],
    list(URI),
  ),
  ...named(
    ['EQ', 'GT', 'GE', 'LT', 'LE'].map((op) => `${op}_quantity`),
    { schema: { type: 'number' } },
  ),
  ...named(['EXISTS_errorDeclaration', 'EQ_booleanValue'], { schema: { type: 'boolean' } }),
  ...named(['orderBy'], {
    description: 'eventTime, recordTime, or an extension field.',
    schema: TEXT,
  }),
  ...named(['orderDirection'], { schema: { ...TEXT, enum: ['ASC', 'DESC'], default: 'DESC' } }),
  ...named(['eventCountLimit', 'maxEventCount'], { schema: { type: 'integer', minimum: 1 } }),
];
