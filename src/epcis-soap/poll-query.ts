import type { AnswerForm, FoundEvent, QueryDeps, QueryParameters } from '../epcis-query/index.js';
import {
  findEvents,
  parseEventQuery,
  parseStoredQuery,
  writeFoundResults,
} from '../epcis-query/index.js';
import type { EventQuery } from '../epcis-query/index.js';
import type { StandingQueries } from '../epcis-subscription/index.js';
import { identifierInFormat } from '../epcis/translate-identifiers.js';
import { writeXmlResults } from '../epcis/xml/write-document.js';
import { MAX_ANSWER_BYTES } from '../graph/read-within.js';
import { bytesOf } from '../shared/byte-budget.js';
import type { XmlVersion } from '../epcis/xml/write-event.js';
import { EpcisException } from './epcis-exception.js';
import {
  matchesMasterData,
  parseMasterDataQuery,
  vocabulariesOf,
} from './master-data-query.rules.js';
import type { NamedElement } from './master-data-query.rules.js';
import type { GivenParams } from './query-params.js';
import { namedElements } from './vocabulary.read-model.js';
import { append } from '../shared/append.js';

/** Queries that EPCIS 1.2 predefines (section 8.2.7). */
export const EVENT_QUERY = 'SimpleEventQuery';
/** The predefined query for master data. It cannot be subscribed to. */
export const MASTER_DATA_QUERY = 'SimpleMasterDataQuery';

/** What polling needs. */
export interface PollDeps extends QueryDeps {
  readonly standing: Pick<StandingQueries, 'read'>;
}

/** One poll. */
export interface Poll {
  readonly queryName: string;
  readonly params: GivenParams;
  /** The XML version of the answer. */
  readonly version: XmlVersion;
}

/** A poll has no pages: with more events than this, the client must narrow the query. */
const MOST_EVENTS = 10_000;
const MOST_ELEMENTS = 10_000;
const PAGE = 1000;

/**
 * Answers a query at once, as the element `QueryResults`, with identifiers and CBV words as URNs.
 *
 * @throws Problem QUERY_PARAMETER, NO_SUCH_NAME, QUERY_TOO_LARGE; EpcisException
 * @see EPCIS 1.2 section 8.2.5, poll
 */
export async function pollQuery(deps: PollDeps, poll: Poll): Promise<string> {
  if (poll.queryName === MASTER_DATA_QUERY) return pollMasterData(deps, poll);
  const query = await eventQueryOf(deps, poll.queryName, poll.params);
  const found = await everyEvent(deps, query);
  const form: AnswerForm = {
    syntax: 'XML',
    version: poll.version,
    epcFormat: 'Always_EPC_URN',
    cbvXmlFormat: 'Always_URN',
    queryName: poll.queryName,
  };
  return writeFoundResults(deps, found, form);
}

/**
 * The event query with a name: the predefined one with these parameters, or a stored one, which takes none.
 *
 * @throws Problem QUERY_PARAMETER, NO_SUCH_NAME, FORBIDDEN
 */
export async function eventQueryOf(
  { standing, view }: Pick<PollDeps, 'standing' | 'view'>,
  queryName: string,
  { parameters, namespaces }: GivenParams,
): Promise<EventQuery> {
  if (queryName === EVENT_QUERY) return parseEventQuery(parameters, namespaces);
  const named = await standing.read(view, queryName);
  refuseAny(parameters, queryName);
  return parseStoredQuery(named);
}

function refuseAny(parameters: QueryParameters, queryName: string): void {
  const [name] = parameters.keys();
  if (name === undefined) return;
  throw new EpcisException(
    'QueryParameterException',
    `Parameter "${name.slice(0, 200)}" is not accepted: the query "${queryName}" is stored with its parameters.`,
  );
}

async function everyEvent(
  { view, clock, maxBytes = MAX_ANSWER_BYTES }: QueryDeps,
  query: EventQuery,
): Promise<readonly FoundEvent[]> {
  const found: FoundEvent[] = [];
  let bytes = 0;
  let token: string | undefined;
  do {
    const next = token === undefined ? {} : { token };
    const page = await findEvents(view, query, {
      perPage: PAGE,
      ...next,
      nowMs: clock.now(),
      maxBytes,
    });
    append(found, page.events);
    bytes = page.events.reduce((sum, { text }) => sum + text.length, bytes);
    token = page.next;
    if (bytes > maxBytes || (found.length >= MOST_EVENTS && token !== undefined))
      throw tooLarge(`More than ${found.length} events match`);
  } while (token !== undefined);
  return found;
}

function tooLarge(what: string): EpcisException {
  return new EpcisException(
    'QueryTooLargeException',
    `${what}, which is more than one answer may have. Narrow the query, or use the REST interface, which has pages.`,
  );
}

async function pollMasterData(
  { view, prefixes, maxBytes = MAX_ANSWER_BYTES }: QueryDeps,
  { params, version }: Poll,
): Promise<string> {
  const query = parseMasterDataQuery(params.parameters);
  const { maxElementCount = Infinity } = query;
  const found: NamedElement[] = [];
  let bytes = 0;
  for await (const one of namedElements(view, query)) {
    if (!matchesMasterData(query, one)) continue;
    found.push(one);
    if (found.length > maxElementCount)
      throw new EpcisException(
        'QueryTooLargeException',
        `More than ${maxElementCount} vocabulary elements match (maxElementCount).`,
      );
    bytes += bytesOf(one.element);
    if (bytes > maxBytes)
      throw tooLarge(`More than ${found.length - 1} vocabulary elements of this length match`);
    if (found.length > MOST_ELEMENTS)
      throw tooLarge(`More than ${MOST_ELEMENTS} vocabulary elements match`);
  }
  const lengths = await prefixes.known(view);
  const toUrn = (id: string): string => identifierInFormat(id, 'Always_EPC_URN', lengths);
  const masterData = vocabulariesOf(
    query,
    found.map(({ vocabulary, element }) => ({ vocabulary, element: inUrns(element, toUrn) })),
  );
  return writeXmlResults([], { queryName: MASTER_DATA_QUERY, version, masterData });
}

function inUrns(
  { id, children, ...rest }: NamedElement['element'],
  toUrn: (id: string) => string,
): NamedElement['element'] {
  return {
    id: toUrn(id),
    ...rest,
    ...(children === undefined ? {} : { children: children.map(toUrn) }),
  };
}
