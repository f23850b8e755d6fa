/** What a message does not contain: the containers around packages, and the holders at sites. */
export interface Surroundings {
  /** Keys of the containers around a watched package at an instant (epoch ms), ends included; empty when it stands alone. */
  containersOf(packageKey: string, t: number): ReadonlySet<string>;
  /** Key of the party that holds what is at a site; null when none is known. */
  holderOf(siteKey: string): string | null;
  /** The one key of the party that a key stands for. */
  partyOf(partyKey: string): string;
}

/** What of the surroundings of messages is wanted. */
export interface Watched {
  readonly packages: readonly string[];
  readonly holders: boolean;
  /** Sites beside those that the messages name. */
  readonly sites?: readonly string[];
}

/** A membership of a package in a container, from one instant until another. */
export interface Membership {
  readonly child: string;
  readonly container: string;
  readonly from: number;
  /** Null while the package is still inside. */
  readonly until: number | null;
}

/** Holders by the key of a site, and the one key of a party by any of its keys. */
export interface Parties {
  readonly holders: ReadonlyMap<string, string>;
  readonly parties: ReadonlyMap<string, string>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** For batches whose surroundings nobody needs. */
export const NO_SURROUNDINGS: Surroundings = {
  containersOf: () => NOTHING,
  holderOf: () => null,
  partyOf: (key) => key,
};

/** Answers from what was read for a batch. */
export function makeSurroundings(
  memberships: readonly Membership[],
  { holders, parties }: Parties = { holders: new Map(), parties: new Map() },
): Surroundings {
  const around = new Map<string, Membership[]>();
  for (const membership of memberships) {
    const list = around.get(membership.child);
    if (list) list.push(membership);
    else around.set(membership.child, [membership]);
  }
  return {
    containersOf: (key, t) => (around.has(key) ? climb(around, key, t) : NOTHING),
    holderOf: (site) => holders.get(site) ?? null,
    partyOf: (key) => parties.get(key) ?? key,
  };
}

/** Groups times into at most `most` spans. Times up to an hour apart share a span; the limit grows when there are too many spans. */
export function spansOf(times: readonly number[], most = 20): { from: number; to: number }[] {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  for (let gapMs = 3_600_000; ; gapMs *= 4) {
    const spans: { from: number; to: number }[] = [];
    for (const t of sorted) {
      const last = spans.at(-1);
      if (last && t - last.to <= gapMs) last.to = t;
      else spans.push({ from: t, to: t });
    }
    if (spans.length <= most) return spans;
  }
}

function climb(
  around: ReadonlyMap<string, readonly Membership[]>,
  key: string,
  t: number,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [key];
  for (let child = open.pop(); child !== undefined; child = open.pop())
    for (const { container, from, until } of around.get(child) ?? [])
      if (from <= t && (until === null || t <= until) && !found.has(container)) {
        found.add(container);
        open.push(container);
      }
  return found;
}
