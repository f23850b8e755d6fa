import type { FastifyInstance } from 'fastify';
import type { Graph } from '../graph/graph.js';
import { isMigrated } from '../graph/migrate.js';
import type { Migration } from '../graph/migrate.js';

/** What readiness depends on. */
export interface HealthSources {
  readonly graph: Graph;
  readonly migrations: readonly Migration[];
  readonly isStopping: () => boolean;
}

/** Serves `GET /health/live` (the process answers) and `GET /health/ready` (Neo4j answers and its migrations are this version's). */
export function registerHealth(http: FastifyInstance, sources: HealthSources): void {
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', async (_request, reply) => {
    const reason = await whyNotReady(sources);
    return reason === null
      ? { status: 'ready' }
      : reply.code(503).send({ status: 'not ready', reason });
  });
}

async function whyNotReady({
  graph,
  migrations,
  isStopping,
}: HealthSources): Promise<string | null> {
  if (isStopping()) return 'the server is stopping';
  if (!(await graph.ready())) return 'Neo4j does not answer';
  const migrated = await isMigrated(graph, migrations).catch(() => false);
  return migrated ? null : 'the migrations of the database are not those of this version';
}
