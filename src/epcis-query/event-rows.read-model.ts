import type { View } from '../access/view.js';
import type { SeenOfEvent } from '../events/index.js';
import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import { bothWays } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import type { ReadOptions } from '../graph/run-options.js';
import type { AccessPath, IndexedProperty, Residue, TimeRange } from './access-path.rules.js';
import type { FoundEvent } from './event-query.js';
import { MEETS_SEEN, SEEN_COLUMNS, SEEN_IN_LOG, SEEN_IN_TIME } from './seen-by.read-model.js';

/** An event as a statement returns it, with the key that orders it among the events of its instant. */
export interface EventRow extends FoundEvent {
  readonly key: string;
  /** For partners: what they see of it. */
  readonly seen?: SeenOfEvent;
}

/** Where the last page ended: event time or log position (for partners, record time), and the key of the last event. */
export interface Place {
  readonly at: number;
  readonly key: string;
}

/** Which part of the log and of time is read, and how much. */
export interface Reading {
  /** Is told the size of the rows. */
  readonly options?: Pick<ReadOptions, 'onBytes'>;
  readonly time: TimeRange;
  readonly recordTime: TimeRange;
  readonly seq: TimeRange;
  readonly residue: Residue;
  readonly after: Place | null;
  readonly limit: number;
}

const COLUMNS = fragment`e.id AS key, coalesce(e.of, e.id) AS id, e.eventTime AS eventTimeMs, e.recordTime AS recordTimeMs, e.seq AS seq,
  e.text AS text, e.context AS context, e.header AS header, e.of IS NOT NULL AS isDeclaration`;

// Everything about an event that needs no text. Cheap tests come first.
const MEETS = fragment`e.recordTime >= $recordFrom AND e.recordTime <= $recordTo
  AND ($types IS NULL OR e.type IN $types)
  AND ($actions IS NULL OR e.action IN $actions)
  AND ($bizSteps IS NULL OR e.bizStep IN $bizSteps)
  AND ($dispositions IS NULL OR e.disposition IN $dispositions)
  AND ($readPoints IS NULL OR e.readPoint IN $readPoints)
  AND ($bizLocations IS NULL OR e.bizLocation IN $bizLocations)
  AND ($terms IS NULL OR all(terms IN $terms WHERE EXISTS { (e)-[t:SAYS]->() WHERE t.term IN terms }))
  AND ($names IS NULL OR all(name IN $names WHERE EXISTS {
    (e)-[o:OF|OF_AHEAD]->(p:Package) WHERE o.role IN name.roles AND (p.k IN name.keys OR any(start IN name.prefixes WHERE p.k STARTS WITH start))
  }))`;
const IN_TIME = fragment`e.eventTime >= $timeFrom AND e.eventTime <= $timeTo`;
const IN_LOG = fragment`e.seq >= $seqFrom AND e.seq <= $seqTo`;
// With an OR here the planner may make two seeks and sort all the rest. CASE keeps one ordered range.
const BEHIND_IN_TIME = fragment`CASE WHEN e.eventTime = $placeAt THEN e.id > $placeKey ELSE true END`;
const BEHIND_IN_LOG = fragment`CASE WHEN e.seq = $placeAt THEN e.id > $placeKey ELSE true END`;

const BY_TIME = bothWays(({ suffix, order }) => {
  const partner = fragment`
MATCH ()-[s:SEEN_BY]->(e:Event|ErrorDeclaration)
WHERE s.p = $viewer AND ${SEEN_IN_TIME} AND CASE WHEN s.at = $placeAt THEN e.id > $placeKey ELSE true END AND ${SEEN_IN_LOG} AND ${MEETS_SEEN}
WITH s, e ORDER BY s.at ${order}, e.id LIMIT $limit
RETURN ${SEEN_COLUMNS} ORDER BY eventTimeMs ${order}, key`;
  return cypher.events<EventRow>(`epcis-query.byTime${suffix}`, { partner })`
MATCH (e:Event)
USING INDEX e:Event(eventTime)
WHERE ${IN_TIME} AND ${BEHIND_IN_TIME} AND ${IN_LOG} AND ${MEETS}
WITH e ORDER BY e.eventTime ${order}, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY eventTimeMs ${order}, key`;
});

const BY_LOG = bothWays(({ suffix, order }) => {
  const partner = fragment`
MATCH ()-[s:SEEN_BY]->(e:Event|ErrorDeclaration)
WHERE s.p = $viewer AND ${SEEN_IN_LOG} AND CASE WHEN s.rec = $placeAt THEN e.id > $placeKey ELSE true END AND ${SEEN_IN_TIME} AND ${MEETS_SEEN}
WITH s, e ORDER BY s.rec ${order}, e.id LIMIT $limit
RETURN ${SEEN_COLUMNS} ORDER BY seq ${order}, key`;
  return cypher.events<EventRow>(`epcis-query.byLog${suffix}`, { partner })`
MATCH (e:Event)
USING INDEX e:Event(seq)
WHERE ${IN_LOG} AND ${BEHIND_IN_LOG} AND ${IN_TIME} AND ${MEETS}
WITH e ORDER BY e.seq ${order}, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY seq ${order}, key`;
});

const DECLARED_BY_LOG = bothWays(
  ({ suffix, order }) => cypher.events<EventRow>(`epcis-query.declaredByLog${suffix}`)`
MATCH (e:ErrorDeclaration)
USING INDEX e:ErrorDeclaration(seq)
WHERE ${IN_LOG} AND ${BEHIND_IN_LOG} AND ${IN_TIME}
WITH e ORDER BY e.seq ${order}, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY seq ${order}, key`,
);

const BY_TERMS = bothWays(
  ({ suffix, order }) => cypher.events<EventRow>(`epcis-query.byTerms${suffix}`)`
UNWIND $values AS value
CALL (value) {
  MATCH ()-[s:SAYS]->(e)
  WHERE s.term = value AND s.at >= $timeFrom AND s.at <= $timeTo AND ${BEHIND_IN_TIME} AND ${IN_LOG} AND ${MEETS}
  RETURN e ORDER BY s.term ${order}, s.at ${order}, e.id LIMIT $limit
}
WITH DISTINCT e ORDER BY e.eventTime ${order}, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY eventTimeMs ${order}, key`,
);

const BY_KIND = bothWays(
  ({ suffix, order }) => cypher.events<EventRow>(`epcis-query.byKind${suffix}`)`
UNWIND $values AS value
CALL (value) {
  MATCH (e:Event)
  USING INDEX e:Event(type, action, eventTime)
  WHERE e.type = value.type AND e.action = value.action AND ${IN_TIME} AND ${BEHIND_IN_TIME} AND ${IN_LOG} AND ${MEETS}
  RETURN e ORDER BY e.type ${order}, e.action ${order}, e.eventTime ${order}, e.id LIMIT $limit
}
WITH e ORDER BY e.eventTime ${order}, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY eventTimeMs ${order}, key`,
);

const PROPERTIES: Readonly<Record<IndexedProperty, CypherFragment>> = {
  bizStep: fragment`bizStep`,
  disposition: fragment`disposition`,
  readPoint: fragment`readPoint`,
  bizLocation: fragment`bizLocation`,
};

function byProperty(property: IndexedProperty): BothWays<EventRow> {
  const p = PROPERTIES[property];
  return bothWays(
    ({ suffix, order }) => cypher.events<EventRow>(`epcis-query.${property}${suffix}`)`
UNWIND $values AS value
CALL (value) {
  MATCH (e:Event)
  USING INDEX e:Event(${p}, eventTime)
  WHERE e.${p} = value AND ${IN_TIME} AND ${BEHIND_IN_TIME} AND ${IN_LOG} AND ${MEETS}
  RETURN e ORDER BY e.${p} ${order}, e.eventTime ${order}, e.id LIMIT $limit
}
WITH e ORDER BY e.eventTime ${order}, e.id LIMIT $limit
RETURN ${COLUMNS} ORDER BY eventTimeMs ${order}, key`,
  );
}

const BY_PROPERTY: Readonly<Record<IndexedProperty, BothWays<EventRow>>> = {
  bizStep: byProperty('bizStep'),
  disposition: byProperty('disposition'),
  readPoint: byProperty('readPoint'),
  bizLocation: byProperty('bizLocation'),
};

/** An event that may match, with the values that order it. */
export interface Hint {
  readonly key: string;
  readonly eventTimeMs: number;
  readonly seq: number;
}

interface Count {
  readonly n: number;
}

const HINT = fragment`e.id AS key, e.eventTime AS eventTimeMs, e.seq AS seq`;

const BY_IDS = cypher.events<EventRow>('epcis-query.byKeys', {
  partner: fragment`
UNWIND $values AS value
CALL (value) {
  MATCH (e:Event {id: value}) RETURN e
  UNION
  MATCH (e:ErrorDeclaration {id: value}) RETURN e
}
MATCH (e)-[s:SEEN_BY]->(e)
WHERE s.p = $viewer AND ${SEEN_IN_TIME} AND ${SEEN_IN_LOG} AND ${MEETS_SEEN}
RETURN ${SEEN_COLUMNS}`,
})`
UNWIND $values AS value
MATCH (e:Event {id: value})
WHERE ${IN_TIME} AND ${IN_LOG} AND ${MEETS}
RETURN ${COLUMNS}`;

const DECLARED_BY_IDS = cypher.events<EventRow>('epcis-query.declaredByKeys')`
UNWIND $values AS value
MATCH (e:ErrorDeclaration {id: value})
WHERE ${IN_TIME} AND ${IN_LOG}
RETURN ${COLUMNS}`;

const HINTS_OF_IDS = cypher.events<Hint>('epcis-query.hintsOfIds', {
  partner: fragment`
UNWIND $values AS value
CALL (value) {
  MATCH (e:Event {id: value}) RETURN e
  UNION
  MATCH (e:ErrorDeclaration {of: value}) RETURN e
}
MATCH (e)-[s:SEEN_BY]->(e)
WHERE s.p = $viewer
RETURN e.id AS key, s.at AS eventTimeMs, s.rec AS seq`,
})`
UNWIND $values AS value
MATCH (e:Event {id: value})
RETURN ${HINT}`;

const HINTS_OF_NAMES = cypher.events<Hint>('epcis-query.hintsOfNames')`
UNWIND $keys AS k
MATCH (p:Package {k: k})<-[o:OF|OF_AHEAD]-(e:Event)
WHERE o.role IN $roles
WITH DISTINCT e LIMIT $limit
RETURN ${HINT}`;

// Packages are limited before their events are read: a product may have a million packages.
const HINTS_OF_PATTERNS = cypher.events<Hint & { readonly packages: number }>(
  'epcis-query.hintsOfPatterns',
)`
CALL () {
  UNWIND $prefixes AS prefix
  CALL (prefix) {
    MATCH (p:Package) WHERE p.k STARTS WITH prefix
    RETURN p LIMIT $limit
  }
  RETURN p LIMIT $limit
}
WITH collect(p) AS found
WITH found, size(found) AS packages
UNWIND found AS p
MATCH (p)<-[o:OF|OF_AHEAD]-(e:Event)
WHERE o.role IN $roles
WITH DISTINCT e, packages LIMIT $limit
RETURN ${HINT}, packages`;

const WITH_TERMS = fragment`UNWIND $values AS value
CALL (value) {
  MATCH ()-[s:SAYS]->(e)
  WHERE s.term = value AND s.at >= $timeFrom AND s.at <= $timeTo
  RETURN e LIMIT $limit
}`;

const HINTS_OF_TERMS = cypher.events<Hint>('epcis-query.hintsOfTerms')`
${WITH_TERMS}
WITH DISTINCT e LIMIT $limit
RETURN ${HINT}`;

const COUNT_OF_TERMS = cypher.events<Count>('epcis-query.countOfTerms')`
${WITH_TERMS}
RETURN count(*) AS n`;

const HINTS_OF_TERM_PREFIXES = cypher.events<Hint>('epcis-query.hintsOfTermPrefixes')`
UNWIND $values AS value
CALL (value) {
  MATCH ()-[s:SAYS]->(e)
  WHERE s.term STARTS WITH value AND s.at >= $timeFrom AND s.at <= $timeTo
  RETURN e LIMIT $limit
}
WITH DISTINCT e LIMIT $limit
RETURN ${HINT}`;

const OF_KINDS = fragment`UNWIND $values AS value
CALL (value) {
  MATCH (e:Event)
  USING INDEX e:Event(type, action, eventTime)
  WHERE e.type = value.type AND e.action = value.action AND ${IN_TIME}
  RETURN e LIMIT $limit
}`;

const HINTS_OF_KINDS = cypher.events<Hint>('epcis-query.hintsOfKinds')`
${OF_KINDS}
WITH e LIMIT $limit
RETURN ${HINT}`;

const COUNT_OF_KINDS = cypher.events<Count>('epcis-query.countOfKinds')`
${OF_KINDS}
RETURN count(*) AS n`;

interface OfProperty {
  readonly hints: ReadStatement<Hint>;
  readonly count: ReadStatement<Count>;
}

function ofProperty(property: IndexedProperty): OfProperty {
  const p = PROPERTIES[property];
  const found = fragment`UNWIND $values AS value
CALL (value) {
  MATCH (e:Event)
  USING INDEX e:Event(${p}, eventTime)
  WHERE e.${p} = value AND ${IN_TIME}
  RETURN e LIMIT $limit
}`;
  return {
    hints: cypher.events<Hint>(`epcis-query.hintsOf-${property}`)`
${found}
WITH e LIMIT $limit
RETURN ${HINT}`,
    count: cypher.events<Count>(`epcis-query.countOf-${property}`)`
${found}
RETURN count(*) AS n`,
  };
}

const OF_PROPERTY: Readonly<Record<IndexedProperty, OfProperty>> = {
  bizStep: ofProperty('bizStep'),
  disposition: ofProperty('disposition'),
  readPoint: ofProperty('readPoint'),
  bizLocation: ofProperty('bizLocation'),
};

const HINTS_OF_LOG = cypher.events<Hint>('epcis-query.hintsOfLog')`
MATCH (e:Event)
USING INDEX e:Event(seq)
WHERE ${IN_LOG}
WITH e LIMIT $limit
RETURN ${HINT}`;

const HINTS_OF_TIME = cypher.events<Hint>('epcis-query.hintsOfTime')`
MATCH (e:Event)
USING INDEX e:Event(eventTime)
WHERE ${IN_TIME}
WITH e LIMIT $limit
RETURN ${HINT}`;

/** Which nodes are read. */
export type Of = 'events' | 'declarations';

/** Reads what may match in the order of its index, batch by batch; null when a path has no such order. */
export function walkAlong(
  path: AccessPath | null,
  order: 'eventTime' | 'recordTime',
  of: Of,
): BothWays<EventRow> | null {
  if (order === 'recordTime') return path === null ? byLog(of) : null;
  if (path === null) return BY_TIME;
  if (path.kind === 'terms') return BY_TERMS;
  if (path.kind === 'kinds') return BY_KIND;
  return path.kind === 'property' ? BY_PROPERTY[path.property] : null;
}

function byLog(of: Of): BothWays<EventRow> {
  return of === 'events' ? BY_LOG : DECLARED_BY_LOG;
}

/** One batch of a walk. */
export function readWalk(
  view: View,
  statement: ReadStatement<EventRow>,
  path: AccessPath | null,
  reading: Reading,
): Promise<EventRow[]> {
  return view.read(statement, { ...paramsOf(reading), values: valuesOf(path) }, reading.options);
}

/** Events by their keys, unordered. */
export function readKeys(
  view: View,
  of: Of,
  keys: readonly string[],
  reading: Reading,
): Promise<EventRow[]> {
  const statement = of === 'events' ? BY_IDS : DECLARED_BY_IDS;
  return view.read(statement, { ...paramsOf(reading), values: keys }, reading.options);
}

/** The events that one path leads to, unordered; null when there are more than `reading.limit`. */
export async function readHints(
  view: View,
  path: AccessPath | 'log' | 'time',
  reading: Reading,
): Promise<readonly Hint[] | null> {
  const params = { ...paramsOf(reading), limit: int(reading.limit + 1) };
  if (typeof path !== 'string' && path.kind === 'names') return namedHints(view, path, params);
  const hints = await view.read(statementOfHints(path), {
    ...params,
    values: typeof path === 'string' ? [] : valuesOf(path),
  });
  return hints.length > reading.limit ? null : hints;
}

function statementOfHints(
  path: Exclude<AccessPath, { kind: 'names' }> | 'log' | 'time',
): ReadStatement<Hint> {
  if (path === 'log') return HINTS_OF_LOG;
  if (path === 'time') return HINTS_OF_TIME;
  switch (path.kind) {
    case 'ids':
      return HINTS_OF_IDS;
    case 'terms':
      return HINTS_OF_TERMS;
    case 'termPrefixes':
      return HINTS_OF_TERM_PREFIXES;
    case 'kinds':
      return HINTS_OF_KINDS;
    case 'property':
      return OF_PROPERTY[path.property].hints;
  }
}

/** How many hits an ordered path has, counted up to `reading.limit` for each of its values. */
export async function countHints(view: View, path: AccessPath, reading: Reading): Promise<number> {
  const statement = statementOfCount(path);
  if (statement === null) return reading.limit;
  const params = { ...paramsOf(reading), values: valuesOf(path) };
  return (await view.read(statement, params))[0]?.n ?? 0;
}

function statementOfCount(path: AccessPath): ReadStatement<Count> | null {
  if (path.kind === 'terms') return COUNT_OF_TERMS;
  if (path.kind === 'kinds') return COUNT_OF_KINDS;
  return path.kind === 'property' ? OF_PROPERTY[path.property].count : null;
}

async function namedHints(
  view: View,
  path: Extract<AccessPath, { kind: 'names' }>,
  params: Readonly<Record<string, unknown>> & { readonly limit: unknown },
): Promise<readonly Hint[] | null> {
  const limit = Number(params.limit);
  const named = { ...params, ...path };
  const byKey = path.keys.length === 0 ? [] : await view.read(HINTS_OF_NAMES, named);
  const byPrefix = path.prefixes.length === 0 ? [] : await view.read(HINTS_OF_PATTERNS, named);
  const cut = byPrefix.some(({ packages }) => packages >= limit);
  const found = new Map([...byKey, ...byPrefix].map((hint) => [hint.key, hint]));
  return cut || found.size >= limit ? null : [...found.values()];
}

function valuesOf(path: AccessPath | null): unknown {
  if (path === null) return [];
  switch (path.kind) {
    case 'ids':
      return path.ids;
    case 'names':
      return path.keys;
    case 'terms':
      return path.terms;
    case 'termPrefixes':
      return path.prefixes;
    case 'property':
      return path.values;
    case 'kinds':
      return path.types.flatMap((type) => path.actions.map((action) => ({ type, action })));
  }
}

function paramsOf({
  time,
  recordTime,
  seq,
  residue,
  after,
  limit,
}: Reading): Record<string, unknown> {
  return {
    ...residue,
    timeFrom: int(time.from),
    timeTo: int(time.to),
    recordFrom: int(recordTime.from),
    recordTo: int(recordTime.to),
    seqFrom: int(seq.from),
    seqTo: int(seq.to),
    placeAt: intOrNull(after?.at),
    placeKey: after?.key ?? '',
    limit: int(limit),
  };
}
