import type { OperationObject, ParameterObject } from './openapi-parts.js';
import {
  PARAMETERS,
  RESPONSES,
  SCHEMAS,
  VERSION_PARAMETERS,
  parameter,
  response,
} from './openapi-parts.js';
import type { EpcisMethod, EpcisOperation, EpcisResource } from './resource.js';
import type { PathItems } from './openapi-parts.js';

const TAGS = [
  ...['Discovery', 'Top-level', 'Events', 'Capture', 'Queries', 'Subscriptions', 'SOAP'],
  ...['Barcodes', 'Serials'],
];

/**
 * The OpenAPI 3.0 description of all served resources, and of the routes outside /epcis.
 */
export function openApiOf(
  resources: readonly EpcisResource[],
  beside: PathItems = {},
): Record<string, unknown> {
  const paths = resources.map((resource) => [resource.path, pathOf(resource)]);
  const others = Object.entries(beside).map(([path, item]) => [
    path,
    { servers: [{ url: '/' }], ...item },
  ]);
  return {
    openapi: '3.0.3',
    info: {
      title: 'Custody Graph: EPCIS 2.0 REST interface',
      version: '2.0.0',
      description:
        'The REST interface of GS1, under /epcis. Event resources accept every parameter of SimpleEventQuery, also those whose names contain a type, unit or extension field.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/epcis' }],
    tags: TAGS.map((name) => ({ name })),
    paths: Object.fromEntries([...paths, ...others]) as unknown,
    components: { parameters: PARAMETERS, responses: RESPONSES, schemas: SCHEMAS },
  };
}

function pathOf(resource: EpcisResource): Record<string, unknown> {
  const { path, operations } = resource;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const operationsByMethod = operations.map((operation): [string, unknown] => [
    operation.method.toLowerCase(),
    operationOf(operation),
  ]);
  return {
    parameters: names.map((name) => pathParameter(name, resource.pathParameters?.[name])),
    options: {
      summary: 'What is served here: methods, versions, formats, limits.',
      tags: ['Discovery'],
      parameters: VERSION_PARAMETERS.map(parameter),
      responses: {
        204: response('Discovery'),
        400: response('Validation'),
        ...(resource.exists === undefined ? {} : { 404: response('NoSuchResource') }),
        406: response('NotAcceptable'),
      },
    },
    ...Object.fromEntries(operationsByMethod),
  };
}

function operationOf(operation: EpcisOperation): OperationObject {
  const { about, method } = operation;
  return {
    ...about,
    parameters: [...VERSION_PARAMETERS.map(parameter), ...(about.parameters ?? [])],
    responses: { ...about.responses, ...refusalsOf(method, about) },
  };
}

function refusalsOf(
  method: EpcisMethod,
  { responses }: OperationObject,
): OperationObject['responses'] {
  const standard = {
    400: response(method === 'GET' ? 'Query' : 'Validation'),
    406: response('NotAcceptable'),
    414: response('URITooLong'),
    ...(method === 'POST' || method === 'PUT' ? { 415: response('UnsupportedMediaType') } : {}),
    ...(method === 'GET' ? { 413: response('QueryTooLarge') } : {}),
    500: response('Implementation'),
    503: response('Unavailable'),
  };
  return Object.fromEntries(Object.entries(standard).filter(([status]) => !(status in responses)));
}

function pathParameter(name: string, about: ParameterObject = {}): ParameterObject {
  return { name, in: 'path', required: true, schema: { type: 'string', minLength: 1 }, ...about };
}
