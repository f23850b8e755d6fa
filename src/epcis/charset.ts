import type { Finding, Issue } from './faults.js';
import { issueOf } from './faults.js';
import { TextPlaces } from './text-places.js';

/** A text without byte order mark, or why the bytes are not a text. */
export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly issues: readonly Issue[] };

const DECODERS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
  'windows-1252': 'latin1',
};

const UNSUPPORTED: Finding = {
  code: 'CHARSET_UNSUPPORTED',
  expected: 'UTF-8 or UTF-16',
  remedy:
    'Write the document in UTF-8. Declare it in Content-Type and XML declaration, or nowhere.',
};
const MALFORMED: Finding = {
  code: 'CHARSET_MALFORMED',
  expected: 'only byte sequences of the declared encoding',
  remedy: 'Write the document in UTF-8, or declare its real encoding (charset, XML declaration).',
};

const START = { line: 1, column: 1 };

/** Byte order marks in hexadecimal and their encodings, longest first. */
const MARKS: readonly (readonly [string, string])[] = [
  ['fffe0000', 'utf-32'],
  ['0000feff', 'utf-32'],
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];
/** How `<` looks in XML without a byte order mark. */
const XML_STARTS: readonly (readonly [string, string])[] = [
  ['3c00', 'utf-16le'],
  ['003c', 'utf-16be'],
];

/** Encoding by the first bytes. A byte order mark overrides any declaration (RFC 7303, 3.3). */
function encodingByBytes(bytes: Uint8Array, isXml: boolean): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const known = isXml ? [...MARKS, ...XML_STARTS] : MARKS;
  return known.find(([mark]) => start.startsWith(mark))?.[1];
}

/** `encoding` of the XML declaration, if the bytes up to there are ASCII. */
function encodingDeclared(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200));
  return /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(
    start.toString('latin1'),
  )?.[1];
}

function charsetParameter(mediaType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s;"]+)"?/i.exec(mediaType)?.[1];
}

/** Where the bytes stop being UTF-8: the first replacement character that they do not contain. */
function firstMalformed(bytes: Uint8Array, text: string): number {
  let [offset, from] = [0, 0];
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) {
    offset += Buffer.byteLength(text.slice(from, at));
    from = at;
    const [a, b, c] = bytes.subarray(offset, offset + 3);
    if (a !== 0xef || b !== 0xbf || c !== 0xbd) return at;
  }
  return 0;
}

/**
 * Decodes a document by its byte order mark, the `charset` of the media type, or the XML
 * declaration; otherwise as UTF-8. Refuses other encodings (`CHARSET_UNSUPPORTED`) and bytes that
 * do not fit the encoding (`CHARSET_MALFORMED`, with the place).
 */
export function decode(bytes: Uint8Array, mediaType: string, isXml: boolean): Decoded {
  const declared = charsetParameter(mediaType) ?? (isXml ? encodingDeclared(bytes) : undefined);
  const named = (encodingByBytes(bytes, isXml) ?? declared ?? 'utf-8').toLowerCase();
  // Without a byte order mark UTF-16 is big-endian (RFC 2781 section 4.3).
  const decoder = DECODERS[named === 'utf-16' ? 'utf-16be' : named];
  if (decoder === undefined)
    return { ok: false, issues: [issueOf(UNSUPPORTED, '', named.slice(0, 100), START)] };
  try {
    return { ok: true, text: new TextDecoder(decoder, { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, issues: [malformed(bytes, decoder)] };
  }
}

function malformed(bytes: Uint8Array, decoder: string): Issue {
  const found = `bytes that are not ${decoder}`;
  // Almost any bytes are valid UTF-16: these were declared wrongly or cut off, so no place helps.
  if (decoder !== 'utf-8') return issueOf(MALFORMED, '', found, START);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return issueOf(MALFORMED, '', found, new TextPlaces(text).at(firstMalformed(bytes, text)));
}
