import { believedPlace, boxOf } from '../holdings/holding.js';
import type { Place } from '../holdings/holding.js';
import type { Edits } from './edits.rules.js';
import type { CountChange, OwnChange } from './holds.rules.js';
import { countsIn, hasOwn } from './holds.rules.js';
import { placeProperties } from './place-columns.js';
import type { Sight } from './sight.js';
import { NOBODY, audienceOf, withTitle } from './sight.js';
import type { Effect, Holding, Row } from './state.js';
import { forEachLoaded } from './world.js';
import type { World } from './world.js';

/** What an organisation sees of a lot in a top: the units, and the containers directly in it with a unit that it sees. */
export interface Shown {
  readonly organisation: string;
  readonly lot: string;
  readonly units: number;
  readonly boxes: number;
  /** Where they are for the organisation, if not where the top is: as the property `place` of a holding. */
  readonly place: string | null;
}

/** All that organisations see in a top. */
export interface ShownChange {
  readonly holding: string;
  readonly shown: readonly Shown[];
}

/** Units that organisations see, by organisation and lot. */
export type LotsSeen = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** How something is seen by what is around it. */
interface Around {
  readonly sight: Sight;
  readonly place: string | null;
}

/** The structure after a batch, or as it is recorded. */
interface Structure {
  readonly edits: Pick<Edits, 'isContainer' | 'fillingAt' | 'lotOf' | 'added'>;
  readonly counts: readonly CountChange[];
  readonly owns: readonly OwnChange[];
  readonly newestOf: (key: string) => Row | undefined;
  readonly newest: ReadonlyMap<string, Row | undefined>;
  /** Place, status and sight of a top; null when the holding is inside something. */
  readonly topOf: (holding: string) => Partial<Effect> | null;
}

/**
 * Tells what organisations see in tops. Who has a top sees all that it holds, and who owns it as well, except where something inside has a
 * title or a sight of its own. Only then the members are read, and not when a title was stated for all around them since.
 *
 * @throws NotLoaded when members or counts of a top that somebody sees are not loaded
 */
export class Showing {
  private readonly countChanges = new Map<string, CountChange[]>();
  private readonly ownChanges: ReadonlyMap<string, OwnChange>;
  private readonly added: ReadonlySet<string>;
  private readonly tallies = new Map<string, { readonly around: Around; readonly tally: Tally }>();

  constructor(
    private readonly world: World,
    private readonly structure: Structure,
  ) {
    for (const change of structure.counts) {
      const list = this.countChanges.get(change.holding);
      if (list === undefined) this.countChanges.set(change.holding, [change]);
      else list.push(change);
    }
    this.added = new Set(structure.edits.added.map(({ id }) => id));
    this.ownChanges = new Map(structure.owns.map((change) => [change.holding, change]));
  }

  /** Adds the holdings around a package that changed, before and after the batch, and what it holds itself. */
  addTopsOf(key: string, into: Set<string>): void {
    const { world, structure } = this;
    const { edits, newestOf } = structure;
    this.addTop(key, into, {
      rowOf: (one) => world.head(one).open,
      fillingOf: (box) => world.head(box).current.id,
    });
    this.addTop(key, into, {
      rowOf: newestOf,
      fillingOf: (box) => edits.fillingAt(box, Infinity, false),
    });
  }

  private addTop(
    key: string,
    into: Set<string>,
    at: { rowOf: (key: string) => Row | undefined; fillingOf: (box: string) => string },
  ): void {
    let holding = at.rowOf(key)?.holding ?? null;
    while (holding !== null) {
      const box = boxOf(holding);
      if (box === null || at.fillingOf(box) !== holding) break;
      const around: string | null = at.rowOf(box)?.holding ?? null;
      if (around === null) break;
      holding = around;
    }
    if (holding !== null) into.add(holding);
  }

  /** What is to be recorded of a holding; null when nothing is and nothing was. */
  changeOf(holding: string): ShownChange | null {
    const top = this.structure.topOf(holding);
    const isSeen = top !== null && (top.sight !== undefined || this.ownIn(holding) > 0);
    const was = this.world.holdings.get(holding)?.effect;
    const wasSeen =
      was !== undefined && (was.sight !== undefined || (this.world.owns.get(holding) ?? 0) > 0);
    if (!isSeen) return wasSeen ? { holding, shown: [] } : null;
    return {
      holding,
      shown: this.tallyOf(holding, aroundIn(holding, top)).shown(),
    };
  }

  /** Units in a holding that organisations see where it is, when it is seen like this. */
  lotsSeen(holding: string, sight: Sight): LotsSeen {
    return this.tallyOf(holding, { sight, place: null }).unitsHere();
  }

  /** What a top shows is asked for twice: to record it, and to tell of it. */
  private tallyOf(holding: string, around: Around): Tally {
    const known = this.tallies.get(holding);
    if (known?.around.sight === around.sight && known.around.place === around.place)
      return known.tally;
    const tally = this.tally(holding, around);
    this.tallies.set(holding, { around, tally });
    return tally;
  }

  private tally(holding: string, around: Around): Tally {
    const whole = this.lotsIn(holding);
    const tally = new Tally();
    for (const one of audienceOf(around.sight)) tally.of(one, around.place).addAll(whole);
    if (this.ownIn(holding) === 0 || this.ownAtIn(holding) < around.sight.titleAt) return tally;
    forEachLoaded(this.membersOf(holding), (key) => {
      this.correct(tally, key, around);
    });
    return tally;
  }

  /** Puts right what the tally says of a member that is not seen as what is around it. */
  private correct(tally: Tally, key: string, around: Around): void {
    const row = this.structure.newestOf(key);
    if (row === undefined || !this.isSpecial(key, row)) return;
    const own = ownOf(row, around);
    const { edits } = this.structure;
    const audience = audienceOf(around.sight);
    if (edits.isContainer(key)) {
      const filling = edits.fillingAt(key, Infinity, false);
      const whole = this.lotsIn(filling);
      for (const one of audience) tally.of(one, around.place).countBox(whole, -1);
      for (const { organisation, place, lots } of this.tally(filling, own).all.values())
        tally.of(organisation, place).countBox(lots, 1);
    } else {
      const lot = edits.lotOf(key);
      for (const one of audience) tally.of(one, around.place).add(lot, -1, 0);
      for (const one of audienceOf(own.sight)) tally.of(one, own.place).add(lot, 1, 0);
    }
  }

  /** Whether a member, or something in it, has a title or a sight of its own. */
  private isSpecial(key: string, row: Row): boolean {
    if (hasOwn(row)) return true;
    const { edits } = this.structure;
    return edits.isContainer(key) && this.ownIn(edits.fillingAt(key, Infinity, false)) > 0;
  }

  private membersOf(holding: string): readonly string[] {
    this.world.needMembers([holding]);
    const { newest, newestOf } = this.structure;
    const recorded = this.world.members(holding).map(({ key }) => key);
    this.world.needHeads(recorded);
    const keys = new Set(recorded);
    for (const [key, row] of newest) if (row?.holding === holding) keys.add(key);
    return [...keys].filter((key) => newestOf(key)?.holding === holding);
  }

  private ownIn(holding: string): number {
    return (this.world.owns.get(holding) ?? 0) + (this.ownChanges.get(holding)?.delta ?? 0);
  }

  /** Nothing in a holding has a title of its own that is newer. What was said of all around it since then holds for all in it. */
  private ownAtIn(holding: string): number {
    return Math.max(this.world.ownAt.get(holding) ?? 0, this.ownChanges.get(holding)?.at ?? 0);
  }

  /** A shared holding may be recorded although no package of the batch was in it. Only those that the batch opens are not. */
  private recordedCounts(holding: string): ReadonlyMap<string, number> {
    const isOpened = boxOf(holding) !== null || this.added.has(holding.split(' ')[1] ?? '');
    return isOpened ? countsIn(this.world, holding) : this.world.count(holding);
  }

  private lotsIn(holding: string): Lots {
    const lots = new Lots();
    const boxes = this.world.boxes.get(holding);
    for (const [lot, units] of this.recordedCounts(holding))
      lots.add(lot, units, boxes?.get(lot) ?? 0);
    for (const change of this.countChanges.get(holding) ?? [])
      lots.add(change.lot, change.units, change.boxes);
    return lots;
  }
}

/** How what is in a top is seen. Where others claim something else of it, the place is as the events that count tell. */
function aroundIn(holding: string, { sight = NOBODY, ...effect }: Partial<Effect>): Around {
  const { told } = sight;
  if (told === undefined) return { sight, place: null };
  const kind = boxOf(holding) === null ? 'LOOSE' : 'FILLING';
  return { sight, place: placeText(told, kind, effect.status) };
}

/** Tells what organisations saw in holdings before the batch. */
export function recordedShowing(world: World): Showing {
  return new Showing(world, {
    edits: {
      isContainer: (key) => world.head(key).container,
      fillingAt: (box) => world.head(box).current.id,
      lotOf: (key) => world.head(key).lot,
      added: [],
    },
    counts: [],
    owns: [],
    newest: new Map(),
    newestOf: (key) => world.head(key).open,
    topOf: () => null,
  });
}

/** How a member is seen. */
function ownOf({ apart, mark, title }: Row, around: Around): Around {
  if (apart !== undefined) {
    const { mode, site } = apart.believed;
    // What nobody of standing put where it is has a status of its own.
    return { sight: apart, place: placeText(believedPlace(mode, site), 'LOOSE', mark?.status) };
  }
  return { sight: withTitle(around.sight, title) ?? NOBODY, place: around.place };
}

/** As the property `place` of an open holding. */
function placeText(place: Place, kind: Holding['kind'], status = 'active'): string {
  const { mode, site, origin } = placeProperties({ place, status, since: 0 });
  return [mode, site, origin ?? '', status, kind, 'open'].join('\n');
}

/** Units and boxes by lot. */
class Lots {
  readonly all = new Map<string, { units: number; boxes: number }>();

  add(lot: string, units: number, boxes: number): void {
    const counted = this.all.get(lot);
    if (counted === undefined) this.all.set(lot, { units, boxes });
    else {
      counted.units += units;
      counted.boxes += boxes;
    }
  }

  addAll({ all }: Lots): void {
    for (const [lot, { units, boxes }] of all) this.add(lot, units, boxes);
  }

  /** Adds or takes away a box with these units. */
  countBox({ all }: Lots, sign: 1 | -1): void {
    for (const [lot, { units }] of all) if (units > 0) this.add(lot, sign * units, sign);
  }
}

/** Units and boxes by organisation, place and lot. */
class Tally {
  readonly all = new Map<
    string,
    { readonly organisation: string; readonly place: string | null; readonly lots: Lots }
  >();

  of(organisation: string, place: string | null): Lots {
    const name = `${organisation} ${place ?? ''}`;
    const found = this.all.get(name);
    if (found !== undefined) return found.lots;
    const lots = new Lots();
    this.all.set(name, { organisation, place, lots });
    return lots;
  }

  /** Without what is at a place of its own. */
  unitsHere(): LotsSeen {
    const here = [...this.all.values()].filter(({ place }) => place === null);
    return new Map(
      here.map(({ organisation, lots }) => {
        const counted = [...lots.all].filter(([, { units }]) => units !== 0);
        return [organisation, new Map(counted.map(([lot, { units }]) => [lot, units]))];
      }),
    );
  }

  shown(): readonly Shown[] {
    return [...this.all.values()].flatMap(({ organisation, place, lots }) =>
      [...lots.all].flatMap(([lot, { units, boxes }]) =>
        units === 0 ? [] : [{ organisation, lot, units, boxes, place }],
      ),
    );
  }
}
