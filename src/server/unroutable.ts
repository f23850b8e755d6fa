import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import { epcisProblemOf, sendEpcisProblem } from '../epcis-rest/epcis-problem.js';
import { problemDocument } from './error-format.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Most bytes of the address, and of all headers together; EPCIS queries make long addresses. */
const MAX_HEAD_BYTES = 128 * 1024;
/** Where reading stops. It is higher, so that long headers can be told from a long address. */
export const READ_HEAD_BYTES = 4 * MAX_HEAD_BYTES;

/** The refusal of a too long address or headers; null when neither is too long. */
export function headFault({
  url = '',
  rawHeaders,
}: Pick<IncomingMessage, 'url' | 'rawHeaders'>): Problem | null {
  if (url.length > MAX_HEAD_BYTES) return tooLong('URI_TOO_LONG');
  const bytes = rawHeaders.reduce((sum, part) => sum + part.length, 0);
  return bytes > MAX_HEAD_BYTES ? tooLong('HEADERS_TOO_LARGE') : null;
}

function tooLong(code: 'URI_TOO_LONG' | 'HEADERS_TOO_LARGE'): Problem {
  const what = code === 'URI_TOO_LONG' ? 'The address is' : 'The headers are';
  return new Problem(code, `${what} too long: at most ${MAX_HEAD_BYTES} bytes are allowed.`);
}

/** Answers an address that the router cannot decode with a problem of the right interface. */
export function unroutable(
  logger: Logger,
): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const tooLong = error.statusCode === 414;
    void reply.headers(SECURITY_HEADERS);
    const [path = ''] = request.url.split('?', 1);
    const problem = tooLong
      ? new Problem('URI_TOO_LONG', 'A part of the address is too long.')
      : new Problem('BAD_USER_INPUT', `The address ${path.slice(0, 500)} cannot be decoded.`);
    if (path.startsWith(EPCIS_PREFIX)) {
      const { document } = epcisProblemOf(problem, { logger, isQuery: true });
      void sendEpcisProblem(request, reply, document);
      return;
    }
    const { status, body } = problemDocument(problem, logger);
    void reply.code(status).type('application/problem+json').send(body);
  };
}

interface ClientError extends Error {
  readonly code?: string | undefined;
  /** What Node was reading; it is a Buffer. */
  readonly rawPacket?: unknown;
  /** How much of it was parsed. */
  readonly bytesParsed?: number | undefined;
}

/** Refuses what is not an HTTP request, or has too long headers, and closes the connection. */
export function refuseConnection(logger: Logger): (error: ClientError, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable) answerOn(socket, refusalOf(error), { path: EPCIS_PREFIX, logger });
    else socket.destroy();
  };
}

function refusalOf({ code, rawPacket, bytesParsed }: ClientError): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem('REQUEST_TIMEOUT', 'The request did not come in time. Send it again.');
  if (code !== 'HPE_HEADER_OVERFLOW')
    return new Problem('BAD_USER_INPUT', 'This is not an HTTP/1.1 request.');
  // Without a line end, only the address was read.
  const read = Buffer.isBuffer(rawPacket) ? rawPacket.subarray(0, bytesParsed) : Buffer.alloc(0);
  return tooLong(read.includes('\n') ? 'HEADERS_TOO_LARGE' : 'URI_TOO_LONG');
}

/** Refuses an `Expect` header other than 100-continue. */
export function refuseExpectation(
  logger: Logger,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const problem = new Problem('EXPECTATION_FAILED', 'Only Expect: 100-continue is served.');
    const { status, headers, text } = problemAt(request.url ?? '', problem, logger);
    response.writeHead(status, headers).end(text);
  };
}

/** The path that a problem belongs to, and other headers of its answer. */
interface Place {
  readonly path: string;
  readonly logger: Logger;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Answers with a problem on a connection without a reply object, and closes it. */
export function answerOn(socket: Duplex, error: unknown, { path, logger, headers }: Place): void {
  const answer = problemAt(path, error, logger);
  const lines = Object.entries({ ...answer.headers, ...headers, connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const reason = STATUS_CODES[answer.status] ?? '';
  socket.end(`HTTP/1.1 ${answer.status} ${reason}\r\n${head}\r\n${answer.text}`);
}

interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A problem in the form of the interface at that path. */
function problemAt(path: string, error: unknown, logger: Logger): ProblemAnswer {
  const epcis = path.startsWith(EPCIS_PREFIX)
    ? epcisProblemOf(error, { logger, isQuery: true })
    : null;
  const { status, body } =
    epcis === null
      ? problemDocument(error, logger)
      : { status: epcis.document.status, body: epcis.document };
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(text)),
    ...SECURITY_HEADERS,
    ...epcis?.headers,
  };
  return { status, headers, text };
}
