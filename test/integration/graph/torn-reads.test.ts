import { NOW } from '../../../src/holdings/holding.js';
import { hostView } from '../../../src/access/view.js';
import type { View } from '../../../src/access/view.js';
import { cypher, int } from '../../../src/graph/cypher.js';
import type { CypherStatement } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { readHistory } from '../../../src/holdings/whereabouts.read-model.js';
import type { Point, Whereabouts } from '../../../src/holdings/whereabouts.rules.js';
import { locateUnits } from '../../../src/recall/affected.read-model.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';
import { counted, keys, writeStory } from '../location/small-graph.js';

// What a reader sees of a commit that is applied piece by piece, made to last until the reader waits for it: a row has its end and
// the next is not there yet; a container is linked and no index finds it.
const END_ROW = cypher('test.endRow')`
MATCH (:Package {k: $k})-[r:IN|STAY]->() WHERE r.to IS NULL
SET r.to = $t, r.torn = true`;
const HIDE_PACKAGE = cypher('test.hidePackage')`
MATCH (p:Package {k: $k}) SET p.hidden = p.k, p.k = 'hidden'`;
const APPLY = cypher('test.apply', { mayScan: 'as small as the story' })`
OPTIONAL MATCH (:Package)-[r:IN|STAY]->() WHERE r.torn
REMOVE r.to, r.torn
WITH count(*) AS done
OPTIONAL MATCH (p:Package) WHERE p.hidden IS NOT NULL
SET p.k = p.hidden REMOVE p.hidden`;

/** A commit that takes the unit out of its case and drives the case away. */
const PART = cypher('test.part')`
MATCH (u:Package {k: $unit})-[in:IN]->(), (c:Package {k: $box})-[out:IN]->() WHERE in.to IS NULL AND out.to IS NULL
MATCH (loose:Holding {id: 'loose'}), (gone:Holding {id: 'gone'})
SET in.to = $t, out.to = $t
CREATE (u)-[:IN {from: $t, parted: true}]->(loose), (c)-[:IN {from: $t, parted: true}]->(gone)
WITH count(*) AS moved
MERGE (l:Log {id: 'log'}) SET l.seq = coalesce(l.seq, 0) + 1`;
const REJOIN = cypher('test.rejoin')`
MATCH (:Package {k: $unit})-[a:IN {parted: true}]->(), (:Package {k: $box})-[b:IN {parted: true}]->()
DELETE a, b
WITH count(*) AS done
MATCH (:Package {k: $unit})-[in:IN {to: $t}]->(), (:Package {k: $box})-[out:IN {to: $t}]->()
REMOVE in.to, out.to`;

/** Each in the next one, the last one alone at a site. */
const NEST = cypher('test.nest')`
UNWIND range(0, size($keys) - 1) AS i
CREATE (c:Package:Container {k: $keys[i]})-[:FILLED]->(:Holding {id: 'F ' + $keys[i] + ' 0', kind: 'FILLING', box: $keys[i], from: 100})
WITH collect(c) AS nested
MATCH (s:Site {k: $site})
UNWIND nested AS c
WITH c, s, [i IN range(0, size($keys) - 2) WHERE $keys[i] = c.k | $keys[i + 1]] AS around
OPTIONAL MATCH (h:Holding {id: 'F ' + around[0] + ' 0'})
FOREACH (_ IN CASE WHEN h IS NULL THEN [] ELSE [1] END | CREATE (c)-[:IN {from: 100}]->(h))
FOREACH (_ IN CASE WHEN h IS NULL THEN [1] ELSE [] END | CREATE (c)-[:STAY {from: 100, mode: 'AT', status: 'active', since: 0}]->(s))`;
const BLOCKED = cypher<{ n: number }>('test.blocked')`
SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS n`;

const { u1, u2, box } = keys;
const LATER = 9_000;

let graph: Graph;
let waits = 0;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  await writeStory(graph);
});
beforeEach(() => {
  waits = 0;
});
afterAll(() => graph.close());

/** A reader for whom the commit is whole once it waited for it. */
function reader(): View {
  const settle = async (): Promise<void> => {
    waits++;
    await graph.writeAlone(APPLY);
  };
  return {
    ...hostView(graph),
    log: {
      whole: 0,
      read: () => graph.log.read(),
      readPast: (now) => graph.log.readPast(now),
      settle,
    },
  };
}

async function readWhereabouts(of: View, points: readonly Point[]): Promise<Whereabouts[]> {
  const history = await readHistory(of, points);
  return points.map((point) => history.whereabouts(point));
}

/** A statement that waits for the lock of the log behind a part of it. */
function waitingAfter(part: string, { text }: CypherStatement<object>): string {
  const wait =
    "CALL () { MATCH (l:Log {id: 'log'}) SET l.locked = true RETURN count(*) AS waited }";
  return text.replace(part, `${part} ${wait}`);
}

async function untilSomebodyWaits(): Promise<void> {
  while ((await graph.read(BLOCKED))[0]!.n === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Commits once, behind the first statement of a name. */
function committingAfter(name: string, commit: () => Promise<unknown>): View['read'] {
  let committed = false;
  return async (statement, params, options) => {
    const rows = await graph.read(statement, params, options);
    if (statement.name === name && !committed) {
      committed = true;
      await commit();
    }
    return rows;
  };
}

const whereabouts = (of: View): Promise<unknown> => readWhereabouts(of, [{ key: u2, at: NOW }]);
const located = (of: View): Promise<unknown> => locateUnits(of, [u2], NOW);

const tear = (statement: typeof END_ROW, k: string): Promise<unknown> =>
  graph.writeAlone(statement, { k, t: int(LATER) });

describe('while a commit is applied piece by piece', () => {
  test.each([
    ['is between two places', END_ROW, u2],
    ['is in a container that is between two places', END_ROW, box],
    ['is in a container that no index finds yet', HIDE_PACKAGE, box],
  ])('a package that %s is where it was or will be, not unheard of', async (_, torn, k) => {
    const point = { key: u2, at: NOW };
    const expected = await readWhereabouts(hostView(graph), [point]);
    await tear(torn, k);

    expect(await readWhereabouts(reader(), [point])).toEqual(expected);
    expect(waits).toBe(1);
  });

  test.each([
    ['is between two places', END_ROW, u2],
    ['is in a container that is between two places', END_ROW, box],
  ])('a unit of a recall that %s is on its list, with its place', async (_, torn, k) => {
    const expected = await locateUnits(hostView(graph), [u1, u2], NOW);
    expect(expected.size).toBe(2);
    await tear(torn, k);

    expect(await locateUnits(reader(), [u1, u2], NOW)).toEqual(expected);
    expect(waits).toBe(1);
  });

  test('a unit of a recall in a holding that no index finds yet has its place', async () => {
    const expected = await locateUnits(hostView(graph), [u2], NOW);
    const whole = reader();
    const read: View['read'] = async (statement, params, options) => {
      const rows = await whole.read(statement, params, options);
      return statement.name === 'recall.holdingSteps' && waits === 0 ? [] : rows;
    };

    expect(await locateUnits({ ...whole, read }, [u2], NOW)).toEqual(expected);
    expect(waits).toBe(1);
  });

  test('where a package is and what is around it are as one commit left them, though it came between two levels', async () => {
    const moved = { unit: u2, box, t: int(LATER) };
    await graph.writeAlone(PART, moved);
    const after = await whereabouts(hostView(graph));
    await graph.writeAlone(REJOIN, moved);
    expect(await whereabouts(hostView(graph))).not.toEqual(after);
    // The first reading waits behind its innermost level for the lock that the commit holds.
    let readings = 0;
    const read: View['read'] = (statement, params, options) =>
      statement.name === 'location.history' && ++readings === 1
        ? graph.writeAlone({ ...statement, text: waitingAfter('AS rows0 }', statement) }, params)
        : graph.read(statement, params, options);
    let asked: Promise<unknown> = Promise.resolve();
    await graph.write(async (tx) => {
      await tx.run(PART, moved);
      asked = whereabouts({ ...reader(), read });
      await untilSomebodyWaits();
    });

    expect(await asked).toEqual(after);
    expect([readings, waits]).toEqual([2, 1]);
    await graph.writeAlone(REJOIN, moved);
  });

  test('where a unit of a recall is and what is around it are as one commit left them', async () => {
    const moved = { unit: u2, box, t: int(LATER) };
    const before = await located(hostView(graph));
    await graph.writeAlone(PART, moved);
    const after = await located(hostView(graph));
    await graph.writeAlone(REJOIN, moved);
    expect(await located(hostView(graph))).toEqual(before);
    const read = committingAfter('recall.locatedUnits', () => graph.writeAlone(PART, moved));

    expect(await located({ ...reader(), read })).toEqual(after);
    await graph.writeAlone(REJOIN, moved);
  });

  test('what is in more containers than one statement reads is as one commit left it', async () => {
    const deep = Array.from({ length: 7 }, (_, i) => `00/deep${i}`);
    await graph.writeAlone(NEST, { keys: deep, site: keys.hub });
    const ask = (of: View): Promise<unknown> => readWhereabouts(of, [{ key: deep[0]!, at: NOW }]);
    const [statements, before] = await counted(graph, () => ask(hostView(graph)));
    expect(before).toMatchObject([{ site: keys.hub, containers: deep.slice(1) }]);
    // Three containers, four more, and the first once more.
    expect(statements).toBe(3);
    const moved = { unit: deep[1], box: deep[5], t: int(LATER) };
    const read = committingAfter('location.history', () => graph.writeAlone(PART, moved));
    const after = await ask({ ...reader(), read });

    expect(after).toMatchObject([{ containers: deep.slice(1, 2), status: 'active' }]);
    expect(after).toEqual(await ask(hostView(graph)));
  });

  test('what was never named, or only later, is not waited for', async () => {
    const points = [
      { key: '01/09506000134352/21/NOBODY', at: NOW },
      { key: u2, at: 1 },
    ];

    const found = await readWhereabouts(reader(), points);

    expect(found.map(({ known }) => known)).toEqual([false, false]);
    expect(await locateUnits(reader(), [u2], 1)).toEqual(new Map());
    expect(waits).toBe(0);
  });
});
