import type { Clock } from './clock.js';

/** Longest time to share an answer, because master data may change without an entry in the log. */
const MAX_AGE_MS = 1000;
const MAX_ANSWERS = 2000;

/** What shared answers depend on. */
export interface SharedAnswersOptions {
  /** The position of the log; answers of another position are dropped. */
  readonly position: () => number;
  readonly clock: Clock;
}

/**
 * Finds an answer once for all subscribers that ask the same at one position of the log. An answer
 * is kept until the log moves on, and for a second at most.
 *
 * A key must contain everything that the answer depends on: what is asked, and who asks.
 */
export class SharedAnswers {
  readonly #answers = new Map<string, unknown>();
  #position = 0;
  #since = 0;

  constructor(private readonly options: SharedAnswersOptions) {}

  /** The answer under this key; the first caller runs `find`. A key must always have one type. */
  of<T>(key: string, find: () => T): T {
    this.#forgetOld();
    if (this.#answers.has(key)) return this.#answers.get(key) as T;
    const answer = find();
    this.#answers.set(key, answer);
    return answer;
  }

  #forgetOld(): void {
    const position = this.options.position();
    const now = this.options.clock.now();
    const isOld = position !== this.#position || now - this.#since > MAX_AGE_MS;
    if (!isOld && this.#answers.size < MAX_ANSWERS) return;
    this.#answers.clear();
    this.#position = position;
    this.#since = now;
  }
}
