import { notWithheld } from '../access/sighted.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import type { KnownException, SeenEvent, Seers } from './seers.rules.js';

interface SeersRow {
  readonly id: string;
  readonly t: number;
  readonly seers: readonly {
    readonly p: string;
    readonly names: readonly string[] | null;
    readonly whole: boolean;
  }[];
}

const SEERS = cypher<SeersRow>('capture.seersOfEvents')`
UNWIND $ids AS id
MATCH (e:Event {id: id})-[s:SEEN_BY]->(e)
WHERE ${notWithheld(fragment`e`, fragment`s`)}
RETURN id, e.eventTime AS t, collect({p: s.p, names: s.names, whole: coalesce(s.whole, false)}) AS seers`;

/** Who sees events now. */
export async function readSeers(tx: GraphTransaction, ids: readonly string[]): Promise<Seers> {
  if (ids.length === 0) return new Map();
  const rows = await tx.run(SEERS, { ids });
  return new Map(
    rows.map(({ id, t, seers }) => [id, { t, names: namesOf(seers), whole: wholeOf(seers) }]),
  );
}

function namesOf(seers: SeersRow['seers']): SeenEvent['names'] {
  return new Map(seers.map(({ p, names }) => [p, names === null ? null : new Set(names)]));
}

function wholeOf(seers: SeersRow['seers']): SeenEvent['whole'] {
  return new Set(seers.flatMap(({ p, whole }) => (whole ? [p] : [])));
}

const EXCEPTIONS = cypher<KnownException>('capture.knownExceptions')`
UNWIND $rows AS row
MATCH (x:Exception {k: row.key, t: row.t})
RETURN x.k AS key, x.t AS t, x.code AS code, x.eventId AS eventId, COLLECT {
  MATCH (x)-[seen:SEEN_BY]->(x)
  WHERE EXISTS { MATCH (e:Event {id: x.eventId})-[s:SEEN_BY]->(e) WHERE s.p = seen.p AND coalesce(x.k IN s.names, true) }
  RETURN seen.p } AS viewers`;

/** The exceptions that are recorded of packages at instants. */
export async function readKnownExceptions(
  tx: GraphTransaction,
  at: readonly { readonly key: string; readonly t: number }[],
): Promise<readonly KnownException[]> {
  if (at.length === 0) return [];
  return tx.run(EXCEPTIONS, { rows: at.map(({ key, t }) => ({ key, t: int(t) })) });
}
