import { rebuildProjection, resumeRebuild, verifyProjection } from '../../../src/rebuild/index.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import type { EpcisJson } from '../../support/history-document.js';
import { epcisDocument } from '../../support/history-document.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';

const CASE = 'https://id.gs1.org/00/095060001343520017';
const UNIT = 'https://id.gs1.org/01/09506000134352/21/R1';
const SITE = { id: 'https://id.gs1.org/414/9506000000008' };

const DROP_UNIT = cypher('test.dropUnit')`
MATCH (p:Package {k: '01/09506000134352/21/R1'}) DETACH DELETE p`;
const DROP_OLD = cypher('test.dropOld', { mayScan: 'as a rebuild does' })`
MATCH (p:Package) WHERE NOT p.k STARTS WITH '01/09506000134352/21/NEW' DETACH DELETE p`;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop());
beforeEach(async () => {
  await emptyGraph(app.graph);
  await capture({ type: 'ObjectEvent', action: 'ADD', epcList: [UNIT], bizLocation: SITE }, 1);
  await capture(packing, 2);
});

const packing = {
  type: 'AggregationEvent',
  action: 'ADD',
  parentID: CASE,
  childEPCs: [UNIT],
  bizLocation: SITE,
};
const unpacking = {
  ...packing,
  action: 'DELETE',
  bizLocation: { id: 'https://id.gs1.org/414/9506000000015' },
};

async function capture(event: object, hour: number): Promise<string> {
  const eventID = `urn:x:rebuild:${hour}`;
  const eventTime = `2026-03-14T0${hour}:00:00Z`;
  const whole = { eventID, ...event, eventTime, eventTimeZoneOffset: '+00:00' } as EpcisJson;
  const { status } = await app.capture(epcisDocument([whole]));
  expect(status).toBe(202);
  return eventID;
}

/** The graph, with something else that happens at certain points of a rebuild. */
function graphWith(hooks: Partial<Pick<Graph, 'read' | 'write' | 'writeAlone'>>): Graph {
  const { graph } = app;
  return {
    log: graph.log,
    read: graph.read.bind(graph),
    readStream: graph.readStream.bind(graph),
    write: graph.write.bind(graph),
    writeAlone: graph.writeAlone.bind(graph),
    plan: graph.plan.bind(graph),
    keepPlans: graph.keepPlans.bind(graph),
    ready: graph.ready.bind(graph),
    version: graph.version.bind(graph),
    onStatement: graph.onStatement.bind(graph),
    pool: graph.pool.bind(graph),
    close: graph.close.bind(graph),
    ...hooks,
  };
}

async function differences(): Promise<readonly string[]> {
  const { missing, unexpected } = await verifyProjection(app.graph, () => undefined);
  return [...missing, ...unexpected];
}

test('what is captured while the old projection is dropped is derived whole', async () => {
  let hour = 3;
  const writeAlone: Graph['writeAlone'] = async (statement, params, options) => {
    if (statement.name !== 'rebuild.dropPackages')
      return app.graph.writeAlone(statement, params, options);
    // What is captured after a part was dropped is behind the drop, and what it is in is not.
    await app.graph.writeAlone(DROP_UNIT);
    const unit = `https://id.gs1.org/01/09506000134352/21/NEW${hour}`;
    await capture({ ...packing, childEPCs: [unit] }, hour++);
    await app.graph.writeAlone(DROP_OLD);
    return [];
  };
  await rebuildProjection(graphWith({ writeAlone }), () => undefined);

  expect(hour).toBeGreaterThan(3);
  expect(await differences()).toEqual([]);
});

test('an event that is declared in error just before it is derived again says nothing', async () => {
  const original = await capture(unpacking, 3);
  let declared = false;
  let writes = 0;
  const write: Graph['write'] = async (work, options) => {
    // The mark, the last of dropping, and then the first page of events.
    if (++writes === 3) {
      declared = true;
      await capture(
        {
          ...unpacking,
          eventID: original,
          errorDeclaration: { declarationTime: '2026-03-15T00:00:00Z' },
        },
        3,
      );
    }
    return app.graph.write(work, options);
  };
  await rebuildProjection(graphWith({ write }), () => undefined);

  expect(declared).toBe(true);
  expect(await differences()).toEqual([]);
});

test('two who finish an interrupted rebuild at once derive each event once', async () => {
  const writeAlone: Graph['writeAlone'] = () => Promise.reject(new Error('interrupted'));
  await expect(rebuildProjection(graphWith({ writeAlone }), () => undefined)).rejects.toThrow();

  await Promise.all([1, 2, 3].map(() => resumeRebuild(app.graph, () => undefined)));

  expect(await differences()).toEqual([]);
});

test('a rebuild that was interrupted while it dropped begins with dropping again', async () => {
  const writeAlone: Graph['writeAlone'] = async () => {
    await app.graph.writeAlone(DROP_UNIT);
    throw new Error('interrupted');
  };
  await expect(rebuildProjection(graphWith({ writeAlone }), () => undefined)).rejects.toThrow();

  expect(await resumeRebuild(app.graph, () => undefined)).toBe(true);

  expect(await differences()).toEqual([]);
});

test('a verification during which somebody captured says so', async () => {
  const read: Graph['read'] = async (statement, params, options) => {
    const rows = await app.graph.read(statement, params, options);
    if (statement.name === 'rebuild.countEvents') await capture(unpacking, 3);
    return rows;
  };

  const quiet = await verifyProjection(app.graph, () => undefined);
  const disturbed = await verifyProjection(graphWith({ read }), () => undefined);

  expect([quiet.movedOn, disturbed.movedOn]).toEqual([false, true]);
});

test('events of a thousand units each are derived again in several transactions, so none outgrows its time and memory', async () => {
  const events = Array.from({ length: 24 }, (_, n) => ({
    ...{ type: 'ObjectEvent', action: 'ADD', eventID: `urn:x:rebuild:long:${n}` },
    ...{ eventTime: `2026-03-15T00:00:${10 + n}Z`, eventTimeZoneOffset: '+00:00' },
    epcList: Array.from({ length: 1000 }, (_unit, i) => `${UNIT}LONG${n}X${i}`),
    bizLocation: SITE,
  }));
  expect((await app.capture(epcisDocument(events as EpcisJson[]))).status).toBe(202);
  const pages: number[] = [];

  await rebuildProjection(app.graph, (done) => pages.push(done));

  expect(pages.length).toBeGreaterThan(1);
  expect(pages.at(-1)).toBe(2 + events.length);
  expect(await differences()).toEqual([]);
});
