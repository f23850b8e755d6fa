import { cypher, fragment } from '../graph/cypher.js';
import type { CypherFragment, CypherOptions, ReadStatement, Row } from '../graph/cypher.js';

/** The parts of a text that keep a partner to what he sees. For the host they are empty. */
export interface Sight {
  readonly isPartner: boolean;
  /**
   * `AND` a condition: who asks sees an event, and of it the package with this key. Without a key, something of it.
   *
   * @param event the variable of the event
   * @param key an expression
   * @param who an expression for another organisation that sees it in place of who asks
   */
  readonly sees: (
    event: CypherFragment,
    key?: CypherFragment,
    who?: CypherFragment,
  ) => CypherFragment;
  /** The text for partners alone. */
  readonly only: (text: CypherFragment) => CypherFragment;
}

const EMPTY = fragment``;

/** The label of an event that is reached from elsewhere. With one, the planner may begin at the times of all events, so partners have none. */
export const eventOf = ({ isPartner }: Sight): CypherFragment =>
  isPartner ? EMPTY : fragment`:Event`;

/**
 * A packing of which somebody sees the children and not the parent is withheld, because an ADD without its parent is no event (EPCIS 2.0,
 * 7.4.3 and 7.4.6).
 *
 * @param e the variable of the event
 * @param seen the variable of its SEEN_BY
 */
export function notWithheld(e: CypherFragment, seen: CypherFragment): CypherFragment {
  return fragment`NOT coalesce(${seen}.names IS NOT NULL AND ${e}.action = 'ADD' AND ${e}.type IN ['AggregationEvent', 'AssociationEvent']
      AND NOT EXISTS { (${e})-[:OF {role: 'parent'}]->(box:Package) WHERE box.k IN ${seen}.names }, false)`;
}

/**
 * Whether who asks sees that an event names a class: in an event that it sees whole, or as the lot of packages that the event begins and of
 * which it sees some.
 *
 * @param e the variable of the event
 * @param s the variable of its SEEN_BY
 * @param c the variable of its OF_CLASS or OF_QUANTITY
 */
export function isClassSeen(
  e: CypherFragment,
  s: CypherFragment,
  c: CypherFragment,
): CypherFragment {
  return fragment`(${s}.whole OR (${c}.role = 'ilmd' AND (${e}.type <> 'TransformationEvent' OR EXISTS {
      MATCH (${e})-[:OF {role: 'output'}]->(made:Package) WHERE coalesce(made.k IN ${s}.names, true) })))`;
}

/** The same of an event whose SEEN_BY is not at hand. */
export function seesClass(e: CypherFragment, c: CypherFragment): CypherFragment {
  return fragment`EXISTS {
      MATCH (${e})-[sight:SEEN_BY]->(${e}) WHERE sight.p = $viewer AND ${isClassSeen(e, fragment`sight`, c)} }`;
}

/** Whether some top shows units of a lot to who asks, by an expression for the lot's id. */
export const isLotShown = (id: CypherFragment): CypherFragment =>
  fragment`EXISTS { MATCH ()-[shown:SHOWS]->(:Lot) WHERE shown.p = $viewer AND shown.lot = ${id} }`;

/** Whether who asks sees an event that names a lot, by the variable of the lot. */
export const isLotNamed = (lot: CypherFragment): CypherFragment => fragment`EXISTS {
    MATCH (${lot})<-[naming:OF_CLASS|OF_QUANTITY]-(named:Event) WHERE ${seesClass(fragment`named`, fragment`naming`)} }`;

const PARTNER: Sight = {
  isPartner: true,
  sees: (event, key, who = fragment`$viewer`) => fragment`AND EXISTS {
      MATCH (${event})-[sight:SEEN_BY]->(${event}) WHERE sight.p = ${who} AND ${notWithheld(event, fragment`sight`)}${
        key === undefined ? EMPTY : fragment` AND (sight.names IS NULL OR ${key} IN sight.names)`
      } }`,
  only: (text) => text,
};
const HOST: Sight = { isPartner: false, sees: () => EMPTY, only: () => EMPTY };

/** A statement with the same text for the host and for partners, but for the parts that {@link Sight} gives. */
export function sighted<R extends object = Row>(
  reads: 'events' | 'packages',
  name: string,
  make: (sight: Sight) => CypherFragment,
  options: CypherOptions = {},
): ReadStatement<R> {
  return cypher[reads]<R>(name, { ...options, partner: make(PARTNER) })`${make(HOST)}`;
}
