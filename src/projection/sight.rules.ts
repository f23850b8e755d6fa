import type { Fact } from './fact.js';
import type { Believed, Organisations, Sight } from './sight.js';
import { NOBODY } from './sight.js';

/** How much an event counts for a package: not at all, in full, or only as the event of an owner who does not have the container. */
export type Standing = 'NONE' | 'OWNER' | 'FULL';

/** How an event that counts is taken for one package. */
export interface Taking {
  readonly standing: Standing;
  /** The event begins the life of the package, so it gives the title to who runs the site. */
  readonly isBirth: boolean;
  /** What is inside a container that ends is not handed over by that. */
  readonly keepsTitle: boolean;
  readonly organisations: Organisations;
}

/** What happened to a title: it was stated, it went to the next holder, or it ended because nobody said who owns it now. */
export type TitleChange = 'STATED' | 'PASSED' | 'LOST';

/** What an event made of a sight. */
export interface Step {
  readonly sight: Sight;
  readonly title?: TitleChange;
}

/** How much an event counts for a package that was seen by `before` just before the instant (README.md rule 22). */
export function standingOf(
  { by }: Fact,
  key: string,
  before: Sight,
  { isContainer, organisations }: { isContainer: boolean; organisations: Organisations },
): Standing {
  if (by === undefined) return 'FULL';
  if (!before.begun) return organisations.mayBegin(key, by) ? 'FULL' : 'NONE';
  if (before.hands.includes(by)) return 'FULL';
  if (before.title !== by) return 'NONE';
  return isContainer ? 'OWNER' : 'FULL';
}

/** Who sees a package after an event that counts for it (README.md rules 23 and 25). */
export function sightAfter(was: Sight, fact: Fact, taking: Taking): Step {
  return new Stepping(was.begun ? was : begunBy(fact.by), fact, taking).run(was.begun);
}

/** The owner that an event states for what it names; null for none. */
export function statedTitle(was: Sight, fact: Fact, taking: Taking): string | null {
  return new Stepping(was, fact, taking).stated();
}

/** Who begins a package without telling where it is has it. */
function begunBy(by: string | undefined): Sight {
  if (by === undefined) return NOBODY;
  return { ...NOBODY, hands: [by], believed: { ...NOBODY.believed, holder: by } };
}

type Org = string | null;

class Stepping {
  /** An owner who does not have a container gains nothing by its own events, because others may have put something inside. */
  private readonly excluded: string | undefined;

  constructor(
    private readonly was: Sight,
    private readonly fact: Fact,
    private readonly taking: Taking,
  ) {
    const { by } = fact;
    const gains = taking.standing === 'FULL' || by === undefined || was.hands.includes(by);
    this.excluded = gains ? undefined : by;
  }

  run(wasBegun: boolean): Step {
    const { was } = this;
    const moved = this.move();
    const { holder } = moved.believed;
    if (this.taking.keepsTitle) return { sight: heldAs(was, moved) };
    const said = this.stated() ?? (this.taking.isBirth ? holder : null);
    if (said !== null) return { sight: this.titled(moved, said), title: 'STATED' };
    const handedOver = wasBegun && holder !== was.believed.holder;
    if (!handedOver || this.taking.standing === 'OWNER') return { sight: moved };
    const next = was.believed.owner;
    const title = next === null && was.title !== null ? 'LOST' : 'PASSED';
    return { sight: this.titled(moved, next), title };
  }

  private titled(sight: Sight, title: Org): Sight {
    return { ...sight, title, titleAt: this.fact.t };
  }

  stated(): Org {
    const { move, giver, taker } = this.fact;
    if (move === 'ship') return this.gaining(this.org(giver?.owner));
    return move === 'receive' ? this.gaining(this.org(taker?.owner)) : null;
  }

  private org(key: string | undefined): Org {
    return key === undefined ? null : this.taking.organisations.of(key, this.fact.t);
  }

  private gaining(organisation: Org): Org {
    return organisation === this.excluded ? null : organisation;
  }

  private move(): Sight {
    const { was, fact } = this;
    if (fact.move === 'ship') return this.ship();
    if (fact.site !== undefined) return this.arrive(fact.site);
    if (fact.move === 'void') return takenBack(was);
    if (fact.act === 'end') return was;
    // A place that nobody told takes nobody's sight away.
    return { ...was, believed: { ...was.believed, mode: 'UNKNOWN', site: null, had: [] } };
  }

  private ship(): Sight {
    const { was, fact } = this;
    const { mode, site, holder } = was.believed;
    const had = mode === 'TO' ? was.believed.had : was.hands;
    const owner = this.gaining(this.org(fact.taker?.owner));
    const { giver, taker, dest } = fact;
    const others = [dest, giver?.possessor, taker?.possessor].map((key) => this.org(key));
    return {
      ...was,
      hands: this.joined(had, [...others, owner]),
      believed: { mode: 'TO', site, holder, had, owner },
    };
  }

  private arrive(site: string): Sight {
    const { was, fact } = this;
    const { believed } = was;
    const possessor = this.org(fact.taker?.possessor);
    const holder = this.org(site) ?? possessor;
    const stays = believed.mode === 'AT' && believed.site === site && believed.holder === holder;
    return {
      ...was,
      hands: stays && possessor === null ? was.hands : this.joined([], [holder, possessor]),
      believed: { mode: 'AT', site, holder, had: [], owner: null },
    };
  }

  private joined(had: readonly string[], more: readonly Org[]): readonly string[] {
    const all = new Set(had);
    for (const one of more) if (one !== null && one !== this.excluded) all.add(one);
    return [...all].sort();
  }
}

/** The next event tells whether it came to another holder. */
function heldAs(was: Sight, moved: Sight): Sight {
  return { ...moved, believed: { ...moved.believed, holder: was.believed.holder } };
}

function takenBack(was: Sight): Sight {
  const { mode, site, holder, had } = was.believed;
  if (mode !== 'TO') return was;
  const believed: Believed = {
    mode: site === null ? 'UNKNOWN' : 'AT',
    site,
    holder,
    had: [],
    owner: null,
  };
  return { ...was, hands: had, believed };
}
