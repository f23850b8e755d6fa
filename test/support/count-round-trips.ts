/** Counts what an operation costs on the way to Neo4j, the same on every machine. */
import type { CypherStatement } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import type { GraphTransaction } from '../../src/graph/transaction.js';
import type { Params, ReadOptions } from '../../src/graph/run-options.js';

/** What an operation cost. */
export interface RoundTrips {
  readonly statements: number;
  /**
   * Round trips one after the other. A wave is all statements begun while none of them was answered: they are sent together, and
   * answered together once nothing more is asked. So the longest chain of statements that wait for each other decides, not the clock.
   */
  readonly waves: number;
  /** Names of the statements, sorted, wave by wave. */
  readonly names: readonly (readonly string[])[];
}

/** A graph whose statements go out in waves, and what they came to. */
export class RoundTripCounter {
  readonly #names: string[][] = [];
  #waiting: { readonly name: string; readonly send: () => Promise<() => void> }[] = [];
  #isSending = false;
  readonly graph: Graph;

  constructor(graph: Graph) {
    const read = <R extends object>(
      statement: CypherStatement<R>,
      params?: Params,
      options?: ReadOptions,
    ): Promise<R[]> => this.#inWave(statement.name, () => graph.read(statement, params, options));
    const transaction = (tx: GraphTransaction): GraphTransaction => ({
      run: (statement, params) => this.#inWave(statement.name, () => tx.run(statement, params)),
      start: (statement, params) => this.#inWave(statement.name, () => tx.start(statement, params)),
    });
    const { log } = graph;
    // What asks the log is counted as one statement, whatever it finds.
    const counted: Pick<Graph['log'], 'read' | 'readPast' | 'settle' | 'whole'> = {
      get whole() {
        return log.whole;
      },
      read: () => this.#inWave('graph.log', () => log.read()),
      readPast: (now) => this.#inWave('graph.log', () => log.readPast(now)),
      settle: () => this.#inWave('graph.log', () => log.settle()),
    };
    this.graph = {
      ...{ read, log: counted as Graph['log'] },
      readStream: (statement, params, options) => {
        const rows = read(statement, params, options);
        return (async function* () {
          yield* await rows;
        })();
      },
      write: (work, options) => graph.write((tx) => work(transaction(tx)), options),
      writeAlone: (statement, params, options) =>
        this.#inWave(statement.name, () => graph.writeAlone(statement, params, options)),
      plan: (statement) => graph.plan(statement),
      keepPlans: () => {
        graph.keepPlans();
      },
      ready: (ms) => graph.ready(ms),
      version: (ms) => graph.version(ms),
      onStatement: (listener) => graph.onStatement(listener),
      pool: () => graph.pool(),
      close: () => graph.close(),
    };
  }

  get counted(): RoundTrips {
    const names = this.#names.map((wave) => wave.toSorted());
    return { statements: names.flat().length, waves: names.length, names };
  }

  #inWave<T>(name: string, run: () => Promise<T>): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      const send = async (): Promise<() => void> => {
        try {
          const found = await run();
          return () => {
            resolve(found);
          };
        } catch (error) {
          return () => {
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it was thrown
            reject(error);
          };
        }
      };
      this.#waiting.push({ name, send });
    });
    if (!this.#isSending) {
      this.#isSending = true;
      void this.#sendWaves();
    }
    return answer;
  }

  async #sendWaves(): Promise<void> {
    for (;;) {
      await quiet();
      const wave = this.#waiting;
      if (wave.length === 0) break;
      this.#waiting = [];
      this.#names.push(wave.map(({ name }) => name));
      for (const answer of await Promise.all(wave.map(({ send }) => send()))) answer();
    }
    this.#isSending = false;
  }
}

/** Nothing else is waited for but Neo4j: after some turns of the event loop all is asked that can be. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
