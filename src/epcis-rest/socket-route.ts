import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The rest of a valid request to open a socket. */
export interface Upgrade {
  readonly head: Buffer;
  /** Answers with the error and closes the connection. */
  readonly refuse: (error: unknown) => void;
}

/** The sockets of a feature. */
export interface SocketRoute {
  /** Accepts or refuses an upgrade of its own path; false for any other path. */
  accept(request: IncomingMessage, socket: Duplex, upgrade: Upgrade): boolean;
  /** Closes every socket with 1001. */
  dispose(): Promise<void>;
}
