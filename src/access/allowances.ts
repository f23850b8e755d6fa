import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../shared/clock.js';
import { Problem } from '../shared/problem.js';
import type { Principal } from './principal.js';

/** What one payer may use of one process. */
export interface AllowanceRules {
  /** Cost of its requests in a minute; 0 for no limit. */
  readonly costPerMinute: number;
  /** Open WebSockets. */
  readonly sockets: number;
  /** Subscriptions that go on, over WebSocket or as an event stream. */
  readonly subscriptions: number;
}

/** What is held, as its setting is called. */
type Held = 'sockets' | 'subscriptions';

/** What is left to somebody. */
export interface Limits {
  /** Null for no limit. */
  readonly cost: {
    readonly limit: number;
    readonly left: number;
    /** Epoch ms. */
    readonly resetAt: number;
  } | null;
  readonly subscriptions: { readonly limit: number; readonly used: number };
}

/** What each request over HTTP costs, and each operation over WebSocket, whatever it asks for. */
export const REQUEST_COST = 500;
const MINUTE_S = 60;
const SETTING_OF: Readonly<Record<Held, string>> = {
  sockets: 'MAX_SOCKETS_EACH',
  subscriptions: 'MAX_SUBSCRIPTIONS_EACH',
};

/**
 * What each organisation may still use of this process: the keys and tokens of a partner share one account, each credential of the host has
 * its own. Nothing is stored, so each process counts for itself. What somebody is told is of his own account.
 */
export class Allowances {
  readonly #rules: AllowanceRules;
  readonly #clock: Clock;
  readonly #spent: RateLimiterMemory | null;
  readonly #held: Readonly<Record<Held, Map<string, number>>> = {
    sockets: new Map(),
    subscriptions: new Map(),
  };

  constructor(rules: AllowanceRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    const { costPerMinute: points } = rules;
    this.#spent = points === 0 ? null : new RateLimiterMemory({ points, duration: MINUTE_S });
  }

  /**
   * Takes a cost from what may be spent in this minute. What costs more than a whole minute has takes all of it.
   *
   * @throws Problem `RATE_LIMITED` with the time until the minute is over
   */
  async spend(principal: Principal, cost: number): Promise<void> {
    if (this.#spent === null || isUnlimited(principal)) return;
    const account = accountOf(principal);
    const points = Math.min(cost, this.#rules.costPerMinute);
    try {
      await this.#spent.consume(account, points);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      // What is refused is not paid: something smaller may still be asked for.
      await this.#spent.reward(account, points);
      throw this.#spentAll(refusal.msBeforeNext);
    }
  }

  /**
   * Takes a place for something that goes on.
   *
   * @returns gives the place back; only the first call counts
   * @throws Problem `RATE_LIMITED` when all places are taken
   */
  hold(what: Held, principal: Principal): () => void {
    if (isUnlimited(principal)) return () => undefined;
    const held = this.#held[what];
    const account = accountOf(principal);
    const before = held.get(account) ?? 0;
    if (before >= this.#rules[what]) throw this.#allTaken(what);
    held.set(account, before + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (held.get(account) ?? 1) - 1;
      if (left === 0) held.delete(account);
      else held.set(account, left);
    };
  }

  /** What is left to somebody; null when nothing limits him. */
  async of(principal: Principal): Promise<Limits | null> {
    if (isUnlimited(principal)) return null;
    const account = accountOf(principal);
    const { costPerMinute: limit, subscriptions } = this.#rules;
    const spent = await this.#spent?.get(account);
    const cost = {
      ...{ limit, left: spent?.remainingPoints ?? limit },
      resetAt: this.#clock.now() + Math.max(spent?.msBeforeNext ?? 0, 0),
    };
    const used = this.#held.subscriptions.get(account) ?? 0;
    return {
      cost: this.#spent === null ? null : cost,
      subscriptions: { limit: subscriptions, used },
    };
  }

  #spentAll(waitMs: number): Problem {
    const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
    const { costPerMinute } = this.#rules;
    return new Problem(
      'RATE_LIMITED',
      `You have spent the cost of ${costPerMinute} that RATE_COST_PER_MINUTE allows in a minute. Wait ${retryAfter} s, and ask for fewer rows and fields at once.`,
      { details: { retryAfter }, retryAfterSeconds: retryAfter },
    );
  }

  #allTaken(what: Held): Problem {
    return new Problem(
      'RATE_LIMITED',
      `You have ${this.#rules[what]} ${what} open, as many as ${SETTING_OF[what]} allows. End one first.`,
    );
  }
}

/** With an open service nobody knows who asks. */
function isUnlimited({ open }: Principal): boolean {
  return open;
}

/** An administrator who looks as somebody else pays himself. */
function accountOf({ actor, organisation, subject }: Principal): string {
  return actor ?? organisation ?? subject;
}
