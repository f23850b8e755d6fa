/** Indexes only find what may match: whatever matches must be found by each of them. No database is needed to try that. */
import { eventNodeOf } from '../../../src/capture/event-batch.rules.js';
import { parametersOfUrl, parseEventQuery } from '../../../src/epcis-query/index.js';
import type { EventQuery } from '../../../src/epcis-query/index.js';
import {
  accessToDeclarations,
  accessToEvents,
  rangeOf,
} from '../../../src/epcis-query/access-path.rules.js';
import type { Access, AccessPath } from '../../../src/epcis-query/access-path.rules.js';
import { matchesEvent } from '../../../src/epcis-query/match-event.rules.js';
import type { Candidate, Resolved } from '../../../src/epcis-query/match-event.rules.js';
import { termsOfDeclaration, termsOfEvent } from '../../../src/event-terms/event-terms.rules.js';
import { parseDocument } from '../../../src/epcis/parse-document.js';
import type { ParsedEvent } from '../../../src/epcis/parse-document.js';
import { quantitiesOf, namesOf, sitesOf } from '../../../src/epcis/readers.js';
import { diceFrom } from '../../support/dice.js';
import type { Dice } from '../../support/dice.js';
import { epcisDocument } from '../../support/history-document.js';
import { NAMESPACE, QueryEvents } from '../../support/query-events.js';
import type { Event } from '../../support/query-events.js';
import { randomQuery } from '../../support/random-query.js';
import { historiesToTry, seed } from '../../support/test-settings.js';

const QUERIES = historiesToTry({ daily: 300, nightly: 10_000 });

/** An event with what indexes know of it. */
interface Indexed {
  readonly candidate: Candidate;
  readonly isDeclaration: boolean;
  readonly terms: readonly string[];
  readonly names: readonly (readonly [role: string, key: string])[];
  readonly node: ReturnType<typeof eventNodeOf>;
}

function indexed(parsed: ParsedEvent): Indexed {
  const { id, event, prefixes, errorDeclaration } = parsed;
  const candidate = { id, event, prefixes, recordTimeMs: 0 };
  const { epcs, kids, parent, inputs, outputs } = namesOf(event);
  const lists = {
    epc: epcs,
    child: kids,
    parent: parent === undefined ? [] : [parent],
    input: inputs,
    output: outputs,
  };
  const isDeclaration = errorDeclaration !== undefined;
  return {
    ...{ candidate, isDeclaration },
    terms: isDeclaration ? termsOfDeclaration(candidate) : termsOfEvent(candidate),
    names: Object.entries(lists).flatMap(([role, keys]) => keys.map((key) => [role, key] as const)),
    node: eventNodeOf({ parsed: { ...parsed, sentBy: 'host' }, lot: {}, facts: [] }, 'active'),
  };
}

function isNamed(
  { names }: Indexed,
  path: {
    readonly roles: readonly string[];
    readonly keys: readonly string[];
    readonly prefixes: readonly string[];
  },
): boolean {
  return names.some(
    ([role, key]) =>
      path.roles.includes(role) &&
      (path.keys.includes(key) || path.prefixes.some((prefix) => key.startsWith(prefix))),
  );
}

/** Whether an index leads to it. */
function isFound(one: Indexed, path: AccessPath): boolean {
  switch (path.kind) {
    case 'ids':
      return path.ids.includes(one.candidate.id);
    case 'names':
      return isNamed(one, path);
    case 'terms':
      return one.terms.some((term) => path.terms.includes(term));
    case 'termPrefixes':
      return one.terms.some((term) => path.prefixes.some((prefix) => term.startsWith(prefix)));
    case 'property':
      return path.values.includes(String(one.node[path.property]));
    case 'kinds':
      return path.types.includes(one.node.type) && path.actions.includes(String(one.node.action));
  }
}

/** Whether it passes what the statements check on the way. */
function passes(one: Indexed, { residue }: Access): boolean {
  const { node } = one;
  const checks: readonly (readonly [readonly string[] | null, string | null])[] = [
    [residue.types, node.type],
    [residue.actions, node.action],
    [residue.bizSteps, node.bizStep],
    [residue.dispositions, node.disposition],
    [residue.readPoints, node.readPoint],
    [residue.bizLocations, node.bizLocation],
  ];
  return (
    checks.every(([asked, value]) => asked === null || asked.includes(String(value))) &&
    (residue.terms ?? []).every((group) => group.some((term) => one.terms.includes(term))) &&
    (residue.names ?? []).every((group) => isNamed(one, group))
  );
}

function madeEvents(): { readonly events: readonly Event[]; readonly all: readonly Indexed[] } {
  const source = new QueryEvents(seed);
  const events: Event[] = [];
  for (let n = 0; n < 200; n++) events.push(source.next(events));
  const document = {
    ...epcisDocument(events),
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { ex: NAMESPACE },
    ],
  };
  const parsed = parseDocument(document, {
    ...{ maxEvents: 1000, maxEpcsPerEvent: 1000, maxDepth: 64, digitalLinkDomains: [] },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return { events, all: parsed.document.events.map(indexed) };
}

/** What the graph would tell of filters on master data: some of the keys that occur. */
function resolvedFor({ filters }: EventQuery, all: readonly Indexed[], random: Dice): Resolved {
  const places = all.flatMap(({ candidate: { event } }) => {
    const { readPoint, bizLocation } = sitesOf(event);
    return [readPoint, bizLocation].filter((key) => key !== undefined);
  });
  const classes = all.flatMap(({ candidate: { event } }) =>
    quantitiesOf(event).map(({ classKey }) => classKey),
  );
  const some = (keys: readonly string[]): ReadonlySet<string> =>
    new Set(keys.filter(() => random.chance(0.2)));
  return new Map(
    filters.map((filter) => [
      filter,
      some(filter.kind === 'classWithin' ? classes : [...places, ...classes]),
    ]),
  );
}

const queryOf = (parameters: ReadonlyMap<string, readonly string[]>): EventQuery => {
  const asked = [...parameters].map(([name, values]): [string, string] => [name, values.join('|')]);
  return parseEventQuery(parametersOfUrl(new URLSearchParams(asked)), { ex: NAMESPACE });
};

interface Ways {
  readonly query: EventQuery;
  /** Null where nothing of that sort can match. */
  readonly events: Access | null;
  readonly declarations: Access;
}

const accessTo = (one: Indexed, { events, declarations }: Ways): Access | null =>
  one.isDeclaration ? declarations : events;

/** Found by every index: what would be read of one that has to be found by all. */
function isRead(one: Indexed, ways: Ways): boolean {
  const paths = accessTo(one, ways)?.paths ?? [];
  return paths.length > 0 && paths.every((path) => isFound(one, path));
}

/** Why one that matches would not be answered; null when it is. */
function whyLost(one: Indexed, ways: Ways): string | null {
  const access = accessTo(one, ways);
  if (access === null) return 'nothing leads there';
  const { from, to } = rangeOf(ways.query, 'eventTime');
  if (one.node.eventTime < from || one.node.eventTime > to) return 'out of the range of time';
  const path = access.paths.find((way) => !isFound(one, way));
  if (path !== undefined) return JSON.stringify(path);
  return passes(one, access) ? null : JSON.stringify(access.residue);
}

test('what matches a query is found by every index that it may be answered from, and passes every check on the way', () => {
  const { events, all } = madeEvents();
  const random = diceFrom(seed + 5);
  const lost: unknown[] = [];
  let [hits, read, paths] = [0, 0, 0];
  for (let n = 0; n < QUERIES; n++) {
    const parameters = randomQuery(random, events);
    const query = queryOf(parameters);
    const resolved = resolvedFor(query, all, random);
    const toEvents = accessToEvents(query, resolved);
    const ways = { query, events: toEvents, declarations: accessToDeclarations(query, resolved) };
    paths += toEvents?.paths.length ?? 1;
    read += all.filter((one) => isRead(one, ways)).length;
    for (const one of all.filter(({ candidate }) => matchesEvent(query, candidate, resolved))) {
      hits++;
      const why = whyLost(one, ways);
      if (why !== null) lost.push([[...parameters], one.candidate.id, why]);
    }
  }

  expect(lost).toEqual([]);
  expect(hits).toBeGreaterThan(QUERIES);
  // Hints, but good ones: nearly every query has an index, and that finds little besides what matches.
  expect(paths).toBeGreaterThan(QUERIES);
  expect(read).toBeLessThan(3 * hits);
});
