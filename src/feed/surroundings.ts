/** What a message alone does not tell: what stands in what, and who has what stands at a site. */
export interface Surroundings {
  /** Keys of the containers around a watched package at an instant (epoch ms), boundaries included; empty when it stands alone. */
  containersOf(packageKey: string, t: number): ReadonlySet<string>;
  /** Key of the party that has what stands at a site; null when nobody is known to. */
  holderOf(siteKey: string): string | null;
  /** Key of the one party that a party's key stands for. */
  partyOf(partyKey: string): string;
}

/** One membership: a package in a container from one instant until another. */
export interface Membership {
  readonly child: string;
  readonly container: string;
  readonly from: number;
  /** Null: still in it. */
  readonly until: number | null;
}

/** By key: who has what stands at a site, and the one party that a party's key stands for. */
export interface Parties {
  readonly holders: ReadonlyMap<string, string>;
  readonly parties: ReadonlyMap<string, string>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** For batches in which nobody needs to know. */
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

/** Times as few spans, none wider than needed: what lies within an hour is one span, wider steps when they would be too many. */
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
