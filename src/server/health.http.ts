import { hostView } from '../access/view.js';
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
  readonly condition?: HealthCondition;
  /** The plans that are made while the service already answers. */
  readonly plans: Pick<HealthCondition, 'waitsFor'>;
}

/** What is known of the store without a read. */
export interface HealthCondition {
  /** What it waits for while it does not work; null when it works. */
  waitsFor(): string | null;
  readonly space?: { whyFull(): string | null };
}

/** A probe is answered within this time, whatever the store does. */
const ANSWER = { timeoutMs: 2000, pool: 'health' } as const;

/**
 * Serves `GET /health/live` (the process answers) and `GET /health/ready` (Neo4j answers, its
 * migrations are those of this version, no rebuild is running, and the first plans are made). Both
 * tell what the service waits for. Without space it is ready, but says that captures are refused.
 */
export function registerHealth(http: FastifyInstance, sources: HealthSources): void {
  serveHealth(http, { waiting: () => waiting(sources), why: () => whyNotReady(sources) });
}

/** Serves the same while the service starts: it lives and is not ready. */
export function registerHealthOfStart(http: FastifyInstance, waitsFor: () => string): void {
  serveHealth(http, {
    waiting: () => ({ waitsFor: waitsFor() }),
    why: () => Promise.resolve('the service is starting'),
  });
}

interface Health {
  readonly waiting: () => { readonly waitsFor?: string };
  /** Why it is not ready; null when it is. */
  readonly why: () => Promise<string | null>;
}

const ANYBODY = { config: { scope: 'anybody' } } as const;

/** At the paths of Kubernetes too. */
function serveHealth(http: FastifyInstance, { waiting, why }: Health): void {
  for (const path of ['/health/live', '/livez'])
    http.get(path, ANYBODY, () => ({ status: 'live', ...waiting() }));
  for (const path of ['/health/ready', '/readyz'])
    http.get(path, ANYBODY, async (_request, reply) => {
      const reason = await why();
      return reason === null
        ? { status: 'ready', ...waiting() }
        : reply.code(503).send({ status: 'not ready', reason, ...waiting() });
    });
}

function waiting({ isStopping, condition, plans }: HealthSources): { readonly waitsFor?: string } {
  const full = condition?.space?.whyFull() ?? null;
  const reasons = [
    isStopping() ? STOPPING : null,
    condition?.waitsFor() ?? null,
    plans.waitsFor(),
    full === null ? null : `captures are refused: ${full}`,
  ].filter((reason) => reason !== null);
  return reasons.length === 0 ? {} : { waitsFor: reasons.join('; ') };
}

const STOPPING = 'the server is stopping';
const UNANSWERED = 'Neo4j does not answer';

async function whyNotReady(sources: HealthSources): Promise<string | null> {
  const { graph, migrations, isStopping, condition } = sources;
  if (isStopping()) return STOPPING;
  if (!(await graph.ready())) return condition?.waitsFor() ?? UNANSWERED;
  const migrated = await isMigrated(graph, migrations, ANSWER).catch(() => null);
  if (migrated === null) return UNANSWERED;
  if (!migrated) return 'the migrations of the database are not those of this version';
  const rebuilding = await readIsRebuilding(hostView(graph), ANSWER).catch(() => null);
  if (rebuilding === null) return UNANSWERED;
  if (rebuilding) return 'the projection is being rebuilt: answers are incomplete until that ends';
  return sources.plans.waitsFor() === null
    ? null
    : 'the plans of statements are being made: answers are slow until that ends';
}
