import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';

/** A TCP port nobody listens on at 127.0.0.1; the preferred one when it is free. */
export async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await canListen(preferred))) return preferred;
  // Below the range systems take for outgoing connections, so none of those can get between the look and the use.
  for (;;) {
    const port = 20_000 + (randomBytes(2).readUInt16BE() % 12_000);
    if (await canListen(port)) return port;
  }
}

/** Whether nobody listens on it. */
export function canListen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => {
      done(false);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => {
        done(true);
      });
    });
  });
}
