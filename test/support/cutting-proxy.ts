import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Stands before a service, as a bad network does. */
export interface CuttingProxy {
  readonly url: string;
  /** Connections that were opened through it. */
  readonly opened: number;
  /** Cuts every connection. */
  cut(): void;
  /** Cuts the next connections as soon as an answer comes: the service has done what was asked, and nobody hears of it. */
  dropAnswers(count: number): void;
  /** Answers the next requests itself, with this. */
  answerWith(answer: string, count: number): void;
  stop(): Promise<void>;
}

/** Opens one before a service on 127.0.0.1. */
export async function cuttingProxy(url: string): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let opened = 0;
  let drops = 0;
  let own = { answer: '', count: 0 };
  const server = createServer((client) => {
    opened++;
    const behind = connect(Number(new URL(url).port), '127.0.0.1');
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (own.count === 0) behind.write(bytes);
      else {
        own.count--;
        client.end(own.answer);
      }
    });
    behind.on('data', (bytes) => {
      if (drops === 0) client.write(bytes);
      else {
        drops--;
        client.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get opened() {
      return opened;
    },
    cut,
    dropAnswers: (count) => (drops = count),
    answerWith: (answer, count) => (own = { answer, count }),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
