/**
 * Random histories: `wild` is any event on anything, `dense` a few packages and a few instants (what collides, collides here),
 * `lawful` a simulated supply chain.
 */
import fc from 'fast-check';
import type { Move } from '../../src/holdings/holding.js';
import type { Act, Fact } from '../../src/projection/fact.js';

export interface History {
  readonly facts: readonly Fact[];
  /** Indexes (modulo the length) of facts an error declaration takes out, and of messages that come twice. */
  readonly retract: readonly number[];
  readonly duplicates: readonly number[];
  /** At which of the facts, in order of time (modulo their number), the clock stands meanwhile and at last; none: behind all. */
  readonly ticks: readonly number[];
  /** For the shuffles. */
  readonly seed: number;
}

export type Message =
  | { readonly kind: 'fact'; readonly fact: Fact }
  | { readonly kind: 'retract'; readonly eventId: string };

/** A message, or the clock that goes on. */
export type Step = Message | { readonly kind: 'clock'; readonly now: number };

/** Instants are whole seconds from here. */
export const EPOCH = Date.UTC(2020, 0, 1);
const YEAR = 365 * 86_400_000;

export const SITES = ['9506000134352', '9506000134369', '9506000134376', '9506000134383'].map(
  (gln) => `414/${gln}`,
);
const GTINS = ['09506000134352', '09506000134369'];
const LOTS = ['L1', 'L2'];

const numbered = (n: number, key: (i: number) => string): string[] =>
  Array.from({ length: n }, (_, i) => key(i));

/** Even numbers are of the first product, odd ones of the second. */
export const UNITS = numbered(12, (i) => `01/${GTINS[i % 2]!}/21/U${i}`);
/** Containers by their key: two pallets, a tote, and cases by SGTIN, which are units until an event names them as parent. */
export const BOXES = [
  '00/095060001343520000',
  '8003/09506000134352T1',
  '01/19506000134359/21/K0',
  '00/095060001343520017',
  '01/19506000134359/21/K1',
  '8003/09506000134352T2',
];
/** Every lot id a history can lead to. */
export const LOT_IDS = [
  ...[...GTINS, '19506000134359'].flatMap((gtin) => [
    `01/${gtin}`,
    ...LOTS.map((lot) => `01/${gtin}/10/${lot}`),
  ]),
  '?',
];
/** What an end states beside itself. */
const ENDING: Readonly<Record<string, string>> = { dispensed: 'dispensed' };
const DISPOSITIONS = ['in_progress', 'in_transit', 'sellable_accessible', 'recalled'];

/** A generator of numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffle<T>(list: readonly T[], seed: number): T[] {
  const next = random(seed);
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

function digest(text: string): number {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 16777619);
  return (h ^ (h >>> 13)) >>> 0;
}

const hex = (text: string): string => digest(text).toString(16).padStart(8, '0');

/** What an event says, before it is given an identity. */
export type Saying = Omit<Fact, 'id' | 'eventId' | 'hash'>;

/** The id follows from content and index, so that a failing history shrinks; the hash from the content, as in the standard. */
export function identified(saying: Saying, index: number): Fact {
  const text = JSON.stringify(saying);
  const [a, b, c] = [hex(`${index}/${text}`), hex(`${text}/${index}`), hex(`#${index}/${text}`)];
  const tail = index.toString(16).padStart(4, '0');
  const id = `urn:uuid:${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(5)}-${c}${tail}`;
  return { ...saying, id, eventId: id, hash: hex(text) };
}

interface Kind {
  readonly act: Act;
  readonly move?: Move;
  /** Names a parent. */
  readonly parent?: true;
  readonly end?: string;
}

const KINDS: readonly (readonly [weight: number, kind: Kind])[] = [
  [3, { act: 'commission' }],
  [6, { act: 'pack', parent: true }],
  [1, { act: 'pack', parent: true, move: 'ship' }],
  [1, { act: 'pack', parent: true, move: 'receive' }],
  [5, { act: 'unpack', parent: true }],
  [1, { act: 'unpack', parent: true, move: 'ship' }],
  [1, { act: 'unpack', parent: true, move: 'receive' }],
  [5, { act: 'see' }],
  [2, { act: 'see', parent: true }],
  [1, { act: 'see', parent: true, move: 'ship' }],
  [3, { act: 'see', move: 'ship' }],
  [3, { act: 'see', move: 'receive' }],
  [2, { act: 'see', move: 'void' }],
  [1, { act: 'end', end: 'decommissioned' }],
  [1, { act: 'end', end: 'dispensed' }],
  [1, { act: 'end', end: 'destroyed' }],
];

interface Draw {
  readonly second: number;
  readonly kind: Kind;
  readonly units: readonly number[];
  readonly boxes: readonly number[];
  readonly parent: number;
  readonly site: string | undefined;
  readonly dest: string | undefined;
  readonly disposition: string | undefined;
  readonly lot: string | undefined;
  readonly dice: number;
}

const maybe = <T>(from: readonly T[], freq: number): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...from), { nil: undefined, freq });

const draws = (seconds: number): fc.Arbitrary<Draw> =>
  fc.record({
    second: fc.integer({ min: 1, max: seconds }),
    kind: fc.oneof(...KINDS.map(([weight, kind]) => ({ weight, arbitrary: fc.constant(kind) }))),
    units: fc.uniqueArray(fc.nat(UNITS.length - 1), { maxLength: 4 }),
    boxes: fc.uniqueArray(fc.nat(BOXES.length - 1), { maxLength: 2 }),
    parent: fc.nat(BOXES.length - 1),
    site: maybe(SITES, 4),
    dest: maybe(SITES, 4),
    disposition: maybe(DISPOSITIONS, 1),
    lot: maybe(LOTS, 4),
    dice: fc.nat(9),
  });

/** The world a history plays in. */
interface Stage {
  readonly units: readonly string[];
  readonly boxes: readonly string[];
  /** Which boxes may be named as parent: a case that never is stays a unit. */
  readonly parents: readonly string[];
  /** In which year a second is, from the first; none: all in the first. */
  readonly years?: readonly number[];
}

const pick = (from: readonly string[], indexes: readonly number[]): string[] => [
  ...new Set(indexes.map((i) => from[i % from.length]!)),
];

/** Children named; an unpack names none half of the time, and mostly that means all. */
function kidsOf(d: Draw, stage: Stage): { kids: string[]; all?: true } {
  if (d.kind.act === 'unpack' && d.dice < 5)
    return d.dice > 0 ? { kids: [], all: true } : { kids: [] };
  const kids = [...pick(stage.units, d.units), ...pick(stage.boxes, d.boxes)];
  if (d.kind.act === 'unpack' && kids.length === 0) return { kids, all: true };
  if (d.kind.parent || kids.length > 0) return { kids };
  return { kids: pick(stage.boxes, [d.parent]) };
}

const has = <N extends keyof Fact>(name: N, value: Fact[N] | undefined): Partial<Fact> =>
  value === undefined ? {} : { [name]: value };

function statedBy(d: Draw): Partial<Fact> {
  const { act, move, end } = d.kind;
  const ship = move === 'ship';
  return {
    ...has('move', move),
    ...has('end', end),
    // A shipping that states a bizLocation is in transit all the same.
    ...has('site', ship && d.dice > 1 ? undefined : d.site),
    ...has('dest', ship ? d.dest : undefined),
    ...has('disposition', end === undefined ? d.disposition : ENDING[end]),
    ...has('lot', act === 'commission' ? d.lot : undefined),
  };
}

function toFact(d: Draw, index: number, stage: Stage): Fact {
  const fact = identified(
    {
      t: EPOCH + d.second * 1000 + (stage.years?.[d.second] ?? 0) * YEAR,
      act: d.kind.act,
      ...(d.kind.parent ? { parent: pick(stage.parents, [d.parent])[0]! } : {}),
      ...kidsOf(d, stage),
      ...statedBy(d),
    },
    index,
  );
  // Some share a hash, so that the id has to decide.
  return d.dice === 9 ? { ...fact, hash: '00000000' } : fact;
}

const seeds = fc.integer({ min: 0, max: 1e9 });
const indexes = fc.array(fc.nat(100), { maxLength: 3 });

function histories(facts: fc.Arbitrary<Fact[]>): fc.Arbitrary<History> {
  const ticks = fc.oneof(fc.constant([]), indexes);
  return fc.record({ facts, retract: indexes, duplicates: indexes, ticks, seed: seeds });
}

/** How many SGTIN cases may never be a parent: 0, 1 or 2. */
const childlessCases = fc.constantFrom(0, 1, 2).map((n) => {
  const cases = BOXES.filter((k) => k.startsWith('01/')).slice(0, n);
  return BOXES.filter((k) => !cases.includes(k));
});

/** Any event on anything, up to 40 of them in up to 25 instants. */
export const wild: fc.Arbitrary<History> = histories(
  fc
    .record({
      seconds: fc.integer({ min: 3, max: 25 }),
      parents: childlessCases,
      all: fc.array(draws(25), { minLength: 3, maxLength: 40, size: 'max' }),
    })
    .map(({ seconds, parents, all }) =>
      all.map((d, i) =>
        toFact({ ...d, second: 1 + (d.second % seconds) }, i, {
          units: UNITS,
          boxes: BOXES,
          parents,
        }),
      ),
    ),
);

/** Three units, a pallet, a tote, a case, four instants (perhaps years apart), up to 12 events. */
export const dense: fc.Arbitrary<History> = histories(
  fc
    .record({
      parents: childlessCases,
      years: fc.constantFrom([], [], [0, 0, 0, 1, 1], [0, 0, 1, 1, 2]),
      all: fc.array(draws(4), { minLength: 3, maxLength: 12 }),
    })
    .map(({ parents, years, all }) => {
      const boxes = BOXES.slice(0, 3);
      const few = {
        units: UNITS.slice(0, 3),
        boxes,
        years,
        parents: boxes.filter((k) => parents.includes(k)),
      };
      return all.map((d, i) => toFact(d, i, few));
    }),
);

/** A simulated chain: commission, pack, nest, unpack, refill, ship, receive, void, recall, end. */
export const lawful: fc.Arbitrary<History> = histories(
  fc
    .record({ seed: seeds, length: fc.integer({ min: 6, max: 40 }) })
    .map(({ seed, length }) => simulate(seed, length)),
);

/** Places are site keys, `>` before a destination. */
class Chain {
  readonly facts: Fact[] = [];
  readonly next: () => number;
  private second = 0;
  private readonly place = new Map<string, string>();
  private readonly back = new Map<string, string>();
  private readonly container = new Map<string, string>();
  private readonly dead = new Set<string>();
  /** The last case is a pack that nobody opens. */
  private readonly boxes = BOXES.filter((k) => k !== BOXES[4]);

  constructor(seed: number) {
    this.next = random(seed);
    const site = SITES[0]!;
    for (const lot of LOTS) {
      const kids = UNITS.filter((_, i) => i < 6 === (lot === 'L1'));
      this.say({ act: 'commission', kids, site, lot });
    }
    this.say({ act: 'commission', kids: BOXES, site, ...(this.chance(0.5) ? { lot: 'L1' } : {}) });
    for (const k of [...UNITS, ...BOXES]) this.place.set(k, site);
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)]!;
  }

  /** Three in ten share the second of the event before. */
  private say(saying: Omit<Saying, 't'>): void {
    if (this.chance(0.7)) this.second++;
    const t = EPOCH + this.second * 1000;
    this.facts.push(identified({ t, ...saying }, this.facts.length));
  }

  private inside(k: string): string[] {
    return [...this.container].flatMap(([kid, c]) => (c === k ? [kid, ...this.inside(kid)] : []));
  }

  private members(k: string): string[] {
    return [...this.container].flatMap(([kid, c]) => (c === k ? [kid] : []));
  }

  private outermost(k: string): string {
    const c = this.container.get(k);
    return c === undefined ? k : this.outermost(c);
  }

  private siteOf(k: string): string | undefined {
    const place = this.place.get(this.outermost(k))!;
    return place.startsWith('>') ? undefined : place;
  }

  private leave(k: string, site: string): void {
    this.container.delete(k);
    this.place.set(k, site);
  }

  private roots(): string[] {
    return [...UNITS, ...BOXES].filter((k) => !this.container.has(k) && !this.dead.has(k));
  }

  /** Pack what stands beside it, cases into pallets too; one in five packs is a shipping as well. */
  pack(): void {
    const parent = this.pick(this.boxes);
    const site = this.siteOf(parent);
    if (this.dead.has(parent) || this.container.has(parent) || site === undefined) return;
    const beside = this.roots().filter((k) => k !== parent && this.siteOf(k) === site);
    const kids = shuffle(beside, Math.floor(this.next() * 1e9)).slice(
      0,
      1 + Math.floor(this.next() * 5),
    );
    if (kids.length === 0) return;
    for (const k of kids) this.container.set(k, parent);
    this.say({
      act: 'pack',
      parent,
      kids,
      ...(this.chance(0.2) ? this.depart(parent, site) : { site }),
    });
  }

  private depart(k: string, from: string): { move: Move; dest: string; disposition: string } {
    const dest = this.pick(SITES);
    this.back.set(k, from);
    this.place.set(k, `>${dest}`);
    return { move: 'ship', dest, disposition: 'in_transit' };
  }

  /** All or one; sometimes one that is empty. */
  unpack(): void {
    const parent = this.pick(this.boxes);
    const site = this.siteOf(parent);
    const members = this.members(parent);
    if (this.dead.has(parent) || this.container.has(parent) || site === undefined) return;
    if (members.length === 0 && this.chance(0.8)) return;
    const whole = members.length === 0 || this.chance(0.6);
    const leaving = whole ? members : [this.pick(members)];
    for (const k of leaving) this.leave(k, site);
    const named: Pick<Saying, 'kids' | 'all'> = whole ? { kids: [], all: true } : { kids: leaving };
    this.say({ act: 'unpack', parent, ...named, site });
  }

  move(): void {
    const k = this.pick(this.roots());
    const place = this.place.get(k)!;
    const how = place.startsWith('>') ? this.arrive(k, place.slice(1)) : this.depart(k, place);
    this.say({ act: 'see', kids: [k], ...how });
  }

  /** One in seven comes back. */
  private arrive(k: string, site: string): Pick<Saying, 'move' | 'site'> {
    const home = this.chance(0.15);
    this.place.set(k, home ? this.back.get(k)! : site);
    return home ? { move: 'void' } : { move: 'receive', site };
  }

  /** A check or a recall of one or two packages where they are. */
  see(): void {
    const k = this.pick([...UNITS, ...BOXES]);
    const site = this.siteOf(k);
    if (this.dead.has(k) || site === undefined) return;
    const disposition = this.chance(0.4) ? { disposition: this.pick(DISPOSITIONS) } : {};
    const c = this.container.get(k);
    const kids = c !== undefined && this.chance(0.3) ? [k, c] : [k];
    this.say({ act: 'see', kids, site, ...disposition });
  }

  end(): void {
    const k = this.pick(this.chance(0.9) ? UNITS : BOXES);
    const site = this.siteOf(k);
    if (this.dead.has(k) || site === undefined) return;
    for (const kid of this.members(k)) this.leave(kid, site);
    this.leave(k, site);
    this.dead.add(k);
    const end = this.pick(['dispensed', 'dispensed', 'dispensed', 'decommissioned', 'destroyed']);
    this.say({ act: 'end', kids: [k], site, end, ...has('disposition', ENDING[end]) });
  }
}

/** Steps that make no sense where the world stands say nothing, so the number of tries is bounded. */
function simulate(seed: number, length: number): Fact[] {
  const chain = new Chain(seed);
  for (let tries = 0; chain.facts.length < length && tries < length * 20; tries++) {
    const x = chain.next();
    if (x < 0.3) chain.pack();
    else if (x < 0.45) chain.unpack();
    else if (x < 0.85) chain.move();
    else if (x < 0.94) chain.see();
    else chain.end();
  }
  return chain.facts;
}

const asMessage = (fact: Fact): Message => ({ kind: 'fact', fact });

function messagesOf(h: History): Message[] {
  const at = <T>(list: readonly T[], i: number): T[] => list.slice(i % list.length).slice(0, 1);
  const declared = h.retract.flatMap((i) => at(h.facts, i));
  const base: Message[] = [
    ...h.facts.map(asMessage),
    ...declared.map(({ eventId }): Message => ({ kind: 'retract', eventId })),
  ];
  // As other objects: what comes again is equal, never the same.
  return [...base, ...h.duplicates.flatMap((i) => at(base, i).map((one) => structuredClone(one)))];
}

/** The same messages in five orders: by event time (declarations and repeats last), three shuffles, reversed. */
export function arrivalOrders(h: History): Message[][] {
  const base = messagesOf(h);
  const times = new Set(h.facts.map((f) => f.t));
  const inTime = [...times].sort((a, b) => a - b).flatMap((t) => h.facts.filter((f) => f.t === t));
  const inOrder = [...inTime.map(asMessage), ...base.slice(h.facts.length)];
  const shuffles = [0, 1, 2].map((i) => shuffle(base, h.seed + i));
  return [inOrder, ...shuffles, [...base].reverse()];
}

/** Clocks may differ by a minute: what is dated no further ahead counts as now. */
const MINUTE = 60_000;

/** The clock goes on while the messages of an order arrive: what it has not reached waits. It ends at the same time in every order. */
export function withClock(messages: readonly Message[], h: History): Step[] {
  const times = h.facts.map((f) => f.t).sort((a, b) => a - b);
  const clocks = h.ticks.map((i) => times[i % times.length]! - MINUTE).sort((a, b) => a - b);
  const ticks = clocks.map((now): Step => ({ kind: 'clock', now }));
  const next = random(h.seed + messages.length);
  const places = ticks.map(() => Math.floor(next() * messages.length)).sort((a, b) => a - b);
  if (ticks.length > 0) [places[0], places[places.length - 1]] = [0, messages.length];
  if (ticks.length === 1) places[0] = 0;
  return [
    ...messages.flatMap((m, i) => [...ticks.filter((_, n) => places[n] === i), m]),
    ...ticks.filter((_, n) => places[n] === messages.length),
  ];
}

/** Where the clock stands after these steps. */
export function clockAfter(steps: readonly Step[]): number {
  return steps.reduce((now, step) => (step.kind === 'clock' ? step.now : now), Infinity);
}

/** The steps that are messages. */
export function messagesIn(steps: readonly Step[]): Message[] {
  return steps.flatMap((step) => (step.kind === 'clock' ? [] : [step]));
}

/** What counts after these messages: each fact once, without those declared in error, before or after. */
export function activeFacts(messages: readonly Message[]): Fact[] {
  const facts = new Map<string, Fact>();
  for (const m of messages) if (m.kind === 'fact') facts.set(m.fact.id, m.fact);
  for (const m of messages) {
    if (m.kind === 'fact') continue;
    for (const f of [...facts.values()]) if (f.eventId === m.eventId) facts.delete(f.id);
  }
  return [...facts.values()];
}
