import type { Dice } from './dice.js';

/** Byte sequences that are no UTF-8: overlong, surrogates, beyond Unicode, cut off, alone. */
const BROKEN_UTF8 = [
  'c080',
  'eda080',
  'f4908080',
  'f8888080',
  'e282',
  '80',
  'ff',
  'fffe',
  'c3',
  'f09f98',
];
const MARKS = ['efbbbf', 'fffe', 'feff', 'fffe0000', '0000feff', 'efbbbfefbbbf', '2b2f76', 'efbb'];

type ByteChange = (dice: Dice, text: string) => Buffer;

function splice(bytes: Buffer, at: number, cut: number, put: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
}

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const BYTE_CHANGES: Readonly<Record<string, ByteChange>> = {
  'bytes flipped': (dice, text) => {
    const bytes = Buffer.from(text);
    for (let left = 1 + dice.below(8); left > 0; left--)
      bytes[dice.below(bytes.length)] = dice.below(256);
    return bytes;
  },
  'a bit flipped': (dice, text) => {
    const bytes = Buffer.from(text);
    const at = dice.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8));
    return bytes;
  },
  'broken UTF-8': (dice, text) => {
    const bytes = Buffer.from(text);
    return splice(bytes, dice.below(bytes.length), 0, Buffer.from(dice.one(BROKEN_UTF8), 'hex'));
  },
  'cut off': (dice, text) => Buffer.from(text).subarray(0, dice.below(Buffer.byteLength(text))),
  'begun late': (dice, text) => Buffer.from(text).subarray(dice.below(200)),
  'a part left out': (dice, text) => {
    const bytes = Buffer.from(text);
    return splice(bytes, dice.below(bytes.length), 1 + dice.below(60), Buffer.alloc(0));
  },
  'a part said twice': (dice, text) => {
    const bytes = Buffer.from(text);
    const at = dice.below(bytes.length);
    return splice(bytes, at, 0, bytes.subarray(at, at + dice.below(80)));
  },
  'a byte order mark': (dice, text) =>
    Buffer.concat([Buffer.from(dice.one(MARKS), 'hex'), Buffer.from(text)]),
  'a byte order mark inside': (dice, text) => {
    const bytes = Buffer.from(text);
    return splice(bytes, dice.below(bytes.length), 0, Buffer.from('efbbbf', 'hex'));
  },
  'another encoding': (dice, text) =>
    dice.one([
      () => Buffer.from(text, 'utf16le'),
      () => Buffer.from(`\ufeff${text}`, 'utf16le'),
      () => swapped(text),
      () => swapped(`\ufeff${text}`),
      () => Buffer.from(`é${text}ü`, 'latin1'),
      () => Buffer.from(`\ufeff${text}`, 'utf16le').subarray(0, -1),
    ])(),
  'control characters': (dice, text) => {
    const bytes = Buffer.from(text);
    return splice(bytes, dice.below(bytes.length), dice.below(2), Buffer.from([dice.below(32)]));
  },
  'nothing but noise': (dice) =>
    Buffer.from(Array.from({ length: dice.below(300) }, () => dice.below(256))),
  nothing: () => Buffer.alloc(0),
  'more behind it': (dice, text) =>
    Buffer.from(
      text +
        dice.one([
          '\0',
          '}',
          ']',
          '<a/>',
          '&',
          text,
          ',',
          '//',
          '<!--',
          '\u2028',
          ' '.repeat(5000),
        ]),
    ),
};
const NAMES = Object.keys(BYTE_CHANGES);

/** The bytes of a text, changed in one way. */
export function mutateBytes(
  dice: Dice,
  text: string,
): { readonly bytes: Buffer; readonly how: string } {
  const how = dice.one(NAMES);
  const bytes = BYTE_CHANGES[how]?.(dice, text === '' ? ' ' : text) ?? Buffer.alloc(0);
  return { bytes, how };
}
