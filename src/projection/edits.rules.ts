import { fillingId, isContainerKey } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import type { Claim } from './state.js';
import { inOrder, lotIdOf, packsInOrOut, namesOf, openerOf } from './state.js';
import type { PackageRecord, World } from './world.js';

/** One emptying of a container, with its time and its fact. The first filling begins at -1 with the id `0`. */
export interface Boundary {
  readonly t: number;
  readonly id: string;
}

/**
 * What a batch adds to the active facts and takes out of them, on top of the recorded world:
 * facts, boundaries, kind and lot of a package after the batch.
 */
export class Edits {
  readonly added: readonly Fact[];
  readonly removed: readonly Fact[];
  /** Packages that become a container or stop being one. Everything about them is judged again. */
  readonly kindChanged = new Set<string>();
  /** The new lot of each package whose lot changes. */
  readonly newLots = new Map<string, string>();
  /** Claimed lots of packages whose commissionings change and state several lots. The list is empty when they no longer do. */
  readonly claims = new Map<string, readonly Claim[]>();
  /** Later commissionings. They read what came before them, so they are judged again. */
  readonly bornAgain = new Map<string, readonly Fact[]>();
  /** Containers that gain or lose a boundary. */
  readonly boxes = new Set<string>();
  private readonly addedOf = new Map<string, Fact[]>();
  private readonly removedOf = new Map<string, Fact[]>();
  private readonly addedIds: ReadonlySet<string>;
  private readonly removedIds: ReadonlySet<string>;
  private readonly kinds = new Map<string, boolean>();
  private readonly merged = new Map<string, readonly Boundary[]>();
  /** `<fact id> <container>` → whether the fact emptied the container, of the facts that were judged. Who only claims it does not. */
  private readonly emptying = new Map<string, boolean>();
  /** Fillings that were opened by a fact that does not empty their container any more. */
  readonly unopened = new Set<string>();

  constructor(
    private readonly world: World,
    added: readonly Fact[],
    removed: readonly Fact[],
  ) {
    this.added = [...added].sort(inOrder);
    this.removed = removed;
    this.addedIds = new Set(added.map(({ id }) => id));
    this.removedIds = new Set(removed.map((fact) => fact.id));
    for (const fact of this.added) for (const key of namesOf(fact)) push(this.addedOf, key, fact);
    for (const fact of removed) for (const key of namesOf(fact)) push(this.removedOf, key, fact);
    const named = [...new Set([...this.addedOf.keys(), ...this.removedOf.keys()])];
    world.needHeads(named);
    for (const key of named) this.noteKind(key);
    const reborn = named.filter((key) => this.isBornAgain(key));
    world.needHistories([...this.kindChanged, ...reborn]);
    for (const key of named) this.noteLot(key);
    for (const key of reborn) this.noteBirths(key);
    this.noteBoxes();
  }

  /** Everything the batch names. */
  named(): Iterable<string> {
    return new Set([...this.addedOf.keys(), ...this.removedOf.keys()]);
  }

  /** Facts of the batch that name a package. */
  touching(key: string): readonly Fact[] {
    return [...(this.addedOf.get(key) ?? []), ...(this.removedOf.get(key) ?? [])];
  }

  isContainer(key: string): boolean {
    return this.kinds.get(key) ?? this.world.head(key).container;
  }

  lotOf(key: string): string {
    return this.newLots.get(key) ?? this.world.head(key).lot;
  }

  /** Whether a recorded fact stays active. */
  stays(fact: Fact): boolean {
    return !this.removedIds.has(fact.id);
  }

  /** Active facts of a package after the batch, in order. It needs the history of the package. */
  facts(key: string): readonly Fact[] {
    const recorded = this.world.history(key).facts;
    const added = this.addedOf.get(key);
    const kept = this.removedOf.has(key) ? recorded.filter((fact) => this.stays(fact)) : recorded;
    if (added === undefined) return kept;
    return [...kept, ...added].sort(inOrder);
  }

  /** Active facts of a package before `t`, in order. */
  factsBefore(key: string, t: number): readonly Fact[] {
    return this.facts(key).filter((fact) => fact.t < t);
  }

  /** The instant of the next recorded fact of a package, or undefined. It does not look at facts of the batch. */
  nextRecorded(key: string, t: number): number | undefined {
    if (this.world.head(key).last <= t) return undefined;
    return this.world.history(key).facts.find((fact) => fact.t > t && this.stays(fact))?.t;
  }

  private noteKind(key: string): void {
    const head = this.world.head(key);
    const after = isContainerKey(key) || this.hasParentRole(key, head);
    this.kinds.set(key, after);
    if (head.exists && head.open !== undefined && after !== head.container)
      this.kindChanged.add(key);
  }

  /** Else whoever likes could make a container of the pack of a competitor, and so take it out of all counts. */
  private hasParentRole(key: string, head: PackageRecord): boolean {
    const makes = (fact: Fact): boolean =>
      fact.parent === key && packsInOrOut(fact) && this.isQualified(key, fact);
    if (this.addedOf.get(key)?.some(makes) === true) return true;
    if (this.removedOf.get(key)?.some(makes) !== true) return head.container;
    return this.world.history(key).facts.some((fact) => makes(fact) && this.stays(fact));
  }

  private noteLot(key: string): void {
    const head = this.world.head(key);
    const added = commissions(this.addedOf.get(key));
    const removed = commissions(this.removedOf.get(key));
    let lot = head.exists ? head.lot : lotIdOf(key, undefined);
    const isNewer = (fact: Fact): boolean => fact.t > head.last && this.isQualified(key, fact);
    if (removed.length > 0 || (head.exists && !added.every(isNewer)))
      lot = lotIdOf(key, this.newestLot(key, commissions(this.facts(key))));
    else {
      const stated = this.newestLot(key, added);
      if (stated !== undefined) lot = lotIdOf(key, stated);
    }
    if (lot !== head.lot || !head.exists) this.newLots.set(key, lot);
  }

  /** Whether the host or who may begin the package says what it is: a container or not, and of which lot. */
  private isQualified(key: string, { by }: Fact): boolean {
    return by === undefined || this.world.organisations.mayBegin(key, by);
  }

  private newestLot(key: string, births: readonly Fact[]): string | undefined {
    const stating = births.filter(({ lot }) => lot !== undefined);
    return (stating.findLast((fact) => this.isQualified(key, fact)) ?? stating.at(-1))?.lot;
  }

  /** Whether commissionings must be judged again: they change and are not the only ones, or a later one of an SSCC reads what changes. */
  private isBornAgain(key: string): boolean {
    const added = this.addedOf.get(key) ?? [];
    const removed = this.removedOf.get(key) ?? [];
    const { exists, last } = this.world.head(key);
    if (key.startsWith('00/') && (removed.length > 0 || added.some(({ t }) => t <= last)))
      return true;
    const born = commissions(added).length;
    return commissions(removed).length > 0 || born > 1 || (born > 0 && exists);
  }

  private noteBirths(key: string): void {
    const births = commissions(this.facts(key));
    const touched = [...(this.addedOf.get(key) ?? []), ...(this.removedOf.get(key) ?? [])];
    const first = Math.min(...touched.map(({ t }) => t));
    this.bornAgain.set(
      key,
      births.filter(({ t }) => t > first),
    );
    const claims = claimsOf(key, births);
    if (claims.length > 0 || this.world.head(key).claimed) this.claims.set(key, claims);
  }

  private noteBoxes(): void {
    for (const fact of [...this.added, ...this.removed])
      for (const key of namesOf(fact)) if (this.mayEmpty(fact, key)) this.boxes.add(key);
    for (const key of this.kindChanged) if (this.isContainer(key)) this.boxes.add(key);
  }

  /** Whether a fact empties a container, if it counts. */
  private mayEmpty(fact: Fact, key: string): boolean {
    // Few facts empty anything, and all facts are asked.
    if (fact.act === 'unpack')
      return fact.all === true && fact.parent === key && this.isContainer(key);
    return fact.act === 'end' && this.isContainer(key) && fact.kids.includes(key);
  }

  /** Whether it did before the batch: then what it left is recorded. It needs the history of the container. */
  private hasEmptied({ id }: Fact, box: string): boolean {
    return this.world.outcomes.has(`${id} ${box}`);
  }

  /** Of what is not judged yet, what is recorded; of what is not recorded, that it does. Nothing is read later than what is judged. */
  private empties(fact: Fact, box: string): boolean {
    if (!this.mayEmpty(fact, box)) return false;
    const judged = this.emptying.get(`${fact.id} ${box}`);
    return judged ?? (this.addedIds.has(fact.id) || this.hasEmptied(fact, box));
  }

  /**
   * Takes what an instant says of a fact that may empty containers.
   *
   * @param emptied `<fact id> <container>` of all that was emptied
   * @returns containers of which that is not what is recorded or was expected
   */
  settle(fact: Fact, emptied: ReadonlySet<string>): readonly string[] {
    return namesOf(fact).filter((box) => {
      if (!this.mayEmpty(fact, box)) return false;
      const expected = this.empties(fact, box);
      const has = emptied.has(`${fact.id} ${box}`);
      this.emptying.set(`${fact.id} ${box}`, has);
      if (has === expected) return false;
      this.boxes.add(box);
      this.merged.delete(box);
      if (!has) this.unopened.add(fillingId(box, fact.id));
      return true;
    });
  }

  /** Recorded boundaries of a container, oldest first. Without its history, it is only the newest. */
  private recordedBoundaries(box: string): readonly Boundary[] {
    const head = this.world.head(box);
    if (head.history === undefined)
      return [{ t: head.current.from, id: openerOf(head.current.id) }];
    return boundariesOf(head.history.facts.filter((fact) => this.hasEmptied(fact, box)));
  }

  private boundariesIn(box: string, facts: readonly Fact[]): readonly Boundary[] {
    return boundariesOf(facts.filter((fact) => this.empties(fact, box)));
  }

  /** Boundaries after the batch, oldest first. They begin with the newest recorded one when nothing older is touched and no history is loaded. */
  boundaries(box: string): readonly Boundary[] {
    const found = this.merged.get(box);
    if (found !== undefined) return found;
    const boundaries = this.mergeBoundaries(box);
    this.merged.set(box, boundaries);
    return boundaries;
  }

  private mergeBoundaries(box: string): readonly Boundary[] {
    if (!this.boxes.has(box)) return this.recordedBoundaries(box);
    const head = this.world.head(box);
    const added = this.boundariesIn(box, this.addedOf.get(box) ?? []).slice(1);
    const older =
      this.kindChanged.has(box) ||
      (this.removedOf.get(box)?.some((fact) => this.mayEmpty(fact, box)) ?? false) ||
      added.some(({ t }) => t <= head.current.from);
    if (older || head.history !== undefined) return this.boundariesIn(box, this.facts(box));
    return [...this.recordedBoundaries(box), ...added];
  }

  /** Id of the filling that is open after the batch, just before `t` or, when `inclusive`, just after. */
  fillingAt(box: string, t: number, inclusive: boolean): string {
    return fillingId(box, this.openerAt(box, this.boundaries(box), t, inclusive));
  }

  /** The same, as recorded before the batch. */
  recordedFillingAt(box: string, t: number, inclusive: boolean): string {
    return fillingId(box, this.openerAt(box, this.recordedBoundaries(box), t, inclusive));
  }

  private openerAt(
    box: string,
    boundaries: readonly Boundary[],
    t: number,
    inclusive: boolean,
  ): string {
    for (let i = boundaries.length - 1; i >= 0; i--) {
      const boundary = boundaries[i];
      if (boundary !== undefined && (inclusive ? boundary.t <= t : boundary.t < t))
        return boundary.id;
    }
    // The instant is before the newest recorded boundary, so the history is needed.
    const whole = this.boundariesIn(box, this.facts(box));
    return whole.findLast((one) => (inclusive ? one.t <= t : one.t < t))?.id ?? '0';
  }

  /** The boundary that ends a filling after the batch; undefined while it is open. */
  endOf(filling: string, box: string): Boundary | undefined {
    const opener = openerOf(filling);
    const boundaries = this.boundaries(box);
    const at = boundaries.findIndex(({ id }) => id === opener);
    if (at >= 0) return boundaries[at + 1];
    // The filling is older than anything the batch touches, so its record is right.
    const recorded = this.world.holdings.get(filling);
    if (recorded?.dissolvedAt === undefined || recorded.endedBy === undefined) return undefined;
    return { t: recorded.dissolvedAt, id: recorded.endedBy };
  }
}

function boundariesOf(emptying: readonly Fact[]): readonly Boundary[] {
  return [{ t: -1, id: '0' }, ...emptying.map(({ t, id }) => ({ t, id }))];
}

function commissions(facts: readonly Fact[] | undefined): readonly Fact[] {
  return facts?.filter((fact) => fact.act === 'commission') ?? [];
}

function claimsOf(key: string, births: readonly Fact[]): readonly Claim[] {
  const claims = births.flatMap(({ lot, eventId }) =>
    lot === undefined ? [] : [{ eventId, lot: lotIdOf(key, lot) }],
  );
  return new Set(claims.map(({ lot }) => lot)).size > 1 ? claims : [];
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
