import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Principal } from '../access/principal.js';

/** The rest of a valid request to open a socket. */
export interface Upgrade {
  readonly head: Buffer;
  readonly principal: Principal;
  /** Says how the socket is closed when its credentials end. @returns to be called when it is closed */
  readonly watch: (close: (code: number, reason: string) => void) => () => void;
  /** Answers with the error and closes the connection. */
  readonly refuse: (error: unknown) => void;
}

/** The sockets of a feature. */
export interface SocketRoute {
  /** Whether the path of a request is its own. */
  serves(request: IncomingMessage): boolean;
  /** Accepts or refuses an upgrade of its own path. */
  accept(request: IncomingMessage, socket: Duplex, upgrade: Upgrade): void;
  /** Closes every socket with 1001. */
  dispose(): Promise<void>;
}
