import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { EpcisBody } from './body.js';
import { DOCUMENT_TYPES, tooLarge } from './body.js';
import { mediaTypeOf } from './negotiation.js';
import { Problem } from '../shared/problem.js';

/** Types that do not say what is in the file; its first bytes tell that. */
export const UPLOAD_TYPES: readonly string[] = [
  'application/octet-stream',
  'application/gzip',
  'application/x-gzip',
  'multipart/form-data',
  'multipart/mixed',
];

const inflate = promisify(gunzip);
const MAX_PARTS = 100;

/**
 * The document in an upload: the only file of a multipart body (RFC 7578), inflated if it is gzip
 * (RFC 1952). Its first character tells JSON from XML. A body with a document type stays as it is.
 *
 * @throws Problem `BAD_USER_INPUT` for a broken body or several files, `PAYLOAD_TOO_LARGE` when it
 *   inflates to more than the limit, `UNSUPPORTED_MEDIA_TYPE` when it is neither JSON nor XML
 */
export async function openUpload(body: EpcisBody, limitBytes: number): Promise<EpcisBody> {
  const type = mediaTypeOf(body.contentType);
  if (DOCUMENT_TYPES.includes(type)) return body;
  const file = type.startsWith('multipart/') ? fileIn(body) : body.bytes;
  const bytes = isGzip(file) ? await inflated(file, limitBytes) : file;
  return { bytes, contentType: contentTypeOf(bytes) };
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function inflated(bytes: Buffer, limitBytes: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes);
    throw new Problem('BAD_USER_INPUT', `The file is not whole gzip: ${message}.`);
  }
}

/** Byte order marks of UTF-8 and UTF-16, zero bytes of UTF-16, and white space. */
const BEFORE_TEXT = new Set([0xef, 0xbb, 0xbf, 0xfe, 0xff, 0x00, 0x09, 0x0a, 0x0d, 0x20]);

function contentTypeOf(bytes: Buffer): string {
  const first = bytes.find((byte) => !BEFORE_TEXT.has(byte));
  if (first === undefined || first === 0x7b) return 'application/json';
  if (first === 0x3c) return 'application/xml';
  const found = bytes
    .subarray(0, 8)
    .toString('latin1')
    .replace(/[^ -~]/g, '.');
  throw new Problem(
    'UNSUPPORTED_MEDIA_TYPE',
    `The file begins with ${JSON.stringify(found)} and is neither JSON nor XML. Send a document that begins with { or <, as it is or compressed once with gzip.`,
    { details: { found, accepted: [...DOCUMENT_TYPES, ...UPLOAD_TYPES] } },
  );
}

interface Part {
  readonly head: string;
  readonly bytes: Buffer;
}

function fileIn({ bytes, contentType }: EpcisBody): Buffer {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw malformed('Content-Type has no boundary');
  const parts = partsOf(bytes, Buffer.from(`\r\n--${mark}`));
  const named = parts.filter(({ head }) => /^content-disposition:.*;\s*filename\*?=/im.test(head));
  const files = named.length > 0 ? named : parts;
  const [file, ...more] = files;
  if (file !== undefined && more.length === 0) return file.bytes;
  throw malformed(`it holds ${files.length} files, but a request may have only one`);
}

function partsOf(body: Buffer, mark: Buffer): readonly Part[] {
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: Part[] = [];
  let from = whole.indexOf(mark);
  while (
    from >= 0 &&
    !whole
      .subarray(from + mark.length)
      .subarray(0, 2)
      .equals(END)
  ) {
    const to = whole.indexOf(mark, from + mark.length);
    if (to < 0) throw malformed('its last part has no end');
    if (parts.length === MAX_PARTS) throw malformed(`it has more than ${MAX_PARTS} parts`);
    parts.push(partOf(whole.subarray(from + mark.length, to)));
    from = to;
  }
  return parts;
}

const END = Buffer.from('--');

function partOf(text: Buffer): Part {
  const at = text.indexOf('\r\n\r\n');
  if (at < 0) throw malformed('a part has no empty line after its headers');
  return { head: text.subarray(0, at).toString('latin1'), bytes: text.subarray(at + 4) };
}

function malformed(what: string): Problem {
  return new Problem(
    'BAD_USER_INPUT',
    `The multipart body cannot be read: ${what}. Send one file, as curl -F file=@events.xml does (RFC 7578).`,
  );
}
