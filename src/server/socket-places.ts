import type { WebSocket } from 'ws';
import { Problem } from '../shared/problem.js';

/** Most sockets that have not said who they are, of one address and in all. A proxy has one address for all its clients. */
const MOST_UNKNOWN_OF_ADDRESS = 100;
const MOST_UNKNOWN = 500;

/**
 * Who may keep a socket open. Those who do not say who they are, or were refused, have places of their own, and when these are taken, the
 * oldest ends. So they keep nobody out, and nobody has to be quick while many wait.
 */
export class SocketPlaces {
  readonly #known = new Map<WebSocket, string>();
  /** With their addresses, the oldest first. */
  readonly #unknown = new Map<WebSocket, string>();

  constructor(private readonly most: number) {}

  get isFull(): boolean {
    return this.#known.size >= this.most;
  }

  /** Takes a place for a socket that has not said who it is. */
  enter(socket: WebSocket, address: string): void {
    this.#makeRoom(address);
    this.#unknown.set(socket, address);
    socket.once('close', () => {
      this.#known.delete(socket);
      this.#unknown.delete(socket);
    });
  }

  /**
   * Gives a socket that says who it is its place, before it is known whether that is true.
   *
   * @throws Problem `SERVICE_UNAVAILABLE`
   */
  take(socket: WebSocket): void {
    if (this.isFull) throw tooManySockets();
    this.#move(socket, this.#unknown, this.#known);
  }

  /** Takes the place back from one who is refused: he may wait long before he closes. */
  takeBack(socket: WebSocket): void {
    this.#move(socket, this.#known, this.#unknown);
  }

  #move(socket: WebSocket, from: Map<WebSocket, string>, to: Map<WebSocket, string>): void {
    const address = from.get(socket);
    if (address === undefined) return;
    from.delete(socket);
    if (to === this.#unknown) this.#makeRoom(address);
    to.set(socket, address);
  }

  #makeRoom(address: string): void {
    const all = [...this.#unknown];
    const same = all.filter(([, of]) => of === address);
    const isFull = all.length >= MOST_UNKNOWN;
    const [oldest] = same.length >= MOST_UNKNOWN_OF_ADDRESS ? same : isFull ? all : [];
    if (oldest === undefined) return;
    // Its 'close' may come later.
    this.#unknown.delete(oldest[0]);
    oldest[0].terminate();
  }
}

/** The refusal of one socket more. */
export function tooManySockets(): Problem {
  return new Problem('SERVICE_UNAVAILABLE', 'Too many sockets are open.', {
    retryAfterSeconds: 30,
  });
}
