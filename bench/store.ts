import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openGraph } from '../src/graph/graph.js';
import type { Graph } from '../src/graph/graph.js';
import { startEmbeddedNeo4j } from '../src/neo4j-child/embedded-neo4j.js';
import type { EmbeddedNeo4j } from '../src/neo4j-child/embedded-neo4j.js';
import { silentLogger } from '../src/shared/logger.js';
import { milestone } from './figures.js';

/** A Neo4j for one benchmark; with `keep` its folder stays and is found again. */
export interface BenchStore {
  readonly neo4j: EmbeddedNeo4j;
  readonly graph: Graph;
  readonly folder: string;
  /** How often it was written to by benchmarks since it was loaded; undefined: not loaded yet. */
  readonly runs: number | undefined;
  /** Notes that it is loaded, or that one more run has written to it. */
  note(runs: number): Promise<void>;
  /** Its folder stays, and is found again by this process. */
  stop(): Promise<void>;
  /** Its folder goes, unless it is to be kept. */
  close(): Promise<void>;
}

const open = new Map<string, BenchStore>();
process.once('SIGINT', () => {
  void Promise.all([...open.values()].map((store) => store.close())).then(() => process.exit(130));
});

/** Starts it in `.data/bench/`. */
export async function openBenchStore(name: string, keep: boolean): Promise<BenchStore> {
  const folder = resolve('.data', 'bench', keep ? `kept-${name}` : `${process.pid}-${name}`);
  await mkdir(folder, { recursive: true });
  const neo4j = await startEmbeddedNeo4j({
    dataDir: folder,
    libRoot: resolve('.data', 'neo4j'),
    log: silentLogger,
    onProgress: milestone,
  });
  const graph = openGraph(neo4j);
  const state = join(folder, 'runs');
  const noted = await readFile(state, 'utf8').catch(() => undefined);
  const stop = async (): Promise<void> => {
    await graph.close();
    await neo4j.stop();
  };
  const store: BenchStore = {
    neo4j,
    graph,
    folder,
    runs: noted === undefined ? undefined : Number(noted),
    note: (runs) => writeFile(state, String(runs)),
    stop,
    close: async () => {
      await stop();
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
  open.set(folder, store);
  return store;
}
