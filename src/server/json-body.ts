import type { FastifyInstance } from 'fastify';
import { refuseDeep } from '../epcis/json-depth.js';
import { scanJson } from '../epcis/json-scan.js';
import { noteDigits } from '../shared/number-digits.js';

/** Longest JSON body that is parsed on the main thread, while others wait. */
export const MAX_JSON_BYTES = 1024 * 1024;

/**
 * Parses JSON bodies, without keys that change the prototype of objects. `readLong` reads longer
 * bodies, and stops when the sender leaves.
 */
export function parseJsonBodies(
  http: FastifyInstance,
  readLong: ((bytes: Uint8Array, signal: AbortSignal) => Promise<unknown>) | undefined,
): void {
  const parse = http.getDefaultJsonParser('error', 'error');
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (readLong !== undefined && bytes.length > MAX_JSON_BYTES) {
      const gone = new AbortController();
      const leave = (): void => {
        gone.abort();
      };
      request.socket.once('close', leave);
      readLong(bytes, gone.signal)
        .finally(() => request.socket.off('close', leave))
        .then((value) => {
          done(null, value);
        }, done);
      return;
    }
    const text = bytes.toString();
    try {
      refuseDeep(text);
    } catch (error) {
      done(error as Error);
      return;
    }
    void parse(request, text, (error, value: unknown) => {
      if (error === null && text.includes('"attributes"')) noteNumbers(text, value);
      done(error, value);
    });
  });
}

/** Notes how numbers in the attributes of master data were written. */
function noteNumbers(text: string, value: unknown): void {
  for (const { container, key, text: written } of scanJson(text, value).numbers)
    noteDigits(container, key, written);
}
