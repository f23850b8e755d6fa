import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';

/** A free TCP port at 127.0.0.1; the preferred one if it is free. */
export async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await canListen(preferred))) return preferred;
  // Outgoing connections use higher ports, so they cannot take this one between check and use.
  for (;;) {
    const port = 20_000 + (randomBytes(2).readUInt16BE() % 12_000);
    if (await canListen(port)) return port;
  }
}

/** True when nobody listens on the port. */
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
