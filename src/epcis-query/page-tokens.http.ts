import { response } from '../epcis-rest/openapi-parts.js';
import type { EpcisRoutes } from '../epcis-rest/resource.js';
import type { Clock } from '../shared/clock.js';
import { Problem } from '../shared/problem.js';
import { TOKEN_LIFETIME_MS, hashOfQuery } from './page-token.js';
import { revokeToken } from './page-token.store.js';

/** Longer than the lifetime of any token. */
const REMEMBERED_MS = 2 * TOKEN_LIFETIME_MS;

/**
 * EPCIS 2.0 REST binding: DELETE /epcis/nextPageToken/{token}. Tokens hold no resources here. Deleting one makes it invalid for every list
 * and every process.
 */
export function addPageTokens(routes: EpcisRoutes, { clock }: { readonly clock: Clock }): void {
  routes.resource({
    path: '/nextPageToken/{token}',
    operations: [
      {
        method: 'DELETE',
        scope: 'read',
        answers: [],
        about: {
          summary: 'Makes a nextPageToken invalid.',
          tags: ['Queries'],
          responses: { 204: response('NoContent'), 404: response('NoSuchResource') },
        },
        handle: async ({ params: { token = '' }, view }) => {
          if (!isToken(token))
            throw new Problem(
              'NOT_FOUND',
              'No list of this service gives out such a nextPageToken.',
            );
          const nowMs = clock.now();
          await revokeToken(view, token, { nowMs, untilMs: nowMs + REMEMBERED_MS });
          return { status: 204 };
        },
      },
    ],
  });
}

/** Tokens of events and values have a checksum. Tokens of other lists are only the sort key, as a JSON list. */
function isToken(token: string): boolean {
  const [body = '', sum, ...more] = token.length > 4000 ? [] : token.split('.');
  if (!/^[\w-]{4,}$/.test(body) || more.length > 0) return false;
  if (sum !== undefined) return sum === hashOfQuery(body);
  return /^\[.*\]$/s.test(Buffer.from(body, 'base64url').toString());
}
