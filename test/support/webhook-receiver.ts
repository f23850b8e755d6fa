import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One POST that a receiver got. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** A local receiver of webhooks. */
export interface WebhookReceiverForTests {
  readonly url: string;
  readonly received: readonly Received[];
  /** Decides the status of each POST; 200 unless set. A promise holds the answer back; 0 cuts the connection. */
  answer: (received: Received, nth: number) => number | Promise<number>;
  /** Ids of the events of those POSTs that were answered with 2xx, in the order they came. */
  takenIDs(): string[];
  /** Waits until `isDone`, at most four minutes: less than a test may take. */
  until(isDone: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1. */
export async function startReceiver(): Promise<WebhookReceiverForTests> {
  const received: Received[] = [];
  const taken: Received[] = [];
  const receiver: WebhookReceiverForTests = {
    url: '',
    received,
    answer: () => 200,
    takenIDs: () => taken.flatMap(({ body }) => eventIDsOf(body)),
    until: async (isDone) => {
      const end = performance.now() + 240_000;
      while (!isDone()) {
        if (performance.now() > end)
          throw new Error(
            `Still waiting after four minutes; ${received.length} POSTs were received`,
          );
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one = { headers: request.headers, body, path: request.url ?? '' };
      received.push(one);
      void Promise.resolve(receiver.answer(one, received.length)).then((status) => {
        if (status === 0) {
          request.socket.destroy();
          return;
        }
        if (status >= 200 && status < 300) taken.push(one);
        const location = status >= 300 && status < 400 ? { location: '/elsewhere' } : {};
        response.writeHead(status, location).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, { url: `http://127.0.0.1:${port}/hook` });
}

/** Ids of the events of an EPCISQueryDocument, in order. */
export function eventIDsOf(body: string): string[] {
  const document = JSON.parse(body) as {
    epcisBody: { queryResults: { resultsBody: { eventList: { eventID: string }[] } } };
  };
  return document.epcisBody.queryResults.resultsBody.eventList.map(({ eventID }) => eventID);
}

/** Whether a POST is signed with a secret, as a library of Standard Webhooks sees it. */
export function verifies(secret: string, { headers, body }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
