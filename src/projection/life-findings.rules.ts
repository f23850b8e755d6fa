import type { Place } from '../holdings/holding.js';
import { UNKNOWN } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import { placeStatedBy } from './stated-place.rules.js';
import type { Receipt } from './state.js';
import { isTerminal, lotIdOf, rankOf } from './state.js';

/** Records facts after the end of a package's life, and lives that begin twice, in two lots, or without a commissioning. */
export function noteLife(instant: InstantState, key: string, facts: readonly Fact[]): void {
  const [first] = facts;
  if (first === undefined) return;
  noteAfterEnd(instant, key, facts);
  const births = facts.filter(isBirth);
  if (births.length > 0) noteBirths(instant, key, births);
  else if (isUncommissioned(instant, key)) instant.flag(key, 'NOT_COMMISSIONED', first);
}

function noteAfterEnd(instant: InstantState, key: string, facts: readonly Fact[]): void {
  const disposed = instant.isDisposed(key);
  if (!hasEnded(instant, key)) return;
  if (facts.some((fact) => fact.act === 'commission')) return;
  // Packing a disposed package has a finding of its own.
  const after = facts.find((fact) => !disposed || fact.act !== 'pack');
  if (after !== undefined) instant.flag(key, 'AFTER_END', after);
}

function hasEnded(instant: InstantState, key: string): boolean {
  const own = instant.reads.row(key)?.own;
  return instant.isDisposed(key) || (own != null && isTerminal(own.status));
}

function isBirth(fact: Fact): boolean {
  return fact.act === 'commission';
}

function isUncommissioned({ reads }: InstantState, key: string): boolean {
  return reads.row(key) === undefined && key.startsWith('01/') && !reads.isContainer(key);
}

function noteBirths(instant: InstantState, key: string, births: readonly Fact[]): void {
  const past = instant.reads.row(key) === undefined ? [] : instant.reads.facts(key);
  const [birth, twin] = births;
  if (birth === undefined) return;
  const other = twin ?? past.findLast(isBirth);
  if (key.startsWith('00/')) {
    if (other !== undefined && (other === twin || isUsedAgain(key, past, birth.t)))
      instant.flag(key, 'SSCC_REUSED', birth, other.eventId);
  } else if (isOneOfAKind(instant, key)) noteSerial(instant, key, birth, other);
  noteLots(instant, key, births, past);
}

/** Whether a package is made only once. A tote or an asset may be commissioned again. */
function isOneOfAKind({ reads }: InstantState, key: string): boolean {
  return key.startsWith('01/') || !reads.isContainer(key);
}

function noteSerial(instant: InstantState, key: string, birth: Fact, other?: Fact): void {
  if (hasEnded(instant, key)) instant.flag(key, 'SERIAL_REUSED', birth);
  else if (other !== undefined) instant.flag(key, 'DUPLICATE_COMMISSION', birth);
}

/** Whether an SSCC is used again too early. It may be used again when it is empty and was not used for a year. */
function isUsedAgain(key: string, past: readonly Fact[], t: number): boolean {
  const before = beforeRest(past, t);
  return before === undefined || isFull(key, before);
}

const YEAR = 365 * 86_400_000;

/** Facts before the newest year without facts, if that year is after the newest commissioning. Facts after it belong to a new use. */
function beforeRest(past: readonly Fact[], t: number): readonly Fact[] | undefined {
  let next = t;
  for (let i = past.length - 1; i >= 0; i--) {
    const fact = past[i];
    if (fact === undefined) break;
    if (next - fact.t >= YEAR) return past.slice(0, i + 1);
    if (isBirth(fact)) break;
    next = fact.t;
  }
  return undefined;
}

/** Looks only at facts that name the container: contents that left it by other facts still count as inside. */
function isFull(key: string, past: readonly Fact[]): boolean {
  const inside = new Set<string>();
  for (const { act, parent, kids, all } of past) {
    if (act === 'end' || (parent === key && all === true)) inside.clear();
    if (parent !== key) continue;
    if (act === 'pack') for (const kid of kids) inside.add(kid);
    if (act === 'unpack') for (const kid of kids) inside.delete(kid);
  }
  return inside.size > 0;
}

/** Records every commissioning that states another lot than the commissioning before it. */
function noteLots(
  instant: InstantState,
  key: string,
  births: readonly Fact[],
  past: readonly Fact[],
): void {
  const lotOf = ({ lot }: Fact): string => lotIdOf(key, lot);
  let told = past.findLast((fact) => isBirth(fact) && fact.lot !== undefined);
  for (const birth of births) {
    if (birth.lot === undefined) continue;
    if (told !== undefined && lotOf(told) !== lotOf(birth))
      instant.flag(key, 'LOT_CONTRADICTED', birth, told.eventId);
    told = birth;
  }
}

/** Records that two facts of one instant and class disagree and only the content hash decides between them. */
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

/** Records every receiving and voiding, with the shipping it answers. */
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
