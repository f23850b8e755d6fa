import { cypher, int } from '../src/graph/cypher.js';
import type { Graph } from '../src/graph/graph.js';
import type { Params } from '../src/graph/run-options.js';
import { progress } from './figures.js';
import type { Samples } from './figures.js';
import { HttpClient } from './http-client.js';
import type { Network } from './network.js';
import { pick } from './network.js';
import { questionsOfLists } from './lists.js';
import { questionsOf } from './questions.js';
import type { Question, Rival } from './questions.js';
import type { RecordedRead, ServiceProcess } from './service-process.js';

/** One question, measured: ms. */
export interface ReadResult {
  readonly question: Question;
  readonly graphql: Samples;
  /** The statements of the same question, from this process. */
  readonly raw: Samples;
  /** One round trip to Neo4j with nothing to do there, in turn with the question. */
  readonly floor: Samples;
  /** In the order of the rivals. */
  readonly rivals: readonly Samples[];
}

/** What reading is measured with. */
export interface ReadBench {
  readonly network: Network;
  readonly service: ServiceProcess;
  readonly graph: Graph;
  readonly rivals: readonly Rival[];
  readonly rounds: number;
  /** How long each question is asked before it counts; see {@link WARM_MS}. */
  readonly warmMs: number;
  readonly wanted: (question: Question) => boolean;
}

/**
 * All run compiled code then, as they do after some minutes of service: in the first hundred runs after a start, a question takes twice as
 * long. Rivals are asked as long, in turn.
 */
export const WARM_MS = 5_000;

/** A round trip: sent and fetched as the product does with its reads. */
const FLOOR = cypher('bench.floor')`RETURN 1 AS one`;

/** No question may take longer than this altogether, unless three rounds do. */
const LIMIT_MS = 60_000;

/** Measures all questions: GraphQL, the statements it runs, the bolt floor, and the rivals take turns. */
export async function measureReads(bench: ReadBench): Promise<readonly ReadResult[]> {
  const http = new HttpClient(bench.service.url, 4);
  const results: ReadResult[] = [];
  const questions = [
    ...(await questionsOf(bench.network, http)),
    ...(await questionsOfLists(bench.network, http)),
  ];
  for (const question of questions.filter(bench.wanted))
    results.push(await measure(bench, http, question));
  await http.close();
  return results;
}

async function measure(
  { service, graph, rivals, rounds, warmMs }: ReadBench,
  http: HttpClient,
  question: Question,
): Promise<ReadResult> {
  const { name, query, ask, asked } = question;
  const waves: RecordedRead[][][] = [];
  for (const { variables } of asked) {
    await http.graphql(query, variables);
    await service.ask({ ask: 'record' });
    await http.graphql(query, variables);
    waves.push(wavesOf((await service.ask({ ask: 'recorded' })).reads ?? []));
  }
  const [graphql, raw, floor]: [number[], number[], number[]] = [[], [], []];
  const theirs = rivals.map((): number[] => []);
  const round = async (n: number, counts: boolean): Promise<void> => {
    const at = n % asked.length;
    const { variables, params } = asked[at] ?? { variables: {}, params: {} };
    const turns: [number[], () => Promise<unknown>][] = [
      [graphql, () => http.graphql(query, variables)],
      [raw, () => replay(graph, waves[at] ?? [])],
      [floor, () => graph.read(FLOOR)],
      ...(ask === undefined
        ? []
        : rivals.map((rival, i): [number[], () => Promise<unknown>] => [
            theirs[i] ?? [],
            () => rival.ask(ask, params),
          ])),
    ];
    // Each goes first as often as the others.
    for (let i = 0; i < turns.length; i++) {
      const [samples, run] = pick(turns, i + n);
      const started = performance.now();
      await run();
      if (counts) samples.push(performance.now() - started);
    }
  };
  let n = 0;
  progress(`${name}: warming up`);
  const warmUntil = performance.now() + warmMs;
  while (n < 3 || performance.now() < warmUntil) await round(n++, false);
  const endsAt = performance.now() + LIMIT_MS;
  for (let done = 0; done < rounds && (done < 3 || performance.now() < endsAt); done++) {
    progress(`${name}: ${done} of ${rounds}`);
    await round(n++, true);
  }
  return { question, graphql, raw, floor, rivals: theirs };
}

/** Statements that ran at the same time go out together again. */
function wavesOf(reads: readonly RecordedRead[]): RecordedRead[][] {
  const waves: RecordedRead[][] = [];
  const sorted = [...reads].sort((a, b) => a.started - b.started);
  for (const read of sorted) {
    const wave = waves.at(-1);
    if (wave === undefined || wave.some(({ ended }) => ended <= read.started)) waves.push([read]);
    else wave.push(read);
  }
  return waves;
}

async function replay(graph: Graph, waves: readonly RecordedRead[][]): Promise<void> {
  for (const wave of waves)
    await Promise.all(
      wave.map(({ text, params }) =>
        graph.read(
          { name: 'bench.replay', text, wants: [], options: {} },
          revived(params) as Params,
        ),
      ),
    );
}

/** Integers of the driver lose their class on the way between processes. */
function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  const { low, high } = value as { readonly low?: unknown; readonly high?: unknown };
  if (typeof low === 'number' && typeof high === 'number') return int(high * 2 ** 32 + (low >>> 0));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one)]));
}
