import type { Attempt, Told } from '../access/attempt.js';
import type { View } from '../access/view.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { Clock } from '../shared/clock.js';
import { changeBy } from './access-entry.js';
import { appendAccess } from './access.store.js';

/** Who changes something, and when. */
export interface ChangeDeps {
  /** Of who asks. */
  readonly view: View;
  readonly clock: Clock;
  readonly attempt?: Pick<Attempt, 'address'> | undefined;
}

/**
 * Changes something in one transaction, together with its entry in the audit log.
 *
 * @param store writes; the view of a partner would refuse to
 * @param change makes the change, and tells it and the ids that it touched
 */
export function changeWithEntry<T>(
  { view, clock, attempt }: ChangeDeps,
  store: Pick<View, 'write'>,
  change: (tx: GraphTransaction) => Promise<Told & { readonly result: T }>,
): Promise<T> {
  return store.write(async (tx) => {
    const { result, ...told } = await change(tx);
    const address = attempt?.address ?? null;
    await appendAccess(tx, [changeBy(view.principal, clock.now(), { ...told, address })]);
    return result;
  });
}
