import { response } from '../epcis-rest/openapi-parts.js';
import type { OperationObject } from '../epcis-rest/openapi-parts.js';
import { pageHeaders, readPage, refuseParameters } from '../epcis-rest/paging.js';
import type { EpcisAnswer, EpcisCall, EpcisRoutes } from '../epcis-rest/resource.js';
import { Problem } from '../shared/problem.js';
import type { AnswerDeps, AnswerForm, QueryDeps } from './answer-query.js';
import { answerQuery } from './answer-query.js';
import { findEvents } from './event-query.read-model.js';
import type { EventQuery } from './event-query.js';
import { FORM_PARAMETERS, PAGE_PARAMETERS, QUERY_PARAMETERS } from './openapi-parameters.http.js';
import { parametersOfUrl, parseEventQuery } from './query-parameters.rules.js';

/** The most events with one eventID: the event and its error declarations. */
const MOST_OF_ONE = 1000;

/**
 * EPCIS 2.0 REST binding, query interface: GET /epcis/events with every parameter of SimpleEventQuery, GET
 * /epcis/events/{eventID}.
 */
export function addEventQueries(routes: EpcisRoutes, deps: AnswerDeps): void {
  routes.resource({
    path: '/events',
    operations: [
      {
        method: 'GET',
        scope: 'read',
        about: aboutEvents('Events, page by page.'),
        handle: (call) => answerEvents(call, deps, queryOf(call)),
      },
    ],
  });
  routes.resource({
    path: '/events/{eventID}',
    exists: ({ eventID = '' }, { view }) => hasEvent({ ...deps, view }, byEventID(eventID)),
    operations: [
      { method: 'GET', scope: 'read', about: ABOUT_EVENT, handle: (call) => oneEvent(call, deps) },
    ],
  });
}

/** The query in a URL, combined with `own`: an event must meet both. */
export function queryOf(call: EpcisCall, own?: EventQuery): EventQuery {
  const query = parseEventQuery(parametersOfUrl(call.query), call.headers.extensions);
  return own === undefined ? query : { ...query, filters: [...own.filters, ...query.filters] };
}

/** A page of the events that match, in the form that the call asks for. */
export async function answerEvents(
  call: EpcisCall,
  deps: AnswerDeps,
  query: EventQuery,
): Promise<EpcisAnswer & { readonly count: number }> {
  const page = readPage(call.query);
  const { text, count, ...next } = await answerQuery(
    { ...deps, view: call.view },
    query,
    page,
    formOf(call),
  );
  return { status: 200, headers: pageHeaders(call.request.url, next), body: text, count };
}

/** The OpenAPI description of a list of events. */
export function aboutEvents(summary: string, without: readonly string[] = []): OperationObject {
  return {
    summary,
    description:
      'This also takes parameters of SimpleEventQuery whose names contain a type, unit or extension field (EQ_bizTransaction_po, GE_value_CEL, EQ_ext:field …). Unknown parameters are refused. Separate the values of one parameter with |.',
    tags: ['Events'],
    parameters: [
      ...PAGE_PARAMETERS,
      ...FORM_PARAMETERS,
      ...QUERY_PARAMETERS.filter(({ name }) => !without.includes(name)),
    ],
    responses: { 200: response('EPCISQueryDocument') },
  };
}

/** Whether any event matches. */
export async function hasEvent(
  { view, clock }: Pick<QueryDeps, 'view' | 'clock'>,
  query: EventQuery,
): Promise<boolean> {
  const found = await findEvents(view, query, { perPage: 1, nowMs: clock.now() });
  return found.events.length > 0;
}

const ABOUT_EVENT: OperationObject = {
  summary: 'An event and its error declarations.',
  tags: ['Events'],
  parameters: FORM_PARAMETERS,
  responses: { 200: response('EPCISQueryDocument'), 404: response('NoSuchResource') },
};

async function oneEvent(call: EpcisCall, deps: AnswerDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const eventID = call.params['eventID'] ?? '';
  const page = { perPage: MOST_OF_ONE };
  const { text, count, next } = await answerQuery(
    { ...deps, view: call.view },
    byEventID(eventID),
    page,
    formOf(call),
  );
  if (next !== undefined)
    throw new Problem(
      'QUERY_TOO_LARGE',
      'The event and its error declarations are too large for one answer. Ask GET /epcis/events?EQ_eventID=…, which has pages.',
    );
  if (count === 0)
    throw new Problem(
      'NOT_FOUND',
      `There is no event with the eventID ${JSON.stringify(eventID.slice(0, 500))}.`,
    );
  return { status: 200, body: text };
}

function byEventID(eventID: string): EventQuery {
  const query = parseEventQuery(
    new Map([
      ['EQ_eventID', [eventID]],
      ['orderBy', ['recordTime']],
      ['orderDirection', ['ASC']],
    ]),
  );
  return query;
}

function formOf({ syntax, headers }: EpcisCall): AnswerForm {
  const { version, epcFormat, cbvXmlFormat } = headers;
  return { syntax, version, epcFormat, cbvXmlFormat };
}
