/** As much of Bolt as a proxy needs: messages in chunks, and PackStream without numbers beyond 2^53. */

/** A message of Bolt. */
export interface BoltMessage {
  readonly signature: number;
  /** Without the marks of the chunks. */
  readonly bytes: Buffer;
}

/** Signatures of messages. */
export const BOLT = {
  GOODBYE: 0x02,
  RESET: 0x0f,
  RUN: 0x10,
  BEGIN: 0x11,
  COMMIT: 0x12,
  ROLLBACK: 0x13,
  ROUTE: 0x66,
  SUCCESS: 0x70,
  RECORD: 0x71,
  IGNORED: 0x7e,
  FAILURE: 0x7f,
} as const;

/** Puts messages together from what comes over a socket. */
export class BoltReader {
  #rest: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];

  /** The messages that are whole with these bytes. */
  take(bytes: Buffer): BoltMessage[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const whole: BoltMessage[] = [];
    for (let at = 0; ;) {
      const size = this.#rest.length - at < 2 ? Infinity : this.#rest.readUInt16BE(at);
      if (at + 2 + size > this.#rest.length) {
        this.#rest = this.#rest.subarray(at);
        return whole;
      }
      const chunk = this.#rest.subarray(at + 2, at + 2 + size);
      at += 2 + size;
      if (size > 0) this.#chunks.push(chunk);
      else if (this.#chunks.length > 0) {
        const message = Buffer.concat(this.#chunks.splice(0));
        whole.push({ signature: message[1] ?? 0, bytes: message });
      }
    }
  }
}

/** The message in chunks, as it goes over a socket. */
export function chunked(message: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length; at += 0xffff) {
    const chunk = message.subarray(at, at + 0xffff);
    parts.push(Buffer.from([chunk.length >> 8, chunk.length & 0xff]), chunk);
  }
  return Buffer.concat([...parts, Buffer.from([0, 0])]);
}

/** A message with these fields. */
export function boltMessage(signature: number, ...fields: readonly unknown[]): Buffer {
  return Buffer.concat([Buffer.from([0xb0 | fields.length, signature]), ...fields.map(pack)]);
}

/** A map of PackStream. */
export type BoltMap = Record<string, unknown>;

/** The last field of a message, and where it begins. It reads over the others. */
export function lastField({ bytes }: BoltMessage): {
  readonly value: BoltMap;
  readonly at: number;
} {
  const reader = new Unpacker(bytes, 2);
  const count = (bytes[0] ?? 0) & 0x0f;
  for (let i = 1; i < count; i++) reader.next();
  const { at } = reader;
  return { value: reader.next() as BoltMap, at };
}

/** The first field of a message, which is the statement of RUN. */
export function firstField({ bytes }: BoltMessage): unknown {
  return new Unpacker(bytes, 2).next();
}

/** A message like this one with another last field. */
export function withLastField(message: BoltMessage, change: (value: BoltMap) => BoltMap): Buffer {
  const { value, at } = lastField(message);
  return Buffer.concat([message.bytes.subarray(0, at), pack(change(value))]);
}

/** The values in bytes of PackStream, one after the other. */
export function unpackAll(bytes: Buffer): unknown[] {
  const reader = new Unpacker(bytes, 0);
  const values: unknown[] = [];
  while (reader.at < bytes.length) values.push(reader.next());
  return values;
}

/** A number that stays a floating-point number when it is packed again. */
class Float {
  constructor(readonly bytes: Buffer) {}
}

/** A structure, such as a point in time. */
class Structure {
  constructor(
    readonly signature: number,
    readonly fields: readonly unknown[],
  ) {}
}

class Unpacker {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  next(): unknown {
    const mark = this.#uint(1);
    const low = mark & 0x0f;
    if (mark < 0x80) return mark;
    if (mark >= 0xf0) return mark - 0x100;
    if (mark < 0x90) return this.#text(low);
    if (mark < 0xa0) return this.#list(low);
    if (mark < 0xb0) return this.#map(low);
    if (mark < 0xc0) {
      const signature = this.#uint(1);
      return new Structure(signature, this.#list(low));
    }
    return this.#marked(mark);
  }

  #marked(mark: number): unknown {
    if (mark === 0xc0) return null;
    if (mark === 0xc1) return new Float(this.#slice(8));
    if (mark === 0xc2 || mark === 0xc3) return mark === 0xc3;
    if (mark >= 0xc8 && mark <= 0xcb) return this.#int(2 ** (mark - 0xc8));
    // What is left has its size in 1, 2 or 4 bytes: the last two bits of the mark tell.
    const size = this.#uint(2 ** (mark & 3));
    return this.#sized(mark - (mark & 3), size);
  }

  #sized(kind: number, size: number): unknown {
    if (kind === 0xcc) return this.#slice(size);
    if (kind === 0xd0) return this.#text(size);
    if (kind === 0xd4) return this.#list(size);
    if (kind === 0xd8) return this.#map(size);
    throw new Error(`Not PackStream: ${kind}`);
  }

  #slice(size: number): Buffer {
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  #uint(size: number): number {
    this.at += size;
    return this.bytes.readUIntBE(this.at - size, size);
  }

  #int(size: number): number {
    const bytes = this.#slice(size);
    return size === 8 ? Number(bytes.readBigInt64BE()) : bytes.readIntBE(0, size);
  }

  #text(size: number): string {
    return this.#slice(size).toString('utf8');
  }

  #list(size: number): unknown[] {
    return Array.from({ length: size }, () => this.next());
  }

  #map(size: number): BoltMap {
    const map: BoltMap = {};
    for (let i = 0; i < size; i++) {
      const key = this.next() as string;
      map[key] = this.next();
    }
    return map;
  }
}

function pack(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.from([0xc0]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === 'number') return packInt(value);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([sized(text.length, 0x80, 0xd0), text]);
  }
  return packObject(value);
}

function packObject(value: object): Buffer {
  if (Buffer.isBuffer(value)) return Buffer.concat([sized(value.length, undefined, 0xcc), value]);
  if (value instanceof Float) return Buffer.concat([Buffer.from([0xc1]), value.bytes]);
  if (value instanceof Structure) return boltMessage(value.signature, ...value.fields);
  if (Array.isArray(value))
    return Buffer.concat([sized(value.length, 0x90, 0xd4), ...value.map(pack)]);
  const entries = Object.entries(value);
  return Buffer.concat([sized(entries.length, 0xa0, 0xd8), ...entries.flat().map(pack)]);
}

function packInt(value: number): Buffer {
  if (value >= -16 && value < 128) return Buffer.from([value & 0xff]);
  const bytes = Buffer.alloc(9, 0xcb);
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

function sized(size: number, tiny: number | undefined, first: number): Buffer {
  if (tiny !== undefined && size < 16) return Buffer.from([tiny | size]);
  if (size < 0x100) return Buffer.from([first, size]);
  if (size < 0x10000) return Buffer.from([first + 1, size >> 8, size & 0xff]);
  const bytes = Buffer.alloc(5, first + 2);
  bytes.writeUInt32BE(size, 1);
  return bytes;
}
