import type { ViewFor } from '../access/view.js';
import { randomUUID } from 'node:crypto';
import type { QueryDeps } from '../epcis-query/index.js';
import type { EpcisRoutes } from '../epcis-rest/resource.js';
import type { SocketRoute } from '../epcis-rest/socket-route.js';
import type { Logger } from '../shared/logger.js';
import type { Metrics } from '../shared/metrics.js';
import { DestinationGuard } from '../delivery/destination.js';
import type { InternalAllowed } from '../delivery/destination.js';
import { Dispatcher } from './dispatcher.js';
import type { DispatcherStats } from './dispatcher.js';
import { eventSocketRoute } from './event-sockets.http.js';
import { EventSockets } from './event-sockets.js';
import { addNamedQueries } from './queries.http.js';
import type { RetryTimes } from '../delivery/retry.rules.js';
import { makeStandingQueries } from './standing-queries.js';
import type { StandingQueries, StandingQueryDeps } from './standing-queries.js';
import { addSubscriptions } from './subscriptions.http.js';
import { makeWebhookClient } from '../delivery/webhook.js';

/** What named queries and their subscriptions work with. */
export interface QuerySubscriptionDeps extends QueryDeps {
  readonly viewFor: ViewFor;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'delivered'>;
  /** Newest log position committed, by whatever process. */
  readonly head: () => Promise<number>;
  readonly allowInternal: InternalAllowed;
  readonly timeoutMs: number;
  readonly retry: RetryTimes;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Named queries and their subscriptions, as the server and the composition root see them. */
export interface QuerySubscriptions {
  readonly addRoutes: (routes: EpcisRoutes) => void;
  /** For the query control interface of EPCIS 1.2. */
  readonly standing: StandingQueries;
  readonly sockets: SocketRoute;
  /** Begins to deliver. */
  readonly start: () => void;
  /** Something was committed. */
  readonly nudge: () => void;
  readonly stats: () => DispatcherStats;
  /** Begins nothing more; documents under way may finish for so long. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Builds routes, sockets and the dispatcher of webhooks of one process. */
export function makeQuerySubscriptions(deps: QuerySubscriptionDeps): QuerySubscriptions {
  const { view, viewFor, clock, logger, head, allowInternal, timeoutMs } = deps;
  const guard = new DestinationGuard(allowInternal);
  const client = makeWebhookClient({ guard, timeoutMs });
  const holder = randomUUID();
  // Jitter, not a secret: this is why the random numbers need not be good ones.
  const dispatcher = new Dispatcher({ ...deps, client, holder, random: Math.random });
  const sockets = new EventSockets(deps);
  const subscribing: StandingQueryDeps = {
    view,
    clock,
    head,
    guard,
    onCreated: () => {
      dispatcher.look();
    },
    onDeleted: (ids) => {
      dispatcher.forget(ids);
    },
  };
  return {
    addRoutes: (routes) => {
      addNamedQueries(routes, {
        ...deps,
        onDeleted: (name, ids) => {
          dispatcher.forget(ids);
          sockets.endQuery(name);
        },
      });
      addSubscriptions(routes, subscribing);
    },
    standing: makeStandingQueries(subscribing),
    sockets: eventSocketRoute({ viewFor, clock, logger, sockets, head }),
    start: () => {
      dispatcher.start();
    },
    nudge: () => {
      dispatcher.nudge();
      sockets.nudge();
    },
    stats: () => dispatcher.stats(),
    stop: (graceMs) => dispatcher.stop(graceMs),
  };
}
