import type { EpcisEvent } from '../epcis/event.js';
import { parseInstant } from '../epcis/formats.js';
import { prefixesOf } from '../epcis/namespaces.js';
import type { Scalar } from '../event-terms/event-fields.rules.js';
import { extensionFields } from '../event-terms/event-fields.rules.js';

interface Sortable {
  readonly key: string;
  readonly text: string;
  readonly context: string | null;
}

/** Numbers come before times, and times before texts. A missing value has no rank. */
type Rank = readonly [number, number | string];

/**
 * Sorts events by the value of an extension field: numbers and times by size, texts by code. Events without the field come last in both
 * directions, and equal ones are ordered by key (EPCIS 2.0 section 8.2.7.1, orderBy).
 */
export function sortByField<T extends Sortable>(
  rows: readonly T[],
  field: string,
  direction: 'ASC' | 'DESC',
): readonly T[] {
  const sign = direction === 'ASC' ? 1 : -1;
  return rows
    .map((row) => ({ row, rank: rankOf(row, field) }))
    .sort((a, b) => compareRanks(a.rank, b.rank, sign) || compare(a.row.key, b.row.key))
    .map(({ row }) => row);
}

function rankOf({ text, context }: Sortable, field: string): Rank | null {
  const event = JSON.parse(text) as EpcisEvent;
  const bound: unknown = context === null ? undefined : JSON.parse(context);
  const found = extensionFields(event, prefixesOf(bound, event['@context'])).find(
    ({ scope, inner, names }) => scope === 'event' && !inner && names.includes(field),
  );
  const [value] = found?.values ?? [];
  return value === undefined ? null : toRank(value);
}

function toRank(value: Scalar): Rank {
  if (typeof value === 'number') return [0, value];
  const text = String(value);
  if (text.trim() !== '' && Number.isFinite(Number(text))) return [0, Number(text)];
  const at = parseInstant(text);
  return at === null ? [2, text] : [1, at.ms + at.micros / 1000];
}

function compareRanks(a: Rank | null, b: Rank | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * (a[0] - b[0] || compare(a[1], b[1]));
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
