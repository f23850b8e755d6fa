import { saveHandoffs } from '../handoff/index.js';
import type { HandoffState } from '../handoff/index.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { AdmittedEvent } from './event-batch.rules.js';
import { shippingOf } from './event-batch.rules.js';
import type { Projected } from './project-batch.js';

/** Writes what a batch changes in custody: new shippings, shippings declared in error, receipts. @returns these handoffs as they are now */
export async function saveCustody(
  tx: GraphTransaction,
  seq: number,
  batch: {
    readonly active: readonly AdmittedEvent[];
    readonly takenOut: readonly { readonly id: string }[];
  },
  { changes, world }: Projected,
): Promise<readonly HandoffState[]> {
  const shippings = batch.active.flatMap((event) => shippingOf(event) ?? []);
  const latest = new Map(changes.receipts.map((one) => [`${one.key} ${one.t}`, one]));
  const receipts = [...latest.values()]
    .map((one) => ({ ...one, again: world.head(one.key).last >= one.t }))
    .filter(({ list, again }) => list.length > 0 || again);
  const retracted = batch.takenOut.map(({ id }) => id);
  if (shippings.length + receipts.length + retracted.length === 0) return [];
  return saveHandoffs(tx, { seq, shippings, retracted, receipts });
}
