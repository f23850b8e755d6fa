import { changeWithEntry } from '../audit/index.js';
import type { ChangeDeps } from '../audit/index.js';
import type { Told } from '../access/attempt.js';
import type { View } from '../access/view.js';
import { cypher, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { EVERY_ORGANISATION, THE_HOST } from './disclosure.js';
import type { Disclosure, DisclosureRequest } from './disclosure.js';
import { DISCLOSURE, REQUEST } from './disclosure.read-model.js';

/** Who changes what is disclosed, and when. */
export interface DisclosureDeps extends ChangeDeps {
  /**
   * Writes for partners too, whose views refuse to write. So each statement of this file takes the organisation of the credentials, and
   * changes only what belongs to it.
   */
  readonly disclosures: Pick<View, 'write'>;
}

/**
 * Changes what is disclosed in one transaction, together with its entry in the audit log.
 *
 * @param change makes the change, and tells it and the ids that it touched
 */
export function changeDisclosures<T>(
  deps: DisclosureDeps,
  change: (tx: GraphTransaction) => Promise<Told & { readonly result: T }>,
): Promise<T> {
  return changeWithEntry(deps, deps.disclosures, change);
}

const GRANT = cypher<{ node: Disclosure }>('disclosure.grant')`
CREATE (d:Disclosure {id: $id, grantor: $grantor, grantee: $grantee, products: $products, what: $what, at: $at, until: $until, reason: $reason})
RETURN ${DISCLOSURE} AS node`;

/** Stores a new disclosure. */
export async function storeDisclosure(
  tx: GraphTransaction,
  { grantor, grantee, at, until, ...told }: Omit<Disclosure, 'withdrawnAt'>,
): Promise<Disclosure> {
  const [row] = await tx.run(GRANT, {
    ...told,
    ...{ grantor: grantor ?? THE_HOST, grantee: grantee ?? EVERY_ORGANISATION },
    ...{ at: int(at), until: intOrNull(until) },
  });
  if (row === undefined) throw new Error('A disclosure was created and not returned');
  return row.node;
}

const WITHDRAW = cypher<{ node: Disclosure }>('disclosure.withdraw')`
MATCH (d:Disclosure {id: $id}) WHERE d.grantor = $grantor
SET d.withdrawnAt = coalesce(d.withdrawnAt, $at)
RETURN ${DISCLOSURE} AS node`;

/** Ends a disclosure of this grantor at once. @returns null when it has none with this id */
export async function withdraw(
  tx: GraphTransaction,
  id: string,
  { by, at }: { readonly by: string | null; readonly at: number },
): Promise<Disclosure | null> {
  const [row] = await tx.run(WITHDRAW, { id, grantor: by ?? THE_HOST, at: int(at) });
  return row?.node ?? null;
}

const ASK = cypher<{ node: DisclosureRequest }>('disclosure.request')`
CREATE (r:DisclosureRequest {id: $id, package: $package, asker: $asker, maker: $maker, reason: $reason, at: $at})
RETURN ${REQUEST} AS node`;

/** Stores a new request. */
export async function storeRequest(
  tx: GraphTransaction,
  {
    maker,
    at,
    ...told
  }: Pick<DisclosureRequest, 'id' | 'package' | 'asker' | 'maker' | 'reason' | 'at'>,
): Promise<DisclosureRequest> {
  const [row] = await tx.run(ASK, { ...told, maker: maker ?? THE_HOST, at: int(at) });
  if (row === undefined) throw new Error('A request was created and not returned');
  return row.node;
}

// Set first, so that what is read after it is read behind the lock: a request is answered once.
const LOCK = cypher<{ node: DisclosureRequest }>('disclosure.lockRequest')`
MATCH (r:DisclosureRequest {id: $id}) WHERE r.maker = $maker
SET r.locked = true
WITH r
RETURN ${REQUEST} AS node`;

/** A request that this organisation may answer, which nobody else changes before the commit; null when there is none with this id. */
export async function lockRequest(
  tx: GraphTransaction,
  id: string,
  by: string | null,
): Promise<DisclosureRequest | null> {
  const [row] = await tx.run(LOCK, { id, maker: by ?? THE_HOST });
  return row?.node ?? null;
}

const ANSWER = cypher<{ node: DisclosureRequest }>('disclosure.answer')`
MATCH (r:DisclosureRequest {id: $id})
SET r.answeredAt = $at, r.answer = $answer, r.disclosure = $disclosure
REMOVE r.locked
WITH r
RETURN ${REQUEST} AS node`;

/** Stores the answer to a request that is locked. */
export async function storeAnswer(
  tx: GraphTransaction,
  id: string,
  told: { readonly at: number; readonly answer: string; readonly disclosure: string | null },
): Promise<DisclosureRequest> {
  const [row] = await tx.run(ANSWER, { id, ...told, at: int(told.at) });
  if (row === undefined) throw new Error('A request was answered and not returned');
  return row.node;
}
