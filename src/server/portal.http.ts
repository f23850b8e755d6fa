import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '../shared/problem.js';
import { PAGE_CSP } from './security-headers.js';

/**
 * Serves the portal, a page for partners: the page at `/portal`, and below it its script and the client kit, as modules.
 *
 * @param options.distDir folder of the built kit
 */
export function registerPortal(http: FastifyInstance, { distDir }: { distDir: string }): void {
  const built = existsSync(distDir) ? readdirSync(distDir) : [];
  const served = built.filter((name) => name === 'portal.html' || name.endsWith('.js'));
  const files = new Map(served.map((name) => [name, readFileSync(join(distDir, name))]));
  const config = { scope: 'anybody' } as const;
  const send = (reply: FastifyReply, name: string): FastifyReply => {
    const file = files.get(name);
    if (file === undefined)
      throw new Problem(
        'NOT_FOUND',
        files.size === 0
          ? 'The portal is not built yet. Run `npm run build`.'
          : `The portal has no file ${name.slice(0, 100)}.`,
      );
    const type = name.endsWith('.js') ? 'text/javascript' : 'text/html';
    return reply
      .type(`${type}; charset=utf-8`)
      .headers({ 'content-security-policy': PAGE_CSP, 'cache-control': 'no-cache' })
      .send(file);
  };
  http.get('/portal', { config }, (_, reply) => send(reply, 'portal.html'));
  http.get<{ Params: { file: string } }>('/portal/:file', { config }, (request, reply) =>
    send(reply, request.params.file),
  );
}
