/**
 * All statements that are declared are planned: those of this file only.
 *
 * @jest-environment node
 */
import { cypher } from '../../../src/graph/cypher.js';
import type { CypherStatement } from '../../../src/graph/cypher.js';
import { PlanKeeper } from '../../../src/graph/plan-keeper.js';
import { silentLogger } from '../../../src/shared/logger.js';
import { Problem } from '../../../src/shared/problem.js';

const READ = cypher('keeper.reads')`MATCH (n {k: $k}) RETURN n`;
const WRITE = cypher('keeper.writes')`CREATE (n {k: $k})`;
const SCAN = cypher('keeper.scans', { mayScan: 'counts' })`MATCH (n) RETURN count(n) AS n`;

/** A keeper over a graph that notes what it is asked, and a log that the test moves. */
function makeKeeper(failure: (planned: number) => Error | null = () => null): {
  readonly keeper: PlanKeeper;
  readonly planned: string[];
  readonly ran: string[];
  /** Parameters of what was run. */
  readonly given: unknown[];
  /** How many plans were asked for when the graph was told that they are kept. */
  readonly kept: number[];
  readonly log: { position: number };
  /** Resolves when so many plans were asked for. */
  readonly until: (plans: number) => Promise<void>;
} {
  const planned: string[] = [];
  const ran: string[] = [];
  const kept: number[] = [];
  const given: unknown[] = [];
  const log = { position: 1 };
  const keeper = new PlanKeeper({
    graph: {
      plan: ({ name }: CypherStatement<object>) => {
        planned.push(name);
        const error = failure(planned.length);
        return error === null
          ? Promise.resolve({ onlyReads: name !== WRITE.name })
          : Promise.reject(error);
      },
      keepPlans: () => {
        kept.push(planned.length);
      },
      read: ({ name }: CypherStatement<object>, params) => {
        ran.push(name);
        given.push(params);
        return Promise.reject(new Error('parameters are missing'));
      },
    },
    position: () => log.position,
    logger: silentLogger,
    everyMs: 1,
  });
  const until = async (plans: number): Promise<void> => {
    while (planned.length < plans) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { keeper, planned, ran, given, kept, log, until };
}

const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('all plans are made, and what only reads is run once; what reads the whole store is left alone', async () => {
  const { keeper, planned, ran, given, kept } = makeKeeper();
  expect(keeper.waitsFor()).toBe('plans');

  keeper.start();
  await turns();
  await keeper.stop();

  expect(keeper.waitsFor()).toBeNull();
  expect(planned).toEqual([READ.name, WRITE.name]);
  expect(ran).toEqual([READ.name]);
  expect(planned).not.toContain(SCAN.name);
  expect(kept).toEqual([2]);
  expect(given).toEqual([{ k: null }]);
});

test('plans are looked after again when the log has gone on, and only then', async () => {
  const { keeper, planned, ran, log, until } = makeKeeper();
  keeper.start();
  await until(2);
  await turns();
  expect(planned).toHaveLength(2);

  log.position = 2;
  await until(4);
  await turns();
  await keeper.stop();

  expect(planned).toHaveLength(4);
  expect(ran).toEqual([READ.name]);
});

test('while the graph does not answer it is waited for plans, and tried again', async () => {
  const { keeper, until } = makeKeeper((planned) =>
    planned <= 2 ? new Problem('SERVICE_UNAVAILABLE', 'no answer') : null,
  );
  keeper.start();
  await until(2);
  expect(keeper.waitsFor()).toBe('plans');

  await until(4);
  await turns();
  await keeper.stop();

  expect(keeper.waitsFor()).toBeNull();
});

test('a statement that Neo4j refuses keeps nobody waiting', async () => {
  const { keeper, planned } = makeKeeper((tried) => (tried === 1 ? new Error('syntax') : null));

  keeper.start();
  await turns();
  await keeper.stop();

  expect(keeper.waitsFor()).toBeNull();
  expect(planned).toEqual([READ.name, WRITE.name]);
});
