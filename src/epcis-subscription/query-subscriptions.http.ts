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

/** What named queries and their subscriptions need. */
export interface QuerySubscriptionDeps extends QueryDeps {
  readonly viewFor: ViewFor;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'delivered'>;
  /** The newest committed log position, whichever process committed it. */
  readonly head: () => Promise<number>;
  readonly allowInternal: InternalAllowed;
  readonly timeoutMs: number;
  readonly retry: RetryTimes;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Named queries and their subscriptions, for the server and the composition root. */
export interface QuerySubscriptions {
  readonly addRoutes: (routes: EpcisRoutes) => void;
  /** For the query control interface of EPCIS 1.2. */
  readonly standing: StandingQueries;
  readonly sockets: SocketRoute;
  /** Begins to deliver. */
  readonly start: () => void;
  /** Call this after a commit. */
  readonly nudge: () => void;
  readonly stats: () => DispatcherStats;
  /** Begins nothing new. Documents under way may finish for `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Builds the routes, sockets and webhook dispatcher of one process. */
export function makeQuerySubscriptions(deps: QuerySubscriptionDeps): QuerySubscriptions {
  const { view, viewFor, clock, logger, head, allowInternal, timeoutMs } = deps;
  const guard = new DestinationGuard(allowInternal);
  const client = makeWebhookClient({ guard, timeoutMs });
  const holder = randomUUID();
  // The random numbers give jitter and no secret, so Math.random is good enough.
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
