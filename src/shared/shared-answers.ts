import type { Clock } from './clock.js';

/** Longest that an answer is given to others: master data may change without a word in the log. */
const MAX_AGE_MS = 1000;
const MAX_ANSWERS = 2000;

/** What shared answers depend on. */
export interface SharedAnswersOptions {
  /** Where the log stands: answers of another position are forgotten. */
  readonly position: () => number;
  readonly clock: Clock;
}

/**
 * What several subscribers ask at one position of the log, found once for all of them. An answer is kept until the log goes on,
 * and a second at most.
 *
 * A key says everything that the answer depends on: what is asked, and who asks.
 */
export class SharedAnswers {
  readonly #answers = new Map<string, unknown>();
  #position = 0;
  #since = 0;

  constructor(private readonly options: SharedAnswersOptions) {}

  /** The answer under this key; `find` is called by the first who asks. One key always stands for one type. */
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
