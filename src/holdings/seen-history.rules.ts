import { History, boxAt } from './history.rules.js';
import {
  believedPlace,
  inForce,
  markOf,
  MAX_DEPTH,
  NOW,
  placeOf,
  placeOfText,
  textOfPlace,
} from './holding.js';
import type { Place } from './holding.js';
import type { StoredRow } from './history.rules.js';
import type { Touching, Window } from './touching.rules.js';
import { unheardOf } from './whereabouts.rules.js';
import type { PackageRow, Point, Whereabouts } from './whereabouts.rules.js';

/** How somebody sees a package at an instant. */
export interface Seeing {
  /** It has the package, or the package is on its way to it. */
  readonly has: boolean;
  readonly owns: boolean;
  /** When the title was stated, passed on or ended; 0 for never. */
  readonly titleAt: number;
}

/** A time in which somebody sees a package; `to` is Infinity while it does. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const NOT_SEEN: Seeing = { has: false, owns: false, titleAt: 0 };

/** A history cut to what an organisation sees: who saw a package knows of that time, and nothing of any other. */
export class SeenHistory extends History {
  readonly #spans = new Map<string, readonly Span[]>();

  constructor(
    rows: ReadonlyMap<string, readonly StoredRow[]>,
    readonly viewer: string,
  ) {
    super(rows);
  }

  override isKnown(key: string): boolean {
    return this.spansOf(key).length > 0;
  }

  override seenUntil(key: string): number {
    return Math.min(this.spansOf(key).at(-1)?.to ?? -NOW, NOW);
  }

  /**
   * What nobody of standing put into a container does not follow it, because the container may be another's: it is where the events that
   * count told last, with its own status.
   */
  protected override rowAt(key: string, at: number): PackageRow | undefined {
    const row = this.storedAt(key, at);
    if (row?.apart !== undefined) {
      const { status, since } = markOf(row) ?? { status: 'active', since: 0 };
      return { from: row.from, own: { place: apartPlace(row), status, since } };
    }
    const found = super.rowAt(key, at);
    if (found === undefined || found.box !== undefined) return found;
    return { ...found, ...toldOf(row, found), from: this.#beginningOf(key, found) };
  }

  /** Since when a package is told to stand where it does. What others claimed of it in between is not told. */
  #beginningOf(key: string, { from }: PackageRow): number {
    const rows = this.rows.get(key) ?? [];
    let i = rows.findIndex((row) => row.from === from);
    if (i < 0) return from;
    while (isToldAlike(rows[i - 1], rows[i])) i--;
    return rows[i]?.from ?? from;
  }

  override whereabouts(point: Point): Whereabouts {
    const { key, at } = point;
    const seen = this.spansOf(key).findLast(({ from }) => from <= at);
    if (seen === undefined) return unheardOf(key);
    if (seen.to <= at) return { ...unheardOf(key), known: true, state: 'PASSED_ON', from: seen.to };
    const found = super.whereabouts(point);
    return { ...found, ...notBefore(found, seen.from) };
  }

  /** Organisations that may have seen something of this history, besides the viewer. Whether one did, its own history tells. */
  others(): ReadonlySet<string> {
    const found = new Set<string>();
    for (const row of [...this.rows.values()].flat()) {
      const { hands = [], apart = [], title, mTitle, apartTitle } = row;
      for (const one of [...hands, ...apart, title, mTitle, apartTitle])
        if (one !== undefined && one !== this.viewer) found.add(one);
    }
    return found;
  }

  /**
   * What touched a package while another organisation saw it: also events of the package itself, because what somebody says of a package
   * that he does not have is not its path. Null for the host, who saw it always.
   */
  touchingWhileSeenBy(other: string | null, start: Window): Touching {
    if (other === null) return super.touching(start);
    const history = new SeenHistory(this.rows, other);
    const { windows, emptyings } = history.touching(start);
    const spans = history.spansOf(start.key);
    return {
      windows: windows.flatMap((window) =>
        window.level > 0 ? window : spans.flatMap((span) => common(window, span)),
      ),
      emptyings,
    };
  }

  /** Events of the package itself say who sees them. Those of containers count while the package was seen, and at both ends of it. */
  override touching(start: Window): Touching {
    const { windows, emptyings } = super.touching(start);
    const { key } = start;
    const spans = this.spansOf(key);
    return {
      windows: windows.flatMap((window) =>
        window.level === 0 ? window : spans.flatMap((span) => common(window, span)),
      ),
      emptyings: emptyings.filter(({ at }) => this.sawAround(key, at)),
    };
  }

  override reborn(key: string): number | null {
    const reborn = super.reborn(key);
    return reborn !== null && this.sawAround(key, reborn) ? reborn : null;
  }

  /** Whether the viewer saw a package just before an instant or just after it, as who sees an event of that instant. */
  sawAround(key: string, at: number): boolean {
    return this.spansOf(key).some(({ from, to }) => from <= at && at <= to);
  }

  /** How the viewer sees a package at an instant (src/projection/README.md, rules 23 to 25). */
  seeing(key: string, at: number): Seeing {
    return this.#seeing(key, at, MAX_DEPTH);
  }

  #seeing(key: string, at: number, levels: number): Seeing {
    const row = this.storedAt(key, at);
    if (row === undefined || levels < 0) return NOT_SEEN;
    // A sight or title of its own outlives the container, until the package moves: what was let out stands in the same holding.
    if (row.apart !== undefined) return this.#seenBy(row.apart, row.apartTitle, row.apartTitleAt);
    const box = boxAt(row, at);
    const around =
      box === undefined
        ? this.#seenBy(row.hands, row.title, row.titleAt)
        : this.#seeing(box, at, levels - 1);
    const { mTitle, mTitleAt, mTitleSince = 0 } = row;
    const isInForce =
      mTitleAt !== undefined && inForce({ at: mTitleAt }, { since: around.titleAt });
    return isInForce ? this.#seenBy(around.has, mTitle, mTitleSince) : around;
  }

  #seenBy(
    hands: readonly string[] | boolean = false,
    title: string | undefined,
    titleAt = 0,
  ): Seeing {
    const { viewer } = this;
    const has = typeof hands === 'boolean' ? hands : hands.includes(viewer);
    return { has, owns: title === viewer, titleAt };
  }

  /** When the viewer saw a package, oldest first. */
  spansOf(key: string): readonly Span[] {
    const known = this.#spans.get(key);
    if (known !== undefined) return known;
    const spans: Span[] = [];
    for (const at of this.#changesOf(key)) {
      const { has, owns } = this.seeing(key, at);
      const last = spans.at(-1);
      const isOpen = last?.to === Infinity;
      if ((has || owns) && !isOpen) spans.push({ from: at, to: Infinity });
      else if (!has && !owns && isOpen) spans[spans.length - 1] = { ...last, to: at };
    }
    this.#spans.set(key, spans);
    return spans;
  }

  /** Every instant at which who sees a package may change: its rows, and those of what was around it then. */
  #changesOf(key: string): readonly number[] {
    const start = { key, level: 0, from: -Infinity, to: Infinity };
    const instants = super.touching(start).windows.flatMap((window) =>
      (this.rows.get(window.key) ?? [])
        .flatMap(({ from, dissolvedAt = from }) => [from, dissolvedAt])
        .concat(window.from, window.to)
        .filter((at) => window.from <= at && at <= window.to && Math.abs(at) < NOW),
    );
    return [...new Set(instants)].sort((a, b) => a - b);
  }
}

/** What is told of something of which others claim that it is elsewhere. */
function toldOf(row: StoredRow | undefined, { own }: PackageRow): Pick<PackageRow, 'own'> {
  if (row?.told === undefined || own === undefined) return {};
  return { own: { ...own, place: placeOfText(row.told) } };
}

/** Whether two rows of what stands alone, of which one is there because of a claim, tell the same. */
function isToldAlike(a: StoredRow | undefined, b: StoredRow | undefined): boolean {
  if (a === undefined || b === undefined || (a.told ?? b.told) === undefined) return false;
  return standingText(a) === standingText(b);
}

function standingText(row: StoredRow): string | number {
  const { told, kind, status = 'active', since = 0, hands, title, titleAt, believed } = row;
  if (kind === 'DISPOSED' || boxAt(row, row.from) !== undefined) return row.from;
  const place = told ?? textOfPlace(placeOf(row));
  return JSON.stringify([place, status, since, hands, title, titleAt, believed]);
}

function apartPlace({ apartBelieved = '[]' }: StoredRow): Place {
  const [, mode, site = null] = JSON.parse(apartBelieved) as [boolean?, string?, string?];
  return believedPlace(mode, site);
}

function notBefore({ from, statusSince }: Whereabouts, seen: number): Partial<Whereabouts> {
  return {
    from: from === null ? null : Math.max(from, seen),
    statusSince: statusSince !== null && statusSince < seen ? null : statusSince,
  };
}

function common(window: Window, { from, to }: Span): Window[] {
  const end = to + 1;
  const part = { ...window, from: Math.max(window.from, from), to: Math.min(window.to, end) };
  if (part.from >= part.to) return [];
  return [window.to > end ? { ...part, isCut: true } : part];
}
