import type { View } from '../access/view.js';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../shared/clock.js';
import { Problem } from '../shared/problem.js';
import type { DestinationGuard } from '../delivery/destination.js';
import { readQuery } from './named-query.read-model.js';
import { nextRunMs } from './next-run.js';
import { positionBefore } from './subscription.read-model.js';
import { storeSubscription } from './subscription.store.js';
import type { Subscription, SubscriptionControls, WebhookControls } from './subscription.js';

/** What is needed to make a subscription. */
export interface SubscribeDeps {
  readonly view: View;
  readonly clock: Clock;
  readonly guard: DestinationGuard;
  /** The newest committed log position. */
  readonly head: () => Promise<number>;
}

/**
 * Subscribes a webhook to a named query, from now on or from `initialRecordTime` on.
 *
 * @throws Problem NO_SUCH_NAME; SUBSCRIPTION_CONTROLS when the destination is not allowed or the schedule has no run
 * @see EPCIS 2.0 REST binding, POST /queries/{queryName}/subscriptions
 */
export async function createSubscription(
  deps: SubscribeDeps,
  queryName: string,
  controls: WebhookControls,
): Promise<Subscription> {
  await readQuery(deps.view, queryName);
  await deps.guard.admit(controls.dest);
  const createdAt = deps.clock.now();
  return storeSubscription(deps.view, {
    ...controls,
    id: randomUUID(),
    queryName,
    createdAt,
    dueAt: firstRunMs(controls, createdAt),
    position: await startOf(deps, controls),
  });
}

/**
 * The first run of a subscription, epoch ms; 0 for a stream.
 *
 * @throws Problem SUBSCRIPTION_CONTROLS when its schedule has no run
 */
export function firstRunMs({ schedule }: SubscriptionControls, nowMs: number): number {
  if (schedule === null) return 0;
  const first = nextRunMs(schedule, nowMs);
  if (first !== null) return first;
  throw new Problem('SUBSCRIPTION_CONTROLS', 'No day or time matches this schedule.', {
    details: { parameter: 'schedule' },
  });
}

/** The log position after which a subscription begins; null for the end of the log when it is stored. */
export async function startOf(
  { view, head }: { readonly view: View; readonly head: () => Promise<number> },
  { initialRecordTime }: SubscriptionControls,
): Promise<number | null> {
  if (initialRecordTime === null) return null;
  return positionBefore(view, initialRecordTime, await head());
}
