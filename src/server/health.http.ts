import type { FastifyInstance } from 'fastify';
import type { Graph } from '../graph/graph.js';
import { isMigrated } from '../graph/migrate.js';
import type { Migration } from '../graph/migrate.js';
import { readIsRebuilding } from './health.read-model.js';

/** What readiness depends on. */
export interface HealthSources {
  readonly graph: Graph;
  readonly migrations: readonly Migration[];
  readonly isStopping: () => boolean;
}

/** Serves `GET /health/live` (the process answers) and `GET /health/ready` (Neo4j answers, its migrations are this version's, and no rebuild is under way). */
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
  if (!migrated) return 'the migrations of the database are not those of this version';
  const rebuilding = await readIsRebuilding(graph).catch(() => true);
  return rebuilding
    ? 'the projection is being rebuilt: answers are incomplete until it ends'
    : null;
}
