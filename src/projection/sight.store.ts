import { cypher, fragment, int, intOrNull } from '../graph/cypher.js';
import type { Place } from '../holdings/holding.js';
import type { Changes } from './changes.rules.js';
import type { Sender } from './sender.js';
import type { Sight } from './sight.js';
import { sightProperties } from './sight-columns.js';
import type { Row } from './state.js';

// What is shown replaces what was. Lots are there, because a top counts them.
/** Writes what tops show; a part of the statement that writes the tops. */
export const SHOWN = fragment`
UNWIND $shown AS row
MATCH (h:Holding {id: row.holding})
CALL (h) {
  MATCH (h)-[was:SHOWS]->(:Lot)
  DELETE was
}
WITH h, row
UNWIND row.shown AS one
MATCH (l:Lot {id: one.lot})
CREATE (h)-[:SHOWS {p: one.organisation, lot: one.lot, n: one.units, c: one.boxes, place: one.place}]->(l)`;

const OWNS = cypher('projection.owns')`
UNWIND $rows AS row
MATCH (h:Holding {id: row.holding})
SET h.ownAt = CASE WHEN coalesce(h.own, 0) = 0 OR h.ownAt < row.at THEN row.at ELSE h.ownAt END
SET h.own = coalesce(h.own, 0) + row.delta`;

const UNSEE = cypher('projection.unsee')`
UNWIND $ids AS id
CALL (id) {
  MATCH (e:Event {id: id})-[s:SEEN_BY]->(e) RETURN s
  UNION
  MATCH (:Event {id: id})<-[:DECLARES]-(d:ErrorDeclaration)-[s:SEEN_BY]->(d) RETURN s
}
DELETE s`;

// New events get their record time when the batch is closed. An error declaration is seen by those who see its event, and has a time of its own.
const SEE = cypher('projection.see')`
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
CREATE (e)-[:SEEN_BY {p: row.organisation, at: e.eventTime, rec: e.recordTime, whole: row.whole, names: row.names}]->(e)
WITH row, e
MATCH (e)<-[:DECLARES]-(d:ErrorDeclaration)
CREATE (d)-[:SEEN_BY {p: row.organisation, at: d.eventTime, rec: d.recordTime, whole: row.whole, names: row.names}]->(d)`;

/** A row of {@link SHOWN}. */
export function shownParams({ holding, shown }: Changes['shown'][number]): unknown {
  const list = shown.map(({ organisation, lot, units, boxes, place }) => ({
    organisation,
    lot,
    place,
    units: int(units),
    boxes: int(boxes),
  }));
  return { holding, shown: list };
}

/** Who sees events, and the packages of them that each sees if these are not all; and how much in holdings is seen otherwise. */
export function saveViewers(sent: Sender, { seen, owns }: Changes): void {
  sent.rows(
    OWNS,
    owns.map(({ holding, delta, at }) => ({ holding, delta: int(delta), at: int(at) })),
  );
  sent.ids(
    UNSEE,
    seen.filter(({ again }) => again).map(({ eventId }) => eventId),
  );
  const rows = seen.flatMap(({ eventId: id, viewers }) =>
    [...viewers].map(([organisation, { whole, names }]) => ({
      id,
      organisation,
      whole: whole ? true : null,
      names,
    })),
  );
  sent.rows(SEE, rows);
}

/** Who sees something, as properties of a STAY or a holding. */
export function sightParams(
  sight: Sight | undefined,
  place: Place | undefined,
): Record<string, unknown> {
  const properties = sightProperties(sight, place);
  return { ...properties, titleAt: intOrNull(properties.titleAt) };
}

/** The title or the sight of its own of a package inside something, as properties of its IN. */
export function ownSightProperties({ title, apart }: Row): Record<string, unknown> {
  if (apart !== undefined) {
    const { hands, title: owner, titleAt, believed } = sightProperties(apart, undefined);
    return {
      apart: hands,
      apartTitle: owner,
      apartTitleAt: intOrNull(titleAt),
      apartBelieved: believed,
    };
  }
  if (title === undefined) return {};
  return { mTitle: title.title, mTitleSince: int(title.since), mTitleAt: int(title.at) };
}
