import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startApp } from '../../src/app.js';
import { verifyProjection } from '../../src/rebuild/index.js';
import { readConfig } from '../../src/config.js';
import { openGraph } from '../../src/graph/graph.js';
import type { Graph } from '../../src/graph/graph.js';
import { migrate, readMigrations } from '../../src/graph/migrate.js';
import { startEmbeddedNeo4j } from '../../src/neo4j-child/embedded-neo4j.js';
import { signalProcess } from '../../src/neo4j-child/process-identity.js';
import { listen } from '../../src/server/listener.js';
import { systemClock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import { CaptureLoad, faultsIn } from '../support/capture-load.js';
import { random } from '../support/histories.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../support/neo4j-for-tests.js';
import { standBy } from '../support/service-process.js';
import type { StandbyService } from '../support/service-process.js';
import { nightly, seed } from '../support/test-settings.js';

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** How often each is killed: a Neo4j that starts again costs as much as ten services, and a night's run takes an hour. */
const KILLS = nightly ? { service: 50, neo4j: 50 } : { service: 6, neo4j: 1 };
const LIMIT_MS = nightly ? 5_400_000 : 900_000;

const spawned: StandbyService[] = [];
afterAll(() => {
  for (const service of spawned) service.kill('SIGKILL');
});

/** What a night's run did: for the note that tells of it. */
function report({ told }: CaptureLoad): void {
  if (!nightly) return;
  const events = told.acknowledged.reduce((sum, one) => sum + one.ids.length, 0);
  process.stderr.write(
    `${told.acknowledged.length} documents with ${events} events acknowledged, ${told.refused.length} refused, ${told.unanswered.length} unanswered\n`,
  );
}

async function standby(): Promise<StandbyService> {
  const service = await standBy(neo4jOfTests());
  spawned.push(service);
  return service;
}

async function differences(graph: Graph): Promise<readonly string[]> {
  const { events, unexpected, missing } = await verifyProjection(graph, () => undefined);
  expect(events).toBeGreaterThan(0);
  return [...unexpected.map((line) => `+ ${line}`), ...missing.map((line) => `- ${line}`)];
}

test(
  `a service killed ${KILLS.service} times in mid-capture loses nothing it acknowledged and leaves nothing half-written`,
  async () => {
    const graph = await graphForTests();
    await emptyGraph(graph);
    const load = new CaptureLoad(seed);
    const next = random(seed);
    let unanswered = 0;
    let waiting = standby();
    for (let round = 1; round <= KILLS.service; round++) {
      const service = await waiting;
      waiting = standby();
      load.start(await service.start(), 8);
      await load.progress(1);
      await sleep(next() * 300);

      service.kill('SIGKILL');
      await expect(service.ended).resolves.toBe('SIGKILL');
      await load.stop();

      unanswered += load.told.unanswered.length;
      expect([round, await faultsIn(graph, load)]).toEqual([round, []]);
    }
    // The clients were told nothing of what was in flight: else the kills hit an idle service.
    expect(unanswered).toBeGreaterThan(2 * KILLS.service);

    const service = await waiting;
    load.start(await service.start(), 8);
    await load.progress(10);
    await load.stop();
    service.kill('SIGTERM');
    await expect(service.ended).resolves.toBe(0);
    expect(await faultsIn(graph, load)).toEqual([]);
    expect(await differences(graph)).toEqual([]);
    report(load);
    await graph.close();
  },
  LIMIT_MS,
);

test(
  `a Neo4j killed ${KILLS.neo4j} times in mid-capture loses nothing acknowledged, and capture goes on by itself`,
  async () => {
    await mkdir(folder('.data/test-crash'), { recursive: true });
    const dataDir = await mkdtemp(folder('.data/test-crash/'));
    const neo4j = await startEmbeddedNeo4j({
      dataDir,
      libRoot: folder('.data/neo4j'),
      log: silentLogger,
      heapMb: 512,
      pageCacheMb: 64,
      logFileMb: 8,
      restarts: KILLS.neo4j,
    });
    const graph = openGraph(neo4j);
    const migrations = await readMigrations(folder(join('schema', 'migrations')));
    await migrate(graph, migrations);
    const config = readConfig({ PORT: '0', DEMO: 'false' });
    const listener = await listen(config, { logger: silentLogger, waitsFor: () => 'a test' });
    const app = await startApp({
      ...{ config, listener, graph, migrations },
      clock: systemClock,
      logger: silentLogger,
    });
    const load = new CaptureLoad(seed + 1);
    const next = random(seed + 1);
    load.start(app.url, 8);
    for (let round = 1; round <= KILLS.neo4j; round++) {
      await load.progress(3);
      await sleep(next() * 300);
      const { pid } = neo4j;

      signalProcess(pid, 'SIGKILL');

      while (neo4j.pid === pid || !(await graph.ready())) await sleep(50);
    }
    await load.progress(3);
    await load.stop();

    expect(await faultsIn(graph, load)).toEqual([]);
    expect(await differences(graph)).toEqual([]);
    report(load);
    await app.stop();
    await graph.close();
    await neo4j.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  },
  LIMIT_MS,
);
