/** A JSON schema inside the OpenAPI description. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** A parameter, or a reference to one of {@link PARAMETERS}. */
export type ParameterObject = Readonly<Record<string, unknown>>;

/** A response, or a reference to one of {@link RESPONSES}. */
export type ResponseObject = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.0 operation, without its path parameters and the GS1 headers of every route. */
export interface OperationObject {
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: Readonly<Record<string, unknown>>;
  /** By status, without the refusals of every route. */
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

/** A reference to a parameter in the components. */
export function parameter(name: keyof typeof PARAMETERS): ParameterObject {
  return { $ref: `#/components/parameters/${name}` };
}

/** A reference to a response in the components. */
export function response(name: keyof typeof RESPONSES): ResponseObject {
  return { $ref: `#/components/responses/${name}` };
}

/** A reference to a schema in the components. */
export function schema(name: keyof typeof SCHEMAS): SchemaObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** The same schema in several media types. */
export function content(
  types: readonly string[],
  of: SchemaObject,
): Readonly<Record<string, { readonly schema: SchemaObject }>> {
  return Object.fromEntries(types.map((type) => [type, { schema: of }]));
}

/** A request body in JSON or XML, with an example of each. */
export function bodyOf(
  of: SchemaObject,
  example: { readonly json: unknown; readonly xml: string },
): Readonly<Record<string, unknown>> {
  const media = DOCUMENT_MEDIA.map((type) => {
    const value = type.includes('json') ? example.json : example.xml;
    return [type, { schema: of, example: value }];
  });
  return { required: true, content: Object.fromEntries(media) as unknown };
}

/** An operation that only returns information in JSON. */
export function discoveryOf(summary: string): OperationObject {
  return {
    summary,
    tags: ['Discovery'],
    responses: {
      200: {
        description: summary,
        content: content(['application/json', 'application/ld+json'], { type: 'object' }),
      },
    },
  };
}

/** Media types of EPCIS documents in requests and answers. */
export const DOCUMENT_MEDIA = [
  'application/json',
  'application/ld+json',
  'application/xml',
  'text/xml',
] as const;

const VERSION: SchemaObject = { type: 'string', pattern: '^\\d+(\\.\\d+)*$', example: '2.0.0' };
const PROBLEM_MEDIA = ['application/problem+json', 'application/problem+xml'];

function header(name: string, description: string, of: SchemaObject): ParameterObject {
  return { name, in: 'header', required: false, description, schema: of };
}

/** Parameters of several routes. */
export const PARAMETERS = {
  perPage: {
    name: 'perPage',
    in: 'query',
    description: 'Most items of a page. More than 1000 counts as 1000.',
    schema: { type: 'integer', minimum: 1, default: 30 },
  },
  nextPageToken: {
    name: 'nextPageToken',
    in: 'query',
    description: 'The token from a Link header. It is valid until GS1-Next-Page-Token-Expires.',
    schema: { type: 'string' },
  },
  'GS1-EPCIS-Version': header('GS1-EPCIS-Version', 'The EPCIS version, 2.0 or 1.2.', VERSION),
  'GS1-EPCIS-Min': header('GS1-EPCIS-Min', 'The lowest accepted EPCIS version.', VERSION),
  'GS1-EPCIS-Max': header(
    'GS1-EPCIS-Max',
    'The highest accepted EPCIS version. Below 2.0 the answer is XML 1.2.',
    VERSION,
  ),
  'GS1-CBV-Version': header('GS1-CBV-Version', 'The CBV version, 2.0 or 1.2.', VERSION),
  'GS1-CBV-Min': header('GS1-CBV-Min', 'The lowest accepted CBV version.', VERSION),
  'GS1-CBV-Max': header('GS1-CBV-Max', 'The highest accepted CBV version.', VERSION),
  'GS1-Extensions': header(
    'GS1-Extensions',
    'Prefixes of extensions: ext=https://example.com/epcis/, other=…',
    { type: 'string', example: 'ext=https://example.com/epcis/' },
  ),
  'GS1-EPC-Format': header('GS1-EPC-Format', 'Form of EPCs in the answer.', {
    type: 'string',
    enum: ['No_Preference', 'Always_GS1_Digital_Link', 'Always_EPC_URN', 'Never_Translates'],
    default: 'Always_GS1_Digital_Link',
  }),
  'GS1-CBV-XML-Format': header('GS1-CBV-XML-Format', 'Form of CBV words in an XML answer.', {
    type: 'string',
    enum: ['No_Preference', 'Always_Web_URI', 'Always_URN', 'Never_Translates'],
    default: 'No_Preference',
  }),
  'GS1-Capture-Error-Behaviour': header(
    'GS1-Capture-Error-Behaviour',
    'rollback: all events are stored or none. proceed: all valid events are stored.',
    { type: 'string', enum: ['rollback', 'proceed'], default: 'rollback' },
  ),
} as const satisfies Record<string, ParameterObject>;

/** The GS1 headers that every request may have. */
export const VERSION_PARAMETERS = [
  'GS1-EPCIS-Version',
  'GS1-EPCIS-Min',
  'GS1-EPCIS-Max',
  'GS1-CBV-Version',
  'GS1-CBV-Min',
  'GS1-CBV-Max',
  'GS1-Extensions',
] as const;

const versionHeaders = {
  'GS1-EPCIS-Version': { schema: VERSION },
  'GS1-CBV-Version': { schema: VERSION },
  'GS1-Extensions': { schema: { type: 'string' } },
};
const pageHeaders = {
  ...versionHeaders,
  Link: { description: '<…>; rel="next"; absent on the last page.', schema: { type: 'string' } },
  'GS1-Next-Page-Token-Expires': { schema: { type: 'string', format: 'date-time' } },
};

const texts = (names: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, { schema: { type: 'string' } }]));
const TOLD =
  'Allow GS1-EPCIS-Min GS1-EPCIS-Max GS1-CBV-Min GS1-CBV-Max GS1-EPC-Format GS1-CBV-XML-Format GS1-Vendor-Version GS1-Capture-Error-Behaviour';
const limitHeaders = texts('GS1-EPCIS-Capture-Limit GS1-EPCIS-Capture-File-Size-Limit');

function problem(description: string, ...exceptions: readonly string[]): ResponseObject {
  const type = { type: 'string', enum: exceptions.map((name) => `epcisException:${name}`) };
  const of = { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { type } }] };
  return { description, content: content(PROBLEM_MEDIA, of) };
}

/** Responses of several routes. */
export const RESPONSES = {
  EPCISQueryDocument: {
    description: 'An EPCISQueryDocument, page by page.',
    headers: pageHeaders,
    content: content(DOCUMENT_MEDIA, { $ref: '#/components/schemas/EPCISQueryDocument' }),
  },
  Collection: {
    description: 'The values, page by page.',
    headers: pageHeaders,
    content: content(DOCUMENT_MEDIA, { $ref: '#/components/schemas/Collection' }),
  },
  NoContent: { description: 'Done. The answer has no content.' },
  Discovery: {
    description:
      'Headers with what is served here, and with the limits where documents are accepted.',
    headers: { ...versionHeaders, ...texts(TOLD), ...limitHeaders },
  },
  Validation: problem('Not valid. Every fault is listed.', 'ValidationException'),
  Query: problem(
    'A parameter or header is wrong.',
    'QueryParameterException',
    'ValidationException',
  ),
  SubscriptionControls: problem(
    'The schedule, stream or destination is wrong.',
    'SubscriptionControlsException',
    'ValidationException',
  ),
  NoSuchResource: problem('Not found.', 'NoSuchResourceException', 'NoSuchNameException'),
  NotAllowed: problem('Not served here.', 'ImplementationException'),
  NotAcceptable: problem('No accepted media type or version is served.', 'NotAcceptableException'),
  AlreadyExists: problem('This identifier already exists.', 'ResourceAlreadyExistsException'),
  CaptureLimit: {
    ...problem('Over a limit that OPTIONS reports.', 'CaptureLimitExceededException'),
    headers: limitHeaders,
  },
  QueryTooLarge: problem(
    'More events than maxEventCount, or more than the server can find in time.',
    'QueryTooLargeException',
    'QueryTooComplexException',
  ),
  URITooLong: problem('The address is too long.', 'URITooLongException'),
  UnsupportedMediaType: problem(
    'Content-Type or Content-Encoding is not accepted.',
    'UnsupportedMediaTypeException',
  ),
  Implementation: problem('A server-side error.', 'ImplementationException'),
  Unavailable: {
    ...problem(
      'The graph does not answer now, or the queue of the writer is full.',
      'ImplementationException',
    ),
    headers: { 'Retry-After': { schema: { type: 'integer' } } },
  },
} as const satisfies Record<string, ResponseObject>;

const text = { type: 'string' };
const instant = { type: 'string', format: 'date-time' };

/** Schemas of bodies. Captured documents and events must also fit the schema of EPCIS 2.0.1. */
export const SCHEMAS = {
  Problem: {
    type: 'object',
    description:
      'RFC 9457. In XML it is epcis:EPCISException, with extension members in the namespace urn:ietf:rfc:7807.',
    required: ['type', 'title', 'status'],
    properties: { type: text, title: text, status: { type: 'integer' }, detail: text },
  },
  EPCISDocument: {
    type: 'object',
    description: 'EPCISDocument or EPCISQueryDocument of EPCIS 2.0 (JSON-LD, XML) or 1.2 (XML).',
    required: ['@context', 'type', 'epcisBody'],
    properties: {
      '@context': {},
      type: { type: 'string', enum: ['EPCISDocument', 'EPCISQueryDocument'] },
      schemaVersion: { type: 'string', enum: ['2.0'] },
      creationDate: instant,
      epcisHeader: { type: 'object' },
      epcisBody: { type: 'object' },
    },
    externalDocs: { url: 'https://ref.gs1.org/standards/epcis/epcis-json-schema.json' },
  },
  EPCISQueryDocument: {
    type: 'object',
    required: ['@context', 'type', 'epcisBody'],
    properties: {
      '@context': {},
      type: { type: 'string', enum: ['EPCISQueryDocument'] },
      schemaVersion: { type: 'string' },
      creationDate: instant,
      epcisBody: { type: 'object' },
    },
    externalDocs: { url: 'https://ref.gs1.org/standards/epcis/epcis-json-schema.json' },
  },
  EPCISEvent: {
    type: 'object',
    description: 'One event of EPCIS 2.0, or of EPCIS 1.2 in XML.',
    required: ['type', 'eventTime', 'eventTimeZoneOffset'],
    properties: { type: text, eventID: text, eventTime: instant, eventTimeZoneOffset: text },
  },
  Collection: {
    type: 'object',
    required: ['@context', 'type', 'member'],
    properties: {
      '@context': {},
      type: { type: 'string', enum: ['Collection'] },
      member: { type: 'array', items: text, uniqueItems: true },
    },
  },
  Warning: {
    type: 'object',
    required: ['code', 'pointer', 'found', 'expected', 'remedy'],
    properties: {
      code: text,
      pointer: { type: 'string', description: 'JSON Pointer into the document.' },
      found: text,
      expected: text,
      remedy: text,
      line: {
        type: 'integer',
        description: 'Line in the text, from 1, like column; only for XML.',
      },
      column: { type: 'integer' },
    },
  },
  CaptureJob: {
    type: 'object',
    required: ['captureID', 'createdAt', 'running', 'success', 'captureErrorBehaviour', 'errors'],
    properties: {
      captureID: text,
      createdAt: instant,
      finishedAt: instant,
      running: { type: 'boolean' },
      success: { type: 'boolean' },
      captureErrorBehaviour: { type: 'string', enum: ['rollback', 'proceed'] },
      captured: { type: 'integer', description: 'Events and error declarations stored.' },
      repeated: { type: 'integer', description: 'Events already known, with the same content.' },
      errors: { type: 'array', items: { $ref: '#/components/schemas/Problem' } },
      warnings: {
        type: 'array',
        description:
          'What was strange, but accepted; at most a hundred. It is not part of the standard; in XML it has the namespace urn:custody-graph:epcis.',
        items: { $ref: '#/components/schemas/Warning' },
      },
    },
  },
} as const satisfies Record<string, SchemaObject>;

/** OpenAPI path items of routes outside /epcis, by path from the root. */
export type PathItems = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A refusal of a route outside the EPCIS interface: always in JSON, with our codes as types. */
export function ownProblem(description: string): ResponseObject {
  return { description, content: content(['application/problem+json'], schema('Problem')) };
}
