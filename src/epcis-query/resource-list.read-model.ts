import { cypher, fragment } from '../graph/cypher.js';
import type { CypherFragment, CypherStatement } from '../graph/cypher.js';
import { int } from '../graph/graph.js';
import type { GraphReader } from '../graph/graph.js';
import { formsOf } from '../gs1/identifier.js';
import type { PageAsked, ResourcePage, TopLevelResource } from './event-query.js';
import { hashOfQuery, readToken, TOKEN_LIFETIME_MS, writeToken } from './page-token.js';

interface ValueRow {
  readonly value: string;
}

// gs1/EPCIS#107: whatever part an event gives it, parents, children, inputs and outputs included.
const EPCS = cypher<ValueRow>('epcis-query.epcs')`
MATCH (p:Package)
WHERE p.k > $after AND EXISTS { (p)<-[:OF]-(:Event) }
RETURN p.k AS value ORDER BY p.k LIMIT $limit`;

function placesOf(name: string, property: CypherFragment): CypherStatement<ValueRow> {
  return cypher<ValueRow>(name)`
MATCH (s:Site)
WHERE s.k > $after AND EXISTS {
  MATCH (e:Event) WHERE e.${property} = s.k AND e.eventTime IS NOT NULL
}
RETURN s.k AS value ORDER BY s.k LIMIT $limit`;
}

// The next value alone: the index is left at once for the place behind it, so a value costs one seek however often it occurs.
function nextOf(name: string, property: CypherFragment): CypherStatement<ValueRow> {
  return cypher<ValueRow>(name)`
MATCH (e:Event)
USING INDEX e:Event(${property}, eventTime)
WHERE e.${property} > $after AND e.eventTime IS NOT NULL
RETURN e.${property} AS value ORDER BY e.${property} LIMIT 1`;
}

const NEXT_TYPE = cypher<ValueRow>('epcis-query.nextType')`
MATCH (e:Event)
USING INDEX e:Event(type, action, eventTime)
WHERE e.type > $after AND e.action IS NOT NULL AND e.eventTime IS NOT NULL
RETURN e.type AS value ORDER BY e.type LIMIT 1`;

const NEXT_TYPE_TERM = cypher<ValueRow>('epcis-query.nextTypeTerm')`
MATCH ()-[s:SAYS]->()
WHERE s.term > 'type ' + $after AND s.term < 'type!' AND s.at IS NOT NULL
RETURN substring(s.term, 5) AS value ORDER BY s.term LIMIT 1`;

type Reader = (graph: GraphReader, after: string, limit: number) => Promise<readonly string[]>;

function reading(statement: CypherStatement<ValueRow>): Reader {
  return async (graph, after, limit) =>
    (await graph.read(statement, { after, limit: int(limit) })).map(({ value }) => value);
}

/** Distinct values, each by a seek for what comes behind the one before. */
function stepping(...statements: readonly CypherStatement<ValueRow>[]): Reader {
  return async (graph, after, limit) => {
    const values: string[] = [];
    for (let last = after; values.length < limit; last = values.at(-1) ?? last) {
      const next = await Promise.all(statements.map((one) => graph.read(one, { after: last })));
      const [first] = next.flatMap((rows) => rows.map(({ value }) => value)).sort(byCode);
      if (first === undefined) break;
      values.push(first);
    }
    return values;
  };
}

function byCode(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const READERS: Readonly<Record<TopLevelResource, Reader>> = {
  epcs: reading(EPCS),
  readPoints: reading(placesOf('epcis-query.readPoints', fragment`readPoint`)),
  bizLocations: reading(placesOf('epcis-query.bizLocations', fragment`bizLocation`)),
  bizSteps: stepping(nextOf('epcis-query.nextBizStep', fragment`bizStep`)),
  dispositions: stepping(nextOf('epcis-query.nextDisposition', fragment`disposition`)),
  eventTypes: stepping(NEXT_TYPE, NEXT_TYPE_TERM),
};
const IDENTIFIERS: ReadonlySet<TopLevelResource> = new Set([
  'epcs',
  'readPoints',
  'bizLocations',
] as const);

/**
 * A page of the values that events have, each once, in the order of their keys: identifiers as canonical Digital Links (or the URI they
 * are), words bare.
 *
 * @throws Problem QUERY_PARAMETER for a token that is not of this list
 */
export async function listResource(
  graph: GraphReader,
  resource: TopLevelResource,
  page: PageAsked,
): Promise<ResourcePage> {
  const of = hashOfQuery({ resource });
  const mark = page.token === undefined ? null : readToken(page.token, of, page.nowMs);
  const values = await READERS[resource](graph, mark?.key ?? '', page.perPage + 1);
  const shown = values.slice(0, page.perPage);
  const listed = IDENTIFIERS.has(resource) ? shown.map((key) => formsOf(key).digitalLink) : shown;
  const key = shown.at(-1);
  if (values.length <= page.perPage || key === undefined) return { values: listed };
  const expiresAtMs = page.nowMs + TOKEN_LIFETIME_MS;
  return {
    values: listed,
    next: writeToken({ of, seq: 0, at: -1, key, expiresAtMs }),
    expiresAtMs,
  };
}
