import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { View, ViewFor } from '../access/view.js';
import { DateTime } from '../graphql/scalars.js';
import { Problem, refusedArgument } from '../shared/problem.js';
import { streamAccesses } from './access.read-model.js';
import type { AccessFilter } from './access.read-model.js';

type Range = Pick<AccessFilter, 'from' | 'until'>;

/** GET /audit: the audit log as NDJSON, oldest first; `from` and `until` limit it to a time. */
export function registerAudit(http: FastifyInstance, { viewFor }: { viewFor: ViewFor }): void {
  http.route<{ Querystring: Readonly<Record<string, unknown>> }>({
    method: 'GET',
    url: '/audit',
    config: { scope: 'audit' },
    handler: (request, reply) => {
      const range = rangeIn(request.query);
      const over = new AbortController();
      reply.raw.once('close', () => {
        over.abort();
      });
      const view = viewFor(request.principal, over.signal);
      return reply
        .header('cache-control', 'no-store')
        .type('application/x-ndjson; charset=utf-8')
        .send(Readable.from(linesOf(view, range), { objectMode: false }));
    },
  });
}

// The stream asks for the next rows after the socket took the last: a slow reader needs no buffer.
async function* linesOf(view: View, range: Range): AsyncGenerator<string> {
  for await (const entries of streamAccesses(view, range))
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

function rangeIn({ from, until, ...others }: Readonly<Record<string, unknown>>): Range {
  const [stranger] = Object.keys(others);
  if (stranger !== undefined)
    throw new Problem(
      'BAD_USER_INPUT',
      `Parameter "${stranger.slice(0, 100)}" is unknown. Known are from and until.`,
    );
  return { from: instant('from', from), until: instant('until', until) };
}

function instant(parameter: string, text: unknown): number | null {
  if (text === undefined) return null;
  try {
    return DateTime.parseValue(text);
  } catch {
    throw refusedArgument(parameter, JSON.stringify(text), {
      rule: 'must be a point in time, ISO 8601 with an offset.',
      remedy: 'Write it like 2026-03-01T09:30:00Z.',
    });
  }
}
