import { response } from '../epcis-rest/openapi-parts.js';
import type { EpcisRoutes } from '../epcis-rest/resource.js';
import type { Clock } from '../shared/clock.js';
import { Problem } from '../shared/problem.js';
import { TOKEN_LIFETIME_MS, hashOfQuery } from './page-token.js';
import { revokeToken } from './page-token.store.js';

/** Longer than any token lives. */
const REMEMBERED_MS = 2 * TOKEN_LIFETIME_MS;

/**
 * EPCIS 2.0 REST binding: DELETE /epcis/nextPageToken/{token}. Tokens hold no resources here; deleting one makes it of no use, for
 * every list and every process.
 */
export function addPageTokens(routes: EpcisRoutes, { clock }: { readonly clock: Clock }): void {
  routes.resource({
    path: '/nextPageToken/{token}',
    operations: [
      {
        method: 'DELETE',
        answers: [],
        about: {
          summary: 'Makes a nextPageToken of no use.',
          tags: ['Queries'],
          responses: { 204: response('NoContent'), 404: response('NoSuchResource') },
        },
        handle: async ({ params: { token = '' }, view }) => {
          if (!isToken(token))
            throw new Problem('NOT_FOUND', 'No list gives out such a nextPageToken.');
          const nowMs = clock.now();
          await revokeToken(view, token, { nowMs, untilMs: nowMs + REMEMBERED_MS });
          return { status: 204 };
        },
      },
    ],
  });
}

/** Tokens of events and values carry a checksum; those of other lists are the sort key alone, a list in JSON. */
function isToken(token: string): boolean {
  const [body = '', sum, ...more] = token.length > 4000 ? [] : token.split('.');
  if (!/^[\w-]{4,}$/.test(body) || more.length > 0) return false;
  if (sum !== undefined) return sum === hashOfQuery(body);
  return /^\[.*\]$/s.test(Buffer.from(body, 'base64url').toString());
}
