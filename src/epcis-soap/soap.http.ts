import type { XmlVersion } from '../epcis/xml/write-event.js';
import { content } from '../epcis-rest/openapi-parts.js';
import type { OperationObject } from '../epcis-rest/openapi-parts.js';
import { refuseParameters } from '../epcis-rest/paging.js';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import { epcisProblemOf } from '../epcis-rest/epcis-problem.js';
import type { EpcisAnswer, EpcisCall, EpcisRoutes, RefusalWriter } from '../epcis-rest/resource.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { EPCIS_EXCEPTIONS, EpcisException, exceptionXml } from './epcis-exception.js';
import type { ExceptionParticulars } from './epcis-exception.js';
import { performOperation } from './query-control.js';
import type { QueryControlDeps } from './query-control.js';
import { serviceDescription } from './service-description.js';
import { readSoapMessage } from './soap-message.js';
import type { SoapRead } from './soap-message.js';
import { epcisVersionOf, readSoapRequest } from './soap-request.js';
import type { SoapRequest } from './soap-request.js';
import { faultAnswer, resultAnswer } from './write-soap.js';
import type { SoapAnswer } from './write-soap.js';

/** What the SOAP interface needs. */
export interface SoapDeps extends Omit<QueryControlDeps, 'view'> {
  readonly logger: Logger;
}

const PATH = '/soap';
const SOAP_TYPES = ['text/xml', 'application/soap+xml'];
const TYPES = [...SOAP_TYPES, 'application/xml'];
/** A message is a query or a subscription, never a document, so it is short. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * The query control interface of EPCIS 1.2 over SOAP (section 11.3): POST /epcis/soap. GET /epcis/soap?wsdl describes it.
 *
 * A body that is not a SOAP envelope is refused with a problem, as everywhere else. Whoever may not ask is told by a fault. An envelope is answered with an envelope, in its SOAP
 * version and in the EPCIS version of the operation's namespace.
 */
export function addSoap(routes: EpcisRoutes, deps: SoapDeps): void {
  routes.resource({
    path: PATH,
    operations: [
      {
        method: 'POST',
        scope: 'read',
        answers: [],
        about: ABOUT_POST,
        refuse: refuseCaller,
        handle: (call) => post(call, deps),
      },
      { method: 'GET', scope: 'anybody', answers: [], about: ABOUT_WSDL, handle: describe },
    ],
  });
}

async function post(call: EpcisCall, deps: SoapDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const { bytes, contentType } = await call.body({ types: TYPES, limitBytes: MAX_MESSAGE_BYTES });
  const read = readSoapMessage(bytes, contentType);
  if (read.kind === 'none') throw new Problem('BAD_USER_INPUT', read.reason);
  if (read.kind === 'fault') return answerOf(faultAnswer(read.version, read), '1.2');
  const version = epcisVersionOf(read.operation) ?? '1.2';
  return answerOf(await perform(read, version, { call, deps }), version);
}

function answerOf({ status, mediaType, body }: SoapAnswer, version: XmlVersion): EpcisAnswer {
  const headers = { 'GS1-EPCIS-Version': `${version}.0`, 'GS1-CBV-Version': `${version}.0` };
  return { status, mediaType, headers, body };
}

/**
 * The refusal of a caller before his message is read: its media type tells the version of SOAP. A refusal for which HTTP has a status that
 * clients act on (401 asks for credentials, 429 for patience) keeps it.
 */
const refuseCaller: RefusalWriter = ({ type, status, title, detail = title }, { headers }) => {
  const [mediaType = ''] = (headers['content-type'] ?? '').toLowerCase().split(/\s*;/, 1);
  if (type !== 'epcisException:SecurityException' || !TYPES.includes(mediaType)) return undefined;
  const exception = exceptionXml(new EpcisException('SecurityException', detail), '1.2');
  const version = mediaType === 'application/soap+xml' ? '1.2' : '1.1';
  const fault = faultAnswer(version, { code: 'Client', reason: detail, detail: exception });
  return answerOf(status === 403 ? fault : { ...fault, status }, '1.2');
};

type Message = Extract<SoapRead, { kind: 'message' }>;

async function perform(
  { version: soap, operation, bound }: Message,
  version: XmlVersion,
  { call, deps }: { readonly call: EpcisCall; readonly deps: SoapDeps },
): Promise<SoapAnswer> {
  let request: SoapRequest | undefined;
  try {
    request = readSoapRequest(operation, bound);
    return resultAnswer(
      soap,
      await performOperation({ ...deps, view: call.view }, request, version),
    );
  } catch (error) {
    const exception = exceptionOf(error, request, deps.logger);
    const code = exception.exception === 'ImplementationException' ? 'Server' : 'Client';
    const detail = exceptionXml(exception, version);
    return faultAnswer(soap, { code, reason: exception.message, detail });
  }
}

/** Any error as an exception of the standard. Internal errors are logged, and the client gets only a reference. */
function exceptionOf(
  error: unknown,
  request: SoapRequest | undefined,
  logger: Logger,
): EpcisException {
  const about = particularsOf(request);
  if (error instanceof EpcisException)
    return new EpcisException(error.exception, error.message, about);
  const { document } = epcisProblemOf(error, { logger, isQuery: request?.operation === 'poll' });
  const type = document.type.replace(/^epcisException:/, '');
  const known = EPCIS_EXCEPTIONS.find((name) => name === type);
  const reason = document.detail ?? document.title;
  return new EpcisException(known ?? 'ImplementationException', reason, about);
}

function particularsOf(request: SoapRequest | undefined): ExceptionParticulars {
  if (request === undefined) return {};
  const changes = request.operation === 'subscribe' || request.operation === 'unsubscribe';
  return {
    queryName: 'queryName' in request ? request.queryName : undefined,
    subscriptionID: 'subscriptionID' in request ? request.subscriptionID : undefined,
    severity: changes ? 'SEVERE' : 'ERROR',
  };
}

function describe(call: EpcisCall): EpcisAnswer {
  const { query, request } = call;
  refuseParameters(query, ['wsdl', 'WSDL']);
  const asked = query.get('wsdl') ?? query.get('WSDL') ?? '';
  if (!['', '1.2', '2.0'].includes(asked))
    throw new Problem('QUERY_PARAMETER', 'Parameter wsdl must be empty, 1.2 or 2.0.', {
      details: { parameter: 'wsdl' },
    });
  const location = `${request.protocol}://${request.host}${EPCIS_PREFIX}${PATH}`;
  const body = serviceDescription(location, asked === '2.0' ? '2.0' : '1.2');
  return { status: 200, mediaType: 'text/xml', body };
}

const XML = { type: 'string', description: 'XML.' };
const PROBLEMS = ['application/problem+json', 'application/problem+xml'];

const ABOUT_POST: OperationObject = {
  summary: 'The query control interface of EPCIS 1.2 over SOAP.',
  description:
    'An operation in an envelope of SOAP 1.1 or 1.2. GET with ?wsdl lists the operations. The detail of a fault has the exception of the standard. With SOAP 1.1 every fault has status 500, even for errors of the client, as SOAP 1.1 requires (section 6.2). With SOAP 1.2 errors of the sender have status 400.',
  tags: ['SOAP'],
  requestBody: { required: true, content: content(SOAP_TYPES, XML) },
  responses: {
    200: { description: 'The result in an envelope.', content: content(SOAP_TYPES, XML) },
    400: {
      description:
        'A fault of the sender in SOAP 1.2, or a problem when the body is not an envelope.',
      content: content([...SOAP_TYPES, ...PROBLEMS], {}),
    },
    401: {
      description: 'A fault with a SecurityException: credentials are missing or not good.',
      content: content(SOAP_TYPES, XML),
    },
    413: { description: 'The message is too long.', content: content(PROBLEMS, {}) },
    500: { description: 'A fault.', content: content([...SOAP_TYPES, ...PROBLEMS], {}) },
  },
};

const ABOUT_WSDL: OperationObject = {
  summary: 'The SOAP interface in WSDL 1.1.',
  tags: ['SOAP'],
  parameters: [
    {
      name: 'wsdl',
      in: 'query',
      required: false,
      description: 'Version of EPCIS; empty means 1.2.',
      schema: { type: 'string', enum: ['', '1.2', '2.0'], default: '' },
    },
  ],
  responses: { 200: { description: 'WSDL 1.1.', content: content(['text/xml'], XML) } },
};
