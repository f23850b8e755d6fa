/** A JSON schema inside the OpenAPI description. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** A parameter, or a reference to one of {@link PARAMETERS}. */
export type ParameterObject = Readonly<Record<string, unknown>>;

/** A response, or a reference to one of {@link RESPONSES}. */
export type ResponseObject = Readonly<Record<string, unknown>>;

/** An operation as OpenAPI 3.0 has it; path parameters and the GS1 headers every route takes are added. */
export interface OperationObject {
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: Readonly<Record<string, unknown>>;
  /** By status; refusals that every route may give are added. */
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

/** A parameter of the description's components. */
export function parameter(name: keyof typeof PARAMETERS): ParameterObject {
  return { $ref: `#/components/parameters/${name}` };
}

/** A response of the description's components. */
export function response(name: keyof typeof RESPONSES): ResponseObject {
  return { $ref: `#/components/responses/${name}` };
}

/** A schema of the description's components. */
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

/** An operation that only tells something in JSON. */
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

/** Media types of EPCIS documents, in and out. */
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

/** Parameters that several routes take. */
export const PARAMETERS = {
  perPage: {
    name: 'perPage',
    in: 'query',
    description: 'Most things on a page. Over 1000 counts as 1000.',
    schema: { type: 'integer', minimum: 1, default: 30 },
  },
  nextPageToken: {
    name: 'nextPageToken',
    in: 'query',
    description: 'As a Link header gave it; it is good until GS1-Next-Page-Token-Expires.',
    schema: { type: 'string' },
  },
  'GS1-EPCIS-Version': header('GS1-EPCIS-Version', 'The EPCIS version, 2.0 or 1.2.', VERSION),
  'GS1-EPCIS-Min': header('GS1-EPCIS-Min', 'The lowest EPCIS version taken.', VERSION),
  'GS1-EPCIS-Max': header(
    'GS1-EPCIS-Max',
    'The highest EPCIS version taken; below 2.0 the answer is XML 1.2.',
    VERSION,
  ),
  'GS1-CBV-Version': header('GS1-CBV-Version', 'The CBV version, 2.0 or 1.2.', VERSION),
  'GS1-CBV-Min': header('GS1-CBV-Min', 'The lowest CBV version taken.', VERSION),
  'GS1-CBV-Max': header('GS1-CBV-Max', 'The highest CBV version taken.', VERSION),
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
    'rollback: all or nothing. proceed: what is good is stored.',
    { type: 'string', enum: ['rollback', 'proceed'], default: 'rollback' },
  ),
} as const satisfies Record<string, ParameterObject>;

/** The GS1 headers every request may have. */
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
  Link: { description: '<…>; rel="next", absent on the last page', schema: { type: 'string' } },
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

/** Responses that several routes give. */
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
  NoContent: { description: 'Done; there is nothing to say.' },
  Discovery: {
    description: 'What is served here, in the headers; where documents are taken, with the limits.',
    headers: { ...versionHeaders, ...texts(TOLD), ...limitHeaders },
  },
  Validation: problem('Not valid; every fault is told.', 'ValidationException'),
  Query: problem(
    'A parameter or header is not what it should be.',
    'QueryParameterException',
    'ValidationException',
  ),
  SubscriptionControls: problem(
    'Schedule, stream or destination are not what they should be.',
    'SubscriptionControlsException',
    'ValidationException',
  ),
  NoSuchResource: problem('Not found.', 'NoSuchResourceException', 'NoSuchNameException'),
  NotAllowed: problem('Not served here.', 'ImplementationException'),
  NotAcceptable: problem('No accepted media type or version is served.', 'NotAcceptableException'),
  AlreadyExists: problem('There is one of that identifier.', 'ResourceAlreadyExistsException'),
  CaptureLimit: {
    ...problem('Over a limit that OPTIONS tells.', 'CaptureLimitExceededException'),
    headers: limitHeaders,
  },
  QueryTooLarge: problem(
    'More than maxEventCount, or more than the server can find in time.',
    'QueryTooLargeException',
    'QueryTooComplexException',
  ),
  URITooLong: problem('The address is too long.', 'URITooLongException'),
  UnsupportedMediaType: problem(
    'Content-Type or Content-Encoding is not taken.',
    'UnsupportedMediaTypeException',
  ),
  Implementation: problem('A server-side error.', 'ImplementationException'),
  Unavailable: {
    ...problem(
      'The graph or the queue of the writer does not take it now.',
      'ImplementationException',
    ),
    headers: { 'Retry-After': { schema: { type: 'integer' } } },
  },
} as const satisfies Record<string, ResponseObject>;

const text = { type: 'string' };
const instant = { type: 'string', format: 'date-time' };

/** Shapes of bodies; documents and events are held to the schema of EPCIS 2.0.1 when they come in. */
export const SCHEMAS = {
  Problem: {
    type: 'object',
    description:
      'RFC 9457; in XML epcis:EPCISException, extension members in the namespace urn:ietf:rfc:7807.',
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
    description: 'One event of EPCIS 2.0, or of 1.2 in XML.',
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
      line: { type: 'integer', description: 'In the text, from 1, as column; XML only.' },
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
      repeated: { type: 'integer', description: 'Events known before, with the same content.' },
      errors: { type: 'array', items: { $ref: '#/components/schemas/Problem' } },
      warnings: {
        type: 'array',
        description:
          'What was strange and yet taken, at most a hundred; no part of the standard. In XML of the namespace urn:custody-graph:epcis.',
        items: { $ref: '#/components/schemas/Warning' },
      },
    },
  },
} as const satisfies Record<string, SchemaObject>;

/** What is served beside /epcis, by path from the root: OpenAPI path items. */
export type PathItems = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A refusal of a route that is beside the EPCIS interface: in JSON always, typed by our codes. */
export function ownProblem(description: string): ResponseObject {
  return { description, content: content(['application/problem+json'], schema('Problem')) };
}
