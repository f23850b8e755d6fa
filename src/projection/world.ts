import { fillingId, isContainerKey } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { Organisations } from './sight.js';
import { NO_ORGANISATIONS } from './sight.js';
import type { Effect, Holding, Row } from './state.js';

/** What is recorded of one package: always its newest row, and everything when `history` is loaded. */
export interface PackageRecord {
  readonly key: string;
  readonly exists: boolean;
  readonly container: boolean;
  /** Lot id; `?` when it has none. */
  readonly lot: string;
  /** True when it is recorded that its commissionings state several lots. */
  readonly claimed: boolean;
  /** Time of its newest own fact; -1 for none. */
  readonly last: number;
  /** Time of the newest fact of anything that was inside at that time; -1 for none. It is a hint that only grows. */
  readonly inner: number;
  /** The newest row. */
  readonly open: Row | undefined;
  /** The open filling and when it began; -1 for the first filling. */
  readonly current: { readonly id: string; readonly from: number };
  readonly history?: PackageHistory;
}

/** All rows, oldest first, and all active facts, in order. */
export interface PackageHistory {
  readonly rows: readonly Row[];
  readonly facts: readonly Fact[];
}

/** A package that is or was in a filling, with the times of its newest facts. */
export interface Member {
  readonly key: string;
  readonly last: number;
  readonly inner: number;
}

/** What a derivation needs and what is not loaded yet. */
export interface Missing {
  readonly heads: Set<string>;
  readonly histories: Set<string>;
  readonly members: Set<string>;
  readonly counts: Set<string>;
  /** Keys of sites and parties. */
  readonly organisations: Set<string>;
}

/** Thrown by a derivation that needs something not loaded. Load `missing` and derive again, because a derivation is pure. */
export class NotLoaded extends Error {
  constructor(readonly missing: Missing) {
    super('The derivation needs more of the graph');
  }
}

/**
 * Does something with each of a list, and asks at once for what any of them needs. Asked one by one, a derivation would begin again for each.
 *
 * @throws NotLoaded
 */
export function forEachLoaded<T, R>(list: Iterable<T>, work: (one: T) => R): R[] {
  const results: R[] = [];
  const missing: Missing[] = [];
  for (const one of list)
    try {
      results.push(work(one));
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      missing.push(error.missing);
    }
  if (missing.length > 0) throw new NotLoaded(together(missing));
  return results;
}

function together(list: readonly Missing[]): Missing {
  const all = none();
  const kinds = Object.keys(all) as (keyof Missing)[];
  for (const kind of kinds)
    for (const missing of list) for (const key of missing[kind]) all[kind].add(key);
  return all;
}

/** Nothing that is missing. */
export const none = (): Missing => ({
  heads: new Set(),
  histories: new Set(),
  members: new Set(),
  counts: new Set(),
  organisations: new Set(),
});

/** The record of a package that no event has named yet. */
export function unknownPackage(key: string): PackageRecord {
  return {
    key,
    exists: false,
    container: isContainerKey(key),
    lot: '?',
    claimed: false,
    last: -1,
    inner: -1,
    open: undefined,
    current: { id: fillingId(key, '0'), from: -1 },
    history: { rows: [], facts: [] },
  };
}

/**
 * The loaded part of the recorded state. A derivation reads it and never changes it.
 *
 * `complete` means that nothing exists outside this world, as when it is kept in memory. Then nothing is ever missing.
 */
export class World {
  readonly packages = new Map<string, PackageRecord>();
  readonly memberLists = new Map<string, readonly Member[]>();
  readonly counts = new Map<string, ReadonlyMap<string, number>>();
  /** Containers directly in a holding that hold units of a lot, by lot. They are loaded with the counts. */
  readonly boxes = new Map<string, ReadonlyMap<string, number>>();
  /** How many packages in a holding, also inside others, have a title or a sight of their own. They are loaded with the holdings. */
  readonly owns = new Map<string, number>();
  /** By holding: no title of its own in it is newer. It only grows while there are any. */
  readonly ownAt = new Map<string, number>();
  readonly holdings = new Map<string, Holding>();
  /** `<fact id> <container>` → place and status that the filling it ended kept. */
  readonly outcomes = new Map<string, Effect>();

  constructor(
    readonly complete: boolean,
    readonly organisations: Organisations = NO_ORGANISATIONS,
  ) {}

  head(key: string): PackageRecord {
    const found = this.packages.get(key);
    if (found !== undefined) return found;
    if (!this.complete) return this.miss('heads', [key]);
    const fresh = unknownPackage(key);
    this.packages.set(key, fresh);
    return fresh;
  }

  history(key: string): PackageHistory {
    return this.head(key).history ?? this.miss('histories', [key]);
  }

  /** Throws once for all missing packages, so that one load is enough. */
  needHeads(keys: Iterable<string>): void {
    if (this.complete) return;
    const missing = [...keys].filter((key) => !this.packages.has(key));
    if (missing.length > 0) this.miss('heads', missing);
  }

  needHistories(keys: Iterable<string>): void {
    const missing = [...keys].filter((key) => this.head(key).history === undefined);
    if (missing.length > 0) this.miss('histories', missing);
  }

  needMembers(fillings: Iterable<string>): void {
    if (this.complete) return;
    const missing = [...fillings].filter((id) => !this.memberLists.has(id));
    if (missing.length > 0) this.miss('members', missing);
  }

  /** Everything that is or was in a filling. */
  members(filling: string): readonly Member[] {
    const found = this.memberLists.get(filling);
    if (found !== undefined) return found;
    return this.complete ? [] : this.miss('members', [filling]);
  }

  /** The units in a holding now, by lot. */
  count(holding: string): ReadonlyMap<string, number> {
    const found = this.counts.get(holding);
    if (found !== undefined) return found;
    return this.complete ? new Map<string, number>() : this.miss('counts', [holding]);
  }

  holding(id: string): Holding {
    const found = this.holdings.get(id);
    if (found === undefined) throw new Error(`Holding "${id}" is pointed to but was not loaded`);
    return found;
  }

  private miss(what: 'heads' | 'histories' | 'members' | 'counts', keys: readonly string[]): never {
    const missing = none();
    for (const key of keys) missing[what].add(key);
    throw new NotLoaded(missing);
  }
}
