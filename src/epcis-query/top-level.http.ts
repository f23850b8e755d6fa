import { isPartner } from '../access/view.js';
import { identifierInFormat } from '../epcis/translate-identifiers.js';
import { vocabularyFormOf, wordIn } from '../epcis/translate-vocabulary.js';
import { bareWord, isWord } from '../epcis/vocabulary.js';
import { collectionAnswer } from '../epcis-rest/collection.js';
import { response } from '../epcis-rest/openapi-parts.js';
import type { OperationObject } from '../epcis-rest/openapi-parts.js';
import { pageHeaders, readPage, refuseParameters } from '../epcis-rest/paging.js';
import type { EpcisAnswer, EpcisCall, EpcisRoutes } from '../epcis-rest/resource.js';
import { Problem, forbidden, isProblem } from '../shared/problem.js';
import type { AnswerDeps, QueryDeps } from './answer-query.js';
import type { EventQuery, TopLevelResource } from './event-query.js';
import { aboutEvents, answerEvents, hasEvent, queryOf } from './events.http.js';
import { FORM_PARAMETERS, PAGE_PARAMETERS } from './openapi-parameters.http.js';
import { parseEventQuery } from './query-parameters.rules.js';
import { listResource } from './resource-list.read-model.js';
import { EVENT_TYPES } from '../epcis/event.js';

const MEMBERS = [
  'queries',
  'capture',
  'events',
  'eventTypes',
  'epcs',
  'readPoints',
  'bizLocations',
  'dispositions',
  'bizSteps',
];

interface TopLevel {
  readonly name: TopLevelResource;
  /** Name of the value in the path. */
  readonly value: string;
  readonly what: string;
  /** The query parameter that the path stands for. */
  readonly parameter: string;
  /** Parameters that the OpenAPI leaves out below this path, because the path already states them. */
  readonly without: readonly string[];
}

const RESOURCES: readonly TopLevel[] = [
  {
    name: 'eventTypes',
    value: 'eventType',
    what: 'event types',
    parameter: 'eventType',
    without: ['eventType'],
  },
  {
    name: 'epcs',
    value: 'epc',
    what: 'electronic product codes',
    parameter: 'MATCH_anyEPC',
    without: ['MATCH_anyEPC'],
  },
  {
    name: 'bizSteps',
    value: 'bizStep',
    what: 'business steps',
    parameter: 'EQ_bizStep',
    without: ['EQ_bizStep'],
  },
  {
    name: 'bizLocations',
    value: 'bizLocation',
    what: 'business locations',
    parameter: 'EQ_bizLocation',
    without: ['EQ_bizLocation'],
  },
  {
    name: 'readPoints',
    value: 'readPoint',
    what: 'read points',
    parameter: 'EQ_readPoint',
    without: ['EQ_readPoint'],
  },
  {
    name: 'dispositions',
    value: 'disposition',
    what: 'dispositions',
    parameter: 'EQ_disposition',
    // The OpenAPI keeps EQ_disposition below /dispositions/{disposition}. An event must meet both then.
    without: [],
  },
];

/** EPCIS 2.0 REST binding, top-level resources: GET /epcis/, and the lists of what events name, down to the events of one value. */
export function addTopLevel(routes: EpcisRoutes, deps: AnswerDeps): void {
  routes.resource({
    path: '/',
    operations: [
      {
        method: 'GET',
        scope: 'read',
        about: aboutList('The top-level resources.', []),
        handle: (call) => {
          refuseParameters(call.query, []);
          return collectionAnswer(call, MEMBERS);
        },
      },
    ],
  });
  for (const resource of RESOURCES) addList(routes, deps, resource);
}

function addList(routes: EpcisRoutes, deps: AnswerDeps, resource: TopLevel): void {
  const { name, value, what, without } = resource;
  const of = `/${name}/{${value}}`;
  const exists = async (
    params: Readonly<Record<string, string>>,
    { headers, view }: Pick<EpcisCall, 'headers' | 'view'>,
  ): Promise<boolean> =>
    isKnown({ ...deps, view }, resource, valueIn(params, resource, headers.extensions));
  routes.resource({
    path: `/${name}`,
    operations: [
      {
        method: 'GET',
        scope: 'read',
        about: aboutList(`Known ${what}.`, [...PAGE_PARAMETERS, ...FORM_PARAMETERS]),
        handle: (call) => listValues(call, deps, resource),
      },
    ],
  });
  routes.resource({
    path: of,
    exists,
    operations: [
      {
        method: 'GET',
        scope: 'read',
        about: withNotFound(aboutList(`What can be listed for one of the ${what}.`, [])),
        handle: async (call) => {
          refuseParameters(call.query, []);
          if (!(await exists(call.params, call))) throw notFound(resource, call);
          return collectionAnswer(call, ['events']);
        },
      },
    ],
  });
  routes.resource({
    path: `${of}/events`,
    exists,
    operations: [
      {
        method: 'GET',
        scope: 'read',
        about: withNotFound(aboutEvents(`Events of one of the ${what}.`, without)),
        handle: (call) => eventsOf(call, deps, resource),
      },
    ],
  });
}

async function listValues(
  call: EpcisCall,
  { clock, prefixes }: AnswerDeps,
  { name, value: kind, what }: TopLevel,
): Promise<EpcisAnswer> {
  refuseParameters(call.query, ['perPage', 'nextPageToken']);
  // The values of what a partner sees could only be found by reading all of it.
  if (isPartner(call.view))
    throw forbidden('ONLY_HOST', `Only the host of this service may list all ${what}.`, {
      remedy: `Ask GET /epcis/${name}/{${kind}}/events for one of them, or GET /epcis/events.`,
    });
  const page = { ...readPage(call.query), nowMs: clock.now() };
  const { values, ...next } = await listResource(call.view, name, page);
  const { epcFormat, cbvXmlFormat } = call.headers;
  const lengths = await prefixes.knownFor(epcFormat, call.view);
  const form = call.syntax === 'XML' ? vocabularyFormOf(cbvXmlFormat) : null;
  const shown = values.map((value) =>
    form !== null && (kind === 'bizStep' || kind === 'disposition')
      ? wordIn(form, kind, value)
      : identifierInFormat(value, epcFormat, lengths),
  );
  return collectionAnswer(call, shown, pageHeaders(call.request.url, next));
}

async function eventsOf(
  call: EpcisCall,
  deps: AnswerDeps,
  resource: TopLevel,
): Promise<EpcisAnswer> {
  const twice = resource.without.find((name) => call.query.has(name));
  if (twice !== undefined)
    throw new Problem(
      'QUERY_PARAMETER',
      `Parameter ${twice} is not known here, because the path already states it.`,
      { details: { parameter: twice } },
    );
  const value = valueIn(call.params, resource, call.headers.extensions);
  const own = conditionOf(resource, value);
  if (own === null) throw notFound(resource, call);
  const answer = await answerEvents(call, deps, queryOf(call, own));
  if (answer.count === 0 && !(await isKnown({ ...deps, view: call.view }, resource, value)))
    throw notFound(resource, call);
  return answer;
}

/** Whether the value is listed: an event names it, or it is a word of the standard. */
async function isKnown(
  deps: Pick<QueryDeps, 'view' | 'clock'>,
  resource: TopLevel,
  value: string,
): Promise<boolean> {
  if (isStandard(resource, value)) return true;
  const own = conditionOf(resource, value);
  return own !== null && hasEvent(deps, own);
}

function isStandard({ name }: TopLevel, value: string): boolean {
  if (name === 'eventTypes') return EVENT_TYPES.includes(value);
  if (name === 'bizSteps') return isWord('bizStep', bareWord('bizStep', value));
  return name === 'dispositions' && isWord('disposition', bareWord('disposition', value));
}

/** The value in the path. A prefix that GS1-Extensions declares, as in our lists, is expanded. */
function valueIn(
  params: Readonly<Record<string, string>>,
  { value: name }: TopLevel,
  extensions: EpcisCall['headers']['extensions'],
): string {
  const value = params[name] ?? '';
  const colon = value.indexOf(':');
  const prefix = value.slice(0, Math.max(colon, 0));
  const namespace = Object.hasOwn(extensions, prefix) ? extensions[prefix] : undefined;
  return namespace === undefined ? value : namespace + value.slice(colon + 1);
}

/** The condition that the path states; null for a value that no event can have. */
function conditionOf({ parameter }: TopLevel, value: string): EventQuery | null {
  try {
    return parseEventQuery(new Map([[parameter, [value]]]), {}, true);
  } catch (error) {
    if (isProblem(error, 'QUERY_PARAMETER')) return null;
    throw error;
  }
}

function notFound({ what, value }: TopLevel, call: EpcisCall): Problem {
  const asked = JSON.stringify((call.params[value] ?? '').slice(0, 500));
  return new Problem('NOT_FOUND', `${asked} is not among the ${what} known here.`);
}

function aboutList(
  summary: string,
  parameters: NonNullable<OperationObject['parameters']>,
): OperationObject {
  return {
    summary,
    tags: ['Top-level'],
    parameters,
    responses: { 200: response('Collection') },
  };
}

function withNotFound(about: OperationObject): OperationObject {
  return { ...about, responses: { ...about.responses, 404: response('NoSuchResource') } };
}
