import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import { parseMessages } from './messages.js';
import type { Batch } from './messages.js';
import type { Membership } from './surroundings.js';

/** Some batches of the log, in order and without gaps. */
export interface LogPage {
  /** Oldest batch that is kept. */
  readonly floor: number;
  readonly batches: readonly Batch[];
}

interface LogRow {
  readonly floor: number | null;
  readonly seq: number | null;
  readonly at: number | null;
  readonly messages: string | null;
}

const LOG_AFTER = cypher.events<LogRow>('feed.logAfter')`
MATCH (l:Log {id: 'log'})
WITH l.floor AS floor
OPTIONAL CALL () {
  MATCH (b:Batch) WHERE b.seq > $after AND b.seq <= $upTo
  RETURN b ORDER BY b.seq LIMIT $limit
}
RETURN floor, b.seq AS seq, b.at AS at, b.messages AS messages ORDER BY seq`;

const LOG_PLACE = cypher.events<{ floor: number | null; at: number | null }>('feed.logPlace')`
MATCH (l:Log {id: 'log'})
OPTIONAL MATCH (b:Batch {seq: $seq})
RETURN l.floor AS floor, b.at AS at`;

// A package is in one container at a time, so a narrow span walks one chain. Only a span over years of a tote's life walks more.
const MEMBERSHIPS = cypher.packages<Membership>('feed.memberships')`
UNWIND $spans AS span
UNWIND $packages AS k
MATCH (p:Package {k: k})
MATCH (p) ((child:Package)-[r:IN]->(h:Holding)<-[:FILLED]-(:Container)
  WHERE r.from <= span.to AND coalesce(r.to, span.from) >= span.from
    AND coalesce(h.dissolvedAt, span.from) >= span.from){1,20} (outer:Container)
WITH DISTINCT last(child).k AS child, outer.k AS container, last(r) AS r, last(h) AS h
RETURN child, container, r.from AS from,
  CASE WHEN r.to IS NULL OR h.dissolvedAt < r.to THEN h.dissolvedAt ELSE r.to END AS until`;

/** Up to `limit` batches after `after`, up to `upTo`. All up to `upTo` must be readable, because a gap would never be filled. */
export async function readLog(
  view: View,
  { after, upTo }: { readonly after: number; readonly upTo: number },
  limit: number,
): Promise<LogPage> {
  const params = { after: int(after), upTo: int(upTo), limit: int(limit) };
  const rows = await view.read(LOG_AFTER, params);
  const batches = rows.flatMap(({ seq, at, messages }) =>
    seq === null ? [] : [{ seq, at: at ?? 0, messages: parseMessages(messages) }],
  );
  return { floor: rows[0]?.floor ?? 0, batches };
}

/** The oldest batch that is kept, and the record time of one batch (epoch ms); 0 when there is none. */
export async function readLogPlace(
  view: View,
  seq: number,
): Promise<{ readonly floor: number; readonly at: number }> {
  const [row] = await view.read(LOG_PLACE, { seq: int(seq) });
  return { floor: row?.floor ?? 0, at: row?.at ?? 0 };
}

/** Every membership of the packages, and of the containers around them, that overlaps one of the spans (epoch ms). */
export async function readMemberships(
  view: View,
  packages: readonly string[],
  spans: readonly { readonly from: number; readonly to: number }[],
): Promise<Membership[]> {
  const bounds = spans.map(({ from, to }) => ({ from: int(from), to: int(to) }));
  return view.read(MEMBERSHIPS, { packages, spans: bounds });
}
