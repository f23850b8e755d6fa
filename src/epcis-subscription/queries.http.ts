import { answerQuery, parseStoredQuery } from '../epcis-query/index.js';
import type { QueryDeps } from '../epcis-query/index.js';
import type { Graph } from '../graph/graph.js';
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
export interface QueryRouteDeps extends QueryDeps {
  readonly graph: Graph;
  /** Subscriptions that were deleted with their query. */
  readonly onDeleted: (queryName: string, subscriptionIDs: readonly string[]) => void;
}

/** EPCIS 2.0 REST binding: /queries, /queries/{queryName} and /queries/{queryName}/events. */
export function addNamedQueries(routes: EpcisRoutes, deps: QueryRouteDeps): void {
  const exists = ({ queryName = '' }: Readonly<Record<string, string>>): Promise<boolean> =>
    isThere(readQuery(deps.graph, queryName));
  routes.resource({
    path: '/queries',
    operations: [
      { method: 'GET', answers: ['JSON'], about: LIST_QUERIES, handle: (call) => list(call, deps) },
      { method: 'POST', answers: [], about: CREATE_QUERY, handle: (call) => create(call, deps) },
    ],
  });
  routes.resource({
    path: '/queries/{queryName}',
    exists,
    operations: [
      { method: 'GET', answers: ['JSON'], about: ONE_QUERY, handle: (call) => one(call, deps) },
      { method: 'DELETE', answers: [], about: DELETE_QUERY, handle: (call) => remove(call, deps) },
    ],
  });
  routes.resource({
    path: '/queries/{queryName}/events',
    exists,
    operations: [{ method: 'GET', about: QUERY_EVENTS, handle: (call) => events(call, deps) }],
  });
}

async function list(call: EpcisCall, { graph }: QueryRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, ['perPage', 'nextPageToken']);
  const { perPage, token } = readPage(call.query);
  const found = await listQueries(graph, nameOfToken(token), perPage + 1);
  const page = found.slice(0, perPage);
  const next = tokenOfName(found.length > perPage ? page.at(-1)?.name : undefined);
  return {
    status: 200,
    headers: pageHeaders(call.request.url, next),
    body: JSON.stringify(page.map(shown)),
  };
}

async function create(call: EpcisCall, { graph, clock }: QueryRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const body = await readJsonBody(call);
  const { name } = await createQuery({ graph, clock }, body, call.headers.extensions);
  return {
    status: 201,
    headers: { location: `${EPCIS_PREFIX}/queries/${encodeURIComponent(name)}` },
  };
}

async function remove(call: EpcisCall, { graph, onDeleted }: QueryRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const { queryName = '' } = call.params;
  const ended = await deleteQuery(graph, queryName);
  if (ended === null)
    throw new Problem('NO_SUCH_NAME', `There is no query "${queryName.slice(0, 200)}".`);
  onDeleted(queryName, ended);
  return { status: 204 };
}

async function one(call: EpcisCall, deps: QueryRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  return { status: 200, body: JSON.stringify(shown(await queryOf(call, deps))) };
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
  const named = await queryOf(call, deps);
  const parsed = parseStoredQuery(named);
  const { version, epcFormat, cbvXmlFormat } = call.headers;
  const form = { syntax: call.syntax, version, epcFormat, cbvXmlFormat, queryName: named.name };
  const page = { ...readPage(call.query), signal: call.signal };
  const answer = await answerQuery(deps, parsed, page, form);
  return { status: 200, headers: pageHeaders(call.request.url, answer), body: answer.text };
}

function queryOf(call: EpcisCall, { graph }: QueryRouteDeps): Promise<NamedQuery> {
  return readQuery(graph, call.params['queryName'] ?? '');
}

function shown({ name, query, namespaces, createdAt }: NamedQuery): Record<string, unknown> {
  return {
    ...(Object.keys(namespaces).length === 0 ? {} : { '@context': namespaces }),
    name,
    query,
    createdAt: new Date(createdAt).toISOString(),
  };
}
