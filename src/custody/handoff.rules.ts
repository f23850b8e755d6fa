import type { Handoff, HandoffCount, HandoffPackage } from './handoff.js';

/** Counts in packages: a package counts as received when its own key was. */
export function packageCount(handoff: Handoff): HandoffCount {
  const { status, expected, direct } = handoff;
  if (status === 'UNEXPECTED') return overCount(Math.max(direct, 1));
  return countOf(handoff, expected, direct);
}

/**
 * Counts in units: those in or under each package when it was shipped. What arrived as part of a package whose own key
 * was not received counts by its own units.
 */
export function unitCount(
  handoff: Handoff,
  packages: readonly HandoffPackage[],
  unitsOf: ReadonlyMap<string, ReadonlySet<string>>,
): HandoffCount {
  const union = (keys: readonly HandoffPackage[]): Set<string> =>
    new Set(keys.flatMap(({ key }) => [...(unitsOf.get(key) ?? [])]));
  const shipped = union(packages.filter((one) => one.shipped));
  const arrived = union(packages.filter((one) => one.receivedAt !== null));
  if (handoff.status === 'UNEXPECTED') return overCount(arrived.size);
  const received = [...arrived].filter((key) => shipped.has(key)).length;
  return { ...countOf(handoff, shipped.size, received), over: arrived.size - received };
}

/** How long it took, ms: to the first and to the last receipt; null while there is none. */
export function durationsOf({ shippedAt, firstReceivedAt, lastReceivedAt }: Handoff): {
  first: number | null;
  last: number | null;
} {
  const since = (at: number | null): number | null =>
    at === null || shippedAt === null ? null : at - shippedAt;
  return { first: since(firstReceivedAt), last: since(lastReceivedAt) };
}

function countOf({ status }: Handoff, shipped: number, received: number): HandoffCount {
  const missing = Math.max(shipped - received, 0);
  const open = status === 'OUTSTANDING' || status === 'PARTIAL';
  return {
    shipped,
    received,
    outstanding: open ? missing : 0,
    short: received > 0 || status === 'PARTIAL' ? missing : 0,
    over: 0,
  };
}

function overCount(over: number): HandoffCount {
  return { shipped: 0, received: over, outstanding: 0, short: 0, over };
}
