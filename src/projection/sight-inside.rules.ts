import type { Fact } from './fact.js';
import type { InstantState } from './instant-state.js';
import type { Sight, TitleMark } from './sight.js';
import { NOBODY, recorded } from './sight.js';
import type { TitleChange } from './sight.rules.js';
import type { Inside, Row } from './state.js';

/** Who sees a package after facts, if it stands alone. */
interface Told {
  readonly sight: Sight;
  /** How its title changed last. */
  readonly title: TitleChange | undefined;
  /** The fact that passed its title to nobody. */
  readonly lostBy: Fact | undefined;
}

/** The facts of a package inside something. */
export interface InsideFacts {
  /** Its row, when it was in the same holding before. */
  readonly row: Row | undefined;
  /** Facts that name it. */
  readonly living: readonly Fact[];
  /** These, and the unpack that emptied what it was in. */
  readonly fold: readonly Fact[];
}

/** Who sees the packages that the facts of an instant name (README.md rules 22 to 26). */
export class Sights {
  constructor(private readonly instant: InstantState) {}

  /** Who sees a package that stands alone after `fold`. */
  alone(key: string, fold: readonly Fact[]): { readonly sight?: Sight } {
    const told = this.tell(key, fold);
    this.noteLost(key, told, told.sight.title);
    return recorded(told.sight);
  }

  private tell(key: string, fold: readonly Fact[]): Told {
    const { instant } = this;
    const named = instant.factsOf.get(key) ?? [];
    let told: Told = { sight: instant.sightBefore(key), title: undefined, lostBy: undefined };
    for (const fact of fold) {
      const of = named.includes(fact) ? key : this.boxThatFreed(key, fact);
      if (of === undefined) continue;
      const { sight, title } = instant.take(told.sight, fact, of);
      const lostBy = title === 'LOST' ? fact : told.lostBy;
      told = { sight, title: title ?? told.title, lostBy };
    }
    return told;
  }

  /** The container whose emptying tells of the package too. It does not when the package was apart. */
  private boxThatFreed(key: string, fact: Fact): string | undefined {
    return this.instant.reads.row(key)?.apart === undefined ? fact.parent : undefined;
  }

  private noteLost(key: string, { lostBy }: Told, title: string | null): void {
    if (lostBy !== undefined && title === null) this.instant.flag(key, 'TITLE_UNSTATED', lostBy);
  }

  /** What a package has of its own inside a container that `around` see. It is the row itself when nothing is new. */
  inside(key: string, around: Sight, { row, living, fold }: InsideFacts): Inside {
    const isFull = living.some((fact) => this.instant.standing(fact, key) === 'FULL');
    if (row !== undefined && row.apart === undefined)
      return this.restated(key, around, row, living);
    const told = this.tell(key, fold);
    if (isFull && around.begun) return this.joining(key, around, told);
    const { apart } = row ?? {};
    return row !== undefined && apart === told.sight
      ? row
      : { apart: recorded(told.sight).sight ?? NOBODY };
  }

  private restated(key: string, around: Sight, row: Row, living: readonly Fact[]): Inside {
    let said: string | null = null;
    for (const fact of living) said = this.instant.statedTitle(fact, key) ?? said;
    if (said === null) return row;
    const { t } = this.instant;
    return this.marked(key, around, { title: said, since: t, at: t });
  }

  /** Joining does not change a title. Coming to another holder does. */
  private joining(key: string, around: Sight, told: Told): Inside {
    const { t } = this.instant;
    const { sight } = told;
    if (told.title === 'STATED')
      return this.marked(key, around, { title: sight.title, since: t, at: t });
    if (around.titleAt === t) {
      this.noteLost(key, told, around.title);
      return {};
    }
    const passed = told.title !== undefined;
    if (!passed && !this.isHandedOver(key, around, sight))
      return this.marked(key, around, { title: sight.title, since: sight.titleAt, at: t });
    const title = passed ? sight.title : sight.believed.owner;
    this.noteLost(key, passed ? told : this.lostByJoining(key, told), title);
    return this.marked(key, around, { title, since: t, at: t });
  }

  private isHandedOver(key: string, around: Sight, sight: Sight): boolean {
    const { holder } = around.believed;
    return (
      this.instant.sightBefore(key).begun && holder !== null && holder !== sight.believed.holder
    );
  }

  private lostByJoining(key: string, told: Told): Told {
    const fact = told.sight.title === null ? undefined : this.instant.factsOf.get(key)?.at(-1);
    return { ...told, lostBy: fact };
  }

  /** A container always keeps a title that is not exactly the one around it, because of what is inside it. */
  private marked(key: string, around: Sight, mark: TitleMark): Inside {
    const isBox = this.instant.reads.isContainer(key);
    const same = mark.title === around.title && (!isBox || mark.since === around.titleAt);
    return same ? {} : { title: mark };
  }
}
