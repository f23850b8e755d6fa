/** By version: data codewords of each of its blocks, at error correction level M. */
const BLOCKS: Readonly<Record<number, readonly number[]>> = {
  1: [16],
  2: [28],
  3: [44],
  4: [32, 32],
  5: [43, 43],
  6: [27, 27, 27, 27],
};
const MASKS: readonly ((row: number, column: number) => number)[] = [
  (r, c) => (r + c) % 2,
  (r) => r % 2,
  (_r, c) => c % 3,
  (r, c) => (r + c) % 3,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2,
  (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];
const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/**
 * Reads a QR code of version 1 to 6 at level M from its modules, quiet zone not included: mask, order of modules, blocks, numeric,
 * alphanumeric and byte segments. Errors are not looked for. For tests: it shares nothing with what draws.
 *
 * @see ISO/IEC 18004
 */
export function readQrCode(modules: readonly number[], size: number): string {
  const version = (size - 17) / 4;
  const at = (row: number, column: number): number => modules[row * size + column] ?? 0;
  // Row 8, columns 0 to 5: level (two bits) and mask (three), under 0b10101...
  const format = [0, 1, 2, 3, 4].reduce((bits, column) => bits * 2 + at(8, column), 0) ^ 0b10101;
  if (format >> 3 !== 0) throw new Error('Not at level M');
  const mask = MASKS[format & 7]!;
  const bits = cellsOf(size).map(([r, c]) => at(r, c) ^ (mask(r, c) === 0 ? 1 : 0));
  const bytes: number[] = [];
  for (let i = 0; i + 8 <= bits.length; i += 8)
    bytes.push(bits.slice(i, i + 8).reduce((byte, bit) => byte * 2 + bit, 0));
  return decode(deinterleave(bytes, BLOCKS[version] ?? []));
}

/** Modules that hold data, in their order: two columns at a time, from the right, up and down in turn. */
function cellsOf(size: number): (readonly [number, number])[] {
  const cells: (readonly [number, number])[] = [];
  let up = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let i = 0; i < 2 * size; i++) {
      const row = up ? size - 1 - (i >> 1) : i >> 1;
      const column = right - (i % 2);
      if (!isFunction(row, column, size)) cells.push([row, column]);
    }
    up = !up;
  }
  return cells;
}

function isFunction(row: number, column: number, size: number): boolean {
  if (row === 6 || column === 6) return true;
  if (row <= 8 && (column <= 8 || column >= size - 8)) return true;
  if (column <= 8 && row >= size - 8) return true;
  const middle = size - 7;
  return size > 21 && Math.abs(row - middle) <= 2 && Math.abs(column - middle) <= 2;
}

function deinterleave(bytes: readonly number[], blocks: readonly number[]): number[] {
  const count = blocks.length;
  return blocks.flatMap((length, block) =>
    Array.from({ length }, (_, i) => bytes[i * count + block] ?? 0),
  );
}

type Take = (bits: number) => number;

function decode(bytes: readonly number[]): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let at = 0;
  const take: Take = (n) => parseInt(bits.slice(at, (at += n)), 2);
  let text = '';
  while (at + 4 <= bits.length) {
    const mode = take(4);
    if (mode === 0) return text;
    const read = SEGMENTS[mode];
    if (read === undefined) throw new Error(`Mode ${mode} is not read here`);
    text += read(take);
  }
  return text;
}

const SEGMENTS: Readonly<Record<number, (take: Take) => string>> = {
  1: (take) => {
    let text = '';
    for (let left = take(10); left > 0; left -= 3) {
      const digits = Math.min(left, 3);
      text += String(take([0, 4, 7, 10][digits] ?? 0)).padStart(digits, '0');
    }
    return text;
  },
  2: (take) => {
    let text = '';
    for (let left = take(9); left > 0; left -= 2) {
      const value = take(left > 1 ? 11 : 6);
      if (left > 1) text += ALPHANUMERIC.charAt(Math.floor(value / 45));
      text += ALPHANUMERIC.charAt(value % 45);
    }
    return text;
  },
  4: (take) => {
    let text = '';
    for (let left = take(8); left > 0; left--) text += String.fromCharCode(take(8));
    return text;
  },
};
