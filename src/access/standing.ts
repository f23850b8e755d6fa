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

/** Whether an event does not count for a package that it names. */
export function noStanding({ id, at, key }: Omit<NamedInEvent, 'seen'>): CypherFragment {
  return fragment`EXISTS {
      MATCH (x:Exception) WHERE x.k = ${key} AND x.t = ${at} AND x.code = 'NO_STANDING' AND x.eventId = ${id} }`;
}
