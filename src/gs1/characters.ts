/** Character sets of AI values: digits, set 82 (`X`), 39 (`Y`), 64 (`Z`: base64url, `=` pads). */
export type CharacterSet = 'N' | 'X' | 'Y' | 'Z';

const DIGIT = 1;
const SET_82 = 2;
const SET_39 = 4;
/** Needs no escape in the last field of an EPC URN. */
const URN_PLAIN = 8;
/** Needs no escape in a Digital Link path. */
const LINK_PLAIN = 16;
const SET_64 = 32;

const MASK: Readonly<Record<CharacterSet, number>> = {
  N: DIGIT,
  X: SET_82,
  Y: SET_39,
  Z: SET_64,
};

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LETTERS = UPPER + UPPER.toLowerCase();

const CLASS = new Uint8Array(128);
mark(DIGITS, DIGIT);
mark(`${DIGITS}${LETTERS}!"%&'()*+,-./:;<=>?_`, SET_82);
mark(`${DIGITS}${UPPER}#-/`, SET_39);
mark(`${DIGITS}${LETTERS}-_=`, SET_64);
mark(`${DIGITS}${LETTERS}!'()*+,-.:;=_`, URN_PLAIN);
mark(`${DIGITS}${LETTERS}-._~';=`, LINK_PLAIN);

function mark(characters: string, bit: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASS[code] = (CLASS[code] ?? 0) | bit;
  }
}

/**
 * The index of the first character outside a set, starting at `from`; -1 when there is none.
 *
 * @see GS1 General Specifications 7.11 (sets 82, 39 and 64)
 */
export function firstOutside(text: string, set: CharacterSet, from = 0): number {
  return firstWithout(text, MASK[set], from);
}

/** True for one or more digits and nothing else. */
export function isDigits(text: string): boolean {
  return text !== '' && firstWithout(text, DIGIT, 0) < 0;
}

/**
 * Replaces each percent escape by the character of that code; GS1 values hold only ASCII.
 * Null for a `%` without two hexadecimal digits.
 *
 * @see EPC TDS, "Use of identifiers in a URI"; RFC 3986 2.1
 */
export function decodeEscapes(text: string): string | null {
  let at = text.indexOf('%');
  if (at < 0) return text;
  let out = '';
  let done = 0;
  while (at >= 0) {
    const high = hexValue(text.charCodeAt(at + 1));
    const low = hexValue(text.charCodeAt(at + 2));
    if (high < 0 || low < 0) return null;
    out += text.slice(done, at) + String.fromCharCode(high * 16 + low);
    done = at + 3;
    at = text.indexOf('%', done);
  }
  return out + text.slice(done);
}

/**
 * Escapes a value for an EPC URN: `"`, `%`, `&`, `/`, `<`, `>`, `?` and `#`.
 *
 * @see EPC TDS, tables "Characters permitted in alphanumeric serial numbers" and "… Component / Part Reference"
 */
export function encodeForUrn(value: string): string {
  return encodeWithout(value, URN_PLAIN);
}

/**
 * Escapes a value for a Digital Link path, but not `'`, `;` and `=`: the reference implementation
 * of the EPCIS event hash keeps them.
 *
 * @see GS1 Digital Link URI Syntax, table of characters to be percent-encoded
 */
export function encodeForLink(value: string): string {
  return encodeWithout(value, LINK_PLAIN);
}

function encodeWithout(value: string, plain: number): string {
  let out = '';
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    const isPlain = code > 127 || ((CLASS[code] ?? 0) & plain) !== 0;
    out += isPlain ? value.charAt(index) : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function firstWithout(text: string, mask: number, from: number): number {
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127 || ((CLASS[code] ?? 0) & mask) === 0) return index;
  }
  return -1;
}

function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
