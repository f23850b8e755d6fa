/** `npm run bench`: our graph and a naive one, built from the same events in one Neo4j, side by side. */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { systemClock } from '../src/shared/clock.js';
import { progress, say, show } from './figures.js';
import { measureGrowth } from './growth.js';
import type { GrowthResult } from './growth.js';
import { measureLive } from './live.js';
import type { LiveResult } from './live.js';
import { loadNaive, loadOurs } from './load.js';
import { naiveRival, nameRun } from './naive.js';
import { startNeo4jGraphql } from './neo4j-graphql.js';
import type { Neo4jGraphqlRival } from './neo4j-graphql.js';
import { Network, REGISTER } from './network.js';
import { measurePartners } from './partners.js';
import { installPeers } from './peers.js';
import { startPostgres } from './postgres.js';
import type { PostgresRival } from './postgres.js';
import type { Question } from './questions.js';
import { loadQueryEvents, measureQueries } from './queries.js';
import { WARM_MS } from './in-turn.js';
import { measureReads } from './reads.js';
import type { ReadBench } from './reads.js';
import { floorOf, noiseOf, reportGoals, reportGrowth, reportLive } from './report.js';
import {
  reportPartners,
  reportQueries,
  reportReads,
  reportSockets,
  reportStatements,
  reportWrites,
} from './report.js';
import type { Reads } from './report.js';
import { ServiceProcess } from './service-process.js';
import { measureSockets } from './sockets.js';
import { openBenchStore } from './store.js';
import type { BenchStore } from './store.js';
import { measureWrites } from './writes.js';
import type { WriteBench, WriteResult } from './writes.js';

interface Options {
  readonly units: string;
  readonly events: string;
  readonly quick: boolean;
  readonly keep: boolean;
  readonly profile: boolean;
  readonly statements: boolean;
  readonly build: boolean;
  readonly only: string;
  readonly filter: string;
  readonly naive: boolean;
  readonly peers: boolean;
  readonly growth?: string;
}

const options = new Command('bench')
  .option('--units <n>', 'units in the network; half of them are one lot', '100000')
  .option('--quick', 'fewer and smaller rounds', false)
  .option('--keep', 'keep the store in .data/bench and use it again', false)
  .option(
    '--only <parts>',
    'reads, writes, live; comma between; or one of queries, partners and sockets, alone, in stores of their own',
    'reads,writes,live',
  )
  .option('--events <n>', 'events in the store of the queries', '200000')
  .option('--filter <text>', 'only questions and ways of writing with this in their name', '')
  .option('--no-naive', 'write to ours only')
  .option('--peers', 'ask @neo4j/graphql and PostgreSQL too; installs bench/peers', false)
  .option('--growth <units>', 'stores of these sizes, comma between, and nothing else')
  .option('--statements', 'also what the statements of the writer cost', false)
  .option(
    '--profile',
    'CPU profiles of the service while it writes, in .data/bench/profiles',
    false,
  )
  .option('--no-build', 'take dist/ as it is')
  .parse()
  .opts<Options>();

async function load(store: BenchStore, network: Network): Promise<void> {
  const ours = await loadOurs(network, store.neo4j);
  nameRun('load-');
  const naive = await loadNaive(network, store.graph);
  await store.note(0);
  say(
    `loaded ${show(network.units)} units: ours ${show(ours / 1000)} s, naive ${show(naive / 1000)} s`,
  );
}

async function benchQueries(store: BenchStore): Promise<void> {
  const service = await ServiceProcess.start(store.neo4j);
  const events = Number(options.events);
  const { url } = service;
  if (store.runs === undefined) await loadQueryEvents(url, events);
  await store.note((store.runs ?? 0) + 1);
  const bed = { url, graph: store.graph, events, filter: options.filter };
  const results = await measureQueries(bed, options.quick ? 10 : 40);
  progress('');
  await service.stop();
  reportQueries(results, events);
}

async function bench(store: BenchStore, network: Network): Promise<void> {
  if (store.runs === undefined) await load(store, network);
  // Started on the loaded store: its statements are planned for it.
  const service = await ServiceProcess.start(store.neo4j);
  const run = (store.runs ?? 0) + 1;
  nameRun(`run${run}-`);
  await store.note(run);
  const wants = (part: string): boolean => options.only.split(',').includes(part);
  const { quick, filter } = options;
  const bed = { network, service, graph: store.graph };
  const reads = wants('reads') ? await read(store, bed) : { results: [], rivals: [] };
  const neo4jPid = store.neo4j.pid;
  const writes = wants('writes') ? await write({ ...bed, run, filter, neo4jPid }) : [];
  const live = wants('live')
    ? await measureLive(service.url, network, { run, rounds: quick ? 20 : 100 })
    : null;
  progress('');
  await service.stop();
  report(reads, writes, live);
}

function report(reads: Reads, writes: readonly WriteResult[], live: LiveResult | null): void {
  headline([
    `${show(Number(options.units))} units`,
    ...(reads.results.length > 0 ? [floorOf(reads.results)] : []),
    ...(writes.length > 0 ? [noiseOf(writes)] : []),
  ]);
  if (reads.results.length > 0) reportReads(reads);
  if (writes.length > 0) reportWrites(writes);
  if (live !== null) reportLive(live);
  reportGoals(reads.results, writes);
  if (options.statements || options.profile) reportStatements(writes);
}

async function read(
  store: BenchStore,
  bed: Pick<ReadBench, 'network' | 'service' | 'graph'>,
): Promise<Reads> {
  const peers = options.peers ? await startPeers(store, bed.network) : [];
  const rivals = [naiveRival(store.graph), ...peers];
  const wanted = ({ name }: Question): boolean => name.includes(options.filter);
  try {
    const size = options.quick ? { rounds: 15, warmMs: 0 } : { rounds: 60, warmMs: WARM_MS };
    return { rivals, results: await measureReads({ ...bed, rivals, ...size, wanted }) };
  } finally {
    for (const peer of peers) await peer.close();
  }
}

/** Others that answer the same questions, of the same events. */
async function startPeers(
  { neo4j }: BenchStore,
  network: Network,
): Promise<readonly (Neo4jGraphqlRival | PostgresRival)[]> {
  installPeers();
  const postgres = await startPostgres();
  if (postgres === undefined)
    say('PostgreSQL is not installed (apt-get install postgresql): its column is left out.');
  else say(`PostgreSQL loaded in ${show((await postgres.load(network)) / 1000)} s`);
  return [await startNeo4jGraphql(neo4j), ...(postgres === undefined ? [] : [postgres])];
}

async function benchPartners(): Promise<void> {
  const result = await measurePartners(Number(options.units), options.quick);
  headline([`${show(Number(options.units))} units`, `${REGISTER.length} partners`]);
  reportPartners(result);
}

async function benchSockets(): Promise<void> {
  const result = await measureSockets(options.quick ? 60 : 300);
  progress('');
  headline([]);
  reportSockets(result);
}

async function benchGrowth(sizes: readonly number[]): Promise<void> {
  const results: GrowthResult[] = [];
  try {
    for (const units of sizes) results.push(await measureGrowth(units, options.quick));
  } finally {
    progress('');
    headline([]);
    reportGrowth(results);
  }
}

async function write(
  bed: Omit<WriteBench, 'naive' | 'profiles' | 'rounds' | 'scale'>,
): Promise<readonly WriteResult[]> {
  const profiles = options.profile ? join('.data', 'bench', 'profiles') : undefined;
  if (profiles !== undefined) await mkdir(profiles, { recursive: true });
  const size = options.quick ? { rounds: 3, scale: 0.25 } : { rounds: 5, scale: 1 };
  return measureWrites({ ...bed, ...size, naive: options.naive, profiles });
}

function headline(more: readonly string[]): void {
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date(systemClock.now()).toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`;
  say(`\n${[day, machine, `${memory} GB`, `Node ${process.versions.node}`, ...more].join(', ')}`);
}

if (options.build)
  spawnSync(process.execPath, [fileURLToPath(new URL('../bin/build.js', import.meta.url))], {
    stdio: ['ignore', 2, 2],
  });
if (options.growth !== undefined) await benchGrowth(options.growth.split(',').map(Number));
else if (options.only === 'partners') await benchPartners();
else if (options.only === 'sockets') await benchSockets();
else await benchStore();

async function benchStore(): Promise<void> {
  const asksQueries = options.only === 'queries';
  const store = await openBenchStore(
    asksQueries ? `queries-${options.events}` : options.units,
    options.keep,
  );
  try {
    if (asksQueries) await benchQueries(store);
    else await bench(store, new Network(Number(options.units)));
  } finally {
    await store.close();
  }
}
