import type { Handoff, HandoffCount, HandoffPackage } from './handoff.js';

/** Counts in packages, as named: a package counts as received when its own key was. */
export function packageCount(handoff: Handoff, packages: readonly HandoffPackage[]): HandoffCount {
  const own = new Map(packages.map((one) => [one.key, new Set([one.key])]));
  return unitCount(handoff, packages, own);
}

/**
 * Counts in units: those in each package when it was shipped. What arrived as a part of a package whose own key was not
 * received counts by its own units; what was voided is neither outstanding nor short.
 *
 * @param unitsOf keys of the units of each package, by its key
 */
export function unitCount(
  { status }: Handoff,
  packages: readonly HandoffPackage[],
  unitsOf: ReadonlyMap<string, ReadonlySet<string>>,
): HandoffCount {
  const union = (some: readonly HandoffPackage[]): Set<string> =>
    new Set(some.flatMap(({ key }) => [...(unitsOf.get(key) ?? [])]));
  const shipped = union(packages.filter((one) => one.shipped));
  const voided = union(packages.filter((one) => one.voided));
  const arrived = union(packages.filter((one) => one.receivedAt !== null));
  const missing = [...shipped].filter((key) => !arrived.has(key) && !voided.has(key)).length;
  const received = [...arrived].filter((key) => shipped.has(key)).length;
  const open = status === 'OUTSTANDING' || status === 'PARTIAL';
  return {
    shipped: shipped.size,
    received: status === 'UNEXPECTED' ? arrived.size : received,
    outstanding: open ? missing : 0,
    short: status === 'OUTSTANDING' ? 0 : missing,
    over: status === 'UNEXPECTED' ? arrived.size : 0,
  };
}

/** How long it took, ms: to the first and to the last receipt; null while there is none, and where nobody shipped. */
export function durationsOf({ status, shippedAt, firstReceivedAt, lastReceivedAt }: Handoff): {
  first: number | null;
  last: number | null;
} {
  const since = (at: number | null): number | null =>
    at === null || status === 'UNEXPECTED' ? null : at - shippedAt;
  return { first: since(firstReceivedAt), last: since(lastReceivedAt) };
}
