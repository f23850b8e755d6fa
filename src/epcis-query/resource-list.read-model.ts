import type { View } from '../access/view.js';
import { wordsOf } from '../epcis/vocabulary.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { formsOf } from '../gs1/identifier.js';
import type { PageAsked, ResourcePage, TopLevelResource } from './event-query.js';
import { hashOfQuery, readToken, TOKEN_LIFETIME_MS, writeToken } from './page-token.js';
import { EVENT_TYPES } from '../epcis/event.js';

interface ValueRow {
  readonly value: string;
  /** False for a value that no event states; the list steps over it. */
  readonly given?: boolean;
}

// gs1/EPCIS#107: in whatever role an event names it, including parents, children, inputs and outputs.
const EPCS = cypher.packages<ValueRow>('epcis-query.epcs')`
MATCH (p:Package)
WHERE p.k > $after AND EXISTS { (p)<-[:OF|OF_AHEAD]-(:Event) }
RETURN p.k AS value ORDER BY p.k LIMIT $limit`;

function placesOf(name: string, property: CypherFragment): ReadStatement<ValueRow> {
  return cypher.events<ValueRow>(name)`
MATCH (s:Site)
WHERE s.k > $after AND EXISTS {
  MATCH (e:Event) WHERE e.${property} = s.k AND e.eventTime IS NOT NULL
}
RETURN s.k AS value ORDER BY s.k LIMIT $limit`;
}

// Only the next value: the index is left at once and entered again after that value. So a value costs one seek, however often it occurs.
function nextOf(name: string, property: CypherFragment): ReadStatement<ValueRow> {
  return cypher.events<ValueRow>(name)`
MATCH (e:Event)
USING INDEX e:Event(${property}, eventTime)
WHERE e.${property} > $after AND e.eventTime IS NOT NULL
RETURN e.${property} AS value ORDER BY e.${property} LIMIT 1`;
}

const NEXT_TYPE = cypher.events<ValueRow>('epcis-query.nextType')`
MATCH (e:Event)
USING INDEX e:Event(type, action, eventTime)
WHERE e.type > $after AND e.action IS NOT NULL AND e.eventTime IS NOT NULL
RETURN e.type AS value ORDER BY e.type LIMIT 1`;

// An extension type also has a term for the name that all its spellings share. That name is a value only if an event states it.
const NEXT_TYPE_TERM = cypher.events<ValueRow>('epcis-query.nextTypeTerm')`
MATCH (e)-[s:SAYS]->()
WHERE s.term > 'type ' + $after AND s.term < 'type!' AND s.at IS NOT NULL
WITH s.term AS term, e ORDER BY term LIMIT 1
RETURN substring(term, 5) AS value, e.type = substring(term, 5) AS given`;

type Reader = (view: View, after: string, limit: number) => Promise<readonly string[]>;

function reading(statement: ReadStatement<ValueRow>): Reader {
  return async (view, after, limit) =>
    (await view.read(statement, { after, limit: int(limit) })).map(({ value }) => value);
}

/** Distinct values. Each seek starts after the value before. */
function stepping(...statements: readonly ReadStatement<ValueRow>[]): Reader {
  return async (view, after, limit) => {
    const values: string[] = [];
    for (let last = after; values.length < limit;) {
      const next = await Promise.all(statements.map((one) => view.read(one, { after: last })));
      const [first] = next.flat().sort((a, b) => byCode(a.value, b.value));
      if (first === undefined) break;
      if (first.given !== false) values.push(first.value);
      last = first.value;
    }
    return values;
  };
}

// One statement checks all words of the standard, with one seek each. Words in use are listed earlier, so they must not come again.
function inUse(name: string, property: CypherFragment): ReadStatement<ValueRow> {
  return cypher.events<ValueRow>(name)`
UNWIND $words AS word
WITH word WHERE EXISTS { MATCH (e:Event) WHERE e.${property} = word AND e.eventTime IS NOT NULL }
RETURN word AS value`;
}

const TYPES_IN_USE = cypher.events<ValueRow>('epcis-query.typesInUse')`
UNWIND $words AS word
WITH word WHERE EXISTS {
  MATCH (e:Event) WHERE e.type = word AND e.action IS NOT NULL AND e.eventTime IS NOT NULL
} OR EXISTS {
  MATCH ()-[s:SAYS]->() WHERE s.term = 'type ' + word AND s.at IS NOT NULL
}
RETURN word AS value`;

/** Sorts after every word and URI. */
const BEHIND = '~';

/** Lists the values of events first, then the other words of the standard, which the OpenAPI wants listed. */
function andStandard(
  reader: Reader,
  standard: Iterable<string>,
  used: ReadStatement<ValueRow>,
): Reader {
  const words = [...standard];
  return async (view, after, limit) => {
    const found = after.startsWith(BEHIND) ? [] : await reader(view, after, limit);
    if (found.length === limit) return found;
    const before =
      after === '' ? found : (await view.read(used, { words })).map(({ value }) => value);
    const others = words.filter((word) => !before.includes(word)).map((word) => BEHIND + word);
    const more = others.filter((key) => key > after).sort(byCode);
    return [...found, ...more.slice(0, limit - found.length)];
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
  bizSteps: andStandard(
    stepping(nextOf('epcis-query.nextBizStep', fragment`bizStep`)),
    wordsOf('bizStep'),
    inUse('epcis-query.bizStepsInUse', fragment`bizStep`),
  ),
  dispositions: andStandard(
    stepping(nextOf('epcis-query.nextDisposition', fragment`disposition`)),
    wordsOf('disposition'),
    inUse('epcis-query.dispositionsInUse', fragment`disposition`),
  ),
  eventTypes: andStandard(stepping(NEXT_TYPE, NEXT_TYPE_TERM), EVENT_TYPES, TYPES_IN_USE),
};
const IDENTIFIERS: ReadonlySet<TopLevelResource> = new Set([
  'epcs',
  'readPoints',
  'bizLocations',
] as const);

/**
 * A page of the values that events have, each once, ordered by key. Identifiers are canonical Digital Links (or other URIs), and words are
 * bare. Types, steps and dispositions of the standard that no event has come last.
 *
 * @throws Problem QUERY_PARAMETER for a token that is not from this list
 */
export async function listResource(
  view: View,
  resource: TopLevelResource,
  page: PageAsked,
): Promise<ResourcePage> {
  const of = hashOfQuery({ resource });
  const mark = page.token === undefined ? null : readToken(page.token, of, page.nowMs);
  const values = await READERS[resource](view, mark?.key ?? '', page.perPage + 1);
  const shown = values.slice(0, page.perPage);
  const listed = shown.map((key) =>
    IDENTIFIERS.has(resource) ? formsOf(key).digitalLink : key.replace(/^~/, ''),
  );
  const key = shown.at(-1);
  if (values.length <= page.perPage || key === undefined) return { values: listed };
  const expiresAtMs = page.nowMs + TOKEN_LIFETIME_MS;
  return {
    values: listed,
    next: writeToken({ of, seq: 0, at: -1, key, expiresAtMs }),
    expiresAtMs,
  };
}
