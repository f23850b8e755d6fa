import type { Attempt } from '../access/attempt.js';
import type { CursorSeal } from '../access/cursor-seal.js';
import type { Principal } from '../access/principal.js';
import type { View } from '../access/view.js';
import type { ByteBudget } from '../shared/byte-budget.js';
import type { Clock } from '../shared/clock.js';

/**
 * The context of every resolver: one per operation, and in a subscription one per event. A feature
 * that needs more has its own interface that extends this one; `app.ts` passes its parts in.
 */
export interface Context {
  readonly view: View;
  /** What seals the cursors of who asks; undefined for the host, whose cursors are not sealed. */
  readonly sealOf?: (principal: Principal) => CursorSeal | undefined;
  readonly clock: Clock;
  /** Aborted when the client is gone or has its answer; the view uses it too. */
  readonly signal?: AbortSignal;
  /** Aborts `signal`. */
  readonly over?: AbortController;
  /** The bytes that the answer may have. */
  readonly budget: ByteBudget;
  readonly requestId: string;
  /** The request or the operation, for the audit log. */
  readonly attempt?: Attempt | undefined;
}
