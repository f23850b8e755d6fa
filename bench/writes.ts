import { readFile } from 'node:fs/promises';
import type { Graph } from '../src/graph/graph.js';
import { documentOf } from './epcis.js';
import { progress } from './figures.js';
import type { Samples } from './figures.js';
import { HttpClient, inParallel } from './http-client.js';
import { documents } from './load.js';
import { writeNaive } from './naive.js';
import type { BenchEvent } from './network.js';
import type { ServiceProcess, StatementCost } from './service-process.js';
import { WriteData } from './workloads.js';
import type { Round, Workload, WriteSize } from './workloads.js';

/** One way of writing, measured. */
export interface WriteResult extends Pick<Workload, 'name' | 'unit' | 'goal'> {
  /** Per second, by round. */
  readonly ours: Samples;
  readonly naive: Samples;
  /** Of requests to ours, ms. */
  readonly latency: Samples;
  /** Of ours, over all rounds: what the rate counts, events, the transactions they took. */
  readonly counts: number;
  readonly events: number;
  readonly commits: number;
  /** CPU time of ours, ms; it says more than the clock where others are at work. */
  readonly cpu: CpuUse;
  readonly statements: readonly StatementCost[];
}

/** CPU time, ms; `neo4j` is NaN where /proc does not tell. */
export interface CpuUse {
  readonly service: number;
  readonly neo4j: number;
}

/** What writing is measured with. */
export interface WriteBench extends WriteSize {
  readonly service: ServiceProcess;
  readonly graph: Graph;
  /** Process id of Neo4j. */
  readonly neo4jPid: number;
  /** Whether the naive graph is written to as well. */
  readonly naive: boolean;
  /** Only workloads whose name has this in it. */
  readonly filter: string;
  /** Where CPU profiles go; undefined: none are taken. */
  readonly profiles: string | undefined;
}

/** Measures all of them, one after the other; rounds of ours and of the naive graph take turns. */
export async function measureWrites(bench: WriteBench): Promise<readonly WriteResult[]> {
  const data = new WriteData(bench);
  const wanted = ({ name }: Workload): boolean => name.includes(bench.filter);
  const results: WriteResult[] = [];
  for (const workload of [data.commission(), data.moves()].filter(wanted))
    results.push(await new Measuring(bench, workload).run());
  if (!wanted(data.singles(1, [])) && !wanted(data.singles(64, []))) return results;
  const units = await data.prepareUnits((events) => prepare(bench, events));
  for (const workload of [data.singles(1, units), data.singles(64, units)].filter(wanted))
    results.push(await new Measuring(bench, workload).run());
  return results;
}

async function prepare(bench: WriteBench, events: readonly BenchEvent[]): Promise<void> {
  const http = new HttpClient(bench.service.url, 1);
  for (const document of documents(events)) {
    await http.capture(documentOf(document));
    if (bench.naive) await writeNaive(bench.graph, document);
  }
  await http.close();
}

class Measuring {
  private readonly ours: number[] = [];
  private readonly theirs: number[] = [];
  private readonly latency: number[] = [];
  private readonly statements = new Map<string, StatementCost>();
  private readonly cpu = { service: 0, neo4j: 0 };
  private readonly sums = { counts: 0, events: 0, commits: 0 };

  constructor(
    private readonly bench: WriteBench,
    private readonly workload: Workload,
  ) {}

  async run(): Promise<WriteResult> {
    const { service, rounds, naive, profiles } = this.bench;
    const { name, unit, goal, clients } = this.workload;
    const http = new HttpClient(service.url, clients);
    await this.round(http, this.workload.round(0));
    this.forget();
    if (profiles !== undefined) await service.ask({ ask: 'profile' });
    for (let n = 1; n <= rounds; n++) {
      progress(`${name}: round ${n} of ${rounds}`);
      const round = this.workload.round(n);
      const together = await this.round(http, round);
      if (naive) this.theirs.push(await this.naiveRound(round, together));
    }
    if (profiles !== undefined) {
      const file = `${profiles}/${name.replaceAll(/\W+/g, '-')}.cpuprofile`;
      await service.ask({ ask: 'profiled', file });
    }
    await http.close();
    const { ours, latency, cpu, theirs } = this;
    const costs = { cpu, statements: [...this.statements.values()], ...this.sums };
    return { name, unit, goal, ours, naive: theirs, latency, ...costs };
  }

  /** The first round warms up. */
  private forget(): void {
    this.ours.length = this.latency.length = 0;
    this.statements.clear();
    Object.assign(this.cpu, { service: 0, neo4j: 0 });
    Object.assign(this.sums, { counts: 0, events: 0, commits: 0 });
  }

  /** How many documents went into one transaction. */
  private async round(http: HttpClient, { documents: list, counts }: Round): Promise<number> {
    const texts = list.map(documentOf);
    const before = await this.cpuNow();
    await this.bench.service.ask({ ask: 'statements' });
    const began = performance.now();
    await inParallel(this.workload.clients, texts, async (text) => {
      const started = performance.now();
      await http.capture(text);
      this.latency.push(performance.now() - started);
    });
    this.ours.push((1000 * counts) / (performance.now() - began));
    const { statements = [] } = await this.bench.service.ask({ ask: 'statements' });
    const after = await this.cpuNow();
    const commits = statements.find(({ name }) => name === 'capture.lockLog')?.runs ?? 1;
    for (const cost of statements) this.addCost(cost);
    this.cpu.service += after.service - before.service;
    this.cpu.neo4j += after.neo4j - before.neo4j;
    this.sums.counts += counts;
    this.sums.commits += commits;
    this.sums.events += list.reduce((sum, document) => sum + document.length, 0);
    return Math.max(1, Math.round(list.length / commits));
  }

  /** What went into one transaction of ours goes into one of theirs. */
  private async naiveRound({ documents: all, counts }: Round, together: number): Promise<number> {
    const list = all.slice(0, Math.max(this.workload.naiveDocuments, together));
    const began = performance.now();
    for (let i = 0; i < list.length; i += together)
      await writeNaive(this.bench.graph, list.slice(i, i + together).flat());
    const share = list.length / all.length;
    return (1000 * counts * share) / (performance.now() - began);
  }

  private addCost({ name, runs, ms, rows }: StatementCost): void {
    const known = this.statements.get(name) ?? { name, runs: 0, ms: 0, rows: 0 };
    const sum = { runs: known.runs + runs, ms: known.ms + ms, rows: known.rows + rows };
    this.statements.set(name, { name, ...sum });
  }

  private async cpuNow(): Promise<CpuUse> {
    const { cpuMs = NaN } = await this.bench.service.ask({ ask: 'cpu' });
    const stat = await readFile(`/proc/${this.bench.neo4jPid}/stat`, 'utf8').catch(() => '');
    // Fields 14 and 15 of proc(5), in hundredths of a second; the second field may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { service: cpuMs, neo4j: 10 * (Number(fields[11]) + Number(fields[12])) };
  }
}
