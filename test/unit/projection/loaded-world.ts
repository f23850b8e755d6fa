import type { Changes } from '../../../src/projection/changes.rules.js';
import { changesOf } from '../../../src/projection/changes.rules.js';
import { derive } from '../../../src/projection/derive.rules.js';
import type { Fact } from '../../../src/projection/fact.js';
import type { Missing, PackageRecord } from '../../../src/projection/world.js';
import { NotLoaded, World, unknownPackage } from '../../../src/projection/world.js';
import { boxOf } from '../../../src/holdings/holding.js';

/** Derives from nothing but what is asked for, piece by piece, as the writer reads it from the graph. */
export function changesByLoading(
  recorded: World,
  added: readonly Fact[],
  removed: readonly Fact[],
  onLoad: () => void = () => undefined,
): Changes {
  const loading = new Loading(recorded);
  for (;;) {
    try {
      return changesOf(loading.world, derive(loading.world, added, removed));
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      onLoad();
      loading.load(error.missing);
    }
  }
}

class Loading {
  readonly world: World;

  constructor(private readonly recorded: World) {
    this.world = new World(false, recorded.organisations);
  }

  load({ heads, histories, members, counts }: Missing): void {
    const { recorded, world } = this;
    this.loadHeads(heads);
    this.loadHistories(histories);
    for (const id of members)
      world.memberLists.set(
        id,
        recorded.members(id).map(({ key, last, inner }) => ({ key, last, inner })),
      );
    for (const id of counts) this.takeFilling(id);
  }

  private loadHeads(keys: Iterable<string>): void {
    for (const key of keys) {
      if (this.world.packages.has(key)) continue;
      const known = this.recorded.packages.get(key) ?? unknownPackage(key);
      this.world.packages.set(key, known.exists ? headOf(known) : unknownPackage(key));
      this.takeFilling(known.current.id);
      this.takeAround(known.open?.holding ?? null);
    }
  }

  private loadHistories(keys: Iterable<string>): void {
    for (const key of keys) {
      this.loadHeads([key]);
      const head = this.world.head(key);
      if (head.history !== undefined) continue;
      const history = this.recorded.history(key);
      this.world.packages.set(key, { ...head, history });
      for (const { id, box } of this.recorded.holdings.values())
        if (box === key) this.takeFilling(id);
      for (const { holding } of history.rows) this.takeAround(holding);
    }
  }

  private takeAround(holding: string | null): void {
    if (holding === null) return;
    this.takeHolding(holding);
    const box = boxOf(holding);
    if (box !== null) this.loadHeads([box]);
  }

  private takeFilling(id: string): void {
    this.takeHolding(id);
    this.world.counts.set(id, this.recorded.counts.get(id) ?? new Map<string, number>());
    this.world.boxes.set(id, this.recorded.boxes.get(id) ?? new Map<string, number>());
  }

  private takeHolding(id: string): void {
    const holding = this.recorded.holdings.get(id);
    if (holding === undefined) return;
    this.world.holdings.set(id, holding);
    this.world.owns.set(id, this.recorded.owns.get(id) ?? 0);
    this.world.ownAt.set(id, this.recorded.ownAt.get(id) ?? 0);
    const { endedBy, box, effect } = holding;
    if (endedBy !== undefined && box !== undefined && effect !== undefined)
      this.world.outcomes.set(`${endedBy} ${box}`, effect);
  }
}

function headOf(known: PackageRecord): PackageRecord {
  const head: { -readonly [K in keyof PackageRecord]: PackageRecord[K] } = { ...known };
  delete head.history;
  return head;
}

/** Changes as text, whatever the order in which they were found. */
export function changesText({ claims, newest, ...rest }: Changes): string {
  const lists = { ...rest, lotsSeen: [], lotsSeenBefore: [] };
  const all = { ...lists, claims: [...claims], newest: [...newest] };
  return Object.entries(all)
    .flatMap(([name, list]) => list.map((one) => `${name} ${JSON.stringify(one)}`))
    .sort()
    .join('\n');
}
