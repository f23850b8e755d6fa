import { cypher, int } from '../src/graph/cypher.js';
import type { CypherStatement } from '../src/graph/cypher.js';
import type { Graph } from '../src/graph/graph.js';
import type { GraphTransaction } from '../src/graph/transaction.js';
import type { BenchEvent } from './network.js';

// The graph one draws first: place and status on every unit, every event tied to every unit it is about or moves.

const CREATE = cypher('naive.commission')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
UNWIND row.keys AS k
CREATE (:NUnit {k: k, lot: row.lot, site: row.event.site, status: row.event.status})-[:N_EVENT]->(e)`;

const PACK = cypher('naive.pack')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
MERGE (p:NUnit {k: row.parent})
SET p.site = row.event.site, p.status = row.event.status
CREATE (p)-[:N_EVENT]->(e)
WITH e, p, row
UNWIND row.keys AS k
MATCH (u:NUnit {k: k})
CREATE (u)-[:N_IN]->(p), (u)-[:N_EVENT]->(e)
SET u.site = row.event.site, u.status = row.event.status`;

// A pallet, its cases, and what is in these: three steps are all there are.
const MOVE = cypher('naive.move')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
UNWIND row.keys AS k
MATCH (p:NUnit {k: k})<-[:N_IN*0..3]-(u:NUnit)
SET u.site = row.event.site, u.status = row.event.status
CREATE (u)-[:N_EVENT]->(e)`;

const EMPTY = cypher('naive.empty')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
MATCH (p:NUnit {k: row.parent})
CREATE (p)-[:N_EVENT]->(e)
WITH e, p
MATCH (p)<-[r:N_IN]-(u:NUnit)
DELETE r
CREATE (u)-[:N_EVENT]->(e)`;

const DISPENSE = cypher('naive.dispense')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
UNWIND row.keys AS k
MATCH (u:NUnit {k: k})
SET u.site = row.event.site, u.status = row.event.status
CREATE (u)-[:N_EVENT]->(e)
WITH u
MATCH (u)-[r:N_IN]->()
DELETE r`;

const SCHEMA = [
  cypher(
    'naive.unitKey',
  )`CREATE CONSTRAINT n_unit_k IF NOT EXISTS FOR (u:NUnit) REQUIRE u.k IS UNIQUE`,
  cypher('naive.unitLot')`CREATE INDEX n_unit_lot IF NOT EXISTS FOR (u:NUnit) ON (u.lot, u.k)`,
  cypher(
    'naive.eventId',
  )`CREATE CONSTRAINT n_event_id IF NOT EXISTS FOR (e:NEvent) REQUIRE e.id IS UNIQUE`,
];

/** Recall scope of a lot: units by place and status. */
export const NAIVE_SUMMARY = cypher('naive.summary')`
MATCH (u:NUnit) WHERE u.lot = $lot AND u.k IS NOT NULL
RETURN u.site AS site, u.status AS status, count(*) AS units`;

/** Where a unit is, and in what. */
export const NAIVE_LOCATE = cypher('naive.locate')`
MATCH (u:NUnit {k: $k})
OPTIONAL MATCH path = (u)-[:N_IN*1..5]->(c)
RETURN u.site AS site, u.status AS status, collect(c.k) AS containers`;

/** The first twenty events of a unit. */
export const NAIVE_JOURNEY = cypher('naive.journey')`
MATCH (u:NUnit {k: $k})-[:N_EVENT]->(e:NEvent)
RETURN e.id AS id, e.t AS t, e.kind AS kind, e.site AS site, e.status AS status
ORDER BY t LIMIT 20`;

/** Units of a lot after a key. */
export const NAIVE_PAGE = cypher('naive.page')`
MATCH (u:NUnit) WHERE u.lot = $lot AND u.k > $after
RETURN u.k AS k, u.site AS site, u.status AS status
ORDER BY u.k LIMIT 100`;

const STATUS = {
  commission: 'active',
  pack: 'in_progress',
  ship: 'in_transit',
  receive: 'in_progress',
  empty: 'in_progress',
  dispense: 'dispensed',
} as const;
const STATEMENTS: Readonly<Record<BenchEvent['kind'], CypherStatement>> = {
  commission: CREATE,
  pack: PACK,
  ship: MOVE,
  receive: MOVE,
  empty: EMPTY,
  dispense: DISPENSE,
};

/** Creates the naive graph's indexes. */
export async function prepareNaive(graph: Graph): Promise<void> {
  for (const statement of SCHEMA) await graph.writeAlone(statement);
}

/** Writes events in one transaction, those of one kind with one statement. */
export async function writeNaive(graph: Graph, events: readonly BenchEvent[]): Promise<void> {
  await graph.write((tx) => writeKinds(tx, events), { timeoutMs: 600_000 });
}

async function writeKinds(tx: GraphTransaction, events: readonly BenchEvent[]): Promise<void> {
  const kinds = new Map<CypherStatement, unknown[]>();
  for (const event of events) {
    const statement = STATEMENTS[event.kind];
    const rows = kinds.get(statement) ?? [];
    kinds.set(statement, rows);
    rows.push(toRow(event));
  }
  for (const [statement, rows] of kinds) await tx.run(statement, { rows });
}

let events = 0;
let run = '';

/** Ids of naive events begin with this: a kept store is written to more than once. */
export function nameRun(name: string): void {
  run = name;
}

function toRow({ kind, t, site, to, lot, parent, keys }: BenchEvent): unknown {
  return {
    event: {
      id: `${run}${events++}`,
      t: int(t),
      kind,
      site: to ?? site,
      from: site,
      status: STATUS[kind],
    },
    parent: parent ?? null,
    lot: lot?.id ?? null,
    keys,
  };
}
