import { Problem } from './problem.js';

/** The bytes that an answer may have; collecting data for it uses them up. */
export class ByteBudget {
  #taken = 0;
  #problem: Problem | null = null;

  constructor(readonly limit: number) {}

  /** The refusal, once the answer is too large; null before. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Takes bytes; false when there were not enough left. */
  take(bytes: number): boolean {
    this.#taken += bytes;
    return this.#taken <= this.limit;
  }

  /** Marks the answer as too large, whoever found out. */
  excess(): Problem {
    this.#problem ??= new Problem(
      'ANSWER_TOO_LARGE',
      `The answer would be larger than ${this.limit} bytes. Ask for fewer rows or fields at once, or page.`,
      { details: { limitBytes: this.limit } },
    );
    return this.#problem;
  }
}

/** The approximate size of a value as JSON; counting stops somewhere after `enough`. */
export function bytesOf(value: unknown, enough = Infinity): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      bytes += 1 + bytesOf(item, enough - bytes);
      if (bytes > enough) break;
    }
    return bytes;
  }
  for (const [name, item] of Object.entries(value)) {
    bytes += name.length + 4 + bytesOf(item, enough - bytes);
    if (bytes > enough) break;
  }
  return bytes;
}
