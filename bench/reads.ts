import { cypher, int } from '../src/graph/cypher.js';
import type { Graph } from '../src/graph/graph.js';
import type { Params } from '../src/graph/run-options.js';
import type { Samples } from './figures.js';
import { HttpClient } from './http-client.js';
import { inTurn } from './in-turn.js';
import type { Size } from './in-turn.js';
import type { Network } from './network.js';
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
export interface ReadBench extends Size {
  readonly network: Network;
  readonly service: ServiceProcess;
  readonly graph: Graph;
  readonly rivals: readonly Rival[];
  readonly wanted: (question: Question) => boolean;
}

/** A round trip: sent and fetched as the product does with its reads. */
export const FLOOR = cypher('bench.floor')`RETURN 1 AS one`;

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
  { service, graph, rivals, ...size }: ReadBench,
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
  const [graphql = [], raw = [], floor = [], ...theirs] = await inTurn(name, size, (n) => {
    const at = n % asked.length;
    const { variables, params } = asked[at] ?? { variables: {}, params: {} };
    return [
      () => http.graphql(query, variables),
      () => replay(graph, waves[at] ?? []),
      () => graph.read(FLOOR),
      ...(ask === undefined ? [] : rivals.map((rival) => () => rival.ask(ask, params))),
    ];
  });
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
