import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import { Problem, isProblem } from '../shared/problem.js';
import { readAccessVersion } from './access-state.read-model.js';
import { readKey } from './api-key.rules.js';
import type { Refused } from './attempt.js';
import type { Authenticator } from './authenticate.js';
import type { Credentials } from './credentials.rules.js';
import { isRenewalOf } from './principal.js';
import type { Principal } from './principal.js';
import { notKnown, otherPrincipal } from './refusals.js';
import type { View } from './view.js';

/** How often each process asks whether anybody's access has changed. */
const ASKED_MS = 1000;
/** How long the store may be silent before what partners have open ends: with the last question, less than five seconds. */
const SILENT_MS = 3500;

/** A request or a socket, as long as it goes on. */
export interface Session extends Caller {
  principal: Principal;
}

/** Who wants to begin a session. */
export interface Caller {
  credentials: Credentials;
  /** As the socket knows it. */
  readonly address: string | null;
  /** Ends the session, because its credentials are good no longer. */
  readonly end: (why: Problem) => void;
}

/** What watching over sessions needs. */
export interface SessionDeps {
  readonly authenticator: Authenticator;
  /** The host's. */
  readonly view: View;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Everything that goes on in somebody's name. What was revoked, suspended or has expired ends within five seconds, whichever process
 * took the change. When the store cannot be read for as long, what partners have open ends too.
 */
export class Sessions {
  /** Hears of credentials that are refused. To be set before anybody is answered. */
  onRefused: (refused: Refused) => void = () => undefined;
  readonly #deps: SessionDeps;
  readonly #open = new Set<Session>();
  readonly #loop: Loop;
  #version: number | undefined;
  /** How often all was asked again. */
  #changes = 0;
  #heardAt: number;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#heardAt = deps.clock.now();
    this.#loop = new Loop({
      step: () => this.#look(),
      waitMs: () => ASKED_MS,
      failed: (error) => {
        deps.logger.warn({ err: error }, 'Whether credentials are still good cannot be read');
      },
    });
  }

  /**
   * Tells who it is and opens a session, to be closed. No change of his access is missed between the two.
   *
   * @throws Problem as {@link Authenticator.identify}
   */
  open(caller: Caller): Promise<Session> {
    return this.#asOfNow(caller, (principal) => {
      const session = { ...caller, principal };
      this.#open.add(session);
      return session;
    });
  }

  /**
   * Gives a session new credentials. They must be of the same organisation, and may do as much.
   *
   * @throws Problem as {@link Authenticator.identify}; `FORBIDDEN`
   */
  renew(session: Session, credentials: Credentials): Promise<void> {
    return this.#asOfNow({ credentials, address: session.address }, (principal) => {
      if (!isRenewalOf(session.principal, principal)) throw otherPrincipal();
      Object.assign(session, { principal, credentials });
    });
  }

  close(session: Session): void {
    this.#open.delete(session);
  }

  /** Uses what was told of credentials in the moment in which nothing has changed since it was asked. */
  async #asOfNow<T>(
    { credentials, address }: Pick<Caller, 'credentials' | 'address'>,
    use: (principal: Principal) => T,
  ): Promise<T> {
    try {
      for (;;) {
        const changes = this.#changes;
        const principal = await this.#deps.authenticator.identify(credentials);
        if (changes === this.#changes) return use(principal);
      }
    } catch (error) {
      // Who says nothing is no attempt: pages and probes do so.
      const { token } = credentials;
      if (isProblem(error, 'UNAUTHENTICATED') && token !== null) {
        const told = error.details?.['reason'];
        const reason = typeof told === 'string' ? told : 'BAD';
        this.onRefused({ address, reason, keyId: readKey(token)?.id ?? null });
      }
      throw error;
    }
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #look(): Promise<boolean> {
    const { authenticator, view, clock } = this.#deps;
    this.#endExpired(clock.now());
    try {
      const version = await readAccessVersion(view, ASKED_MS);
      this.#heardAt = clock.now();
      if (version === this.#version) return false;
      authenticator.forget();
      this.#changes++;
      await this.#askAgain();
      this.#version = version;
    } catch (error) {
      if (clock.now() - this.#heardAt > SILENT_MS) this.#endPartners();
      throw error;
    }
    return false;
  }

  #endExpired(now: number): void {
    for (const session of this.#open) {
      const { expiresAt } = session.principal;
      if (expiresAt !== null && expiresAt <= now) this.#end(session, notKnown('EXPIRED'));
    }
  }

  async #askAgain(): Promise<void> {
    await Promise.all([...this.#open].map((session) => this.#askAbout(session)));
  }

  async #askAbout(session: Session): Promise<void> {
    const { credentials } = session;
    try {
      const principal = await this.#deps.authenticator.identify(credentials);
      if (session.credentials === credentials) session.principal = principal;
    } catch (error) {
      // Renewed meanwhile.
      if (session.credentials !== credentials) return;
      if (isProblem(error, 'UNAUTHENTICATED') || isProblem(error, 'FORBIDDEN'))
        this.#end(session, error);
      // Else an issuer whose keys cannot be read would keep its sockets open.
      else if (session.principal.kind === 'PARTY') this.#end(session, notRead());
      else throw error;
    }
  }

  #endPartners(): void {
    for (const session of this.#open)
      if (session.principal.kind === 'PARTY') this.#end(session, notRead());
  }

  #end(session: Session, why: Problem): void {
    this.#open.delete(session);
    session.end(why);
  }
}

function notRead(): Problem {
  return new Problem('SERVICE_UNAVAILABLE', 'Whether your access is still good cannot be read.');
}
