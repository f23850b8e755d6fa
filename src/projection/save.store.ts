import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { groupBy } from '../shared/group-by.js';
import type { BirthGroup } from './births.rules.js';
import type { Changes, FillingChange, Interval, PackageChange } from './changes.rules.js';
import { placeProperties } from './place-columns.js';
import { Sender } from './sender.js';
import { SHOWN, ownSightProperties, saveViewers, shownParams, sightParams } from './sight.store.js';
import type { Effect, Holding, Row } from './state.js';

// Lists of keys with shared constants were measured 2.3 times faster than one map for each row.

const NEW_UNITS = cypher('projection.newUnits')`
UNWIND $groups AS g
UNWIND g.keys AS k
CREATE (:Package:Unit {k: k, lot: g.lot, last: g.last})`;

// Creates packages of which nothing else is known. It was measured to cost a third less than node, membership and naming in turn.
const BIRTHS = cypher('projection.births')`
UNWIND $groups AS g
MATCH (h:Holding {id: g.holding})
MATCH (e:Event {id: g.eventId})
UNWIND g.keys AS k
CREATE (p:Package:Unit {k: k, lot: g.lot, last: g.last}), (p)-[:IN {from: g.from}]->(h), (e)-[:OF {role: g.role}]->(p)`;

const NEW_CONTAINERS = cypher('projection.newContainers')`
UNWIND $groups AS g
UNWIND g.keys AS k
CREATE (:Package:Container {k: k, lot: g.lot, last: g.last})`;

const TOUCH = cypher('projection.touch')`
UNWIND $groups AS g
UNWIND g.keys AS k
MATCH (p:Package {k: k})
SET p.last = g.last`;

const UPDATE = cypher('projection.update')`
UNWIND $rows AS row
MATCH (p:Package {k: row.key})
SET p.last = row.last, p.lot = row.lot, p.inner = row.inner, p.cur = row.cur, p.curFrom = row.curFrom`;

const TO_CONTAINER = cypher('projection.toContainer')`
UNWIND $keys AS k
MATCH (p:Package {k: k}) SET p:Container REMOVE p:Unit`;

const TO_UNIT = cypher('projection.toUnit')`
UNWIND $keys AS k
MATCH (p:Package {k: k}) SET p:Unit REMOVE p:Container`;

/** What a recall groups by, in one property. It is null inside something, because its parts are null there. */
export const PLACE = fragment`h.mode + '\n' + h.site + '\n' + coalesce(h.origin, '') + '\n' + h.status + '\n' + h.kind + '\n' +
  CASE WHEN h.dissolvedAt IS NULL THEN 'open' ELSE 'emptied' END`;

const NEW_HOLDINGS = fragment`
UNWIND $holdings AS row
MERGE (h:Holding {id: row.id})
ON CREATE SET h.kind = row.kind, h.from = row.from, h.mode = row.mode, h.site = row.site, h.origin = row.origin,
  h.by = row.by, h.status = row.status, h.since = row.since,
  h.hands = row.hands, h.title = row.title, h.titleAt = row.titleAt, h.believed = row.believed, h.told = row.told
SET h.place = ${PLACE}`;

const SAVE_FILLINGS = fragment`
UNWIND $fillings AS row
MERGE (h:Holding {id: row.id})
ON CREATE SET h.kind = 'FILLING', h.box = row.box, h.fresh = true
SET h.from = row.from, h.dissolvedAt = row.dissolvedAt, h.endedBy = row.endedBy, h.mode = row.mode, h.site = row.site,
  h.origin = row.origin, h.by = row.by, h.status = row.status, h.since = row.since,
  h.hands = row.hands, h.title = row.title, h.titleAt = row.titleAt, h.believed = row.believed, h.told = row.told
SET h.place = ${PLACE}
WITH h, row
CALL (h) {
  WITH h WHERE h.site IS NULL
  MATCH (h)-[was:HOLDS]->(l:Lot)
  CREATE (h)-[r:HOLDS_INSIDE]->(l) SET r = properties(was)
  DELETE was
}
CALL (h) {
  WITH h WHERE h.site IS NOT NULL
  MATCH (h)-[was:HOLDS_INSIDE]->(l:Lot)
  CREATE (h)-[r:HOLDS]->(l) SET r = properties(was)
  DELETE was
}
WITH h, row WHERE h.fresh
REMOVE h.fresh
WITH h, row
MATCH (c:Package {k: row.box})
CREATE (c)-[:FILLED]->(h)`;

const DROP_FILLINGS = cypher('projection.dropFillings')`
UNWIND $ids AS id
MATCH (h:Holding {id: id}) DETACH DELETE h`;

const REMOVE_ROWS = cypher<{ ids: string[] }>('projection.removeRows')`
UNWIND $rows AS row
MATCH (p:Package {k: row.key})-[r:IN|STAY]->(h) WHERE r.from = row.from
WITH r, h.id AS id
DELETE r
RETURN collect(DISTINCT id) AS ids`;

const DROP_UNUSED = cypher('projection.dropUnused')`
UNWIND $ids AS id
MATCH (h:Holding {id: id})
WHERE h.dissolvedAt IS NULL AND NOT EXISTS { (h)<-[:IN]-(:Package) }
DETACH DELETE h`;

const END_ROWS = fragment`
UNWIND $ended AS g
UNWIND range(0, size(g.keys) - 1) AS i
MATCH (p:Package {k: g.keys[i]})-[r:IN|STAY]->() WHERE r.from = g.froms[i]
SET r.to = g.to`;

const CREATE_IN = fragment`
UNWIND $inside AS g
MATCH (h:Holding {id: g.holding})
UNWIND g.keys AS k
MATCH (p:Package {k: k})
CREATE (p)-[r:IN]->(h)
SET r = g.properties`;

const CREATE_STAY = fragment`
UNWIND $alone AS row
MERGE (s:Site {k: row.site})
WITH s, row
MATCH (p:Package {k: row.key})
CREATE (p)-[r:STAY]->(s)
SET r = row.properties`;

const COUNT = fragment`
UNWIND $counts AS row
MATCH (h:Holding {id: row.holding})
MERGE (l:Lot {id: row.lot})
ON CREATE SET l.gtin = row.gtin, l.lot = row.number
WITH h, l, row
CALL (h, l) {
  WITH h, l WHERE h.site IS NOT NULL
  MERGE (h)-[r:HOLDS]->(l)
  RETURN r
  UNION ALL
  WITH h, l WHERE h.site IS NULL
  MERGE (h)-[r:HOLDS_INSIDE]->(l)
  RETURN r
}
WITH row, r
SET r.n = coalesce(r.n, 0) + row.units, r.c = coalesce(r.c, 0) + row.boxes
WITH r WHERE r.n = 0
DELETE r`;

// Rows are only added and never changed. A negative number takes back what is later derived differently, and readers add up.
const HELD = fragment`
UNWIND $flows AS row
MATCH (h:Holding {id: row.holding})
MERGE (l:Lot {id: row.lot})
ON CREATE SET l.gtin = row.gtin, l.lot = row.number
CREATE (h)-[:HELD {at: row.at, n: row.units, mark: row.mark, was: row.was}]->(l)`;

// This is one statement, because for few events the round trip costs more than the work itself.
const PLACES = cypher('projection.places')`
CALL () {${NEW_HOLDINGS}
}
CALL () {${SAVE_FILLINGS}
}
CALL () {${END_ROWS}
}
CALL () {${CREATE_IN}
}
CALL () {${CREATE_STAY}
}
CALL () {${COUNT}
}
CALL () {${HELD}
}
CALL () {${SHOWN}
}`;

const MARKED = cypher('projection.marked')`
UNWIND $rows AS row
MATCH (h:Holding {id: row.holding})
SET h.marked = coalesce(h.marked, 0) + row.delta`;

const DROP_FINDINGS = cypher('projection.dropFindings')`
UNWIND $rows AS row
MATCH (x:Exception {k: row.key, t: row.t}) DETACH DELETE x`;

const NEW_FINDINGS = cypher('projection.newFindings')`
UNWIND $rows AS row
MATCH (p:Package {k: row.key})
CREATE (x:Exception {k: row.key, t: row.t, code: row.code, eventId: row.eventId, detail: row.detail, seq: $seq})-[:ABOUT]->(p)
FOREACH (one IN row.viewers | CREATE (x)-[:SEEN_BY {p: one, at: row.t}]->(x))`;

const DROP_CLAIMS = cypher('projection.dropClaims')`
UNWIND $keys AS k
MATCH (:Package {k: k})-[c:CLAIMED]->(:Lot) DELETE c`;

const NEW_CLAIMS = cypher('projection.newClaims')`
UNWIND $rows AS row
MATCH (p:Package {k: row.key})
MERGE (l:Lot {id: row.lot})
ON CREATE SET l.gtin = row.gtin, l.lot = row.number
CREATE (p)-[:CLAIMED {eventId: row.eventId}]->(l)`;

/** What the writer knows besides the changes. */
export interface SaveContext {
  /** Log position of the batch. */
  readonly seq: number;
  /** Whether the package had recorded facts at or after `t`. Only then can there be something to replace. */
  readonly wasJudged: (key: string, t: number) => boolean;
  /** Units that are created together with their membership and naming. They are not in the changes, and their events must exist. */
  readonly births?: readonly BirthGroup[];
}

/** Writes changes into the projection in the caller's transaction. It sends statements without waiting, so await the result. */
export async function saveChanges(
  tx: GraphTransaction,
  changes: Changes,
  context: SaveContext,
): Promise<void> {
  const sent = new Sender(tx);
  savePackages(sent, changes.packages);
  const removed = changes.rows.flatMap(({ key, removed: rows }) =>
    rows.map(({ from }) => ({ key, from: int(from) })),
  );
  const emptied = removed.length === 0 ? [] : await tx.run(REMOVE_ROWS, { rows: removed });
  savePlaces(sent, changes);
  // Births come after the fillings, because a unit may first be seen when it is packed.
  sent.groups(BIRTHS, (context.births ?? []).map(birthParams));
  sent.rows(
    MARKED,
    changes.marked.map(({ holding, delta }) => ({ holding, delta: int(delta) })),
  );
  saveViewers(sent, changes);
  saveFindings(sent, changes, context);
  saveClaims(sent, changes);
  sent.ids(
    DROP_FILLINGS,
    changes.fillings.filter(({ gone }) => gone).map(({ id }) => id),
  );
  const holdings = emptied.flatMap(({ ids }) => ids);
  sent.ids(DROP_UNUSED, holdings);
  await sent.done();
}

function grouped<T>(list: readonly T[], by: (one: T) => string): T[][] {
  return [...groupBy(list, by).values()];
}

function savePackages(sent: Sender, packages: readonly PackageChange[]): void {
  const fresh = packages.filter(({ isNew }) => isNew);
  const newOnes = (container: boolean): readonly unknown[] =>
    grouped(
      fresh.filter((one) => one.container === container),
      ({ lot, last }) => `${lot} ${last}`,
    ).map((group) => ({
      keys: group.map(({ key }) => key),
      lot: lotProperty(group[0]),
      last: int(group[0]?.last ?? -1),
    }));
  sent.groups(NEW_UNITS, newOnes(false));
  sent.groups(NEW_CONTAINERS, newOnes(true));
  const changedKind = packages.filter(({ kindChanged }) => kindChanged);
  const keysOf = (container: boolean): string[] =>
    changedKind.filter((one) => one.container === container).map(({ key }) => key);
  if (keysOf(true).length > 0) sent.send(TO_CONTAINER, { keys: keysOf(true) });
  if (keysOf(false).length > 0) sent.send(TO_UNIT, { keys: keysOf(false) });
  const plain = packages.filter(isPlainTouch);
  sent.groups(
    TOUCH,
    grouped(plain, ({ last }) => String(last)).map((group) => ({
      keys: group.map(({ key }) => key),
      last: int(group[0]?.last ?? -1),
    })),
  );
  const others = packages.filter((one) => !isPlainTouch(one) && (!one.isNew || one.container));
  sent.rows(UPDATE, others.map(packageParams));
}

/** Whether only the newest fact of a unit changes. */
function isPlainTouch({ isNew, container, kindChanged, lotChanged }: PackageChange): boolean {
  return !isNew && !container && !kindChanged && !lotChanged;
}

function lotProperty(one: PackageChange | undefined): string | null {
  return one === undefined || (one.container && one.lot === '?') ? null : one.lot;
}

function packageParams(one: PackageChange): unknown {
  return {
    key: one.key,
    last: int(one.last),
    lot: lotProperty(one),
    inner: one.inner < 0 ? null : int(one.inner),
    cur: one.container ? one.current.id : null,
    curFrom: one.container ? int(one.current.from) : null,
  };
}

function effectParams(effect: Effect | null | undefined): Record<string, unknown> {
  if (effect === null || effect === undefined)
    return {
      mode: null,
      site: null,
      origin: null,
      by: null,
      status: null,
      since: null,
      ...sightParams(undefined, undefined),
    };
  const properties = placeProperties(effect);
  return {
    ...properties,
    since: int(properties.since),
    ...sightParams(effect.sight, effect.place),
  };
}

function holdingParams({ id, kind, from, effect }: Holding): unknown {
  return { id, kind, from: int(from), ...effectParams(effect) };
}

function fillingParams(one: FillingChange): unknown {
  return {
    id: one.id,
    box: one.box,
    from: int(one.from),
    dissolvedAt: intOrNull(one.dissolvedAt),
    endedBy: one.endedBy,
    ...effectParams(one.effect),
  };
}

function birthParams({ last, from, ...one }: BirthGroup): unknown {
  return { ...one, last: int(last), from: int(from) };
}

function lotParams(lot: string): Record<'lot' | 'gtin' | 'number', string | null> {
  return {
    lot,
    gtin: lot.startsWith('01/') ? lot.slice(3, 17) : null,
    number: lot.slice(17, 21) === '/10/' ? lot.slice(21) : null,
  };
}

function countParams({ holding, lot, units, boxes }: Changes['counts'][number]): unknown {
  return { holding, ...lotParams(lot), units: int(units), boxes: int(boxes) };
}

function flowParams({ lot, at, units, ...flow }: Changes['flows'][number]): unknown {
  return { ...flow, ...lotParams(lot), at: int(at), units: int(units) };
}

function savePlaces(sent: Sender, changes: Changes): void {
  const params = {
    holdings: changes.holdings.map(holdingParams),
    fillings: changes.fillings.filter(({ gone }) => !gone).map(fillingParams),
    ...rowParams(changes),
    counts: changes.counts.map(countParams),
    flows: changes.flows.map(flowParams),
    shown: changes.shown.map(shownParams),
  };
  if (Object.values(params).some((list) => list.length > 0)) sent.send(PLACES, params);
}

function rowParams(changes: Changes): Record<'ended' | 'inside' | 'alone', readonly unknown[]> {
  const ended = changes.rows.flatMap(({ key, retimed }) =>
    retimed.map(({ row, to }) => ({ key, from: row.from, to })),
  );
  const created = changes.rows.flatMap(({ key, created: list }) =>
    list.map((interval) => ({ key, interval })),
  );
  const inside = created.filter(({ interval }) => interval.row.holding !== null);
  return {
    ended: grouped(ended, ({ to }) => String(to)).map((group) => ({
      keys: group.map(({ key }) => key),
      froms: group.map(({ from }) => int(from)),
      to: intOrNull(group[0]?.to),
    })),
    inside: grouped(inside, ({ interval }) => inSignature(interval)).map((group) => ({
      keys: group.map(({ key }) => key),
      holding: group[0]?.interval.row.holding,
      properties: group[0] === undefined ? {} : inProperties(group[0].interval),
    })),
    alone: created.flatMap(({ key, interval }) => stayParams(key, interval)),
  };
}

function inSignature({ row, to }: Interval): string {
  const { mark, holding, from, title, apart } = row;
  const told = mark === undefined ? '' : `${mark.status} ${mark.since} ${mark.at} ${mark.differs}`;
  return `${holding ?? ''}|${from}|${to ?? ''}|${told}|${JSON.stringify([title, apart])}`;
}

function inProperties({ row, to }: Interval): Record<string, unknown> {
  return {
    from: int(row.from),
    ...(to === null ? {} : { to: int(to) }),
    ...markProperties(row),
    ...ownSightProperties(row),
  };
}

function markProperties({ mark }: Row): Record<string, unknown> {
  if (mark === undefined) return {};
  const { status, since, at, differs } = mark;
  return { mStatus: status, mSince: int(since), mAt: int(at), mDiff: differs };
}

function stayParams(key: string, { row, to }: Interval): unknown[] {
  if (row.own === null) return [];
  const { mode, site, origin, by, status, since } = placeProperties(row.own);
  const properties = {
    from: int(row.from),
    ...(to === null ? {} : { to: int(to) }),
    mode,
    ...(origin === null ? {} : { origin }),
    ...(by === null ? {} : { by }),
    status,
    since: int(since),
    ...(row.own.sight === undefined ? {} : sightParams(row.own.sight, row.own.place)),
  };
  return [{ key, site, properties }];
}

function saveClaims(sent: Sender, { claims }: Changes): void {
  if (claims.size === 0) return;
  sent.send(DROP_CLAIMS, { keys: [...claims.keys()] });
  const rows = [...claims].flatMap(([key, list]) =>
    list.map(({ lot, eventId }) => ({ key, eventId, ...lotParams(lot) })),
  );
  sent.rows(NEW_CLAIMS, rows);
}

function saveFindings(sent: Sender, changes: Changes, { seq, wasJudged }: SaveContext): void {
  const newest = new Map(changes.findings.map((one) => [`${one.key} ${one.t}`, one]));
  const judged = [...newest.values()];
  sent.rows(
    DROP_FINDINGS,
    judged.filter(({ key, t }) => wasJudged(key, t)).map(({ key, t }) => ({ key, t: int(t) })),
  );
  const rows = judged.flatMap(({ key, t, list }) =>
    list.map(({ detail = null, viewers = [], ...one }) => {
      return { key, t: int(t), ...one, detail, viewers };
    }),
  );
  if (rows.length > 0) sent.send(NEW_FINDINGS, { rows, seq: int(seq) });
}
