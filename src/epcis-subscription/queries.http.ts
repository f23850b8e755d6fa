import { answerQuery, parseStoredQuery } from '../epcis-query/index.js';
import type { AnswerDeps } from '../epcis-query/index.js';
import { pageHeaders, readPage, refuseParameters } from '../epcis-rest/paging.js';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import type { EpcisAnswer, EpcisCall, EpcisRoutes } from '../epcis-rest/resource.js';
import { Problem } from '../shared/problem.js';
import { createQuery } from './create-query.js';
import { isThere, nameOfToken, readJsonBody, tokenOfName } from './http-parts.http.js';
import { listQueries, readQuery } from './named-query.read-model.js';
import { deleteQuery } from './named-query.store.js';
import {
  CREATE_QUERY,
  DELETE_QUERY,
  LIST_QUERIES,
  ONE_QUERY,
  QUERY_EVENTS,
} from './openapi-queries.http.js';
import { isScheduleField } from './schedule.rules.js';
import type { NamedQuery } from './subscription.js';

/** What the routes of named queries need. */
export interface QueryRouteDeps extends AnswerDeps {
  /** Told which subscriptions were deleted with their query. */
  readonly onDeleted: (queryName: string, subscriptionIDs: readonly string[]) => void;
}

/** EPCIS 2.0 REST binding: /queries, /queries/{queryName} and /queries/{queryName}/events. */
export function addNamedQueries(routes: EpcisRoutes, deps: QueryRouteDeps): void {
  const exists = (
    { queryName = '' }: Readonly<Record<string, string>>,
    { view }: Pick<EpcisCall, 'view'>,
  ): Promise<boolean> => isThere(readQuery(view, queryName));
  routes.resource({
    path: '/queries',
    operations: [
      { method: 'GET', scope: 'read', answers: ['JSON'], about: LIST_QUERIES, handle: list },
      {
        method: 'POST',
        scope: 'subscribe',
        answers: [],
        about: CREATE_QUERY,
        handle: (call) => create(call, deps),
      },
    ],
  });
  routes.resource({
    path: '/queries/{queryName}',
    exists,
    operations: [
      { method: 'GET', scope: 'read', answers: ['JSON'], about: ONE_QUERY, handle: one },
      {
        method: 'DELETE',
        // It ends the subscriptions of the query too.
        scope: 'webhooks',
        answers: [],
        about: DELETE_QUERY,
        handle: (call) => remove(call, deps),
      },
    ],
  });
  routes.resource({
    path: '/queries/{queryName}/events',
    exists,
    operations: [
      { method: 'GET', scope: 'read', about: QUERY_EVENTS, handle: (call) => events(call, deps) },
    ],
  });
}

async function list(call: EpcisCall): Promise<EpcisAnswer> {
  refuseParameters(call.query, ['perPage', 'nextPageToken']);
  const { perPage, token } = readPage(call.query);
  const found = await listQueries(call.view, nameOfToken(token), perPage + 1);
  const page = found.slice(0, perPage);
  const next = tokenOfName(found.length > perPage ? page.at(-1)?.name : undefined);
  return {
    status: 200,
    headers: pageHeaders(call.request.url, next),
    body: JSON.stringify(page.map(shown)),
  };
}

async function create(call: EpcisCall, { clock }: QueryRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const body = await readJsonBody(call);
  const { name } = await createQuery({ view: call.view, clock }, body, call.headers.extensions);
  return {
    status: 201,
    headers: { location: `${EPCIS_PREFIX}/queries/${encodeURIComponent(name)}` },
  };
}

async function remove(call: EpcisCall, { onDeleted }: QueryRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const { queryName = '' } = call.params;
  const ended = await deleteQuery(call.view, queryName);
  if (ended === null)
    throw new Problem('NO_SUCH_NAME', `There is no query "${queryName.slice(0, 200)}".`);
  onDeleted(queryName, ended);
  return { status: 204 };
}

async function one(call: EpcisCall): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  return { status: 200, body: JSON.stringify(shown(await queryOf(call))) };
}

async function events(call: EpcisCall, deps: QueryRouteDeps): Promise<EpcisAnswer> {
  const asked = [...call.query.keys()].find((name) => name === 'stream' || isScheduleField(name));
  if (asked !== undefined)
    throw new Problem(
      'SUBSCRIPTION_CONTROLS',
      `"${asked}" makes a subscription over WebSocket: connect with the headers Upgrade: websocket and Connection: Upgrade.`,
      { details: { parameter: asked } },
    );
  refuseParameters(call.query, ['perPage', 'nextPageToken']);
  const named = await queryOf(call);
  const parsed = parseStoredQuery(named);
  const { version, epcFormat, cbvXmlFormat } = call.headers;
  const form = { syntax: call.syntax, version, epcFormat, cbvXmlFormat, queryName: named.name };
  const asking = { ...deps, view: call.view };
  const answer = await answerQuery(asking, parsed, readPage(call.query), form);
  return { status: 200, headers: pageHeaders(call.request.url, answer), body: answer.text };
}

function queryOf(call: EpcisCall): Promise<NamedQuery> {
  return readQuery(call.view, call.params['queryName'] ?? '');
}

function shown({ name, query, namespaces, createdAt }: NamedQuery): Record<string, unknown> {
  return {
    ...(Object.keys(namespaces).length === 0 ? {} : { '@context': namespaces }),
    name,
    query,
    createdAt: new Date(createdAt).toISOString(),
  };
}
