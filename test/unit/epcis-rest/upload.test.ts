import { gzipSync } from 'node:zlib';
import { openUpload } from '../../../src/epcis-rest/upload.js';

const JSON_TEXT = '\ufeff \n{"type": "EPCISDocument"}';
const XML_TEXT = '\ufeff<?xml version="1.0"?><a/>';
const LIMIT = 10_000;

const open = (bytes: Buffer | string, contentType: string): Promise<unknown> =>
  openUpload({ bytes: Buffer.from(bytes), contentType }, LIMIT);

function form(
  ...parts: readonly { readonly head: string; readonly body: Buffer | string }[]
): Buffer {
  const written = parts.flatMap(({ head, body }) => [
    Buffer.from(`--b.1\r\n${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([Buffer.from('a preamble\r\n'), ...written, Buffer.from('--b.1--\r\n')]);
}
const FORM = 'multipart/form-data; charset=utf-8; boundary="b.1"';
const file = (body: Buffer | string): { head: string; body: Buffer | string } => ({
  head: 'Content-Disposition: form-data; name="file"; filename="e"\r\nContent-Type: text/plain',
  body,
});
const field = { head: 'Content-Disposition: form-data; name="note"', body: 'hello' };

interface Refusal {
  readonly code: string;
  readonly says: string;
}
const BAD = (says: string): Refusal => ({ code: 'BAD_USER_INPUT', says });
const UNSUPPORTED = (says: string): Refusal => ({ code: 'UNSUPPORTED_MEDIA_TYPE', says });

describe('an upload', () => {
  test.each([
    ['bytes', 'application/octet-stream', (text: string) => Buffer.from(text)],
    ['gzip', 'application/gzip', (text: string) => gzipSync(text)],
    ['gzip by another name', 'application/octet-stream', (text: string) => gzipSync(text)],
    ['a form with one file', FORM, (text: string) => form(field, file(text))],
    ['a form with gzip', FORM, (text: string) => form(file(gzipSync(text)), field)],
    ['UTF-16', 'application/octet-stream', (text: string) => Buffer.from(text, 'utf16le')],
  ])('as %s is JSON or XML by its first character', async (_, type, encode) => {
    await expect(open(encode(JSON_TEXT), type)).resolves.toMatchObject({
      contentType: 'application/json',
    });
    const xml = (await open(encode(XML_TEXT), type)) as { bytes: Buffer; contentType: string };
    expect(xml.contentType).toBe('application/xml');
    const encoding = _ === 'UTF-16' ? 'utf16le' : 'utf8';
    expect(xml.bytes.toString(encoding)).toBe(XML_TEXT);
  });

  test('that says what it is stays as it is', async () => {
    await expect(open('{}', 'text/xml; charset=latin1')).resolves.toEqual({
      bytes: Buffer.from('{}'),
      contentType: 'text/xml; charset=latin1',
    });
  });

  test('that would fill the memory once inflated is refused at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '));
    const before = process.memoryUsage().rss;
    await expect(open(bomb, 'application/gzip')).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    await expect(open(form(file(bomb)), FORM)).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test.each([
    ['torn gzip', 'application/gzip', gzipSync(XML_TEXT).subarray(0, 20), BAD('whole')],
    ['two files', FORM, form(file('{}'), file('{}')), BAD('holds 2 files')],
    ['no file', FORM, Buffer.from('--b.1--\r\n'), BAD('holds 0 files')],
    ['no end', FORM, form(file('{}')).subarray(0, -9), BAD('no end')],
    ['no boundary', 'multipart/form-data', form(file('{}')), BAD('no boundary')],
    ['a part without headers', FORM, Buffer.from('--b.1\r\n{}\r\n--b.1--'), BAD('line')],
    ['a zip file', 'application/octet-stream', 'PK\u0003\u0004', UNSUPPORTED('gzip')],
    ['gzip in gzip', 'application/gzip', gzipSync(gzipSync('{}')), UNSUPPORTED('once')],
  ])('that is %s is refused, saying what to send', async (_, type, bytes, { code, says }) => {
    await expect(open(bytes, type)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says) as string,
    });
  });
});
