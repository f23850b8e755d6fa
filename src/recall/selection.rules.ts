import type { Gap, LotStep } from './recall-scope.js';

/** What the graph knows about a lot that was asked for. */
export interface LotProbe {
  readonly lot: string;
  readonly known: boolean;
  /** Lots made from it, some. */
  readonly madeInto: readonly string[];
  /** Keys of containers commissioned with this lot, up to the reader's bound. */
  readonly containers: readonly string[];
}

/** A lot of a product and when it was made: all null when nobody told. */
export interface ProductLot {
  readonly id: string;
  readonly from: number | null;
  readonly until: number | null;
}

/** A stretch of package keys, both ends included; `length` is that of the whole key, null for any. */
export interface SerialSpan {
  readonly from: string;
  readonly until: string;
  readonly length: number | null;
}

/**
 * The key stretches of a range of serials.
 *
 * Serials of the same length compare as text. Digits of different lengths compare as numbers: 99 to 101 is 99, 100, 101 and
 * never 1005. Other texts of different lengths compare as text, whatever their length.
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

/** Lots made within a window (ends included, null is open); one nobody can date is taken, and told. */
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

/** What the probes of lots say that the caller has to know: lots made from them that are not in the scope. */
export function madeIntoGaps(
  probes: readonly LotProbe[],
  lots: ReadonlyMap<string, LotStep>,
): Gap[] {
  return probes.flatMap(({ lot, madeInto }): Gap[] => {
    const outside = madeInto.filter((made) => !lots.has(made));
    if (outside.length === 0) return [];
    const detail = `Lot ${lot} was made into ${someOf(outside)}, not in this scope: ask with sourceLots to follow it.`;
    return [{ code: 'MADE_INTO', detail }];
  });
}

/** Containers that are themselves of a lot asked for: what is in them may be of another product and is not counted. */
export function containersOfLotGaps(probes: readonly LotProbe[]): Gap[] {
  return probes.flatMap(({ lot, containers }): Gap[] => {
    if (containers.length === 0) return [];
    const one = containers.length === 1;
    const detail = `${containers.length} ${one ? 'container is' : 'containers are'} of lot ${lot}: ${someOf(containers)}. What is inside counts only if it is of the lot itself: ask with serials to take it all in.`;
    return [{ code: 'CONTAINERS_OF_LOT', detail }];
  });
}

/** The gap of things asked for that no event ever named. */
export function notFoundGaps(missing: readonly string[]): Gap[] {
  if (missing.length === 0) return [];
  const verb = missing.length === 1 ? 'was' : 'were';
  const detail = `${missing.length} of what was asked for ${verb} never reported: ${someOf(missing)}. Check the ${missing.length === 1 ? 'number' : 'numbers'}.`;
  return [{ code: 'NOT_FOUND', detail }];
}

/** "Lot unknown" ids of the products of these lots. */
export function withoutLotOf(lots: Iterable<string>): string[] {
  const ids = [...lots].flatMap((id) => (id.startsWith('01/') ? [id.slice(0, 17)] : []));
  return [...new Set(ids)].sort();
}

/** The first few of a list, and how many more there are. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
