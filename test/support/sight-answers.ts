/** Who sees what, read from a projection kept in memory: by reference, as the graph is read. */
import type { MemoryWorld } from '../../src/projection/memory-world.js';
import type { Sight, TitleMark } from '../../src/projection/sight.js';
import { NOBODY } from '../../src/projection/sight.js';
import type { Effect, Row } from '../../src/projection/state.js';
import { boxOf } from '../../src/holdings/holding.js';
import type { SeenEvent } from './reference-sight.js';

export class SightAnswers {
  constructor(private readonly memory: MemoryWorld) {}

  sees(organisation: string, key: string, t: number): boolean {
    const sight = this.sightAt(key, t);
    return sight?.title === organisation || sight?.hands.includes(organisation) === true;
  }

  events(organisation: string, namesOf: ReadonlyMap<string, readonly string[]>): SeenEvent[] {
    return [...this.memory.seen].flatMap(([id, viewers]) => {
      const viewed = viewers.get(organisation);
      if (viewed === undefined) return [];
      return [{ id, whole: viewed.whole, names: viewed.names ?? namesOf.get(id) ?? [] }];
    });
  }

  /** Units of each lot by place, as the tops show them to an organisation. */
  shown(organisation: string): Map<string, number> {
    const totals = new Map<string, number>();
    for (const [id, list] of this.memory.shown)
      for (const one of list)
        if (one.organisation === organisation)
          add(totals, `${one.lot} ${placeIn(one.place) ?? this.placeOf(id)}`, one.units);
    return totals;
  }

  /** What tops show and how much in them is not seen as what is around it, counted again from the rows. */
  recount(): string[] {
    const told: string[] = [];
    for (const [id, list] of this.memory.shown)
      for (const { organisation, lot, units, boxes, place } of list)
        told.push(`${id} ${organisation} ${lot} ${place ?? ''} ${units} ${boxes}`);
    for (const [id, n] of this.memory.world.owns) if (n !== 0) told.push(`${id} own ${n}`);
    const counted = [...this.countShown(), ...this.countOwn()];
    return [
      ...told.filter((line) => !counted.includes(line)).map((line) => `told ${line}`),
      ...counted.filter((line) => !told.includes(line)).map((line) => `counted ${line}`),
    ];
  }

  private countShown(): string[] {
    const units = new Map<string, number>();
    const boxes = new Map<string, Set<string>>();
    for (const { key, container, lot } of this.memory.world.packages.values()) {
      const around = container ? [] : this.holdingsAround(key);
      const [top, member] = around.at(-1) ?? ['', key];
      const apart = around.map(([, one]) => this.rowAt(one, Infinity)).find((row) => row?.apart);
      const elsewhere = apart !== undefined ? believed(apart) : top && this.toldPlace(top);
      for (const one of top === '' ? [] : this.audienceOf(key)) {
        const slot = `${top} ${one} ${lot} ${elsewhere}`;
        add(units, slot, 1);
        if (member !== key) boxes.set(slot, (boxes.get(slot) ?? new Set()).add(member));
      }
    }
    return [...units].map(([slot, n]) => `${slot} ${n} ${boxes.get(slot)?.size ?? 0}`);
  }

  private audienceOf(key: string): Set<string> {
    const { hands = [], title = null } = this.sightAt(key, Infinity) ?? {};
    return new Set(title === null ? hands : [...hands, title]);
  }

  private countOwn(): string[] {
    const own = new Map<string, number>();
    for (const { key, open } of this.memory.world.packages.values())
      if (open?.title !== undefined || open?.apart !== undefined)
        for (const [holding] of this.holdingsAround(key)) add(own, holding, 1);
    return [...own].map(([holding, n]) => `${holding} own ${n}`);
  }

  /** The holdings around a package now, innermost first, each with what of the path is directly in it. */
  private holdingsAround(key: string): [holding: string, member: string][] {
    const holding = this.memory.world.head(key).open?.holding ?? null;
    if (holding === null) return [];
    const box = this.boxAt(holding, Infinity);
    const outer = box === null ? [] : this.holdingsAround(box);
    return [[holding, key], ...outer];
  }

  private rowAt(key: string, t: number): Row | undefined {
    return this.memory.world.packages.get(key)?.history?.rows.findLast((row) => row.from <= t);
  }

  private boxAt(holding: string, t: number): string | null {
    const box = boxOf(holding);
    const { dissolvedAt } = this.memory.world.holding(holding);
    return dissolvedAt === undefined || dissolvedAt > t ? box : null;
  }

  private sightAt(key: string, t: number): Sight | undefined {
    const row = this.rowAt(key, t);
    if (row === undefined || row.holding === null) return row?.own?.sight;
    return row.apart ?? titled(this.sightIn(row.holding, t), row.title);
  }

  private sightIn(holding: string, t: number): Sight | undefined {
    const box = this.boxAt(holding, t);
    return box === null ? this.memory.world.holding(holding).effect?.sight : this.sightAt(box, t);
  }

  private placeOf(holding: string): string {
    const effect = this.topEffect(holding);
    return effect == null ? 'nowhere' : where(effect);
  }

  private topEffect(holding: string): Effect | null | undefined {
    const box = this.boxAt(holding, Infinity);
    return box === null
      ? this.memory.world.holding(holding).effect
      : this.rowAt(box, Infinity)?.own;
  }

  /** Where a top is told to be, when others claim that it is elsewhere: as the property `place`. */
  private toldPlace(top: string): string {
    const { sight, status } = this.topEffect(top) ?? {};
    if (sight?.told === undefined) return '';
    const { told } = sight;
    const site = told.mode === 'UNKNOWN' ? '?' : (told.site ?? '?');
    const origin = told.mode === 'TO' ? (told.back ?? '?') : '';
    const kind = top.startsWith('F ') ? 'FILLING' : 'LOOSE';
    return [told.mode, site, origin, status, kind, 'open'].join('\n');
  }

  /** What is told of a package that does not follow what it is in: its own status, and not that it is in there. */
  ownLook(key: string, t: number): { status?: string; container?: null } {
    const row = this.rowAt(key, t);
    return row?.apart === undefined
      ? {}
      : { status: row.mark?.status ?? 'active', container: null };
  }

  /** Where a package is told to be. */
  where(key: string, t: number): string {
    const row = this.rowAt(key, t);
    if (row === undefined) return '?';
    if (row.apart !== undefined) return placeIn(believed(row)) ?? '?';
    if (row.holding === null) return row.own === null ? '?' : told(row.own);
    const box = this.boxAt(row.holding, t);
    if (box !== null) return this.where(box, t);
    const { effect } = this.memory.world.holding(row.holding);
    return effect === undefined ? '?' : told(effect);
  }
}

function titled(around: Sight | undefined, mark: TitleMark | undefined): Sight | undefined {
  if (mark === undefined || mark.at < (around?.titleAt ?? 0)) return around;
  return { ...(around ?? NOBODY), title: mark.title, titleAt: mark.since };
}

function add(totals: Map<string, number>, key: string, n: number): void {
  totals.set(key, (totals.get(key) ?? 0) + n);
}

function where({ place }: Effect): string {
  if (place.mode === 'AT') return place.site;
  return place.mode === 'TO' ? `>${place.site ?? '?'}` : '?';
}

function told(effect: Effect): string {
  return where({ ...effect, place: effect.sight?.told ?? effect.place });
}

function believed({ apart, mark }: Row): string {
  const { mode, site } = apart!.believed;
  const told = [mark?.status ?? 'active', 'LOOSE', 'open'];
  if (mode === 'TO') return ['TO', '?', site ?? '?', ...told].join('\n');
  if (mode === 'AT' && site !== null) return ['AT', site, '', ...told].join('\n');
  return ['UNKNOWN', '?', '', ...told].join('\n');
}

/** Of the property `place`; null for that of the top. */
function placeIn(text: string | null): string | null {
  const [mode, site = ''] = text?.split('\n') ?? [];
  if (mode === undefined) return null;
  return mode === 'TO' ? `>${site}` : site;
}
