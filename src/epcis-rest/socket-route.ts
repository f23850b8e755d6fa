import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The rest of a request to open a socket, which is a right one. */
export interface Upgrade {
  readonly head: Buffer;
  /** Answers with what went wrong, and closes. */
  readonly refuse: (error: unknown) => void;
}

/** Sockets of a feature. */
export interface SocketRoute {
  /** Answers or refuses an upgrade of a path of its own; false for any other. */
  accept(request: IncomingMessage, socket: Duplex, upgrade: Upgrade): boolean;
  /** Closes every socket with 1001. */
  dispose(): Promise<void>;
}
