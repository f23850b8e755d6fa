/** Answers without what the store's own order decides: two stores told the same need not agree on it. Where a statement gets an order, take its line out here. */

const IN_NO_ORDER = /^(\d+ containers? (?:is|are) of lot \S+): .*$/;

interface Lot {
  readonly role?: string;
  readonly eventId?: string | null;
}
interface Link {
  readonly kind: string;
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** A copy of an answer, to be compared. */
export function settled<T>(answer: T): T {
  return JSON.parse(JSON.stringify(answer), (key, value: unknown) => {
    // `recall.lotProbes` collects the containers of a lot as they come, and the gap names the first of them.
    if (key === 'containersOfLot') return (value as string[]).sort();
    if (typeof value === 'string') return value.replace(IN_NO_ORDER, '$1');
    // `recall.classInside`: so come the lots that containers hold, and of several events that put one in any is told.
    if (key === 'lots' && Array.isArray(value)) return lotsOf(value as Lot[]);
    // `recall.fillings` and `recall.members`: of several stays in a container any is told.
    if (key === 'links')
      return (value as Link[]).map((link) =>
        link.kind === 'CONTAINER' || link.kind === 'SITE' ? { ...link, at: null } : link,
      );
    return value;
  }) as T;
}

function lotsOf(lots: readonly Lot[]): Lot[] {
  const inside = lots.filter(({ role }) => role === 'CONTENTS');
  const others = lots.filter((lot) => !inside.includes(lot));
  return [...others, ...inside.map((lot) => ({ ...lot, eventId: null })).sort(byText)];
}
