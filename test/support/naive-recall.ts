/**
 * What a recall reaches, found by looking at every event and every unit: no graph, no index, no code of the product. Where things
 * were is asked of the naive reference.
 */
import type { RecallSelectors } from '../../src/recall/recall-scope.js';
import type { RawEvent } from './recall-events.js';
import { reference } from './reference-projection.js';
import type { Reference } from './reference-projection.js';

export interface NaiveScope {
  /** Keys, sorted. */
  readonly units: readonly string[];
  /** What was asked for and no event tells of: then no answer is complete. */
  readonly unknown: readonly string[];
}

const ENDED = new Set(['dispensed', 'destroyed', 'decommissioned']);

/** All events in force; those declared in error are left out by the caller. */
export function naiveRecall(events: readonly RawEvent[], asked: RecallSelectors): NaiveScope {
  return new Search(events, asked).result();
}

class Search {
  readonly #events: readonly RawEvent[];
  readonly #asked: RecallSelectors;
  readonly #all: Reference;
  readonly #units: readonly string[];
  readonly #lots: ReadonlySet<string>;
  readonly #end: number;
  readonly #found = new Set<string>();
  readonly #unknown: string[] = [];

  constructor(events: readonly RawEvent[], asked: RecallSelectors) {
    this.#events = events;
    this.#asked = asked;
    this.#all = reference(events.flatMap(({ facts }) => facts));
    this.#units = this.#all.packages().filter((k) => !this.#all.isContainer(k));
    this.#lots = new Set([
      ...this.#all.packages().map((k) => this.#all.lotOf(k)),
      ...events.flatMap(({ classes }) => classes.map(({ lot }) => lot)),
    ]);
    this.#end = asked.asOf ?? Infinity;
  }

  result(): NaiveScope {
    const { lots, products, serials, serialRanges, sourceLots, siteWindow, container } =
      this.#asked;
    for (const lot of lots) this.#takeLot(lot);
    for (const product of products) this.#takeProduct(product);
    for (const key of [...serials, ...(container === null ? [] : [container])])
      this.#takePackage(key);
    for (const range of serialRanges) this.#takeRange(range);
    for (const lot of sourceLots) this.#takeMadeFrom(lot);
    if (siteWindow !== null) this.#takeAt(siteWindow);
    const units = [...this.#found].filter((k) => this.#all.at(k, this.#end) !== undefined);
    return { units: units.sort(), unknown: this.#unknown };
  }

  #ofLot(lot: string): string[] {
    return this.#units.filter((k) => this.#all.lotOf(k) === lot);
  }

  #take(keys: readonly string[]): void {
    for (const key of keys) this.#found.add(key);
  }

  #takeLot(lot: string): void {
    if (!this.#lots.has(lot)) this.#unknown.push(lot);
    this.#take(this.#ofLot(lot));
  }

  /** A window takes the lots of which the first commissioning is not after it and the last not before it. */
  #takeProduct({ gtin, madeFrom, madeUntil }: RecallSelectors['products'][number]): void {
    const product = `01/${gtin}`;
    if (![...this.#lots].some((lot) => lot.startsWith(product))) this.#unknown.push(product);
    this.#take(this.#ofLot(product));
    for (const lot of [...this.#lots].filter((id) => id.startsWith(`${product}/10/`))) {
      const made = this.#events
        .filter(({ facts }) =>
          facts.some((f) => f.lot !== undefined && f.kids.some((k) => lotOfKey(k, f.lot!) === lot)),
        )
        .map(({ t }) => t);
      const inside =
        Math.min(...made) <= (madeUntil ?? Infinity) && Math.max(...made) >= (madeFrom ?? 0);
      if (made.length === 0 || inside) this.#take(this.#ofLot(lot));
    }
  }

  #takePackage(key: string): void {
    if (!this.#all.packages().includes(key)) this.#unknown.push(key);
    if (!this.#all.isContainer(key)) this.#take(this.#units.filter((k) => k === key));
    for (const t of this.#all.instants.filter((it) => it <= this.#end))
      this.#take(this.#inside(key, t));
  }

  #inside(key: string, t: number): string[] {
    return this.#units.filter((k) => this.#all.at(k, t)?.chain.includes(key) === true);
  }

  #takeRange({ gtin, from, to }: RecallSelectors['serialRanges'][number]): void {
    const prefix = `01/${gtin}/21/`;
    const within = this.#all
      .packages()
      .filter((k) => k.startsWith(prefix) && k.length === prefix.length + from.length)
      .filter((k) => k >= prefix + from && k <= prefix + to);
    const asked = Number(to.slice(1)) - Number(from.slice(1)) + 1;
    if (within.length < asked) this.#unknown.push(`${prefix}${from} to ${to}`);
    for (const key of within) this.#takePackage(key);
  }

  /** Everything that came out of what a lot went into, and out of that again. */
  #takeMadeFrom(lot: string): void {
    if (!this.#lots.has(lot)) this.#unknown.push(lot);
    const lots = new Set([lot]);
    const keys = new Set<string>();
    const isIn = (k: string): boolean => keys.has(k) || lots.has(this.#all.lotOf(k));
    const isUsed = ({ classes, inputs, t }: RawEvent): boolean =>
      inputs.some((k) => isIn(k) || this.#inside(k, t).some(isIn)) ||
      classes.some((c) => c.role === 'inputQuantity' && lots.has(c.lot));
    for (let size = 0; size < lots.size + keys.size;) {
      size = lots.size + keys.size;
      for (const k of this.#events.filter(isUsed).flatMap(({ outputs }) => outputs))
        if (this.#all.lotOf(k).includes('/10/')) lots.add(this.#all.lotOf(k));
        else keys.add(k);
    }
    this.#take(this.#units.filter(isIn));
  }

  #takeAt({ site, from, until }: NonNullable<RecallSelectors['siteWindow']>): void {
    const isThere = (key: string | undefined): boolean =>
      key === site || key?.startsWith(`${site}/254/`) === true;
    const end = Math.min(until, this.#end);
    const read = this.#events.filter(({ readPoint }) => isThere(readPoint));
    for (const { t, facts } of read)
      if (t >= from && t <= end) for (const f of facts) this.#takeRead(f, t);
    const stood = this.#all.instants.filter(
      (t, i) => t <= end && (this.#all.instants[i + 1] ?? Infinity) > from,
    );
    for (const t of stood)
      this.#take(this.#units.filter((k) => this.#stoodAt(k, t, from, isThere)));
    const isNamed = this.#events.some(({ facts }) =>
      facts.some((f) => isThere(f.site) || isThere(f.dest)),
    );
    if (read.length === 0 && !isNamed) this.#unknown.push(site);
  }

  /** What ended lies there for ever: it was there within the window only if it ended within it. */
  #stoodAt(k: string, t: number, from: number, isThere: (key: string) => boolean): boolean {
    const now = this.#all.at(k, t);
    if (now === undefined || !isThere(now.where)) return false;
    return !ENDED.has(now.status) || this.#endedAt(k, t) >= from;
  }

  #takeRead({ act, all, parent, kids }: RawEvent['facts'][number], t: number): void {
    for (const k of parent === undefined ? kids : [parent, ...kids]) {
      this.#take(this.#units.filter((u) => u === k));
      this.#take(this.#inside(k, t));
      // What emptied it was about what was in it until then.
      if ((all === true && k === parent) || (act === 'end' && this.#all.isContainer(k)))
        this.#take(this.#inside(k, t - 1));
    }
  }

  #endedAt(k: string, t: number): number {
    const before = this.#all.instants.filter((it) => it <= t);
    const alive = before.findLast((it) => !ENDED.has(this.#all.at(k, it)?.status ?? ''));
    return before.find((it) => it > (alive ?? -Infinity) && this.#all.at(k, it) !== undefined) ?? t;
  }
}

function lotOfKey(k: string, lot: string): string {
  return `${k.slice(0, 17)}/10/${lot}`;
}
