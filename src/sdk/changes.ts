import { CHANGES, CHANGE_PAGE, ME } from './documents.js';
import type { Change, ChangeFilter, Me } from './documents.js';
import { AccessRefused, CustodyError, SequenceBroken } from './errors.js';
import { now, sleep } from './service.js';
import type { Service } from './service.js';
import { Subscription } from './socket.js';

/** From where, what, and how long. */
export interface ChangesOptions {
  /**
   * The message that you took last, or its cursor. With the message, the number of the next one is checked too. Without it, the feed
   * begins now, with a heartbeat that has the first cursor.
   */
  readonly after?: string | Pick<Change, 'cursor' | 'seq'> | null | undefined;
  /** Which messages; without it all, and then their numbers may have no hole. */
  readonly filter?: ChangeFilter | undefined;
  /** Hears of a hole before what is missing is read, and of a message that came again and is left out. */
  readonly onGap?: ((gap: SequenceBroken) => void) | undefined;
  /** Hears of what is waited out, such as a lost connection, for a log. */
  readonly onRetry?: ((error: CustodyError) => void) | undefined;
  /** Ends the messages. */
  readonly signal?: AbortSignal | undefined;
}

/** What of its life a token is used before it is renewed, and the shortest and longest time until then, ms. */
const RENEWED_AFTER = 0.5;
const SOONEST_MS = 1000;
const LATEST_MS = 3_600_000;

/**
 * The messages of the feed, in order and each once, for as long as they are taken. What passes is waited for, such as a lost connection or a
 * service that does not answer. Then it goes on after the message that it handed out last.
 *
 * @throws CursorExpired; AccessRefused; SequenceBroken for a hole that stays; CustodyError for all else that does not pass
 */
export async function* changes(
  service: Service,
  options: ChangesOptions = {},
): AsyncGenerator<Change, void> {
  const { onRetry, signal } = options;
  const feed = new Feed(service, options);
  let failures = 0;
  for (;;) {
    try {
      for await (const message of feed.messages()) {
        failures = 0;
        yield message;
      }
    } catch (error) {
      if (signal?.aborted === true) return;
      if (!(error instanceof CustodyError) || !feed.outlives(error)) throw error;
      onRetry?.(error);
      await sleep(service.waitMs(failures++, error), signal);
    }
  }
}

/** How far the feed was handed out, over all its connections. */
class Feed {
  readonly #service: Service;
  readonly #options: ChangesOptions;
  #cursor: string | undefined;
  #seq: number | undefined;
  /** Whether the numbers count messages. For the host they are positions in a log. */
  #counts = false;
  /** Whether the credentials were refused since the service last knew them. */
  #refused = false;

  constructor(service: Service, options: ChangesOptions) {
    const { after } = options;
    this.#service = service;
    this.#options = options;
    this.#cursor = typeof after === 'string' ? after : after?.cursor;
    this.#seq = typeof after === 'string' ? undefined : after?.seq;
  }

  /** Messages of one connection, until it fails; after a hole, what is missing, and then they end. */
  async *messages(): AsyncGenerator<Change, void> {
    for await (const message of this.#live()) {
      const gap = this.#gapBefore(message);
      if (gap !== null) this.#options.onGap?.(gap);
      if (gap === null) yield this.#take(message);
      else if (gap.found > gap.expected) {
        yield* this.#missing(gap);
        return;
      }
    }
  }

  /** Whether to go on after an error. A function that gives credentials may have new ones, but is asked only once. */
  outlives(error: CustodyError): boolean {
    if (!(error instanceof AccessRefused)) return error.isPassing;
    const renews = typeof this.#service.options.authorization === 'function';
    // A close does not say which.
    const isOver = error.reason === 'EXPIRED' || (error.reason ?? error.code) === 'UNAUTHENTICATED';
    const again = renews && !this.#refused && isOver;
    this.#refused = true;
    return again;
  }

  async *#live(): AsyncGenerator<Change, void> {
    const { filter = null, signal } = this.#options;
    const service = this.#service;
    const authorization = await service.authorization();
    const { me } = await service.ask(ME, {}, { authorization, signal });
    this.#counts = me.organisation !== null;
    this.#refused = false;
    const socket = new Subscription<{ changes: Change }>({
      ...{ url: service.at('graphql'), webSocket: service.options.webSocket, authorization },
      ...{ query: CHANGES.toString(), variables: { after: this.#cursor ?? null, filter } },
    });
    const over = new AbortController();
    const end = (): void => {
      over.abort();
      socket.close();
    };
    signal?.addEventListener('abort', end);
    void this.#renew(socket, { me, authorization, over: over.signal });
    try {
      for await (const { changes: message } of socket) yield message;
    } finally {
      signal?.removeEventListener('abort', end);
      end();
    }
  }

  /** Keeps the credentials of a socket good. When that fails until their end, the service ends the socket, and the next one has new ones. */
  async #renew(
    socket: Subscription<unknown>,
    {
      me,
      authorization: known,
      over,
    }: { me: Me; authorization: string | undefined; over: AbortSignal },
  ): Promise<void> {
    const service = this.#service;
    if (typeof service.options.authorization !== 'function') return;
    for (let { expiresAt } = me, current = known; expiresAt !== null;) {
      const left = (Date.parse(expiresAt) - now()) * RENEWED_AFTER;
      await sleep(Math.min(Math.max(left, SOONEST_MS), LATEST_MS), over);
      if (over.aborted) return;
      try {
        const next = await service.authorization();
        if (next === undefined || next === current) continue;
        ({ expiresAt } = (await service.ask(ME, {}, { authorization: next, signal: over })).me);
        socket.renew(next);
        current = next;
      } catch {
        // There is time to try again.
      }
    }
  }

  async *#missing(gap: SequenceBroken): AsyncGenerator<Change, void> {
    const { signal } = this.#options;
    for (let more = true; more;) {
      const asked = { after: this.#cursor ?? null };
      const { changes: page } = await this.#service.ask(CHANGE_PAGE, asked, { signal });
      for (const message of page.messages) {
        const again = this.#gapBefore(message);
        if (again !== null) throw again;
        yield this.#take(message);
      }
      more = page.hasMore;
    }
    if ((this.#seq ?? 0) < gap.found) throw gap;
  }

  #gapBefore({ kind, seq }: Change): SequenceBroken | null {
    if (!this.#counts || this.#seq === undefined) return null;
    // A heartbeat has the number of the message before it.
    const expected = kind === null ? this.#seq : this.#seq + 1;
    const isAllowed = seq === expected || (seq > expected && this.#options.filter !== undefined);
    return isAllowed ? null : new SequenceBroken(expected, seq);
  }

  #take(message: Change): Change {
    this.#cursor = message.cursor;
    this.#seq = message.seq;
    return message;
  }
}
