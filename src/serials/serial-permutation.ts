import { createCipheriv } from 'node:crypto';
import type { Cipher } from 'node:crypto';

/** The domain of a permutation, and its secret. */
export interface PermutationOptions {
  /** 2 to 82 different characters. */
  readonly alphabet: string;
  /** Characters of a serial, 2 to 20. */
  readonly length: number;
  /** 16, 24 or 32 bytes. Anyone who has it can compute every serial of the pool. */
  readonly key: Uint8Array;
}

const ROUNDS = 10;
const BLOCK = 16;
const MASK_64 = (1n << 64n) - 1n;

/**
 * A keyed permutation of all serials of one length over one alphabet: FF1 of NIST SP 800-38G,
 * without tweak.
 *
 * Serial `i` is the encryption of the number `i`. No two are equal, none reveals another without
 * the key, and decryption returns the number. So a pool needs a counter and a key, but no list of
 * its serials. Many serials are computed together: each of the ten rounds is one AES call for all.
 *
 * @see NIST SP 800-38G, algorithms 7 (FF1.Encrypt) and 8 (FF1.Decrypt)
 */
export class SerialPermutation {
  readonly #alphabet: readonly string[];
  readonly #valueOf: ReadonlyMap<string, number>;
  readonly #length: number;
  readonly #left: Half;
  readonly #right: Half;
  readonly #aes: Cipher;
  readonly #numeralBytes: number;
  /** The encrypted first block of the round function, which is the same for all serials. */
  readonly #high: bigint;
  readonly #low: bigint;

  constructor({ alphabet, length, key }: PermutationOptions) {
    this.#alphabet = Array.from(alphabet);
    this.#valueOf = new Map(this.#alphabet.map((character, i) => [character, i]));
    this.#length = length;
    const radix = this.#alphabet.length;
    const left = Math.floor(length / 2);
    this.#left = new Half(radix, left);
    this.#right = new Half(radix, length - left);
    this.#numeralBytes = Math.ceil(this.#right.bits / 8);
    this.#aes = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
    const first = this.#aes.update(firstBlock(radix, length, left));
    this.#high = first.readBigUInt64BE(0);
    this.#low = first.readBigUInt64BE(8);
  }

  /** Serials of the numbers `from` to `from + count - 1`, which must be in the domain. */
  serialsAt(from: number, count: number): string[] {
    const a = new BigUint64Array(count);
    const b = new BigUint64Array(count);
    for (let i = 0; i < count; i++) {
      const n = BigInt(from) + BigInt(i);
      a[i] = n / this.#right.size;
      b[i] = n % this.#right.size;
    }
    let [one, other] = [a, b];
    for (let round = 0; round < ROUNDS; round++) {
      const half = round % 2 === 0 ? this.#left : this.#right;
      this.#mix(one, other, { round, modulus: half.size, sign: 1n });
      [one, other] = [other, one];
    }
    return Array.from(one, (value, i) => this.#write(value, other[i] ?? 0n));
  }

  /** The number of each serial; null for a text outside the domain. */
  numbersOf(serials: readonly string[]): (bigint | null)[] {
    const inside = serials.flatMap((serial) => (this.has(serial) ? [serial] : []));
    const split = this.#left.length;
    let one = BigUint64Array.from(inside, (serial) => this.#read(serial.slice(0, split)));
    let other = BigUint64Array.from(inside, (serial) => this.#read(serial.slice(split)));
    for (let round = ROUNDS - 1; round >= 0; round--) {
      const half = round % 2 === 0 ? this.#left : this.#right;
      this.#mix(other, one, { round, modulus: half.size, sign: -1n });
      [one, other] = [other, one];
    }
    let next = 0;
    return serials.map((serial) => {
      if (!this.has(serial)) return null;
      const number = (one[next] ?? 0n) * this.#right.size + (other[next] ?? 0n);
      next++;
      return number;
    });
  }

  /** True for a text of the right length and alphabet. */
  has(serial: string): boolean {
    if (serial.length !== this.#length) return false;
    for (const character of serial) if (!this.#valueOf.has(character)) return false;
    return true;
  }

  /** Adds to each of `into`, or subtracts from it, the round function of each of `of`. */
  #mix(
    into: BigUint64Array,
    of: BigUint64Array,
    { round, modulus, sign }: { round: number; modulus: bigint; sign: 1n | -1n },
  ): void {
    const blocks = Buffer.allocUnsafe(of.length * BLOCK);
    // The round number precedes the numeral, which fills up to the low half of the block (8 bytes).
    const shift = BigInt(8 * this.#numeralBytes);
    const high = this.#high ^ ((BigInt(round) << shift) >> 64n);
    const low = this.#low ^ ((BigInt(round) << shift) & MASK_64);
    for (let i = 0; i < of.length; i++) {
      blocks.writeBigUInt64BE(high, i * BLOCK);
      blocks.writeBigUInt64BE(low ^ (of[i] ?? 0n), i * BLOCK + 8);
    }
    const mixed = this.#aes.update(blocks);
    const long = this.#numeralBytes > 4;
    for (let i = 0; i < into.length; i++) {
      let y = mixed.readBigUInt64BE(i * BLOCK);
      if (long) y = (y << 32n) | BigInt(mixed.readUInt32BE(i * BLOCK + 8));
      const sum = ((into[i] ?? 0n) + sign * (y % modulus)) % modulus;
      into[i] = sum < 0n ? sum + modulus : sum;
    }
  }

  #write(left: bigint, right: bigint): string {
    return this.#left.digitsOf(left, this.#alphabet) + this.#right.digitsOf(right, this.#alphabet);
  }

  #read(text: string): bigint {
    const radix = BigInt(this.#alphabet.length);
    let value = 0n;
    for (const character of text) value = value * radix + BigInt(this.#valueOf.get(character) ?? 0);
    return value;
  }
}

/** One of the two numerals a serial is split into. */
class Half {
  readonly size: bigint;
  readonly bits: number;

  constructor(
    readonly radix: number,
    readonly length: number,
  ) {
    this.size = BigInt(radix) ** BigInt(length);
    this.bits = (this.size - 1n).toString(2).length;
  }

  digitsOf(value: bigint, alphabet: readonly string[]): string {
    // Numbers are many times faster than bigint, but only exact up to 2^53.
    let rest = value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
    let big = value;
    let digits = '';
    for (let left = this.length; left > 0; left--) {
      const digit = rest === undefined ? Number(big % BigInt(this.radix)) : rest % this.radix;
      digits = (alphabet[digit] ?? '') + digits;
      if (rest === undefined) big /= BigInt(this.radix);
      else rest = Math.floor(rest / this.radix);
    }
    return digits;
  }
}

/** SP 800-38G, FF1 step 5: `[1] [2] [1] [radix] [10] [u mod 256] [n] [t]`. */
function firstBlock(radix: number, length: number, left: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.set([1, 2, 1], 0);
  block.writeUIntBE(radix, 3, 3);
  block.set([ROUNDS, left % 256], 6);
  block.writeUInt32BE(length, 8);
  return block;
}
