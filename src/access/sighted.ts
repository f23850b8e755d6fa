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
   */
  readonly sees: (event: CypherFragment, key?: CypherFragment) => CypherFragment;
  /** The text for partners alone. */
  readonly only: (text: CypherFragment) => CypherFragment;
}

const EMPTY = fragment``;

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

const PARTNER: Sight = {
  isPartner: true,
  sees: (event, key) => fragment`AND EXISTS {
      MATCH (${event})-[sight:SEEN_BY]->(${event}) WHERE sight.p = $viewer AND ${notWithheld(event, fragment`sight`)}${
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
