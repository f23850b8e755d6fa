import { fragment } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';

/** An event as somebody sees it, and a package that it names: variables and expressions. */
interface NamedInEvent {
  /** The SEEN_BY. */
  readonly seen: CypherFragment;
  readonly id: CypherFragment;
  /** Epoch ms. */
  readonly at: CypherFragment;
  readonly key: CypherFragment;
}

/**
 * Whether somebody sees a package in an event only because it sent the event, or is named in it: the event does not count for the package
 * (src/projection/README.md, rule 22). Such an event must tell it nothing of the package: neither what it is, nor what it is in, nor how it
 * was shipped.
 */
export function isClaim({ seen, id, at, key }: NamedInEvent): CypherFragment {
  return fragment`(coalesce(${seen}.whole, false) AND ${noStanding({ id, at, key })})`;
}

/**
 * Whether the sender of an event may say what is made: the host of everything, others of what has one of their company prefixes. It is
 * `mayBegin` of the projection, in Cypher.
 *
 * @param event the variable of the event
 * @param key an expression for the key of a package, or the id of a lot
 */
export function mayBegin(event: CypherFragment, key: CypherFragment): CypherFragment {
  return fragment`(${event}.sentBy IS NULL OR EXISTS { MATCH (log:Log {id: 'log'}) WHERE log.hasPartners IS NULL } OR EXISTS {
    MATCH (beginner:Organisation {k: ${event}.sentBy}) WHERE any(prefix IN beginner.prefixes WHERE CASE
      WHEN ${key} STARTS WITH '01/' OR ${key} STARTS WITH '00/' THEN substring(${key}, 4)
      WHEN ${key} STARTS WITH '8003/' THEN substring(${key}, 6)
      WHEN ${key} STARTS WITH '8004/' THEN substring(${key}, 5)
    END STARTS WITH prefix) })`;
}

/**
 * Whether the inputs of one event went into the outputs of another with the same transformationID. Who knows such an id of others must not
 * join his goods to theirs.
 */
export function isJoined(input: CypherFragment, output: CypherFragment): CypherFragment {
  return fragment`(${input}.sentBy IS NULL OR coalesce(${input}.sentBy = ${output}.sentBy, false))`;
}

/** Whether an event does not count for a package that it names. */
export function noStanding({ id, at, key }: Omit<NamedInEvent, 'seen'>): CypherFragment {
  return fragment`EXISTS {
      MATCH (x:Exception) WHERE x.k = ${key} AND x.t = ${at} AND x.code = 'NO_STANDING' AND x.eventId = ${id} }`;
}
