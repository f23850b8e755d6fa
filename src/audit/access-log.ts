import type { Attempt, Refused } from '../access/attempt.js';
import type { Principal } from '../access/principal.js';
import type { View } from '../access/view.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { Problem } from '../shared/problem.js';
import { entryOf, lostEntry } from './access-entry.js';
import type { AccessEntry } from './access-entry.js';
import { appendAccess } from './access.store.js';
import { RefusedCredentials } from './refused-credentials.js';

/** Most entries that wait for the store. More are counted as lost, because no answer waits for them. */
const MOST_WAITING = 10_000;
/** Most entries of one commit. */
const MOST_AT_ONCE = 1000;
/** How long an entry waits for others, so that they share a commit: one that an answer waits for, and any other. */
const SOON_MS = 20;
const LATER_MS = 500;
const RETRY_MS = 1000;
const WRITE_MS = 10_000;

/** What writing the audit log needs. */
export interface AccessLogDeps {
  /** The host's. */
  readonly view: View;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default {@link MOST_WAITING}. */
  readonly mostWaiting?: number;
}

interface Waiting {
  readonly entry: AccessEntry;
  /** For an entry that an answer waits for. */
  readonly answer?: { readonly stored: () => void; readonly failed: (why: Problem) => void };
}

/**
 * Writes who asked for what. Entries of those who look as another organisation are stored before their answer leaves. All others are
 * written within a second, together; a process that is killed loses the last of them.
 */
export class AccessLog {
  readonly #deps: AccessLogDeps;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #writing: Promise<boolean> | undefined;
  #failing = false;
  #lost = 0;
  #lostUntold = 0;
  readonly #refused = new RefusedCredentials((entry) => {
    this.#add({ entry });
  });

  constructor(deps: AccessLogDeps) {
    this.#deps = deps;
  }

  /**
   * Notes what somebody asked for, when the answer is known.
   *
   * @returns for who looks as another organisation: resolves when it is stored, and rejects with `SERVICE_UNAVAILABLE` when it cannot be;
   *   the answer must not leave before. Undefined for all others.
   */
  note(principal: Principal, attempt: Attempt): Promise<void> | undefined {
    const entry = entryOf(principal, attempt);
    if (principal.actor === undefined) {
      this.#add({ entry });
      return undefined;
    }
    return new Promise((stored, failed) => {
      this.#add({ entry, answer: { stored, failed } });
    });
  }

  /** Notes credentials that are refused, together with others of the same minute. */
  noteRefused(refused: Refused): void {
    this.#refused.note(refused, this.#deps.clock.now());
  }

  /** How many entries wait, and how many were lost since the start. */
  stats(): { readonly waiting: number; readonly lost: number } {
    return { waiting: this.#waiting.length, lost: this.#lost };
  }

  /** Writes what waits. */
  async stop(): Promise<void> {
    this.#refused.flush();
    clearTimeout(this.#timer);
    let goesOn = (await this.#writing) ?? true;
    while (goesOn && this.#waiting.length + this.#lostUntold > 0) goesOn = await this.#write();
    clearTimeout(this.#timer);
    const lost = this.#waiting.length + this.#lostUntold;
    if (lost > 0) this.#deps.logger.warn({ lost }, 'Entries of the audit log are lost');
  }

  #add(one: Waiting): void {
    if (this.#waiting.length >= (this.#deps.mostWaiting ?? MOST_WAITING)) {
      this.#lost++;
      this.#lostUntold++;
      one.answer?.failed(notKept());
      return;
    }
    this.#waiting.push(one);
    this.#schedule(one.answer === undefined ? LATER_MS : SOON_MS);
  }

  #schedule(withinMs: number): void {
    const dueAt = performance.now() + withinMs;
    if (dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      // When one ends, it sees to the next.
      this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    }, withinMs).unref();
  }

  async #write(): Promise<boolean> {
    const { view, clock, logger } = this.#deps;
    const batch = this.#waiting.splice(0, MOST_AT_ONCE);
    if (this.#lostUntold > 0)
      batch.push({ entry: lostEntry(view.principal, clock.now(), this.#lostUntold) });
    this.#lostUntold = 0;
    try {
      const entries = batch.map(({ entry }) => entry);
      await view.write((tx) => appendAccess(tx, entries), { timeoutMs: WRITE_MS });
      for (const { answer } of batch) answer?.stored();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) logger.error({ err: error }, 'The audit log cannot be written');
      this.#failing = true;
      this.#waiting = [...batch.map((one) => unanswered(one, error)), ...this.#waiting];
    }
    if (this.#waiting.length > 0) this.#schedule(this.#failing ? RETRY_MS : this.#patience());
    return !this.#failing;
  }

  #patience(): number {
    const isUrgent = this.#waiting.some(({ answer }) => answer !== undefined);
    return isUrgent || this.#waiting.length >= MOST_AT_ONCE ? 0 : LATER_MS;
  }
}

/** Refuses the answer that waits. What was asked stays to be written. */
function unanswered({ entry, answer }: Waiting, cause: unknown): Waiting {
  if (answer === undefined) return { entry };
  const why = notKept(cause);
  answer.failed(why);
  return { entry: { ...entry, outcome: why.code } };
}

function notKept(cause?: unknown): Problem {
  return new Problem(
    'SERVICE_UNAVAILABLE',
    'Looking as another organisation is only possible while the audit log can be written. Try again later.',
    { cause, retryAfterSeconds: 5 },
  );
}
