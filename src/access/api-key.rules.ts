/** How a key looks: an id that may be shown, and a secret of 256 bits that is shown once. */
const FORM = /^cg_([0-9a-z]{16})_([\w-]{43})$/;

/** A key as it is presented. */
export interface PresentedKey {
  readonly id: string;
  readonly secret: string;
}

/** Whether a text claims to be one of our keys. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith('cg_');
}

/** The parts of a key; null for a text that is none. */
export function readKey(text: string): PresentedKey | null {
  const [, id, secret] = FORM.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** The text of a key, for its owner. */
export function keyText({ id, secret }: PresentedKey): string {
  return `cg_${id}_${secret}`;
}

/** When an old key ends after its rotation, epoch ms: it never lives longer than before. */
export function endOfOverlap(expiresAt: number | null, now: number, overlapHours: number): number {
  const end = now + overlapHours * 3_600_000;
  return expiresAt === null ? end : Math.min(expiresAt, end);
}
