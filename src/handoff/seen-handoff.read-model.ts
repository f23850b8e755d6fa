import { notWithheld } from '../access/sighted.js';
import { isClaim, noStanding } from '../access/standing.js';
import type { View } from '../access/view.js';
import { isPartner } from '../access/view.js';
import { fragment } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { CUSTODY_STEPS, moveOf, NOW, siteOrNull } from '../holdings/holding.js';
import { readSeenHistory } from '../holdings/whereabouts.read-model.js';
import type { Handoff } from './handoff.js';

/** A handoff as it is read. */
export type HandoffRow = Omit<Handoff, 'from' | 'to'> & {
  readonly from: string;
  readonly to: string;
};

/** The columns of a {@link HandoffRow}. */
export const COLUMNS = fragment`
  h.id AS id, h.status AS status, h.shippedAt AS shippedAt, h.dueAt AS dueAt, h.from AS from, h.to AS to,
  h.fromParty AS fromParty, h.toParty AS toParty, coalesce(h.expected, 0) AS expected, coalesce(h.direct, 0) AS direct,
  coalesce(h.parts, 0) AS parts, h.firstReceivedAt AS firstReceivedAt, h.lastReceivedAt AS lastReceivedAt`;

/** A handoff from its row. */
export function toHandoff({ from, to, ...row }: HandoffRow): Handoff {
  return { ...row, from: siteOrNull(from), to: siteOrNull(to) };
}

/** Parameters of {@link seenHandoffs}. */
export const SEEN_STEPS = {
  steps: CUSTODY_STEPS,
  receiving: CUSTODY_STEPS.filter((step) => moveOf(step) === 'receive'),
};

/** Events of which a partner sees `s` and that may have handoffs, by the time of the event. */
export const seenEvents = (
  times = fragment`s.at IS NOT NULL`,
): CypherFragment => fragment`MATCH ()-[s:SEEN_BY]->(e:Event)
WHERE s.p = $viewer AND ${times} AND e.bizStep IN $steps AND ${notWithheld(fragment`e`, fragment`s`)}`;

/** Whether who asks sees that the package `p` was received by `r`, and did not only claim it. */
export const SEES_RECEIPT = fragment`EXISTS {
      MATCH (told:Event {id: r.eventId})-[got:SEEN_BY]->(told)
      WHERE got.p = $viewer AND coalesce(p.k IN got.names, true) AND ${notWithheld(fragment`told`, fragment`got`)}
        AND NOT ${isClaim({ seen: fragment`got`, id: fragment`r.eventId`, at: fragment`r.t`, key: fragment`p.k` })} }`;

/** Whether a receipt of `p` belongs to what somebody sees of the handoff `n`: `p` is among the packages that it sees, or a part of one. */
export const isOfSeen = (seen: CypherFragment): CypherFragment =>
  fragment`(coalesce(p.k IN ${seen}.names, true) OR NOT EXISTS { (n)-[:COVERS]->(p) })`;

/** The shipping that `p` was received from is seen by who asks. */
const SEES_SHIPPING = fragment`EXISTS {
      MATCH (sent:Event {id: n.id})-[was:SEEN_BY]->(sent)
      WHERE was.p = $viewer AND ${notWithheld(fragment`sent`, fragment`was`)} AND ${isOfSeen(fragment`was`)} }`;

/**
 * Subquery: the handoffs `h` of an event `e` of which a partner sees `s`, with the properties of a `:Handoff` as far as it sees them. A
 * shipping has one. It is counted again over the packages and the receipts that are seen. A receipt has one for each package that it names
 * and whose shipping is not seen, so that who claims a package does not learn whether somebody shipped it.
 *
 * @param key a variable: only what was received of this package; without it, all
 */
export function seenHandoffs(key?: CypherFragment): CypherFragment {
  const imported = key === undefined ? fragment`s, e` : fragment`s, e, ${key}`;
  const one = key === undefined ? fragment`` : fragment` {k: ${key}}`;
  return fragment`CALL (${imported}) {
  MATCH (n:Handoff {id: e.id})
  CALL (s, n) {
    OPTIONAL MATCH (p:Package)-[r:RECEIVED]->(n)
    WHERE ${SEES_RECEIPT} AND ${isOfSeen(fragment`s`)}
    WITH p, r, EXISTS { (n)-[:COVERS]->(p) } AS own
    RETURN count(DISTINCT CASE WHEN own AND r.voided IS NULL THEN p END) AS direct,
      count(DISTINCT CASE WHEN own AND r.voided THEN p END) AS voids,
      count(DISTINCT CASE WHEN NOT own AND r.voided IS NULL THEN p END) AS parts,
      min(CASE WHEN r.voided IS NULL THEN r.t END) AS firstReceivedAt, max(CASE WHEN r.voided IS NULL THEN r.t END) AS lastReceivedAt
  }
  WITH s, e, n, direct, voids, parts, firstReceivedAt, lastReceivedAt, CASE WHEN s.names IS NULL THEN coalesce(n.expected, 0)
    ELSE COUNT { (n)-[:COVERS]->(p:Package) WHERE p.k IN s.names } END AS expected
  RETURN {id: n.id, shippedAt: n.shippedAt, from: CASE WHEN s.whole THEN n.from ELSE coalesce(e.bizLocation, e.readPoint) END,
    dueAt: CASE WHEN s.whole THEN n.dueAt END, to: CASE WHEN s.whole THEN n.to END,
    fromParty: CASE WHEN s.whole THEN n.fromParty END, toParty: CASE WHEN s.whole THEN n.toParty END,
    expected: expected, direct: direct, parts: parts, firstReceivedAt: firstReceivedAt, lastReceivedAt: lastReceivedAt,
    status: CASE
      WHEN expected > 0 AND voids >= expected AND direct = 0 THEN 'VOIDED'
      WHEN expected > 0 AND direct >= expected THEN 'RECEIVED'
      WHEN direct + parts > 0 THEN 'PARTIAL'
      ELSE 'OUTSTANDING' END} AS h
  UNION ALL
  WITH s, e WHERE e.bizStep IN $receiving
  MATCH (e)-[:OF]->(p:Package${one})
  WITH DISTINCT s, e, p
  WHERE coalesce(p.k IN s.names, true)
    AND (${noStanding({ id: fragment`e.id`, at: fragment`e.eventTime`, key: fragment`p.k` })} OR EXISTS {
      MATCH (p)-[r:RECEIVED]->(:Handoff) WHERE r.eventId = e.id AND r.voided IS NULL })
    AND NOT EXISTS {
      MATCH (p)-[r:RECEIVED]->(n:Handoff)
      WHERE r.eventId = e.id AND n.status <> 'UNEXPECTED' AND ${SEES_RECEIPT} AND ${SEES_SHIPPING} }
  RETURN {id: 'over:' + e.id + '|' + p.k, shippedAt: e.eventTime, from: null, to: e.bizLocation, dueAt: null,
    fromParty: CASE WHEN s.whole THEN e.giver END, toParty: CASE WHEN s.whole THEN e.taker END,
    expected: 0, direct: 0, parts: 1, firstReceivedAt: e.eventTime, lastReceivedAt: e.eventTime, status: 'UNEXPECTED'} AS h
}`;
}

/** From an `id` of a handoff: the event `e`, of which who asks sees `s`, and `key`, the package of a receipt of what nobody shipped. */
export const SEEN_EVENT_OF_ID = fragment`WITH DISTINCT id, CASE WHEN id =~ '(?s)over:.*[|].*' THEN split(id, '|')[-1] END AS key
MATCH (e:Event {id: CASE WHEN key IS NULL THEN id ELSE substring(id, 5, size(id) - size(key) - 6) END})-[s:SEEN_BY]->(e)
WHERE s.p = $viewer AND ${notWithheld(fragment`e`, fragment`s`)}`;

/** A package around an instant. What is `alike` was seen alike, by everybody. */
export interface Around {
  readonly key: string;
  /** Epoch ms. */
  readonly t: number;
  readonly alike: unknown;
}

/** What a member of the filling `f` by the relationship `i`, with the key `k`, is {@link Around} the instant `t` alike to. */
export const alike = (k: CypherFragment, t: CypherFragment): CypherFragment =>
  fragment`CASE WHEN f IS NULL OR i.from >= ${t} THEN [${k}]
    ELSE [f.id, i.from, $viewer IN i.apart, i.apartTitle = $viewer, i.mTitle = $viewer, i.mTitleAt] END`;

/** Those that a partner saw just before or just after their instants. One of each kind is looked at. The host sees all. */
export async function keepSeenAround<T extends Around>(
  view: View,
  packages: readonly T[],
): Promise<readonly T[]> {
  if (!isPartner(view) || packages.length === 0) return packages;
  const nameOf = (one: Around): string => `${one.t} ${JSON.stringify(one.alike)}`;
  const looked = new Map(packages.map((one) => [nameOf(one), one]));
  const points = [...looked.values()].map(({ key }) => ({ key, at: NOW }));
  const history = await readSeenHistory(view, points);
  return packages.filter((one) => {
    const { key, t } = looked.get(nameOf(one)) ?? one;
    return history.sawAround(key, t);
  });
}
