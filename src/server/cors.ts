import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What a page may read of an answer besides its body and the headers that every page may read. */
const EXPOSED =
  'Allow, ETag, GS1-CBV-Max, GS1-CBV-Min, GS1-CBV-Version, GS1-CBV-XML-Format, GS1-EPC-Format, GS1-EPCIS-Capture-File-Size-Limit, GS1-EPCIS-Capture-Limit, GS1-EPCIS-Max, GS1-EPCIS-Min, GS1-EPCIS-Version, GS1-Extensions, Link, Location, Retry-After, WWW-Authenticate, X-Request-Id';
const METHODS = 'DELETE, GET, HEAD, OPTIONS, POST, PUT';

/**
 * Lets pages of the named origins ask this service and read its answers, with credentials. Other pages get no such header, so their
 * browsers keep the answer from them.
 *
 * @see Fetch standard, 3.3 (CORS protocol)
 */
export function allowPages(http: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  http.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !origins.includes(origin)) return;
    void reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': EXPOSED,
    });
    if (isPreflight(request)) return answerPreflight(request, reply);
  });
  // A route may have said already what its answer depends on.
  http.addHook('onSend', async (_, reply) => {
    const others = reply.getHeader('vary');
    void reply.header('vary', others === undefined ? 'Origin' : `${String(others)}, Origin`);
  });
}

/** A browser asks before it sends what a form could not. Any other OPTIONS is for the routes. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
      'access-control-max-age': '600',
    })
    .send();
}
