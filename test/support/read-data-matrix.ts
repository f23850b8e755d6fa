/**
 * Reads a square Data Matrix (ECC 200) up to 48 modules from its modules, finder pattern included, quiet zone not: placement, error
 * check (no correction), ASCII, C40 and Text. FNC1 comes as GS (code 29), also the one in front. For tests: it shares nothing with
 * what draws.
 *
 * @see ISO/IEC 16022, annex F (placement) and 5.2 (encodation)
 */
export function readDataMatrix(modules: readonly number[], size: number): string {
  const shape = SHAPES[size];
  if (shape === undefined) throw new Error(`No square symbol of ${size} modules`);
  const [regions, dataCount, checkCount] = shape;
  const inner = size / regions - 2;
  const mapped = inner * regions;
  const at = (row: number, column: number): number => {
    const place = (n: number): number => n + 1 + 2 * Math.floor(n / inner);
    return modules[place(row) * size + place(column)] ?? 0;
  };
  const codewords = placement(mapped).map((cells) =>
    cells.reduce((byte, [row, column]) => byte * 2 + at(row, column), 0),
  );
  if (codewords.length !== dataCount + checkCount) throw new Error('Wrong count of codewords');
  checkErrors(codewords, checkCount);
  return decode(codewords.slice(0, dataCount));
}

/** By size: regions a side, data codewords, check codewords. */
const SHAPES: Readonly<Record<number, readonly [number, number, number]>> = {
  10: [1, 3, 5],
  12: [1, 5, 7],
  14: [1, 8, 10],
  16: [1, 12, 12],
  18: [1, 18, 14],
  20: [1, 22, 18],
  22: [1, 30, 20],
  24: [1, 36, 24],
  26: [1, 44, 28],
  32: [2, 62, 36],
  36: [2, 86, 42],
  40: [2, 114, 48],
  44: [2, 144, 56],
  48: [2, 174, 68],
};

type Cell = readonly [number, number];

/** The eight cells of each codeword, most significant bit first: diagonals up and down in turn, and four shapes for corners. */
function placement(n: number): Cell[][] {
  const used = new Set<number>();
  const codewords: Cell[][] = [];
  const take = (cells: readonly Cell[]): void => {
    const wrapped = cells.map((cell) => wrap(n, cell));
    for (const [r, c] of wrapped) used.add(r * n + c);
    codewords.push(wrapped);
  };
  const walk = (from: Cell, step: Cell): Cell => {
    let [r, c] = from;
    const goesOn = (): boolean => (step[0] < 0 ? r >= 0 && c < n : r < n && c >= 0);
    do {
      if (isInside(n, r, c) && !used.has(r * n + c)) take(utah(r, c));
      r += step[0];
      c += step[1];
    } while (goesOn());
    return [r, c];
  };
  let [row, column]: Cell = [4, 0];
  do {
    const kind = cornerAt(n, row, column);
    if (kind !== undefined) take(corner(n, kind));
    [row, column] = walk([row, column], [-2, 2]);
    [row, column] = walk([row + 1, column + 3], [2, -2]);
    [row, column] = [row + 3, column + 1];
  } while (row < n || column < n);
  return codewords;
}

const isInside = (n: number, r: number, c: number): boolean => r >= 0 && c >= 0 && r < n && c < n;

function wrap(n: number, [row, column]: Cell): Cell {
  const shift = 4 - ((n + 4) % 8);
  const [r, c] = row < 0 ? [row + n, column + shift] : [row, column];
  return c < 0 ? [r + shift, c + n] : [r, c];
}

function utah(r: number, c: number): Cell[] {
  return [
    [r - 2, c - 2],
    [r - 2, c - 1],
    [r - 1, c - 2],
    [r - 1, c - 1],
    [r - 1, c],
    [r, c - 2],
    [r, c - 1],
    [r, c],
  ];
}

function cornerAt(n: number, row: number, column: number): 1 | 2 | 3 | 4 | undefined {
  if (row === n && column === 0) return 1;
  if (row === n + 4 && column === 2 && n % 8 === 0) return 4;
  if (row !== n - 2 || column !== 0) return undefined;
  if (n % 8 === 4) return 3;
  return n % 4 === 0 ? undefined : 2;
}

function corner(n: number, kind: 1 | 2 | 3 | 4): Cell[] {
  const [a, b, c] = [n - 1, n - 2, n - 3];
  const cells: Readonly<Record<typeof kind, readonly number[]>> = {
    1: [a, 0, a, 1, a, 2, 0, b, 0, a, 1, a, 2, a, 3, a],
    2: [c, 0, b, 0, a, 0, 0, n - 4, 0, c, 0, b, 0, a, 1, a],
    3: [c, 0, b, 0, a, 0, 0, b, 0, a, 1, a, 2, a, 3, a],
    4: [a, 0, a, a, 0, c, 0, b, 0, a, 1, c, 1, b, 1, a],
  };
  const flat = cells[kind];
  return Array.from({ length: 8 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);
}

/** Every syndrome must be zero, over GF(256) with 0x12D. */
function checkErrors(codewords: readonly number[], count: number): void {
  const multiply = (a: number, b: number): number => {
    let [x, y, product] = [a, b, 0];
    while (y > 0) {
      if (y & 1) product ^= x;
      x <<= 1;
      if (x > 255) x ^= 0x12d;
      y >>= 1;
    }
    return product;
  };
  let root = 1;
  for (let i = 1; i <= count; i++) {
    root = multiply(root, 2);
    const syndrome = codewords.reduce((sum, codeword) => multiply(sum, root) ^ codeword, 0);
    if (syndrome !== 0) throw new Error('The check codewords are wrong');
  }
}

const GS = '\u001d';
const PLAIN = 0;
const PAD = 129;
const C40 = 230;
const TEXT = 239;
const X12 = 238;
const EDIFACT = 240;
/** Of encodations that pack three characters into two codewords: what reads them. */
const PACKED: ReadonlyMap<number, () => { text: string; take(triplet: number): void }> = new Map([
  [C40, () => new Triplets(true)],
  [TEXT, () => new Triplets(false)],
  [X12, () => new X12Triplets()],
]);
const UNLATCH = 254;

function decode(codewords: readonly number[]): string {
  let text = '';
  let at = 0;
  while (at < codewords.length && codewords[at] !== PAD) {
    const word = codewords[at++]!;
    if (word === EDIFACT) {
      const read = edifact(codewords.slice(at));
      text += read.text;
      at += read.codewords;
      continue;
    }
    const packed = PACKED.get(word);
    if (packed === undefined) {
      text += ascii(word);
      continue;
    }
    const triplets = packed();
    while (at + 1 < codewords.length && codewords[at] !== UNLATCH) {
      triplets.take(codewords[at]! * 256 + codewords[at + 1]! - 1);
      at += 2;
    }
    if (codewords[at] === UNLATCH) at++;
    text += triplets.text;
  }
  return text;
}

function ascii(word: number): string {
  if (word <= 128) return String.fromCharCode(word - 1);
  if (word <= 229) return String(word - 130).padStart(2, '0');
  if (word === 232) return GS;
  throw new Error(`Encodation ${word} is not read here`);
}

/** Four characters in three codewords, until 31; with fewer than three codewords left, ASCII goes on by itself. */
function edifact(codewords: readonly number[]): { text: string; codewords: number } {
  let text = '';
  let at = 0;
  for (; at + 2 < codewords.length; at += 3) {
    const bits = codewords[at]! * 65536 + codewords[at + 1]! * 256 + codewords[at + 2]!;
    const values = [18, 12, 6, 0].map((shift) => Math.floor(bits / 2 ** shift) % 64);
    const end = values.indexOf(31);
    const told = end < 0 ? values : values.slice(0, end);
    text += told.map((value) => String.fromCharCode(value < 32 ? value + 64 : value)).join('');
    if (end >= 0) return { text, codewords: at + Math.min(end + 1, 3) };
  }
  return { text, codewords: at };
}

const SHIFT_2 = '!"#$%&\'()*+,-./:;<=>?@[\\]^_';
const SHIFT_3 = '`abcdefghijklmnopqrstuvwxyz{|}~';

/** C40 (capitals plain) and Text (small letters plain). */
class Triplets {
  text = '';
  #shift = PLAIN;

  constructor(private readonly capitals: boolean) {}

  take(triplet: number): void {
    for (const value of [Math.floor(triplet / 1600), Math.floor(triplet / 40) % 40, triplet % 40])
      this.#value(value);
  }

  #value(value: number): void {
    const shift = this.#shift;
    this.#shift = PLAIN;
    if (shift === PLAIN && value < 3) this.#shift = value + 1;
    else if (shift === PLAIN) this.text += this.#plain(value);
    else if (shift === 1) this.text += String.fromCharCode(value);
    else if (shift === 2) this.text += value === 27 ? GS : SHIFT_2.charAt(value);
    else this.text += this.#swapped(SHIFT_3.charAt(value));
  }

  #plain(value: number): string {
    if (value === 3) return ' ';
    if (value < 14) return String(value - 4);
    return String.fromCharCode((this.capitals ? 65 : 97) + value - 14);
  }

  #swapped(character: string): string {
    return this.capitals ? character : character.toUpperCase();
  }
}

const X12_CHARACTERS = '\r*> 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** ANSI X12: capitals, digits and four signs, without shifts. */
class X12Triplets {
  text = '';

  take(triplet: number): void {
    for (const value of [Math.floor(triplet / 1600), Math.floor(triplet / 40) % 40, triplet % 40])
      this.text += X12_CHARACTERS.charAt(value);
  }
}
