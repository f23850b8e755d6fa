import type { Handoff, HandoffCount, HandoffPackage } from './handoff.js';

/** Counts in packages as they are named. A package counts as received when its own key was received. */
export function packageCount(handoff: Handoff, packages: readonly HandoffPackage[]): HandoffCount {
  const own = new Map(packages.map((one) => [one.key, new Set([one.key])]));
  return unitCount(handoff, packages, own);
}

/**
 * Counts the units in each package at shipping. When a package was not received under its own key, its parts that were
 * received count with their own units. A voided package is neither outstanding nor short.
 *
 * @param unitsOf keys of the units of each package, by the key of the package
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

/** Time from shipping to the first and to the last receipt, ms; null while there is none, and when nobody shipped. */
export function durationsOf({ status, shippedAt, firstReceivedAt, lastReceivedAt }: Handoff): {
  first: number | null;
  last: number | null;
} {
  const since = (at: number | null): number | null =>
    at === null || status === 'UNEXPECTED' ? null : at - shippedAt;
  return { first: since(firstReceivedAt), last: since(lastReceivedAt) };
}

/** Whether a handoff is open after it was due, or was received after it was due. The list of handoffs selects by the same rule. */
export function isLate({ status, dueAt, lastReceivedAt }: Handoff, now: number): boolean {
  if (dueAt === null) return false;
  const open = status === 'OUTSTANDING' || status === 'PARTIAL';
  return (open ? now : (lastReceivedAt ?? dueAt)) > dueAt;
}
