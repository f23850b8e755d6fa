import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { EPCIS_PREFIX } from './epcis-prefix.js';
import { epcisProblemOf, sendEpcisProblem } from './epcis-problem.js';
import { problemDocument } from './error-format.js';

/** Longest head of a request, request line included; EPCIS queries in addresses are long. */
export const MAX_HEAD_BYTES = 128 * 1024;

/** Answers what the router itself refuses, an address that cannot be decoded, with a problem of the interface it was meant for. */
export function unroutable(
  logger: Logger,
): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const tooLong = error.statusCode === 414;
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
  /** What Node was reading: a Buffer, whatever the types say. */
  readonly rawPacket?: unknown;
  /** How much of it was taken. */
  readonly bytesParsed?: number | undefined;
}

/** Answers what is no HTTP request, or has too long a head, before a route is known; then closes. */
export function refuseConnection(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, exception, title } = refusalOf(error);
  const body = JSON.stringify({ type: `epcisException:${exception}`, title, status });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function refusalOf({ code, rawPacket, bytesParsed }: ClientError): {
  readonly status: number;
  readonly exception: string;
  readonly title: string;
} {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, exception: 'ValidationException', title: 'Request Timeout' };
  if (code !== 'HPE_HEADER_OVERFLOW')
    return { status: 400, exception: 'ValidationException', title: 'Bad Request' };
  // A head that overflows within one line is an address: no header of ours is that long.
  const read = Buffer.isBuffer(rawPacket) ? rawPacket.subarray(0, bytesParsed) : Buffer.alloc(0);
  const isAddress = !read.includes('\n');
  return isAddress
    ? { status: 414, exception: 'URITooLongException', title: 'URI Too Long' }
    : {
        status: 431,
        exception: 'ValidationException',
        title: 'Request Header Fields Too Large',
      };
}
