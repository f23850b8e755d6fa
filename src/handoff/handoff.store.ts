import type { HandoffStatus } from './handoff.js';
import { cypher, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';

const NEW_HANDOFFS = cypher('custody.newHandoffs')`
UNWIND $rows AS row
MERGE (h:Handoff {id: row.id})
SET h.shippedAt = row.shippedAt, h.from = row.from, h.to = row.to, h.fromParty = row.fromParty, h.toParty = row.toParty,
  h.seq = row.seq, h.status = 'OUTSTANDING', h.dueAt = row.dueAt
WITH h, row
UNWIND row.keys AS k
MATCH (p:Package {k: k})
MERGE (h)-[:COVERS]->(p)`;

const DROP_HANDOFFS = cypher('custody.dropHandoffs')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id}) DETACH DELETE h`;

const DROP_RECEIPTS = cypher<{ ids: string[] }>('custody.dropReceipts')`
UNWIND $rows AS row
MATCH (p:Package {k: row.key})-[r:RECEIVED]->(h:Handoff) WHERE r.t = row.t
WITH h, r, h.id AS id, h.status = 'UNEXPECTED' AS alone
DELETE r
WITH h, id, alone
FOREACH (_ IN CASE WHEN alone THEN [1] ELSE [] END | DETACH DELETE h)
RETURN collect(DISTINCT CASE WHEN alone THEN null ELSE id END) AS ids`;

const NEW_RECEIPTS = cypher('custody.newReceipts')`
UNWIND $rows AS row
MATCH (h:Handoff {id: row.by})
MATCH (p:Package {k: row.key})
CREATE (p)-[:RECEIVED {t: row.t, site: row.site, eventId: row.eventId, voided: row.voided}]->(h)`;

const UNEXPECTED = cypher('custody.unexpected')`
UNWIND $rows AS row
MERGE (h:Handoff {id: row.id})
SET h.shippedAt = row.t, h.from = '?', h.to = row.site, h.status = 'UNEXPECTED', h.seq = row.seq, h.expected = 0,
  h.direct = 0, h.parts = 1, h.voided = false, h.firstReceivedAt = row.t, h.lastReceivedAt = row.t
WITH h, row
OPTIONAL MATCH (e:Event {id: row.eventId})
SET h.fromParty = e.giver, h.toParty = e.taker, h.takenAt = nullIf(row.site, '?'), h.takenBy = e.taker
WITH h, row
MATCH (p:Package {k: row.key})
MERGE (p)-[r:RECEIVED {t: row.t, eventId: row.eventId}]->(h)
SET r.site = row.site`;

/** A handoff after its receipts were counted again. */
export interface HandoffState {
  readonly id: string;
  readonly status: HandoffStatus;
  readonly from: string;
  readonly to: string;
  readonly fromParty: string | null;
  readonly toParty: string | null;
  readonly shippedAt: number;
  /** Keys of the packages that it covers, a thousand at most. */
  readonly packages: readonly string[];
}

// The newest receipt tells where and by whom it was taken in the end. Without a receipt, the shipping tells it.
const RECOUNT = cypher<HandoffState>('custody.recount')`
UNWIND $ids AS id
MATCH (h:Handoff {id: id}) WHERE h.status <> 'UNEXPECTED'
OPTIONAL MATCH (p:Package)-[r:RECEIVED]->(h)
WITH h, p, r, EXISTS { (h)-[:COVERS]->(p) } AS own
WITH h,
  COUNT { (h)-[:COVERS]->(:Package) } AS expected,
  count(DISTINCT CASE WHEN own AND r.voided IS NULL THEN p END) AS direct,
  count(DISTINCT CASE WHEN own AND r.voided THEN p END) AS voids,
  count(DISTINCT CASE WHEN NOT own AND r.voided IS NULL THEN p END) AS parts,
  min(CASE WHEN r.voided IS NULL THEN r.t END) AS firstReceivedAt,
  max(CASE WHEN r.voided IS NULL THEN r.t END) AS lastReceivedAt,
  max(CASE WHEN r IS NOT NULL AND r.voided IS NULL THEN [r.t, r.eventId, r.site] END) AS newest
OPTIONAL MATCH (e:Event {id: newest[1]})
SET h.takenAt = coalesce(nullIf(newest[2], '?'), nullIf(h.to, '?')), h.takenBy = coalesce(e.taker, h.toParty)
SET h.expected = expected, h.direct = direct, h.parts = parts, h.voided = voids >= expected AND direct = 0,
  h.firstReceivedAt = firstReceivedAt, h.lastReceivedAt = lastReceivedAt,
  h.status = CASE
    WHEN voids >= expected AND direct = 0 THEN 'VOIDED'
    WHEN direct >= expected THEN 'RECEIVED'
    WHEN direct + parts > 0 THEN 'PARTIAL'
    ELSE 'OUTSTANDING' END
RETURN h.id AS id, h.status AS status, h.from AS from, h.to AS to, h.fromParty AS fromParty, h.toParty AS toParty,
  h.shippedAt AS shippedAt,
  [(h)-[:COVERS]->(p:Package) | p.k][..1000] AS packages`;

/** A shipping: its sites, its parties, and the packages it names. */
export interface Shipping {
  readonly id: string;
  readonly shippedAt: number;
  readonly from: string;
  readonly to: string;
  readonly fromParty: string | null;
  readonly toParty: string | null;
  /** When it is expected, epoch ms; null when the event does not say. */
  readonly dueAt: number | null;
  readonly keys: readonly string[];
}

/** The receipts and voidings of one package at one instant. They replace those known of that instant. */
export interface ReceiptsAt {
  readonly key: string;
  readonly t: number;
  /** True when there may be something to replace. */
  readonly again: boolean;
  readonly list: readonly {
    readonly eventId: string;
    readonly kind: 'received' | 'voided';
    readonly by: string | null;
    readonly site: string | null;
  }[];
}

/** What a batch changes in custody. */
export interface CustodyChanges {
  readonly seq: number;
  readonly shippings: readonly Shipping[];
  /** Ids of events that were declared in error. */
  readonly retracted: readonly string[];
  readonly receipts: readonly ReceiptsAt[];
}

/**
 * Writes shippings and receipts in the caller's transaction, and counts the handoffs that they touch again.
 *
 * @returns every touched handoff as it is now
 */
export async function saveHandoffs(
  tx: GraphTransaction,
  changes: CustodyChanges,
): Promise<readonly HandoffState[]> {
  const { shippings, retracted, receipts } = changes;
  const touched = new Set(shippings.map(({ id }) => id));
  if (retracted.length > 0) await tx.run(DROP_HANDOFFS, { ids: retracted });
  for (const id of await dropReceipts(tx, receipts)) touched.add(id);
  const answering = answeringRows(receipts);
  for (const { by } of answering) touched.add(by);
  const shipped = shippings.map((one) => ({
    ...one,
    shippedAt: int(one.shippedAt),
    dueAt: intOrNull(one.dueAt),
    seq: int(changes.seq),
  }));
  const unexpected = unexpectedRows(receipts).map((one) => ({ ...one, seq: int(changes.seq) }));
  const sent: Promise<unknown>[] = [];
  if (shipped.length > 0) sent.push(tx.start(NEW_HANDOFFS, { rows: shipped }));
  if (answering.length > 0) sent.push(tx.start(NEW_RECEIPTS, { rows: answering }));
  if (unexpected.length > 0) sent.push(tx.start(UNEXPECTED, { rows: unexpected }));
  await Promise.all(sent);
  return touched.size === 0 ? [] : tx.run(RECOUNT, { ids: [...touched] });
}

/** Deletes the receipts that will be replaced. @returns ids of their handoffs */
async function dropReceipts(
  tx: GraphTransaction,
  receipts: readonly ReceiptsAt[],
): Promise<readonly string[]> {
  const rows = receipts.filter((one) => one.again).map(({ key, t }) => ({ key, t: int(t) }));
  if (rows.length === 0) return [];
  return (await tx.run(DROP_RECEIPTS, { rows })).flatMap(({ ids }) => ids);
}

/** A receipt as a row of a statement. */
interface ReceiptRow {
  readonly key: string;
  readonly t: ReturnType<typeof int>;
  readonly eventId: string;
  readonly site: string;
}

/** Receipts and voidings that answer a known shipping. */
function answeringRows(
  receipts: readonly ReceiptsAt[],
): readonly (ReceiptRow & { readonly by: string; readonly voided: true | null })[] {
  return receipts.flatMap(({ key, t, list }) =>
    list.flatMap(({ eventId, kind, by, site }) => {
      if (by === null) return [];
      const voided = kind === 'voided' ? true : null;
      return [{ key, t: int(t), eventId, site: site ?? '?', by, voided }];
    }),
  );
}

/** Receipts of packages that nobody shipped. */
function unexpectedRows(
  receipts: readonly ReceiptsAt[],
): readonly (ReceiptRow & { readonly id: string })[] {
  return receipts.flatMap(({ key, t, list }) =>
    list.flatMap(({ eventId, kind, by, site }) => {
      if (by !== null || kind !== 'received') return [];
      return [{ key, t: int(t), eventId, site: site ?? '?', id: `over:${eventId}|${key}` }];
    }),
  );
}
