import type { View } from '../access/view.js';
import type { ByteBudget } from '../shared/byte-budget.js';
import type { Clock } from '../shared/clock.js';

/**
 * What every resolver gets: one per operation, in a subscription one per event. A feature that needs more says so by an interface of
 * its own that extends this one; `app.ts` hands it in.
 */
export interface Context {
  readonly view: View;
  readonly clock: Clock;
  /** Aborted when the client is gone or has its answer; the view knows it too. */
  readonly signal?: AbortSignal;
  /** What the answer may weigh. */
  readonly budget: ByteBudget;
  readonly requestId: string;
}
