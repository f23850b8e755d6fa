import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { milestone, show } from './figures.js';
import type { Samples } from './figures.js';
import { loadOurs } from './load.js';
import { Network } from './network.js';
import type { ReadResult } from './reads.js';
import { WARM_MS } from './in-turn.js';
import { measureReads } from './reads.js';
import { ServiceProcess } from './service-process.js';
import { openBenchStore } from './store.js';
import type { BenchStore } from './store.js';
import { measureWrites } from './writes.js';

/** What a store of one size takes. */
export interface GrowthResult {
  readonly units: number;
  readonly loadMs: number;
  /** On disk, after Neo4j ended in good order, so with all that the logs hold in the store. */
  readonly storeMb: number;
  readonly logsMb: number;
  /** From starting Neo4j to `/health/ready`. */
  readonly readyMs: number;
  readonly reads: readonly ReadResult[];
  /** Events a second, by round. */
  readonly captures: Samples;
  /** Events a second; NaN when the command failed. */
  readonly rebuild: number;
  readonly verify: number;
}

/** Loads a store of that many units, takes its measure, and removes it. */
export async function measureGrowth(units: number, quick: boolean): Promise<GrowthResult> {
  const network = new Network(units);
  let store = await openBenchStore(String(units), false);
  try {
    const loadMs = await loadOurs(network, store.neo4j);
    await store.stop();
    const storeMb = sizeOf(store, 'databases');
    const logsMb = sizeOf(store, 'transactions');

    const began = performance.now();
    store = await openBenchStore(String(units), false);
    const service = await ServiceProcess.start(store.neo4j);
    const readyMs = performance.now() - began;
    milestone(`${show(units)} units: ready after ${show(readyMs / 1000)} s`);
    const bed = { network, service, graph: store.graph };
    const wanted = ({ growth }: { growth?: string }): boolean => growth !== undefined;
    const size = quick ? { rounds: 15, warmMs: 0 } : { rounds: 60, warmMs: WARM_MS };
    const reads = await measureReads({ ...bed, rivals: [], ...size, wanted });
    const [singles] = await measureWrites({
      ...bed,
      ...(quick ? { rounds: 3, scale: 0.25 } : { rounds: 5, scale: 1 }),
      ...{ run: 1, naive: false, filter: '64 clients', profiles: undefined },
      neo4jPid: store.neo4j.pid,
    });
    await service.stop();

    const rebuild = await rateOf('rebuild', store);
    const verify = await rateOf('verify', store);
    const captures = singles?.ours ?? [];
    return { units, loadMs, storeMb, logsMb, readyMs, reads, captures, rebuild, verify };
  } finally {
    await store.close();
  }
}

/** Size of a part of the data on disk, MB. */
export function sizeOf({ folder }: BenchStore, part: 'databases' | 'transactions'): number {
  const { stdout } = spawnSync('du', ['-sk', join(folder, 'neo4j', 'home', 'data', part)]);
  return Number(String(stdout).split('\t')[0]) / 1024;
}

/** Runs a command of the product, in a process of its own. */
async function rateOf(command: 'rebuild' | 'verify', { neo4j }: BenchStore): Promise<number> {
  const { uri, user, password } = neo4j;
  const env = { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password };
  const began = performance.now();
  const child = spawn(process.execPath, ['bin/custody-graph.js', command], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await text(child.stdout);
  const seconds = (performance.now() - began) / 1000;
  milestone(`${command}: ${said.trim()} ${show(seconds)} s`);
  return Number(/(\d+) events/.exec(said)?.[1]) / seconds;
}
