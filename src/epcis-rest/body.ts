import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Problem } from '../shared/problem.js';
import { mediaTypeOf } from './negotiation.js';

/** A request body, decompressed. */
export interface EpcisBody {
  readonly bytes: Buffer;
  /** `Content-Type` as received, with charset. */
  readonly contentType: string;
}

/** Which bodies a route accepts. */
export interface BodyRules {
  /** Media types without parameters. */
  readonly types: readonly string[];
  /** Most bytes, after decompression. */
  readonly limitBytes: number;
}

/** Media types of EPCIS documents and events. */
export const DOCUMENT_TYPES: readonly string[] = [
  'application/json',
  'application/ld+json',
  'application/xml',
  'text/xml',
];

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/**
 * Reads a request body. The type is checked first; then the body is decompressed as it arrives,
 * with never more than the limit in memory. `readRefusedBodies` drains a refused body before the
 * answer.
 *
 * @throws Problem `UNSUPPORTED_MEDIA_TYPE` for type or encoding, `PAYLOAD_TOO_LARGE` over the
 * limit, `BAD_USER_INPUT` when the compressed stream is broken or the sender went away
 * @see RFC 9110, 8.4 (Content-Encoding)
 */
export async function readEpcisBody(
  incoming: IncomingMessage,
  { types, limitBytes }: BodyRules,
): Promise<EpcisBody> {
  const contentType = incoming.headers['content-type'] ?? '';
  const type = mediaTypeOf(contentType);
  if (!types.includes(type))
    throw new Problem(
      'UNSUPPORTED_MEDIA_TYPE',
      `Content-Type ${JSON.stringify(type.slice(0, 100))} is not accepted here. Send ${types.join(', ')}.`,
      { details: { found: type.slice(0, 100), accepted: types } },
    );
  const decoder = decoderOf(incoming.headers['content-encoding']);
  const length = Number(incoming.headers['content-length'] ?? 0);
  if (decoder === undefined && length > limitBytes) throw tooLarge(limitBytes);
  return { bytes: await collect(incoming, decoder, limitBytes), contentType };
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return undefined;
  const make = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (make === undefined)
    throw new Problem(
      'UNSUPPORTED_MEDIA_TYPE',
      `Content-Encoding ${JSON.stringify(name.slice(0, 100))} is not accepted. Send one of gzip, deflate, br, or none.`,
      { details: { found: name.slice(0, 100), accepted: ['gzip', 'deflate', 'br', 'identity'] } },
    );
  return make();
}

/** Not pipeline() or for await: they destroy the request, and with it the socket of the answer. */
function collect(
  incoming: IncomingMessage,
  decoder: Transform | undefined,
  limitBytes: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const source = decoder === undefined ? incoming : incoming.pipe(decoder);
    const stop = (problem?: Problem): void => {
      source.off('data', take);
      if (decoder !== undefined) {
        incoming.unpipe(decoder);
        decoder.destroy();
      }
      incoming.off('close', gone);
      if (problem === undefined) return;
      incoming.resume();
      reject(problem);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limitBytes) stop(tooLarge(limitBytes));
      else chunks.push(chunk);
    };
    const gone = (): void => {
      if (!incoming.complete)
        stop(new Problem('BAD_USER_INPUT', 'The request body ended too early.'));
    };
    source.on('data', take);
    source.on('end', () => {
      stop();
      resolve(Buffer.concat(chunks));
    });
    source.on('error', (error) => {
      const what =
        decoder === undefined ? 'could not be read' : 'is not what Content-Encoding says';
      stop(new Problem('BAD_USER_INPUT', `The request body ${what}: ${error.message}.`));
    });
    incoming.on('close', gone);
  });
}

/** The refusal of a body over the limit, before or after decompression. */
export function tooLarge(limitBytes: number): Problem {
  return new Problem(
    'PAYLOAD_TOO_LARGE',
    `The request body is larger than the limit of ${limitBytes} bytes, counted after decompression. Send it in parts.`,
    { details: { limitBytes } },
  );
}
