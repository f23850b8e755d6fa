/**
 * Random histories with several senders: `sent` is any history with senders and parties thrown in, `trade` a simulated chain of two makers,
 * a logistics provider, two wholesalers and two pharmacies, with pallets of several owners and false claims.
 */
import fc from 'fast-check';
import { withCheckDigit } from '../../src/gs1/check-digit.js';
import type { Fact, TransferEnd } from '../../src/projection/fact.js';
import type { Organisations } from '../../src/projection/sight.js';
import type { History } from './histories.js';
import { BOXES, EPOCH, SITES, UNITS, identified, random } from './histories.js';
import type { Saying } from './histories.js';

const gln = (n: number): string => withCheckDigit(`95060001${String(n).padStart(4, '0')}`);
const party = (n: number): string => `417/${gln(n)}`;

/** Makers, logistics provider, wholesaler, pharmacy, another wholesaler and another pharmacy. */
export const PARTNERS = [0, 1, 2, 3, 4, 5, 6].map(party);
const [M1, M2, T, W, D] = PARTNERS as [string, string, string, string, string];
const MAKERS = [M1, M2];

/** The places of the trade: one for each partner, two for the wholesaler, and one that nobody is known to run. */
export const PLACES = [0, 1, 2, 3, 3, 4, 5, 6].map((n, i) => ({
  site: `414/${gln(1000 + i)}`,
  by: party(n),
}));
const NOWHERE = `414/${gln(9999)}`;

/** Who runs which site. Of the sites of other histories, the last is run by nobody. */
export const OPERATORS: ReadonlyMap<string, string> = new Map([
  ...PLACES.map(({ site, by }) => [site, by] as const),
  ...SITES.slice(0, 3).map((site, i) => [site, [M1, W, D][i]!] as const),
]);

/** With what the keys begin that an organisation may begin: products of the makers, containers of the provider and the wholesaler. */
const BEGINS: ReadonlyMap<string, readonly string[]> = new Map([
  [M1, ['01/09506000134352', '01/19506']],
  [M2, ['01/09506000134369']],
  [T, ['00/', '8003/']],
  [W, ['00/', '8003/']],
]);

export const TRADERS: Organisations = {
  of: (key) => (key.startsWith('417/') ? key : (OPERATORS.get(key) ?? null)),
  mayBegin: (key, sender) => BEGINS.get(sender)?.some((start) => key.startsWith(start)) === true,
};

const maybe = <V>(next: () => number, share: number, value: () => V): V | undefined =>
  next() < share ? value() : undefined;

const has = <N extends keyof Fact>(name: N, value: Fact[N] | undefined): Partial<Fact> =>
  value === undefined ? {} : { [name]: value };

function end(owner: string | undefined, possessor: string | undefined): TransferEnd | undefined {
  if (owner === undefined && possessor === undefined) return undefined;
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(possessor === undefined ? {} : { possessor }),
  };
}

function partiesOf({ giver, taker, dest }: Partial<Fact>): string[] {
  return [giver?.owner, giver?.possessor, taker?.owner, taker?.possessor, dest].flatMap(
    (key) => key ?? [],
  );
}

export function withParties(saying: Partial<Fact>): Partial<Fact> {
  const parties = partiesOf(saying);
  return parties.length === 0 ? saying : { ...saying, parties };
}

/** Few organisations, so that what collides, collides here. */
const FEW = [M1, W, D];

/** The same history, its events sent by anybody and naming anybody. */
export function sent(history: History): History {
  const next = random(history.seed + 1);
  const one = (): string => FEW[Math.floor(next() * FEW.length)]!;
  const facts = history.facts.map((fact): Fact => {
    const operator = OPERATORS.get(fact.site ?? '');
    const by = next() < 0.25 ? undefined : next() < 0.5 ? (operator ?? one()) : one();
    const giver = maybe(next, 0.3, () => end(maybe(next, 0.8, one), maybe(next, 0.3, one)));
    const taker = maybe(next, 0.4, () => end(maybe(next, 0.7, one), maybe(next, 0.4, one)));
    const told = { ...has('by', by), ...has('giver', giver), ...has('taker', taker) };
    return { ...fact, ...withParties({ ...has('dest', fact.dest), ...told }) };
  });
  return { ...history, facts };
}

const seeds = fc.integer({ min: 0, max: 1e9 });
const indexes = fc.array(fc.nat(100), { maxLength: 3 });

/** A simulated trade. */
export const trade: fc.Arbitrary<History> = fc
  .record({
    seed: seeds,
    length: fc.integer({ min: 8, max: 40 }),
    retract: indexes,
    duplicates: indexes,
  })
  .map(({ seed, length, ...rest }) => ({
    ...rest,
    seed,
    ticks: [],
    facts: new Trade(seed).play(length),
  }));

type Told = Omit<Saying, 't'>;

/** Where something is: at a site, or on its way with the shipping that told so. */
type Where = { readonly site: string } | { readonly to: string; readonly ship: Told };

/** Each step does one thing that makes sense where the world stands, or nothing. */
class Trade {
  private readonly facts: Fact[] = [];
  private readonly next: () => number;
  private second = 0;
  private readonly where = new Map<string, Where>();
  private readonly box = new Map<string, string>();
  private readonly boxes = BOXES.filter((k) => !k.startsWith('01/'));

  constructor(seed: number) {
    this.next = random(seed);
  }

  play(length: number): Fact[] {
    for (let tries = 0; this.facts.length < length && tries < length * 20; tries++) {
      const x = this.next();
      if (this.where.size < 2) this.make();
      else this.steps.find(([until]) => x < until)?.[1]();
    }
    return this.facts;
  }

  private readonly steps: readonly (readonly [until: number, step: () => void])[] = [
    [
      0.17,
      () => {
        this.make();
      },
    ],
    [
      0.27,
      () => {
        this.claim();
      },
    ],
    [
      0.32,
      () => {
        this.anything();
      },
    ],
    [
      0.38,
      () => {
        this.mix();
      },
    ],
    [
      0.52,
      () => {
        this.pack();
      },
    ],
    [
      0.7,
      () => {
        this.ship();
      },
    ],
    [
      0.88,
      () => {
        this.receive();
      },
    ],
    [
      0.94,
      () => {
        this.unpack();
      },
    ],
    [
      1,
      () => {
        this.endOrSee();
      },
    ],
  ];

  private one<V>(list: readonly V[]): V | undefined {
    return list[Math.floor(this.next() * list.length)];
  }

  private some<V>(list: readonly V[], most: number): V[] {
    const rest = [...list];
    const n = 1 + Math.floor(this.next() * most);
    return Array.from({ length: Math.min(n, rest.length) }, () =>
      rest.splice(Math.floor(this.next() * rest.length), 1),
    ).flat();
  }

  /** One in four shares the second of the event before; a tenth are sent by the host. */
  private say(told: Told, by: string | undefined): void {
    if (this.next() < 0.75) this.second++;
    const sender = this.next() < 0.1 ? undefined : by;
    const status = this.next() < 0.1 ? { disposition: 'recalled' } : {};
    const saying = { t: EPOCH + this.second * 1000, ...status, ...told, ...has('by', sender) };
    const fact = { ...saying, ...withParties(saying) } as Saying;
    this.facts.push(identified(fact, this.facts.length));
  }

  private around(k: string): string {
    const box = this.box.get(k);
    return box === undefined ? k : this.around(box);
  }

  private siteOf(k: string): string | undefined {
    const where = this.where.get(this.around(k));
    return where !== undefined && 'site' in where ? where.site : undefined;
  }

  private tops(): string[] {
    return [...this.where.keys()].filter((k) => !this.box.has(k));
  }

  private inside(box: string): string[] {
    return [...this.box].flatMap(([k, b]) => (b === box ? [k] : []));
  }

  private stand(keys: readonly string[], site: string): void {
    for (const k of keys) {
      this.box.delete(k);
      this.where.set(k, { site });
    }
  }

  private make(): void {
    const maker = Math.floor(this.next() * 2);
    const fresh = UNITS.filter((k, i) => i % 2 === maker && !this.where.has(k));
    const kids = this.some(fresh, 3);
    const { site, by } = PLACES[maker]!;
    if (kids.length === 0) return;
    const lot = this.one(['L1', 'L2'])!;
    this.say({ act: 'commission', kids, site, lot }, by);
    this.stand(kids, site);
  }

  /** Goods of both makers, which keep their titles, on one pallet of the provider. */
  private mix(): void {
    const { site, by } = PLACES[2]!;
    for (const maker of [0, 1]) {
      const own = this.tops().filter(
        (k) => k.startsWith('01/') && this.siteOf(k) === PLACES[maker]!.site,
      );
      const kids = this.some(own, 2);
      if (kids.length === 0) continue;
      const owner = MAKERS[maker]!;
      const ends = { giver: { owner }, taker: { owner, possessor: by } };
      this.say({ act: 'see', move: 'ship', kids, dest: site, ...ends }, owner);
      this.say({ act: 'see', move: 'receive', kids, site, ...ends }, by);
      this.stand(kids, site);
    }
    const there = this.tops().filter((k) => this.siteOf(k) === site);
    const parent = this.one(this.boxes.filter((b) => !this.box.has(b) && !there.includes(b)));
    const kids = this.some(there, 4).filter((k) => k !== parent);
    if (parent === undefined || kids.length === 0 || this.where.has(parent)) return;
    this.say({ act: 'pack', parent, kids, site }, by);
    this.stand([parent], site);
    for (const k of kids) this.box.set(k, parent);
  }

  private pack(): void {
    const first = this.one(this.tops());
    const site = first === undefined ? undefined : this.siteOf(first);
    if (site === undefined) return;
    const kids = this.some(
      this.tops().filter((k) => this.siteOf(k) === site),
      3,
    );
    const parent = this.one(this.boxes);
    if (parent === undefined || kids.includes(parent) || this.box.has(parent)) return;
    if (this.where.has(parent) && this.siteOf(parent) !== site) return;
    this.say({ act: 'pack', parent, kids, site }, OPERATORS.get(site));
    this.stand([parent], site);
    for (const k of kids) this.box.set(k, parent);
  }

  private ship(): void {
    const k = this.one(this.tops());
    const site = k === undefined ? undefined : this.siteOf(k);
    const to = this.one([...PLACES, { site: NOWHERE, by: '' }])!;
    if (k === undefined || site === undefined || to.site === site) return;
    const from = OPERATORS.get(site);
    const told: Told = {
      act: 'see',
      move: 'ship',
      kids: [k],
      dest: to.site,
      ...this.ends(from, to.by),
    };
    this.say(told, from);
    this.where.set(k, { to: to.site, ship: told });
  }

  /** A sale, a move to the provider, a drop shipment, or nothing said of owners. */
  private ends(from: string | undefined, to: string): Pick<Told, 'giver' | 'taker'> {
    const x = this.next();
    const owner = x < 0.35 ? to : x < 0.55 ? from : x < 0.75 ? this.one(PARTNERS) : '';
    if (owner === undefined || owner === '' || from === undefined) return {};
    const possessor = this.next() < 0.5 ? { possessor: this.one(PARTNERS)! } : {};
    return { giver: { owner: x < 0.55 ? from : owner }, taker: { owner, ...possessor } };
  }

  /** One in ten comes back; one in four arrives without what is around it. */
  private receive(): void {
    const k = this.one(this.tops().filter((one) => 'to' in this.where.get(one)!));
    const where = k === undefined ? undefined : this.where.get(k);
    if (k === undefined || where === undefined || !('to' in where)) return;
    if (this.next() < 0.1) {
      this.say({ act: 'see', move: 'void', kids: [k] }, this.one(PARTNERS));
      this.where.delete(k);
      return;
    }
    const inner = this.next() < 0.25 ? this.one(this.inside(k)) : undefined;
    const { giver, taker } = this.next() < 0.7 ? where.ship : {};
    const told: Told = {
      act: 'see',
      move: 'receive',
      kids: [inner ?? k],
      site: where.to,
      ...has('giver', giver),
      ...has('taker', taker),
    };
    this.say(told, OPERATORS.get(where.to));
    this.stand([inner ?? k], where.to);
  }

  private unpack(): void {
    const parent = this.one([...new Set(this.box.values())]);
    const site = parent === undefined ? undefined : this.siteOf(parent);
    if (parent === undefined || site === undefined) return;
    const all = this.next() < 0.5;
    const inner = this.inside(parent);
    const kids = all ? [] : this.some(inner, 1);
    this.say({ act: 'unpack', parent, kids, ...(all ? { all } : {}), site }, OPERATORS.get(site));
    this.stand(all ? inner : kids, site);
  }

  private endOrSee(): void {
    const k = this.one([...this.where.keys()]);
    const site = k === undefined ? undefined : this.siteOf(k);
    if (k === undefined || site === undefined) return;
    const by = OPERATORS.get(site);
    if (this.next() < 0.5) this.say({ act: 'see', kids: [k], site }, by);
    else if (k.startsWith('01/'))
      this.say({ act: 'end', end: 'dispensed', disposition: 'dispensed', kids: [k], site }, by);
    else this.say({ act: 'end', end: 'decommissioned', kids: [k], site }, by);
  }

  /** Somebody says that something he may have no part in came to him. */
  private claim(): void {
    const who = this.one(PLACES)!;
    const kids = this.some([...this.where.keys()], 1);
    const site = who.site;
    const x = this.next();
    const ends = this.next() < 0.5 ? { giver: { owner: who.by }, taker: { owner: who.by } } : {};
    if (x < 0.35) this.say({ act: 'see', move: 'receive', kids, site, ...ends }, who.by);
    else if (x < 0.55) this.say({ act: 'see', move: 'ship', kids, dest: site, ...ends }, who.by);
    else if (x < 0.8) this.say({ act: 'pack', parent: this.one(this.boxes)!, kids, site }, who.by);
    else if (x < 0.9)
      this.say({ act: 'unpack', parent: this.one(this.boxes)!, kids: [], all: true, site }, who.by);
    else this.say({ act: 'see', kids, site }, who.by);
  }

  private anything(): void {
    const kids = this.some([...this.where.keys()], 2);
    const place = this.one(PLACES)!;
    const dest = this.one(PLACES)!.site;
    const owner = this.one(PARTNERS)!;
    if (this.next() < 0.5)
      this.say({ act: 'see', move: 'ship', kids, dest, taker: { owner } }, place.by);
    else this.say({ act: 'see', kids, site: place.site }, place.by);
    for (const k of kids) this.box.delete(k);
    for (const k of kids) this.where.set(k, { site: place.site });
  }
}
