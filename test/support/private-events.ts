/**
 * What others may do that must not change anything for one partner: their own goods, goods before and after these were in its sight, and
 * false claims on goods in its sight.
 */
import { isContainerKey } from '../../src/holdings/holding.js';
import type { Fact } from '../../src/projection/fact.js';
import type { Organisations } from '../../src/projection/sight.js';
import { isTerminal } from '../../src/projection/state.js';
import type { History, Saying } from './histories.js';
import { identified, random } from './histories.js';
import type { Reference } from './reference-projection.js';
import { references } from './reference-sight.js';
import type { ReferenceSight } from './reference-sight.js';
import { PARTNERS, PLACES, withParties } from './sight-histories.js';
import { inWorld } from './worlds.js';

export function privateEvents(
  facts: readonly Fact[],
  partner: string,
  { other, organisations, salt }: { other: History; organisations: Organisations; salt: number },
): Fact[] {
  const { placed, seen } = references(facts, organisations);
  const told = new Others(placed, seen, { partner, organisations, salt });
  const mine = (f: Fact): boolean =>
    [f.by ?? '', f.site ?? '', f.dest ?? '', ...(f.parties ?? [])].some(
      (key) => key === partner || organisations.of(key, f.t) === partner,
    );
  return [
    ...inWorld(1, other.facts).filter((f) => !mine(f)),
    ...told.after(),
    ...told.before(),
    ...told.claims(),
  ];
}

const EMPTYING = { act: 'unpack', kids: [], all: true } as const;

class Others {
  private readonly next: () => number;
  private readonly partner: string;
  private readonly organisations: Organisations;
  private readonly places: typeof PLACES;
  private readonly others: readonly string[];
  private count = 0;
  private now: number;

  constructor(
    private readonly placed: Reference,
    private readonly sight: ReferenceSight,
    {
      partner,
      organisations,
      salt,
    }: { partner: string; organisations: Organisations; salt: number },
  ) {
    this.next = random(salt);
    this.partner = partner;
    this.organisations = organisations;
    this.places = PLACES.filter(({ by }) => by !== partner);
    this.others = PARTNERS.filter((one) => one !== partner);
    this.now = (placed.instants.at(-1) ?? 0) + 60_000;
  }

  private one<V>(list: readonly V[]): V {
    return list[Math.floor(this.next() * list.length)]!;
  }

  private say(saying: Saying): Fact {
    const fact = { ...saying, ...withParties(saying) } as Saying;
    return identified(fact, 5_000 + this.count++);
  }

  private outermost(k: string, t: number): string {
    return this.placed.at(k, t)?.chain.at(-1) ?? k;
  }

  /** Whether the partner sees the package or anything that stands together with it. */
  private isInSight(top: string, t: number): boolean {
    return this.placed
      .packages()
      .some(
        (k) =>
          this.placed.at(k, t) &&
          this.outermost(k, t) === top &&
          this.sight.sees(this.partner, k, t),
      );
  }

  /** Moves, sales and false claims of what left its sight, one chain for each top. */
  after(): Fact[] {
    const tops = new Set(this.placed.packages().map((k) => this.outermost(k, Infinity)));
    return [...tops].flatMap((top) =>
      this.next() < 0.4 || this.isInSight(top, Infinity) ? [] : this.fate(top),
    );
  }

  private fate(top: string): Fact[] {
    const { site } = this.one(this.places);
    const by = this.one(this.others);
    const kids = [top];
    const x = this.next();
    this.now += 1000;
    const t = this.now;
    if (x < 0.3) return [this.say({ t, act: 'see', kids, site, by })];
    if (x < 0.65) {
      const end = (): Fact['giver'] => ({
        owner: this.one(this.others),
        possessor: this.one(this.others),
      });
      const ends = { giver: end()!, taker: end()! };
      const to = this.one(this.places);
      const shipped = this.say({ t, act: 'see', move: 'ship', kids, dest: to.site, by, ...ends });
      this.now += 1000;
      const received: Saying = {
        t: this.now,
        act: 'see',
        move: 'receive',
        kids,
        site: to.site,
        by: to.by,
      };
      return [shipped, this.say(received)];
    }
    if (x < 0.85) {
      const parent = `8003/09506000134352X${this.count}`;
      return [this.say({ t, act: 'pack', parent, kids, site, by })];
    }
    if (!top.startsWith('01/'))
      return [this.say({ t, act: 'unpack', parent: top, kids: [], all: true, site, by })];
    return [this.say({ t, act: 'end', end: 'dispensed', kids, site, by })];
  }

  /** False claims on what it sees, by somebody who has no part in it, some time after an instant at which that was so. */
  claims(): Fact[] {
    return this.placed.packages().flatMap((k) => (this.next() < 0.4 ? [] : this.claimOn(k)));
  }

  private claimOn(k: string): Fact[] {
    const { placed, sight, partner } = this;
    const seen = placed.instants.filter((at) => sight.sees(partner, k, at));
    if (seen.length === 0) return [];
    const t = this.one(seen);
    const { site, by } = this.one(this.places);
    const parent = placed.at(k, t)?.container ?? null;
    if ([k, parent].some((one) => one !== null && sight.sees(by, one, t))) return [];
    const when = { t: t + 1 + Math.floor(this.next() * 900), kids: [k], by };
    return [this.say({ ...when, ...this.claim(site, { k, parent, by }) })];
  }

  private claim(
    site: string,
    { k, parent, by }: { k: string; parent: string | null; by: string },
  ): Omit<Saying, 't' | 'kids' | 'by'> & Partial<Pick<Saying, 'kids'>> {
    const ends = { giver: { owner: by }, taker: { owner: by, possessor: by } };
    // Who may begin a container may have it, if nothing that counts named it.
    const mayUnpack = parent !== null && !this.organisations.mayBegin(parent, by);
    // The maker says what is a container, and who packs its own into the container of another shows it to that one.
    const isUnit = !this.placed.isContainer(k) && !this.organisations.mayBegin(k, by);
    const own = `01/19506000134359/21/C${this.count}`;
    return this.one([
      { act: 'see', move: 'receive', site, ...ends },
      { act: 'see', move: 'ship', dest: site, ...ends },
      { act: 'see', move: 'void' },
      { act: 'see', site },
      { act: 'see', disposition: 'recalled' },
      { act: 'pack', parent: `8003/09506000134352C${this.count}`, site },
      ...(mayUnpack ? [{ act: 'unpack', parent, site } as const] : []),
      ...(isUnit ? [{ act: 'pack', parent: k, kids: [own], site } as const] : []),
      ...(isUnit || isContainerKey(k) ? [{ ...EMPTYING, parent: k, site } as const] : []),
      { act: 'end', end: 'dispensed', site },
      { act: 'end', end: 'decommissioned', site },
    ] as const);
  }

  /** Sightings before it came into sight, where it stood. */
  before(): Fact[] {
    return this.placed.packages().flatMap((k) => (this.next() < 0.5 ? [] : this.seenBefore(k)));
  }

  private seenBefore(k: string): Fact[] {
    const { placed, sight, partner } = this;
    const first = placed.instants.find((t) => sight.sees(partner, k, t)) ?? Infinity;
    const at = placed.instants.filter((t) => {
      const place = placed.at(k, t)?.where;
      return t < first && this.places.some(({ site }) => site === place);
    });
    if (at.length === 0) return [];
    const t = this.one(at);
    if (this.isInSight(this.outermost(k, t), t) || isTerminal(placed.at(k, t)!.status)) return [];
    // Who names it in there puts it there for whoever has the container later.
    if (sight.apart(k, t) !== null) return [];
    const site = placed.at(k, t)!.where;
    const by = this.places.find((place) => place.site === site)!.by;
    return [
      this.say({ t: t + 1 + Math.floor(this.next() * 900), act: 'see', kids: [k], site, by }),
    ];
  }
}
