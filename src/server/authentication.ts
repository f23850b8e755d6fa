import type { FastifyInstance, FastifyRequest } from 'fastify';
import { credentialsIn } from '../access/credentials.rules.js';
import { REQUEST_COST } from '../access/allowances.js';
import type { Access } from '../access/make-access.js';
import { NOBODY, demand } from '../access/principal.js';
import type { Principal } from '../access/principal.js';
import type { Scope } from '../access/roles.js';
import type { Problem } from '../shared/problem.js';
import { forbidden } from '../shared/problem.js';

/**
 * What a route needs: a scope; `null` for whoever is known, because the operation itself is checked; `host` for those of the host who may
 * read; `anybody` for what everybody may see.
 */
export type RouteScope = Scope | null | 'host' | 'anybody';

declare module 'fastify' {
  interface FastifyContextConfig {
    scope?: RouteScope;
  }
  interface FastifyRequest {
    /** Who asks. */
    principal: Principal;
    /** Ends an answer that goes on, because its credentials are good no longer. Without it, the connection is cut. */
    endAccess?: (why: Problem) => void;
  }
}

/**
 * Tells who sends each request before a route sees it, and refuses what his credentials or his allowance do not allow. A request whose
 * credentials end while it goes on is cut off.
 *
 * @throws Error while routes are added, for a route that does not say what it needs
 */
export function authenticateRequests(
  http: FastifyInstance,
  { sessions, allowances }: Access,
): void {
  http.decorateRequest('principal');
  http.decorateRequest('endAccess');
  http.addHook('onRoute', ({ url, method, config }) => {
    if (config?.scope === undefined)
      throw new Error(`Give the route ${String(method)} ${url} a scope in its config`);
  });
  http.addHook('onRequest', async (request, reply) => {
    const { scope = 'anybody' } = request.routeOptions.config;
    request.principal = NOBODY;
    if (scope === 'anybody') return;
    // What somebody may see is kept by no cache, unless the route knows better.
    void reply.header('cache-control', 'no-store');
    const session = await sessions.open({
      ...{ credentials: credentialsIn(request.headers), address: request.ip },
      end: (why) => {
        if (request.endAccess === undefined) request.raw.socket.destroy();
        else request.endAccess(why);
      },
    });
    const close = (): void => {
      sessions.close(session);
    };
    reply.raw.once('close', close);
    // The client may have left meanwhile, and nobody would tell us again.
    if (reply.raw.destroyed) close();
    const { principal } = session;
    await allowances.spend(principal, REQUEST_COST);
    request.principal = principal;
    permit(principal, scope, request);
  });
}

function permit(principal: Principal, scope: Scope | null | 'host', request: FastifyRequest): void {
  const what = `${request.method} ${request.url.split('?', 1)[0] ?? ''}`.slice(0, 200);
  if (scope === 'host' && principal.kind === 'PARTY')
    throw forbidden('ONLY_HOST', `${what} is only for the host of this service.`, {
      remedy: 'Ask the host for it.',
    });
  if (scope !== null) demand(principal, scope === 'host' ? 'read' : scope, what);
}
