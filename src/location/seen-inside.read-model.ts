import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import { boxOf, MAX_DEPTH, NOW } from '../holdings/holding.js';
import type { SeenHistory, Seeing } from '../holdings/seen-history.rules.js';
import { readSeenHistory } from '../holdings/whereabouts.read-model.js';
import type { ContentsSummary, LotInside } from './package.js';

/** The open filling of a container. */
export interface OpenFilling {
  readonly key: string;
  readonly id: string;
}

/** A filling, and how the partner who asks sees its container now. */
interface FillingSeen extends Pick<Seeing, 'has' | 'owns'> {
  readonly id: string;
  readonly titleAt: unknown;
}

/** What is inside, without what is there by class only. */
export type CountedInside = Pick<ContentsSummary, 'packages' | 'lots'>;

const HAS_MEMBER = fragment`CASE WHEN i.apart IS NOT NULL THEN $viewer IN i.apart ELSE filling.has END`;
const OWNS_MEMBER = fragment`CASE WHEN i.apart IS NOT NULL THEN coalesce(i.apartTitle = $viewer, false)
    WHEN i.mTitleAt >= filling.titleAt THEN coalesce(i.mTitle = $viewer, false) ELSE filling.owns END`;

/** Whether the partner who asks sees what is in `filling` by the relationship `i` (src/projection/README.md, rules 24 and 25). */
export const SEES_MEMBER = fragment`(${HAS_MEMBER} OR ${OWNS_MEMBER})`;

/** How a partner sees the containers of fillings. */
export async function fillingsSeen(view: View, ids: readonly string[]): Promise<FillingSeen[]> {
  const boxes = ids.map((id) => boxOf(id) ?? id);
  const history = await historyNow(view, boxes);
  return boxes.map((key, i) => {
    const { has, owns, titleAt } = history.seeing(key, NOW);
    return { id: ids[i] ?? '', has, owns, titleAt: int(titleAt) };
  });
}

/** Those of the packages that a partner sees now or saw before. */
export async function keepSeen(view: View, keys: readonly string[]): Promise<string[]> {
  const history = await historyNow(view, keys);
  return keys.filter((key) => history.isKnown(key));
}

/** Those of the packages that a partner sees now. */
export async function keepSeenNow(view: View, keys: readonly string[]): Promise<string[]> {
  const history = await historyNow(view, keys);
  return keys.filter((key) => isSeen(history.seeing(key, NOW)));
}

function isSeen({ has, owns }: Pick<Seeing, 'has' | 'owns'>): boolean {
  return has || owns;
}

function historyNow(view: View, keys: readonly string[]): Promise<SeenHistory> {
  return readSeenHistory(
    view,
    keys.map((key) => ({ key, at: NOW })),
  );
}

interface InsideRow {
  readonly id: string;
  /** What is seen of it without looking at the members: all or nothing. Null when members have a sight of their own. */
  readonly packages: number | null;
  readonly lots: readonly LotInside[];
  readonly members: readonly {
    readonly lot: string;
    readonly seen: boolean;
    /** Of a container. */
    readonly filling: string | null;
    readonly has: boolean;
    readonly owns: boolean;
    readonly titleAt: number;
  }[];
}

const INSIDE = cypher.seen<InsideRow>('location.seenInside')`
UNWIND $fillings AS filling
MATCH (h:Holding {id: filling.id})
WITH filling, h, coalesce(h.own, 0) = 0 AS alike, filling.has OR filling.owns AS seen
RETURN filling.id AS id,
  CASE WHEN alike THEN CASE WHEN seen THEN COUNT { (h)<-[i:IN]-() WHERE i.to IS NULL } ELSE 0 END END AS packages,
  CASE WHEN alike AND seen THEN COLLECT {
    MATCH (h)-[r:HOLDS|HOLDS_INSIDE]->(l:Lot) WHERE r.n > 0
    RETURN {lot: l.id, units: r.n}
  } ELSE [] END AS lots,
  CASE WHEN alike THEN [] ELSE COLLECT {
    MATCH (h)<-[i:IN]-(p:Package) WHERE i.to IS NULL
    RETURN {lot: p.lot, seen: ${SEES_MEMBER}, has: ${HAS_MEMBER}, owns: ${OWNS_MEMBER},
      filling: CASE WHEN p:Container THEN coalesce(p.cur, '') END,
      titleAt: CASE WHEN i.apart IS NOT NULL THEN coalesce(i.apartTitleAt, 0)
        WHEN i.mTitleAt >= filling.titleAt THEN i.mTitleSince ELSE filling.titleAt END}
  } END AS members`;

/**
 * Counts what a partner sees in the fillings, in their order. Members are read only where some have a sight or a title of their own, one
 * level a statement.
 */
export async function readSeenInside(
  view: View,
  fillings: readonly OpenFilling[],
): Promise<CountedInside[]> {
  const counted = new Map(fillings.map(({ id }) => [id, new Counting()]));
  let level = (
    await fillingsSeen(
      view,
      fillings.map(({ id }) => id),
    )
  ).map((filling) => ({ root: filling.id, ...filling }));
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const rows = await view.read(INSIDE, { fillings: level });
    const rootOf = new Map(level.map(({ id, root }) => [id, root]));
    level = rows.flatMap(({ id, packages, lots, members }) => {
      const root = rootOf.get(id) ?? id;
      const into = counted.get(root);
      into?.add(lots);
      const seen = members.filter((member) => member.seen);
      if (depth === 0 && into !== undefined) into.packages = packages ?? seen.length;
      into?.add(seen.flatMap(({ lot, filling }) => (filling === null ? { lot, units: 1 } : [])));
      return members.flatMap(({ filling, has, owns, titleAt }) =>
        filling === null ? [] : { root, id: filling, has, owns, titleAt: int(titleAt) },
      );
    });
  }
  return fillings.map(({ id }) => counted.get(id)?.told() ?? { packages: 0, lots: [] });
}

class Counting {
  packages = 0;
  readonly #units = new Map<string, number>();

  add(lots: readonly LotInside[]): void {
    for (const { lot, units } of lots) this.#units.set(lot, (this.#units.get(lot) ?? 0) + units);
  }

  told(): CountedInside {
    const lots = [...this.#units].map(([lot, units]) => ({ lot, units }));
    return { packages: this.packages, lots: lots.sort((a, b) => (a.lot < b.lot ? -1 : 1)) };
  }
}
