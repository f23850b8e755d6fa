import { readFile } from 'node:fs/promises';
import { int } from '../src/graph/cypher.js';
import type { Graph } from '../src/graph/graph.js';
import type { Params } from '../src/graph/run-options.js';
import type { CypherStatement } from '../src/graph/cypher.js';
import { progress, show } from './figures.js';
import type { Samples } from './figures.js';
import { HttpClient } from './http-client.js';
import { NAIVE_JOURNEY, NAIVE_LOCATE, NAIVE_PAGE, NAIVE_SUMMARY } from './naive.js';
import type { BenchLot, Network } from './network.js';
import { pick, unitKey } from './network.js';
import type { RecordedRead, ServiceProcess } from './service-process.js';

/** One question, measured: ms. */
export interface ReadResult {
  readonly name: string;
  readonly graphql: Samples;
  /** The statements of the same question, from this process. */
  readonly raw: Samples;
  readonly naive: Samples;
  /** `applies`: they are meant for a lot of a million units. */
  readonly goals: {
    readonly ms: number;
    readonly timesNaive: number;
    readonly applies: boolean;
  } | null;
}

/** What reading is measured with. */
export interface ReadBench {
  readonly network: Network;
  readonly service: ServiceProcess;
  readonly graph: Graph;
  readonly rounds: number;
  /** Only questions whose name has this in it. */
  readonly filter: string;
}

interface Question {
  readonly name: string;
  readonly goals: ReadResult['goals'];
  readonly query: string;
  /** Asked in turn. */
  readonly asked: readonly {
    readonly variables: object;
    readonly naive: Readonly<Record<string, unknown>>;
  }[];
  readonly naive: CypherStatement;
}

const SUMMARY = `query Summary($input: RecallScopeInput!) {
  recallScope(input: $input) {
    completeness { complete reasons }
    logPosition
    totals { units containers }
    rows { state holder { key name } site { key name } status units containers }
    inTransit { from { key name } to { key name } units }
    unknown { units }
  }
}`;
const PAGE = `query Page($input: RecallScopeInput!, $after: Cursor) {
  recallScope(input: $input) {
    packages(first: 100, after: $after) { nodes { key } pageInfo { endCursor } }
  }
}`;
const JOURNEY = `query Journey($id: ID!, $first: Int) {
  journey(id: $id, first: $first) {
    edges {
      cursor
      node { eventTime bizStep disposition readPoint { key name } bizLocation { key name } via { key } eventId }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
/** No question may take longer than this altogether. */
const LIMIT_MS = 60_000;

/** Measures all questions: GraphQL, the statements it runs, and the naive graph take turns. */
export async function measureReads(bench: ReadBench): Promise<readonly ReadResult[]> {
  const http = new HttpClient(bench.service.url, 4);
  const results: ReadResult[] = [];
  await planned(http, bench.network);
  const questions = await questionsOf(bench, http);
  for (const question of questions.filter(({ name }) => name.includes(bench.filter)))
    results.push(await measure(bench, http, question));
  await http.close();
  return results;
}

/** A Neo4j just started plans each statement for the first time, on a busy machine longer than a query may take. */
async function planned(http: HttpClient, { lots }: Network): Promise<void> {
  const [lot] = lots;
  if (lot === undefined) return;
  for (const query of [SUMMARY, PAGE])
    for (let tries = 0; tries < 5; tries++) {
      const planning = http.graphql(query, { input: inputOf(lot) });
      const done = await planning.then(
        () => true,
        () => false,
      );
      if (done) break;
    }
}

async function questionsOf({ network }: ReadBench, http: HttpClient): Promise<Question[]> {
  const [big, middle, small] = [2, 1, 0].map((i) => network.lots[2 - i]) as [
    BenchLot,
    BenchLot,
    BenchLot,
  ];
  const units = Array.from({ length: 40 }, (_, i) => {
    const lot = pick(network.lots, i);
    return unitKey(lot, lot.first + ((i * 7919) % lot.units));
  });
  const locate = new URL('../schema/examples/locate.graphql', import.meta.url);
  const ofUnits = units.map((k) => ({
    variables: { id: `https://id.gs1.org/${k}`, first: 20 },
    naive: { k },
  }));
  return [
    summaryOf(small),
    summaryOf(middle),
    { ...summaryOf(big), goals: { ms: 50, timesNaive: 50, applies: big.units >= 1_000_000 } },
    {
      name: 'locate a unit',
      goals: null,
      query: await readFile(locate, 'utf8'),
      asked: ofUnits.map(({ variables: { id }, naive }) => ({ variables: { id }, naive })),
      naive: NAIVE_LOCATE,
    },
    {
      name: 'journey of a unit',
      goals: null,
      query: JOURNEY,
      asked: ofUnits,
      naive: NAIVE_JOURNEY,
    },
    await pageOf(big, http),
  ];
}

const inputOf = ({ gtin, number }: BenchLot): object => ({ lots: [{ gtin, lot: number }] });

function summaryOf(lot: BenchLot): Question {
  return {
    name: `recall scope, lot of ${show(lot.units)}`,
    goals: null,
    query: SUMMARY,
    asked: [{ variables: { input: inputOf(lot) }, naive: { lot: lot.id } }],
    naive: NAIVE_SUMMARY,
  };
}

async function pageOf(lot: BenchLot, http: HttpClient): Promise<Question> {
  interface Page {
    recallScope: { packages: { nodes: { key: string }[]; pageInfo: { endCursor: string } } };
  }
  let after: string | null = null;
  let last = '';
  for (let page = 1; page < 100; page++) {
    progress(`turning to page ${page}`);
    const variables: object = { input: inputOf(lot), after };
    const answer: Page = await http.graphql<Page>(PAGE, variables);
    const { packages } = answer.recallScope;
    after = packages.pageInfo.endCursor;
    last = packages.nodes.at(-1)?.key ?? last;
  }
  return {
    name: `page 100 of the lot of ${show(lot.units)}`,
    goals: null,
    query: PAGE,
    asked: [{ variables: { input: inputOf(lot), after }, naive: { lot: lot.id, after: last } }],
    naive: NAIVE_PAGE,
  };
}

async function measure(
  { service, graph, rounds }: ReadBench,
  http: HttpClient,
  { name, goals, query, asked, naive }: Question,
): Promise<ReadResult> {
  const waves: RecordedRead[][][] = [];
  for (const { variables } of asked) {
    await http.graphql(query, variables);
    await service.ask({ ask: 'record' });
    await http.graphql(query, variables);
    waves.push(wavesOf((await service.ask({ ask: 'recorded' })).reads ?? []));
  }
  const [graphql, raw, theirs]: [number[], number[], number[]] = [[], [], []];
  const began = performance.now();
  const warm = Math.min(3, rounds);
  for (let n = -warm; n < rounds && performance.now() - began < LIMIT_MS; n++) {
    progress(`${name}: ${n} of ${rounds}`);
    const at = (n + warm) % asked.length;
    const { variables, naive: params } = asked[at] ?? { variables: {}, naive: {} };
    const turns: [number[], () => Promise<unknown>][] = [
      [graphql, () => http.graphql(query, variables)],
      [raw, () => replay(graph, waves[at] ?? [])],
      [theirs, () => graph.read(naive, params, { timeoutMs: 600_000 })],
    ];
    // Each goes first as often as the others.
    for (let i = 0; i < turns.length; i++) {
      const [samples, run] = pick(turns, i + Math.abs(n));
      const started = performance.now();
      await run();
      if (n >= 0) samples.push(performance.now() - started);
    }
  }
  return { name, goals, graphql, raw, naive: theirs };
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
