import { isAhead } from '../shared/ahead.js';
import { groupBy } from '../shared/group-by.js';
import { boxOf } from '../holdings/holding.js';
import type { Changes, RowChange } from './changes.rules.js';
import { changesOf } from './changes.rules.js';
import { derive } from './derive.rules.js';
import type { Fact } from './fact.js';
import type { Claim, Finding, Receipt, Row } from './state.js';
import { inOrder, namesOf } from './state.js';
import type { Shown } from './shows.rules.js';
import type { Organisations } from './sight.js';
import { NO_ORGANISATIONS } from './sight.js';
import type { Viewers } from './viewers.js';
import { viewersOfWithdrawn } from './viewers.rules.js';
import type { PackageRecord } from './world.js';
import { World } from './world.js';

/**
 * The projection of a whole set of facts in memory, for `verify` and for tests of the rules without a database.
 * It holds every package and row, so everything must fit into memory (about 1 kB for each package).
 */
export class MemoryWorld {
  readonly world: World;
  readonly findings = new Map<string, readonly Finding[]>();
  readonly receipts = new Map<string, readonly Receipt[]>();
  readonly claims = new Map<string, readonly Claim[]>();
  readonly marked = new Map<string, number>();
  /** What organisations see, by top. */
  readonly shown = new Map<string, readonly Shown[]>();
  /** Who sees events. Events that nobody but the host sees are missing. */
  readonly seen = new Map<string, Viewers>();
  /** Units by the way they entered a holding, as in the digest. */
  readonly held = new Map<string, number>();
  private readonly facts = new Map<string, Fact>();
  private readonly waiting = new Map<string, Fact>();
  private readonly retracted = new Set<string>();

  constructor(organisations: Organisations = NO_ORGANISATIONS) {
    this.world = new World(true, organisations);
  }

  /**
   * Adds facts and retractions of events, in any order and also repeatedly. Facts ahead of `now` wait until a later call has reached
   * their time.
   *
   * @param now epoch ms; by default later than any fact
   */
  apply(
    added: readonly Fact[],
    retractedEvents: readonly string[],
    now = Infinity,
  ): Changes | null {
    const removed = this.takeOut(retractedEvents);
    for (const fact of added) if (!this.facts.has(fact.id)) this.waiting.set(fact.id, fact);
    const joining = this.dueBy(now);
    for (const fact of joining) this.facts.set(fact.id, fact);
    if (joining.length + removed.length === 0) return null;
    const changes = changesOf(this.world, derive(this.world, joining, removed));
    this.write(joining, removed, changes);
    return changes;
  }

  private takeOut(retractedEvents: readonly string[]): readonly Fact[] {
    const fresh = retractedEvents.filter((id) => !this.retracted.has(id));
    for (const id of fresh) this.retracted.add(id);
    return [...new Set(fresh)].flatMap((id) =>
      [id, `${id}~in`].flatMap((factId) => this.facts.get(factId) ?? []),
    );
  }

  private dueBy(now: number): readonly Fact[] {
    const due: Fact[] = [];
    const withdrawn: Fact[] = [];
    for (const fact of this.waiting.values()) {
      const isRetracted = this.retracted.has(fact.eventId);
      if (!isRetracted && isAhead(fact.t, now)) continue;
      this.waiting.delete(fact.id);
      if (isRetracted) withdrawn.push(fact);
      else due.push(fact);
    }
    for (const [eventId, facts] of groupBy(withdrawn, (fact) => fact.eventId))
      this.see(eventId, viewersOfWithdrawn(facts, this.world.organisations));
    return due;
  }

  private write(added: readonly Fact[], removed: readonly Fact[], changes: Changes): void {
    this.writeFacts(added, removed);
    for (const change of changes.packages) {
      const { key, container, lot, last, inner, current } = change;
      this.put(key, { exists: true, container, lot, last, inner, current });
    }
    for (const holding of changes.holdings) this.world.holdings.set(holding.id, holding);
    for (const change of changes.rows) this.writeRows(change);
    this.writeSeen(changes);
    this.writeFillings(changes);
    for (const { holding, lot, units, boxes } of changes.counts) {
      count(this.world.counts, holding, lot, units);
      count(this.world.boxes, holding, lot, boxes);
    }
    this.writeFlows(changes);
    for (const { holding, delta } of changes.marked)
      this.marked.set(holding, (this.marked.get(holding) ?? 0) + delta);
    for (const [key, list] of changes.claims) {
      replace(this.claims, key, list);
      this.put(key, { claimed: list.length > 0 });
    }
    for (const { key, t, list } of changes.findings) replace(this.findings, `${key} ${t}`, list);
    for (const { key, t, list } of changes.receipts) replace(this.receipts, `${key} ${t}`, list);
  }

  private put(key: string, change: Partial<PackageRecord>): void {
    this.world.packages.set(key, { ...this.world.head(key), ...change });
  }

  private writeFacts(added: readonly Fact[], removed: readonly Fact[]): void {
    // Compared by id, because the removed fact may be another object than the added one.
    const gone = new Set(removed.map(({ id }) => id));
    for (const fact of added) {
      for (const key of namesOf(fact)) {
        const { rows, facts } = this.world.history(key);
        this.put(key, { exists: true, history: { rows, facts: [...facts, fact].sort(inOrder) } });
      }
    }
    for (const fact of removed) {
      for (const key of namesOf(fact)) {
        const { rows, facts } = this.world.history(key);
        this.put(key, { history: { rows, facts: facts.filter(({ id }) => !gone.has(id)) } });
      }
    }
  }

  private writeRows({ key, removed, created }: RowChange): void {
    const { rows, facts } = this.world.history(key);
    const gone = new Set(removed.map((row) => row.from));
    const kept = rows.filter((row) => !gone.has(row.from));
    const next: Row[] = [...kept, ...created.map(({ row }) => row)].sort((a, b) => a.from - b.from);
    this.put(key, { open: next[next.length - 1], history: { rows: next, facts } });
    for (const { row } of created) this.addMember(key, row.holding);
  }

  private addMember(key: string, holding: string | null): void {
    if (holding === null || boxOf(holding) === null) return;
    const members = this.world.memberLists.get(holding) ?? [];
    if (members.some((one) => one.key === key)) return;
    const { world } = this;
    const member = {
      key,
      get last(): number {
        return world.head(key).last;
      },
      get inner(): number {
        return world.head(key).inner;
      },
    };
    this.world.memberLists.set(holding, [...members, member]);
  }

  private writeFlows({ flows }: Changes): void {
    for (const { holding, lot, at, mark, was, units } of flows) {
      const line = `${holding} ${lot} ${at} ${mark ?? ''} ${was ?? ''}`;
      this.held.set(line, (this.held.get(line) ?? 0) + units);
    }
  }

  private writeSeen({ owns, shown, seen }: Changes): void {
    for (const { holding, delta, at } of owns) {
      const known = this.world.owns.get(holding) ?? 0;
      this.world.ownAt.set(
        holding,
        known === 0 ? at : Math.max(this.world.ownAt.get(holding) ?? 0, at),
      );
      this.world.owns.set(holding, known + delta);
    }
    for (const { holding, shown: list } of shown) replace(this.shown, holding, list);
    for (const { eventId, viewers } of seen) this.see(eventId, viewers);
  }

  private see(eventId: string, viewers: Viewers): void {
    if (viewers.size === 0) this.seen.delete(eventId);
    else this.seen.set(eventId, viewers);
  }

  private writeFillings(changes: Changes): void {
    for (const { id } of changes.fillings) this.forgetOutcome(id);
    for (const { id, box, from, dissolvedAt, endedBy, effect, gone } of changes.fillings) {
      if (gone) {
        this.world.holdings.delete(id);
        this.world.owns.delete(id);
        this.world.ownAt.delete(id);
        this.shown.delete(id);
        continue;
      }
      this.world.holdings.set(id, {
        id,
        kind: 'FILLING',
        box,
        from,
        ...(dissolvedAt === null ? {} : { dissolvedAt }),
        ...(endedBy === null ? {} : { endedBy }),
        ...(effect === null ? {} : { effect }),
      });
      if (endedBy !== null && effect !== null) this.world.outcomes.set(`${endedBy} ${box}`, effect);
    }
  }

  /** What ended a filling may end it no more. */
  private forgetOutcome(filling: string): void {
    const { endedBy, box } = this.world.holdings.get(filling) ?? {};
    if (endedBy !== undefined && box !== undefined) this.world.outcomes.delete(`${endedBy} ${box}`);
  }
}

function count(
  counts: Map<string, ReadonlyMap<string, number>>,
  holding: string,
  lot: string,
  delta: number,
): void {
  const lots = new Map(counts.get(holding));
  const n = (lots.get(lot) ?? 0) + delta;
  if (n === 0) lots.delete(lot);
  else lots.set(lot, n);
  counts.set(holding, lots);
}

function replace<T>(lists: Map<string, readonly T[]>, key: string, list: readonly T[]): void {
  if (list.length === 0) lists.delete(key);
  else lists.set(key, list);
}
