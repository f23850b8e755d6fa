import { createReadStream, existsSync, readFileSync, readdirSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../shared/problem.js';
import { PAGE_CSP } from './security-headers.js';

const NOT_BUILT =
  'The playground is not built yet. Run `npm run build`. The API is POST /graphql.\n';
const GRAPHQL_TYPES = ['application/graphql-response+json', 'application/json'];

/**
 * Serves the bundle in `distDir`: its page when a browser opens `/graphql`, its hashed files under
 * `/playground/assets/`.
 *
 * A hook answers with the page, so `/graphql` stays one route for all other requests. Without a
 * bundle, the answer tells how to build it.
 */
export function registerPlayground(http: FastifyInstance, options: { distDir: string }): void {
  const page = join(options.distDir, 'index.html');
  const built = existsSync(page);
  const html = built ? readFileSync(page) : NOT_BUILT;

  http.addHook('onRequest', async (request, reply) => {
    if (!isPageRequest(request)) return;
    return reply
      .code(built ? 200 : 404)
      .type(built ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8')
      .headers({ ...SAFE_HEADERS, 'cache-control': 'no-cache', vary: 'Accept' })
      .send(html);
  });

  if (built) serveAssets(http, join(options.distDir, 'assets'));
}

/**
 * True if a `GET /graphql` asks for the page: it accepts `text/html`, and prefers it to the GraphQL
 * media types. A wildcard is not enough, because `curl` and GraphQL clients send it too.
 */
export function wantsPlayground(headers: IncomingHttpHeaders): boolean {
  const wanted = qualities(headers.accept ?? '');
  const html = wanted.get('text/html') ?? 0;
  return html > Math.max(0, ...GRAPHQL_TYPES.map((type) => wanted.get(type) ?? 0));
}

/** For the page and every file, because a worker obeys the policy of its own file. */
const SAFE_HEADERS = { 'content-security-policy': PAGE_CSP };

const MEDIA_TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
};

/**
 * Serves the two dozen files of the bundle by their exact names, so that no path can lead
 * elsewhere. It does not use `@fastify/static`: version 10 needs an ESM-only package, which jest on
 * Node 20 cannot load.
 */
function serveAssets(http: FastifyInstance, folder: string): void {
  const files = new Set(readdirSync(folder));
  http.get<{ Params: { file: string } }>(
    '/playground/assets/:file',
    { config: { scope: 'anybody' } },
    (request, reply) => {
      const { file } = request.params;
      if (!files.has(file))
        throw new Problem('NOT_FOUND', `The playground has no file ${file.slice(0, 100)}.`);
      return reply
        .type(MEDIA_TYPES[extname(file)] ?? 'application/octet-stream')
        .headers({ ...SAFE_HEADERS, 'cache-control': 'public, max-age=31536000, immutable' })
        .send(createReadStream(join(folder, file)));
    },
  );
}

function isPageRequest(request: FastifyRequest): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && request.url.split('?', 1)[0] === '/graphql' && wantsPlayground(request.headers);
}

/** Media type → its weight in an Accept header; 1 without a `q`. */
function qualities(accept: string): Map<string, number> {
  return new Map(
    accept.split(',').map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return [type, q === undefined ? 1 : Number(q.slice(2)) || 0];
    }),
  );
}
