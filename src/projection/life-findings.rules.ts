import type { Place } from '../shared/holding.js';
import { UNKNOWN } from '../shared/holding.js';
import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import { placeStatedBy } from './stated-place.rules.js';
import type { Receipt } from './state.js';
import { isTerminal, rankOf } from './state.js';

/** Notes facts after the end of a package's life, and lives that begin twice or without a commissioning. */
export function noteLife(instant: InstantState, key: string, facts: readonly Fact[]): void {
  const first = facts[0];
  if (first === undefined) return;
  noteAfterEnd(instant, key, facts);
  if (!instant.reads.isContainer(key)) noteBeginning(instant, key, first, facts[1]);
}

function noteAfterEnd(instant: InstantState, key: string, facts: readonly Fact[]): void {
  const disposed = instant.isDisposed(key);
  const own = instant.reads.row(key)?.own;
  if (!disposed && (own == null || !isTerminal(own.status))) return;
  if (facts.some((fact) => fact.act === 'commission')) return;
  // Packing what is disposed has a finding of its own.
  const after = facts.find((fact) => !disposed || fact.act !== 'pack');
  if (after !== undefined) instant.flag(key, 'AFTER_END', after);
}

function noteBeginning(
  instant: InstantState,
  key: string,
  first: Fact,
  second: Fact | undefined,
): void {
  const known = instant.reads.row(key) !== undefined;
  if (first.act !== 'commission') {
    if (!known && key.startsWith('01/')) instant.flag(key, 'NOT_COMMISSIONED', first);
  } else if (instant.isDisposed(key)) instant.flag(key, 'SERIAL_REUSED', first);
  else if (known || second?.act === 'commission') instant.flag(key, 'DUPLICATE_COMMISSION', first);
}

/** Notes two facts of one instant and class that disagree: the content hash decides, and that is said. */
export function noteAmbiguity(instant: InstantState, key: string, living: readonly Fact[]): void {
  if (living.length < 2) return;
  const seen = living.filter((fact) => rankOf(fact) === 3);
  const first = seen[0];
  if (first === undefined) return;
  const other = seen.find(
    (fact) =>
      fact.site !== first.site ||
      fact.move !== first.move ||
      fact.disposition !== first.disposition,
  );
  if (other !== undefined) instant.flag(key, 'AMBIGUOUS_ORDER', other, first.eventId);
}

/** Notes every receiving and voiding, with the shipping it answers. */
export function noteReceipts(instant: InstantState, key: string, living: readonly Fact[]): void {
  let place = instant.before(key)?.place ?? UNKNOWN;
  for (const fact of living) {
    if (fact.move === 'receive' || fact.move === 'void') {
      const receipt = receiptOf(fact, place);
      const list = instant.result.receipts.get(key);
      if (list === undefined) instant.result.receipts.set(key, [receipt]);
      else list.push(receipt);
    }
    place = placeStatedBy(fact, place) ?? place;
  }
}

function receiptOf(fact: Fact, place: Place): Receipt {
  return {
    eventId: fact.eventId,
    kind: fact.move === 'receive' ? 'received' : 'voided',
    by: place.mode === 'TO' ? place.by : null,
    site: fact.site ?? null,
  };
}
