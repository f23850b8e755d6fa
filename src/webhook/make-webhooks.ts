import { HOST } from '../access/principal.js';
import type { Principal } from '../access/principal.js';
import { scopesOf } from '../access/roles.js';
import type { ViewFor } from '../access/view.js';
import { DestinationGuard } from '../delivery/destination.js';
import type { InternalAllowed } from '../delivery/destination.js';
import { makeWebhookClient } from '../delivery/webhook.js';
import type { WebhookService } from './create-webhook.js';
import type { DeliveryDeps } from './delivery.js';
import { Dispatcher } from './dispatcher.js';
import { THE_HOST } from './webhook.js';

/** What webhooks need. */
export interface WebhooksOptions extends Omit<DeliveryDeps, 'client' | 'viewOf' | 'random'> {
  readonly viewFor: ViewFor;
  readonly allowInternal: InternalAllowed;
}

/** The webhooks of the feed, for the server and the composition root. */
export interface Webhooks {
  /** For resolvers. */
  readonly service: WebhookService;
  /** Begins to deliver. */
  readonly start: () => void;
  /** Begins nothing new. Messages under way may be answered for `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Builds the dispatcher of one process. */
export function makeWebhooks(options: WebhooksOptions): Webhooks {
  const { view, viewFor, allowInternal, timeoutMs } = options;
  const guard = new DestinationGuard(allowInternal);
  const client = makeWebhookClient({ guard, timeoutMs });
  const dispatcher = new Dispatcher({
    ...options,
    client,
    viewOf: (organisation) => viewFor(organisation === THE_HOST ? HOST : partner(organisation)),
    // The random numbers give jitter and no secret, so Math.random is good enough.
    random: Math.random,
  });
  return {
    service: {
      ...{ store: view, guard, client },
      changed: (id) => {
        dispatcher.changed(id);
      },
    },
    start: () => {
      dispatcher.start();
    },
    stop: (graceMs) => dispatcher.stop(graceMs),
  };
}

/** Who reads for the webhooks of an organisation. Only its state matters, not that of the credentials that made them. */
function partner(organisation: string): Principal {
  const roles = ['partner'] as const;
  const who = { kind: 'PARTY', subject: 'webhook', organisation, roles } as const;
  return { ...who, scopes: scopesOf(roles), sites: null, expiresAt: null, open: false };
}
