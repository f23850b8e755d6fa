import type { View } from '../access/view.js';
import { firstRunMs, startOf } from './create-subscription.js';
import type { SubscribeDeps } from './create-subscription.js';
import { listQueries, readQuery } from './named-query.read-model.js';
import { listSubscriptions } from './subscription.read-model.js';
import { deleteSubscriptionById, storeSubscription } from './subscription.store.js';
import type { NamedQuery, WebhookControls } from './subscription.js';
import { append } from '../shared/append.js';

/** A subscription as in EPCIS 1.2, where the subscriber chooses the id. */
export interface StandingQuery {
  readonly id: string;
  readonly queryName: string;
  /** Parameters for a predefined query; absent for a query stored under its name. */
  readonly own?: Pick<NamedQuery, 'query' | 'namespaces'>;
  readonly controls: WebhookControls;
}

/** Named queries and subscriptions, for the query control interface of EPCIS 1.2. */
export interface StandingQueries {
  /** Names of all stored queries. They are the host's: a partner is refused here and below. */
  names(view: View): Promise<readonly string[]>;
  /** @throws Problem NO_SUCH_NAME, FORBIDDEN */
  read(view: View, name: string): Promise<NamedQuery>;
  /** Ids of all subscriptions of a query. */
  subscriptionIDs(queryName: string): Promise<readonly string[]>;
  /** @throws Problem NO_SUCH_NAME, SUBSCRIPTION_CONTROLS, or CONFLICT when a subscription with that id exists */
  subscribe(standing: StandingQuery): Promise<void>;
  /** Returns false when there is no subscription with that id. */
  unsubscribe(id: string): Promise<boolean>;
}

/** What standing queries need. */
export interface StandingQueryDeps extends SubscribeDeps {
  readonly onCreated: () => void;
  readonly onDeleted: (subscriptionIDs: readonly string[]) => void;
}

const READ_AT_ONCE = 1000;

/** The standing queries of one graph. */
export function makeStandingQueries(deps: StandingQueryDeps): StandingQueries {
  const { view } = deps;
  return {
    names: (asking) =>
      everything(async (after) => {
        const queries = await listQueries(asking, after, READ_AT_ONCE);
        return queries.map(({ name }) => name);
      }),
    read: readQuery,
    subscriptionIDs: (queryName) =>
      everything(async (after) => {
        const limit = READ_AT_ONCE;
        const subscriptions = await listSubscriptions(view, queryName, { after, limit });
        return subscriptions.map(({ id }) => id);
      }),
    subscribe: (standing) => subscribe(deps, standing),
    unsubscribe: (id) => unsubscribe(view, id, deps.onDeleted),
  };
}

async function everything(
  read: (after: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const some = await read(all.at(-1) ?? '');
    append(all, some);
    if (some.length < READ_AT_ONCE) return all;
  }
}

async function subscribe(deps: StandingQueryDeps, standing: StandingQuery): Promise<void> {
  const { controls, ...rest } = standing;
  await deps.guard.admit(controls.dest);
  const createdAt = deps.clock.now();
  await storeSubscription(deps.view, {
    ...controls,
    ...rest,
    createdAt,
    dueAt: firstRunMs(controls, createdAt),
    position: await startOf(deps, controls),
  });
  deps.onCreated();
}

async function unsubscribe(
  view: View,
  id: string,
  onDeleted: StandingQueryDeps['onDeleted'],
): Promise<boolean> {
  const isDeleted = await deleteSubscriptionById(view, id);
  if (isDeleted) onDeleted([id]);
  return isDeleted;
}
