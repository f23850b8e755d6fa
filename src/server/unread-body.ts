import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Most bytes and time to read of a refused body. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_MS = 15_000;

/**
 * Reads and drops the rest of a refused body before the answer is sent. Many senders read the
 * answer only after they have sent everything; closing the connection before that would be a reset
 * for them. Beyond the bounds the answer is sent anyway.
 */
export function readRefusedBodies(http: FastifyInstance): void {
  http.addHook('onSend', async (request, reply) => {
    const { statusCode } = reply;
    if (statusCode < 400 || statusCode >= 500 || !isUnread(request.raw)) return;
    await drain(request.raw);
    if (isUnread(request.raw)) void reply.header('connection', 'close');
  });
}

const isUnread = ({ complete }: IncomingMessage): boolean => !complete;

function drain(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const stop = (): void => {
      clearTimeout(timer);
      incoming.off('data', count).off('end', stop).off('close', stop).off('error', stop);
      resolve();
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) stop();
    };
    const timer = setTimeout(stop, MAX_MS);
    incoming.on('data', count).on('end', stop).on('close', stop).on('error', stop);
    incoming.resume();
  });
}
