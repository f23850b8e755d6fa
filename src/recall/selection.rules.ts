import { someOf } from './gaps.rules.js';
import type { Gap, SerialCount } from './recall-scope.js';

/** A lot of a product and when it was made; the times are null when nobody stated them. */
export interface ProductLot {
  readonly id: string;
  readonly from: number | null;
  readonly until: number | null;
}

/** A range of package keys, both ends included; `length` is the length of the whole key, null for any. */
export interface SerialSpan {
  readonly from: string;
  readonly until: string;
  readonly length: number | null;
}

/**
 * The key ranges of a range of serials.
 *
 * Serials of the same length compare as text. Digits of different lengths compare as numbers: 99 to 101 is 99, 100, 101 and never 1005.
 * Other texts of different lengths compare as text, whatever their length. A longer end with a leading zero is no end of shorter
 * numbers: from 1 to 0100 is empty.
 */
export function serialSpans(gtin: string, from: string, to: string): SerialSpan[] {
  const prefix = `01/${gtin}/21/`;
  const span = (a: string, b: string, length: number | null): SerialSpan => ({
    from: prefix + a,
    until: prefix + b,
    length: length === null ? null : prefix.length + length,
  });
  if (from.length === to.length) return from <= to ? [span(from, to, from.length)] : [];
  if (!/^\d+$/.test(from + to)) return from <= to ? [span(from, to, null)] : [];
  if (to.startsWith('0')) return [];
  const spans: SerialSpan[] = [];
  for (let length = from.length; length <= to.length; length++)
    spans.push(
      span(
        length === from.length ? from : `1${'0'.repeat(length - 1)}`,
        length === to.length ? to : '9'.repeat(length),
        length,
      ),
    );
  return spans;
}

/** Counts a range whose ends are numbers, or numbers of the same length after the same letters. */
export function countSerials(from: string, to: string, known: readonly string[]): SerialCount {
  const isNumbers = /^\d+$/.test(from + to);
  const letters = isNumbers ? '' : (/^(.*?)\d*$/s.exec(from)?.[1] ?? '');
  const numberOf = (serial: string): string =>
    serial.startsWith(letters) ? serial.slice(letters.length) : '';
  const isSerial = (serial: string): boolean => /^\d+$/.test(numberOf(serial));
  if (from === to) return { known: known.length, asked: 1n };
  if (!isNumbers && (from.length !== to.length || !isSerial(from) || !isSerial(to)))
    return { known: known.length, asked: null };
  const asked = BigInt(numberOf(to)) - BigInt(numberOf(from)) + 1n;
  return { known: known.filter(isSerial).length, asked };
}

/** Lots made within a window (both ends included, null is open). A lot without a known time is taken in, with a gap that says so. */
export function lotsMadeBetween(
  lots: readonly ProductLot[],
  gtin: string,
  window: { readonly madeFrom: number | null; readonly madeUntil: number | null },
): { readonly ids: string[]; readonly gaps: Gap[] } {
  const { madeFrom, madeUntil } = window;
  const undated = lots.filter((lot) => lot.from === null);
  const ids = lots
    .filter((lot) => lot.from === null || madeUntil === null || lot.from <= madeUntil)
    .filter((lot) => lot.until === null || madeFrom === null || lot.until >= madeFrom)
    .map((lot) => lot.id);
  const dated = madeFrom === null && madeUntil === null;
  if (dated || undated.length === 0) return { ids, gaps: [] };
  const detail = `${undated.length} ${undated.length === 1 ? 'lot' : 'lots'} of ${gtin} cannot be dated and ${undated.length === 1 ? 'is' : 'are'} taken in: ${someOf(undated.map((lot) => lot.id))}.`;
  return { ids, gaps: [{ code: 'MADE_TIME_UNKNOWN', detail }] };
}

/** "Lot unknown" ids of the products of these lots. */
export function withoutLotOf(lots: Iterable<string>): string[] {
  const ids = [...lots].flatMap((id) => (id.startsWith('01/') ? [id.slice(0, 17)] : []));
  return [...new Set(ids)].sort();
}
