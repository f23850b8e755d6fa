import { once } from 'node:events';
import WebSocket from 'ws';
import type { TestApp } from './app-for-tests.js';

/** A message of graphql-transport-ws. */
export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** Opens a socket that says who it is, for tests that look at each message. */
export async function openSocket(
  key: string,
  at: Pick<TestApp, 'url'>,
): Promise<{
  readonly socket: WebSocket;
  readonly closed: Promise<[number, string]>;
  readonly next: () => Promise<Message>;
  readonly ask: (id: string, query: string, more?: object) => void;
}> {
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = once(socket, 'close').then(
    ([code, reason]) => [code as number, String(reason)] as [number, string],
  );
  // A connection that is refused or reset says so where it is used.
  closed.catch(() => undefined);
  const waiting: ((message: Message) => void)[] = [];
  const come: Message[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    const taker = waiting.shift();
    if (taker) taker(message);
    else come.push(message);
  });
  const next = (): Promise<Message> =>
    new Promise((resolve) => {
      const message = come.shift();
      if (message) resolve(message);
      else waiting.push(resolve);
    });
  await once(socket, 'open');
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }),
  );
  const ask = (id: string, query: string, more = {}): void => {
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, ...more } }));
  };
  return { socket, closed, next, ask };
}
