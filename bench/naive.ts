import { cypher, int } from '../src/graph/cypher.js';
import type { CypherStatement } from '../src/graph/cypher.js';
import type { Graph } from '../src/graph/graph.js';
import type { GraphTransaction } from '../src/graph/transaction.js';
import type { BenchEvent } from './network.js';
import { REGISTER } from './network.js';
import type { Ask, Rival } from './questions.js';

// The graph one draws first: place and status on every unit, every event tied to every unit it is about or moves.
// `from` is where a shipping began; of what is in no transit it is the site itself.

const CREATE = cypher('naive.commission')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
UNWIND row.keys AS k
CREATE (u:NUnit {k: k, lot: row.lot})-[:N_EVENT]->(e)
SET u += row.place`;

const PACK = cypher('naive.pack')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
MERGE (p:NUnit {k: row.parent})
SET p += row.place
CREATE (p)-[:N_EVENT]->(e)
WITH e, p, row
UNWIND row.keys AS k
MATCH (u:NUnit {k: k})
CREATE (u)-[:N_IN]->(p)
WITH e, u, row
MATCH (u)<-[:N_IN*0..2]-(inner:NUnit)
CREATE (inner)-[:N_EVENT {via: CASE inner WHEN u THEN null ELSE u.k END}]->(e)
SET inner += row.place`;

// A pallet, its cases, and what is in these: three steps are all there are.
const MOVE = cypher('naive.move')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
UNWIND row.keys AS k
MATCH (p:NUnit {k: k})<-[:N_IN*0..3]-(u:NUnit)
SET u += row.place
CREATE (u)-[:N_EVENT {via: CASE u WHEN p THEN null ELSE k END}]->(e)`;

const EMPTY = cypher('naive.empty')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
MATCH (p:NUnit {k: row.parent})
CREATE (p)-[:N_EVENT]->(e)
WITH e, p
MATCH (p)<-[:N_IN*1..3]-(u:NUnit)
CREATE (u)-[:N_EVENT {via: p.k}]->(e)
WITH DISTINCT p
MATCH (p)<-[r:N_IN]-()
DELETE r`;

const DISPENSE = cypher('naive.dispense')`
UNWIND $rows AS row
CREATE (e:NEvent) SET e = row.event
WITH e, row
UNWIND row.keys AS k
MATCH (u:NUnit {k: k})
SET u += row.place
CREATE (u)-[:N_EVENT]->(e)
WITH u
MATCH (u)-[r:N_IN]->()
DELETE r`;

const SITE = cypher('naive.site')`
UNWIND $sites AS site
MERGE (s:NSite {k: site.key}) SET s.name = site.name, s.operator = site.operator, s.company = site.company`;

const SCHEMA = [
  cypher(
    'naive.unitKey',
  )`CREATE CONSTRAINT n_unit_k IF NOT EXISTS FOR (u:NUnit) REQUIRE u.k IS UNIQUE`,
  cypher('naive.unitLot')`CREATE INDEX n_unit_lot IF NOT EXISTS FOR (u:NUnit) ON (u.lot, u.k)`,
  cypher(
    'naive.eventId',
  )`CREATE CONSTRAINT n_event_id IF NOT EXISTS FOR (e:NEvent) REQUIRE e.id IS UNIQUE`,
  cypher(
    'naive.siteKey',
  )`CREATE CONSTRAINT n_site_k IF NOT EXISTS FOR (s:NSite) REQUIRE s.k IS UNIQUE`,
];

/** The same questions as ours, with the names of sites and holders; who holds what is in transit is who sent it. */
export const NAIVE: Readonly<Record<Ask, CypherStatement>> = {
  recall: cypher('naive.recall')`
MATCH (u:NUnit) WHERE u.lot = $lot AND u.k IS NOT NULL
WITH u.site AS site, u.from AS from, u.status AS status, count(*) AS units
MATCH (s:NSite {k: site}), (o:NSite {k: from})
RETURN site, s.name AS name, from, o.name AS origin, o.company AS holder, status, units`,

  recallAsOf: cypher('naive.recallAsOf')`
MATCH (u:NUnit) WHERE u.lot = $lot AND u.k IS NOT NULL
CALL (u) { MATCH (u)-[:N_EVENT]->(e:NEvent) WHERE e.t <= $asOf RETURN e ORDER BY e.t DESC LIMIT 1 }
WITH e.site AS site, e.from AS from, e.status AS status, count(*) AS units
MATCH (s:NSite {k: site}), (o:NSite {k: from})
RETURN site, s.name AS name, from, o.name AS origin, o.company AS holder, status, units`,

  consignees: cypher('naive.consignees')`
MATCH (u:NUnit) WHERE u.lot = $lot AND u.k IS NOT NULL
MATCH (u)-[:N_EVENT]->(e:NEvent)
WITH DISTINCT u, e.from AS site
MATCH (s:NSite {k: site})
RETURN s.operator AS party, s.company AS name, count(DISTINCT u) AS everHeld`,

  inventory: cypher('naive.inventory')`
MATCH (u:NUnit) WHERE u.lot IS NOT NULL AND u.status <> 'dispensed'
WITH u.site AS site, u.status AS status, count(*) AS units
MATCH (s:NSite {k: site})
RETURN site, s.name AS name, status, units`,

  locate: cypher('naive.locate')`
MATCH (u:NUnit {k: $k}), (s:NSite {k: u.site}), (o:NSite {k: u.from})
CALL (u) { MATCH (u)-[:N_EVENT]->(e:NEvent) RETURN e ORDER BY e.t DESC LIMIT 1 }
MATCH (seen:NSite {k: e.from})
CALL (u) { OPTIONAL MATCH (u)-[:N_IN*1..5]->(c:NUnit) RETURN collect(c.k) AS containers }
RETURN s.k AS site, s.name AS name, o.k AS from, o.name AS origin, o.company AS holder, u.status AS status, u.since AS since,
  seen.k AS seenAt, seen.name AS seenName, e.t AS seen, containers`,

  place: cypher('naive.place')`
MATCH (u:NUnit {k: $k}), (s:NSite {k: u.site})
RETURN u.site <> u.from AS inTransit, s.name AS name, u.status AS status`,

  journey: cypher('naive.journey')`
MATCH (u:NUnit {k: $k})-[r:N_EVENT]->(e:NEvent), (s:NSite {k: e.from})
RETURN e.id AS id, e.t AS t, e.kind AS kind, e.from AS site, s.name AS name, e.status AS status, r.via AS via
ORDER BY t LIMIT 20`,

  page: cypher('naive.page')`
MATCH (u:NUnit) WHERE u.lot = $lot AND u.k > $after
RETURN u.k AS k ORDER BY k LIMIT 100`,
};

/** The naive graph, asked in Cypher. */
export function naiveRival(graph: Graph): Rival {
  return {
    name: 'naive, Cypher',
    ask: (what, params) => {
      const whole = ([name, value]: [string, unknown]): [string, unknown] => [
        name,
        typeof value === 'number' ? int(value) : value,
      ];
      const given = Object.fromEntries(Object.entries(params).map(whole));
      return graph.read(NAIVE[what], given, { timeoutMs: 600_000 });
    },
  };
}

/** What a thing is somewhere since. */
const MOVES: readonly BenchEvent['kind'][] = ['commission', 'ship', 'receive'];
/** Status that an event leaves behind. */
export const STATUS = {
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

/** Creates the naive graph's indexes and sites. */
export async function prepareNaive(graph: Graph): Promise<void> {
  for (const statement of SCHEMA) await graph.writeAlone(statement);
  await graph.writeAlone(SITE, { sites: REGISTER });
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
  const place = { site: to ?? site, from: site, status: STATUS[kind] };
  return {
    event: { id: `${run}${events++}`, t: int(t), kind, ...place },
    place: MOVES.includes(kind) ? { ...place, since: int(t) } : place,
    parent: parent ?? null,
    lot: lot?.id ?? null,
    keys,
  };
}
