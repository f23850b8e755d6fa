import { pageHeaders, readPage, refuseParameters } from '../epcis-rest/paging.js';
import { EPCIS_PREFIX } from '../epcis-rest/resource.js';
import type { EpcisAnswer, EpcisCall, EpcisRoutes } from '../epcis-rest/resource.js';
import { createSubscription } from './create-subscription.js';
import type { SubscribeDeps } from './create-subscription.js';
import { isThere, nameOfToken, readJsonBody, tokenOfName } from './http-parts.http.js';
import { readQuery } from './named-query.read-model.js';
import {
  CREATE_SUBSCRIPTION,
  DELETE_SUBSCRIPTION,
  LIST_SUBSCRIPTIONS,
  ONE_SUBSCRIPTION,
} from './openapi-queries.http.js';
import { parseWebhookRequest } from './subscription-request.rules.js';
import { listSubscriptions, readSubscription } from './subscription.read-model.js';
import { deleteSubscription } from './subscription.store.js';
import type { Subscription } from './subscription.js';

/** What the routes of subscriptions need. */
export interface SubscriptionRouteDeps extends SubscribeDeps {
  readonly onCreated: () => void;
  readonly onDeleted: (subscriptionIDs: readonly string[]) => void;
}

/** EPCIS 2.0 REST binding: webhook subscriptions of a named query. */
export function addSubscriptions(routes: EpcisRoutes, deps: SubscriptionRouteDeps): void {
  routes.resource({
    path: '/queries/{queryName}/subscriptions',
    exists: ({ queryName = '' }, { view }) => isThere(readQuery(view, queryName)),
    operations: [
      {
        method: 'GET',
        scope: 'webhooks',
        answers: ['JSON'],
        about: LIST_SUBSCRIPTIONS,
        handle: list,
      },
      {
        method: 'POST',
        scope: 'webhooks',
        answers: ['JSON'],
        about: CREATE_SUBSCRIPTION,
        handle: (call) => create(call, deps),
      },
    ],
  });
  routes.resource({
    path: '/queries/{queryName}/subscriptions/{subscriptionID}',
    exists: discoveryOf,
    operations: [
      {
        method: 'GET',
        scope: 'webhooks',
        answers: ['JSON'],
        about: ONE_SUBSCRIPTION,
        handle: one,
      },
      {
        method: 'DELETE',
        scope: 'webhooks',
        answers: [],
        about: DELETE_SUBSCRIPTION,
        handle: (call) => remove(call, deps),
      },
    ],
  });
}

async function list({ view, ...call }: EpcisCall): Promise<EpcisAnswer> {
  refuseParameters(call.query, ['perPage', 'nextPageToken']);
  const { perPage, token } = readPage(call.query);
  const { name } = await readQuery(view, call.params['queryName'] ?? '');
  const wanted = { after: nameOfToken(token), limit: perPage + 1 };
  const found = await listSubscriptions(view, name, wanted);
  const page = found.slice(0, perPage);
  const next = tokenOfName(found.length > perPage ? page.at(-1)?.id : undefined);
  return {
    status: 200,
    headers: pageHeaders(call.request.url, next),
    body: JSON.stringify(page.map(shown)),
  };
}

async function create(call: EpcisCall, deps: SubscriptionRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const { queryName = '' } = call.params;
  await readQuery(call.view, queryName);
  const controls = parseWebhookRequest(await readJsonBody(call), formatAsked(call));
  const subscription = await createSubscription({ ...deps, view: call.view }, queryName, controls);
  deps.onCreated();
  const path = `queries/${encodeURIComponent(queryName)}/subscriptions/${subscription.id}`;
  return {
    status: 201,
    headers: { location: `${EPCIS_PREFIX}/${path}` },
    body: JSON.stringify(shown(subscription)),
  };
}

async function one(call: EpcisCall): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  return { status: 200, body: JSON.stringify(shown(await subscriptionAt(call.params, call))) };
}

/** Undefined when the request has no such header: then the body may have the format. */
function formatAsked(call: EpcisCall): string | undefined {
  return call.request.headers['gs1-epc-format'] === undefined ? undefined : call.headers.epcFormat;
}

async function remove(call: EpcisCall, { onDeleted }: SubscriptionRouteDeps): Promise<EpcisAnswer> {
  refuseParameters(call.query, []);
  const { queryName = '', subscriptionID = '' } = call.params;
  await subscriptionAt(call.params, call);
  await deleteSubscription(call.view, queryName, subscriptionID);
  onDeleted([subscriptionID]);
  return { status: 204 };
}

/** Headers that OPTIONS returns for a subscription; false when there is none. */
async function discoveryOf(
  params: Readonly<Record<string, string>>,
  call: Pick<EpcisCall, 'view'>,
): Promise<false | Readonly<Record<string, string>>> {
  if (!(await isThere(subscriptionAt(params, call)))) return false;
  return { 'GS1-Query-Min-Record-Time': isoOf(minRecordTime(await subscriptionAt(params, call))) };
}

async function subscriptionAt(
  { queryName = '', subscriptionID = '' }: Readonly<Record<string, string>>,
  { view }: Pick<EpcisCall, 'view'>,
): Promise<Subscription> {
  await readQuery(view, queryName);
  return readSubscription(view, queryName, subscriptionID);
}

/** A subscription as the interface shows it: without its token, and without credentials in its destination. */
function shown(subscription: Subscription): Record<string, unknown> {
  const { id, queryName, schedule, createdAt, initialRecordTime } = subscription;
  return {
    subscriptionID: id,
    queryName,
    dest: withoutCredentials(subscription.dest),
    ...(schedule === null
      ? { stream: true }
      : { schedule, reportIfEmpty: subscription.reportIfEmpty }),
    epcFormat: subscription.epcFormat,
    createdAt: isoOf(createdAt),
    initialRecordTime: isoOf(initialRecordTime),
    minRecordTime: isoOf(minRecordTime(subscription)),
    ...stateOf(subscription),
  };
}

/** Epoch ms: the last execution or, before the first one, the time that the subscriber asked for. */
function minRecordTime({ lastExecutedAt, initialRecordTime }: Subscription): number {
  return lastExecutedAt ?? initialRecordTime;
}

function stateOf(subscription: Subscription): Record<string, unknown> {
  const { lastExecutedAt, lastNotifiedAt, failures, lastError, dueAt } = subscription;
  return {
    ...(lastExecutedAt === null ? {} : { lastExecutedAt: isoOf(lastExecutedAt) }),
    ...(lastNotifiedAt === null ? {} : { lastNotifiedAt: isoOf(lastNotifiedAt) }),
    failures,
    ...(lastError === null ? {} : { lastError }),
    ...(dueAt === 0 || failures === 0 ? {} : { nextAttemptAt: isoOf(dueAt) }),
  };
}

function withoutCredentials(dest: string): string {
  const url = new URL(dest);
  if (url.username === '' && url.password === '') return dest;
  url.username = '';
  url.password = '';
  return url.href;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
