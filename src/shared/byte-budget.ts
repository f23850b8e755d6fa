import { Problem } from './problem.js';

/** How many bytes an answer may have: what is collected for it is taken off. */
export class ByteBudget {
  #taken = 0;
  #problem: Problem | null = null;

  constructor(readonly limit: number) {}

  /** What became too much; null as long as nothing did. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Whether there was enough left. */
  take(bytes: number): boolean {
    this.#taken += bytes;
    return this.#taken <= this.limit;
  }

  /** Says that it is too much, however that was found. */
  excess(): Problem {
    this.#problem ??= new Problem(
      'ANSWER_TOO_LARGE',
      `The answer would be larger than ${this.limit} bytes. Ask for fewer rows or fields at once, or page.`,
      { details: { limitBytes: this.limit } },
    );
    return this.#problem;
  }
}

/** About how many bytes a value has as JSON; counting stops somewhere behind `enough`. */
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
