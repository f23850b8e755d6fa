import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What is sealed ends in a dot and is filled up with blanks to a multiple of this, because a length tells too. */
const FILLED_TO = 128;

/**
 * Seals the cursors of an organisation, so that they tell nothing of how its lists are read, and only it can send them back, to the list that they
 * are of.
 *
 * A cursor is sealed to the same text each time, because equal answers have to be equal as bytes: the nonce is made of what is sealed.
 */
export class CursorSeal {
  readonly #key: Buffer;
  readonly #organisation: string;

  /** @param secret of the store, the same for all processes */
  constructor(secret: string, organisation: string) {
    this.#key = hmac(secret, organisation);
    this.#organisation = organisation;
  }

  /** @param list what the cursor is of */
  close(cursor: string, list: string): string {
    const about = this.#about(list);
    const nonce = hmac(this.#key, about + cursor).subarray(0, NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(about));
    const filled = `${cursor}.`.padEnd(Math.ceil((cursor.length + 1) / FILLED_TO) * FILLED_TO);
    const sealed = [nonce, cipher.update(filled), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed).toString('base64url');
  }

  /** What {@link close} sealed; null for anything else. */
  open(sealed: string, list: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(this.#about(list)))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString().trimEnd().slice(0, -1);
    } catch {
      return null;
    }
  }

  #about(list: string): string {
    return `${this.#organisation}\n${list}\n`;
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
