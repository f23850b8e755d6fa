import { greatest } from '../shared/append.js';

/** A format for a list of serials. */
export interface SerialWriting {
  readonly mediaType: string;
  /** Text before the first serial. */
  readonly head: string;
  readonly lineOf: (gtin: string, serial: string) => string;
}

const WRITINGS: readonly SerialWriting[] = [
  {
    mediaType: 'text/plain',
    head: '',
    lineOf: (_gtin, serial) => `${serial}\n`,
  },
  {
    mediaType: 'text/csv',
    head: 'gtin,serial\r\n',
    lineOf: (gtin, serial) => `${gtin},${csvField(serial)}\r\n`,
  },
  {
    mediaType: 'application/x-ndjson',
    head: '',
    lineOf: (gtin, serial) => `${JSON.stringify({ gtin, serial })}\n`,
  },
];

/** Media types for lists of serials. */
export const SERIAL_MEDIA_TYPES: readonly string[] = WRITINGS.map(({ mediaType }) => mediaType);

/**
 * The format that an Accept header asks for: the one of highest quality; among equals the first of
 * ours. Plain text without a header. Undefined when none is accepted.
 *
 * @see RFC 9110, 12.5.1
 */
export function writingFor(accept: string | undefined): SerialWriting | undefined {
  const ranges = (accept ?? '*/*').split(',').map(readRange);
  const rated = WRITINGS.map((writing) => ({ writing, q: qualityOf(writing.mediaType, ranges) }));
  const best = greatest(rated.map(({ q }) => q));
  return best > 0 ? rated.find(({ q }) => q === best)?.writing : undefined;
}

interface MediaRange {
  readonly type: string;
  readonly q: number;
}

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, q: q === undefined ? 1 : Number(q.slice(2)) || 0 };
}

/** The most specific range decides. */
function qualityOf(mediaType: string, ranges: readonly MediaRange[]): number {
  const wider = `${mediaType.split('/', 1)[0] ?? ''}/*`;
  for (const type of [mediaType, wider, '*/*']) {
    const range = ranges.find((one) => one.type === type);
    if (range !== undefined) return range.q;
  }
  return 0;
}

function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
