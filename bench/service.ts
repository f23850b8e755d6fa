/** The service under test, a process of its own: `service.ts <neo4j uri> <user> <password> <settings, JSON>`, forked by service-process.ts. */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type * as app from '../src/app.js';
import type * as configuration from '../src/config.js';
import type { Graph, StatementRun } from '../src/graph/graph.js';
import type { Params } from '../src/graph/run-options.js';
import type * as opening from '../src/neo4j-child/open-store.js';
import type * as listening from '../src/server/listener.js';
import type * as clocks from '../src/shared/clock.js';
import type * as logging from '../src/shared/logger.js';
import type { Answer, Question, RecordedRead, StatementCost } from './service-process.js';

/** Compiled, as `npm start` runs it; the types are those of the sources. */
const built = async <T>(path: string): Promise<T> =>
  (await import(new URL(`../dist/${path}.js`, import.meta.url).href)) as T;
const { startApp } = await built<typeof app>('app');
const { readConfig } = await built<typeof configuration>('config');
const { openStore } = await built<typeof opening>('neo4j-child/open-store');
const { listen } = await built<typeof listening>('server/listener');
const { silentLogger } = await built<typeof logging>('shared/logger');
const { systemClock } = await built<typeof clocks>('shared/clock');

const [uri = '', user = '', password = '', settings = '{}'] = process.argv.slice(2);
const config = readConfig({
  NEO4J_URI: uri,
  NEO4J_USER: user,
  NEO4J_PASSWORD: password,
  PORT: '0',
  LOG_LEVEL: 'silent',
  DEMO: 'false',
  ...(JSON.parse(settings) as object),
});
const store = await openStore(config, { log: silentLogger });

let costs = new Map<string, StatementCost>();
let lastEnd = 0;
// Statements of the writer are pipelined: what one cost runs from the end of the one before it.
store.graph.onStatement(({ name, mode, ms, rows }: StatementRun) => {
  if (mode === 'read') return;
  const end = performance.now();
  const cost = costs.get(name) ?? { name, runs: 0, ms: 0, rows: 0 };
  const own = end - Math.max(end - ms, lastEnd);
  costs.set(name, { name, runs: cost.runs + 1, ms: cost.ms + own, rows: cost.rows + rows });
  lastEnd = end;
});

let reads: RecordedRead[] | undefined;
function recording(graph: Graph): Graph {
  return {
    log: graph.log,
    read: async (statement, params: Params = {}, options = {}) => {
      const started = performance.now();
      const list = reads;
      const rows = await graph.read(statement, params, options);
      list?.push({ text: statement.text, params, started, ended: performance.now() });
      return rows;
    },
    readStream: (statement, params, options) => graph.readStream(statement, params, options),
    write: (work, options) => graph.write(work, options),
    writeAlone: (statement, params, options) => graph.writeAlone(statement, params, options),
    plan: (statement) => graph.plan(statement),
    keepPlans: () => {
      graph.keepPlans();
    },
    ready: () => graph.ready(),
    version: () => graph.version(),
    onStatement: (listener) => graph.onStatement(listener),
    pool: () => graph.pool(),
    close: () => graph.close(),
  };
}

const service = await startApp({
  config,
  listener: await listen(config, { logger: silentLogger, waitsFor: () => 'the bench' }),
  graph: recording(store.graph),
  migrations: store.migrations,
  clock: systemClock,
  logger: silentLogger,
  keepsPlans: config.PREPARE_PLANS,
});

let profiler: Session | undefined;
async function startProfile(): Promise<Answer> {
  profiler = new Session();
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.setSamplingInterval', { interval: 500 });
  await profiler.post('Profiler.start');
  return {};
}

async function endProfile(file: string): Promise<Answer> {
  const told = (await profiler?.post('Profiler.stop')) as { profile: unknown };
  profiler?.disconnect();
  await writeFile(file, JSON.stringify(told.profile));
  return {};
}

function takeStatements(): Answer {
  const statements = [...costs.values()];
  costs = new Map();
  return { statements };
}

function takeReads(): Answer {
  const taken = reads ?? [];
  reads = undefined;
  return { reads: taken };
}

function cpuNow(): Answer {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000 };
}

/** When all that nobody uses any more is gone. */
function memoryNow(): Answer {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return { bytes: heapUsed + external };
}

async function stop(): Promise<Answer> {
  await service.stop();
  await store.close();
  return {};
}

function answer(question: Question): Answer | Promise<Answer> {
  switch (question.ask) {
    case 'statements':
      return takeStatements();
    case 'cpu':
      return cpuNow();
    case 'memory':
      return memoryNow();
    case 'record':
      reads = [];
      return {};
    case 'recorded':
      return takeReads();
    case 'profile':
      return startProfile();
    case 'profiled':
      return endProfile(question.file);
    case 'stop':
      return stop();
  }
}

process.on('message', (question: Question) => {
  void Promise.resolve(answer(question)).then((told) => {
    process.send?.({ ...told, id: question.id }, () => {
      if (question.ask === 'stop') process.disconnect();
    });
  });
});
process.on('disconnect', () => {
  setTimeout(() => process.exit(0), 2000).unref();
});
process.send?.({ id: 0, url: service.url });
