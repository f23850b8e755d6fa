import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { boxOf, NOW } from '../holdings/holding.js';
import type { SeenHistory, Seeing } from '../holdings/seen-history.rules.js';
import { UNITS_SEEN, seesInside } from '../holdings/shown.read-model.js';
import { readSeenHistory } from '../holdings/whereabouts.read-model.js';
import type { ContentsSummary } from './package.js';

/** The open filling of a container. */
export interface OpenFilling {
  readonly key: string;
  readonly id: string;
}

/** A filling, and how the partner who asks sees its container now. */
export interface FillingSeen extends Pick<Seeing, 'has' | 'owns'> {
  readonly id: string;
  readonly titleAt: unknown;
}

/** What is inside, without what is there by class only. */
export type CountedInside = Pick<ContentsSummary, 'packages' | 'lots'>;

const AROUND = fragment`[filling.has, filling.owns, filling.titleAt]`;

/** Whether the partner who asks sees what is in `filling` by the relationship `i` (src/projection/README.md, rules 24 and 25). */
export const SEES_MEMBER: CypherFragment = seesInside(AROUND, fragment`i`);

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

// What is inside a container is counted as by recalls and stock. Members are looked at only where some have a sight of their own.
const INSIDE = cypher.seen<CountedInside & { readonly id: string }>('location.seenInside')`
UNWIND $fillings AS filling
MATCH (h:Holding {id: filling.id})
CALL (filling, h) {
  WITH filling, h WHERE coalesce(h.own, 0) = 0
  RETURN CASE WHEN filling.has OR filling.owns THEN COUNT { (h)<-[i:IN]-() WHERE i.to IS NULL } ELSE 0 END AS packages
  UNION ALL
  WITH filling, h WHERE h.own > 0
  RETURN COUNT { (h)<-[i:IN]-() WHERE i.to IS NULL AND ${SEES_MEMBER} } AS packages
}
MATCH (p:Package {k: h.box})
WITH filling, packages, p, ${AROUND} AS sight
CALL (p, sight) {
  CALL (p, sight) { ${UNITS_SEEN} }
  WITH l, sum(n) AS units ORDER BY l.id
  RETURN collect({lot: l.id, units: units}) AS lots
}
RETURN filling.id AS id, packages, lots`;

/** Counts what a partner sees in open fillings, in their order. */
export async function readSeenInside(
  view: View,
  fillings: readonly FillingSeen[],
): Promise<CountedInside[]> {
  const rows = await view.read(INSIDE, { fillings });
  const counted = new Map(rows.map(({ id, ...counts }) => [id, counts]));
  return fillings.map(({ id }) => counted.get(id) ?? { packages: 0, lots: [] });
}
