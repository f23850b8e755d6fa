import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { parseMessages } from './messages.js';
import type { Batch } from './messages.js';

interface ToldRow {
  readonly seq: number;
  readonly at: number;
  readonly last: number;
  readonly messages: string;
}

const TOLD_AFTER = cypher.own<ToldRow>('feed.toldAfter')`
MATCH (t:Told) WHERE t.p = $viewer AND t.last > $after AND t.seq <= $upTo
RETURN t.seq AS seq, t.at AS at, t.last AS last, t.messages AS messages ORDER BY last LIMIT $limit`;

const TOLD_IN = cypher.host<ToldRow & { readonly organisation: string }>('feed.toldIn')`
MATCH (t:Told) WHERE t.seq > $after AND t.seq <= $upTo AND t.p IN $organisations
RETURN t.p AS organisation, t.seq AS seq, t.at AS at, t.last AS last, t.messages AS messages`;

interface EndsRow {
  readonly oldest: ToldRow | null;
  readonly newest: ToldRow | null;
  readonly here: ToldRow | null;
  readonly next: ToldRow | null;
}

// What is not behind the head may be written just now, and only a part of it be found.
const oneOf = (
  where: CypherFragment,
  order: CypherFragment,
): CypherFragment => fragment`head(COLLECT {
    MATCH (t:Told) WHERE t.p = $viewer AND t.seq <= $head AND ${where}
    RETURN t {.seq, .at, .last, .messages} ORDER BY ${order} LIMIT 1 })`;
const FIRST = fragment`t.last`;
const ENDS = cypher.own<EndsRow>('feed.endsOfTold')`
RETURN ${oneOf(fragment`t.last > 0 AND t.at >= $since`, FIRST)} AS oldest,
  ${oneOf(fragment`t.last > 0`, fragment`t.last DESC`)} AS newest,
  ${oneOf(fragment`t.last >= $n`, FIRST)} AS here, ${oneOf(fragment`t.last > $n`, FIRST)} AS next`;

/** What an organisation was told: the newest, what has its message `n`, and what has the one after. */
export interface ToldEnds {
  /** The oldest that is still given. */
  readonly oldest: Batch | null;
  readonly newest: Batch | null;
  readonly here: Batch | null;
  readonly next: Batch | null;
}

/** Up to `limit` batches of what the organisation of the view was told after its message `after`, up to a position in the log. */
export async function readTold(
  view: View,
  { after, upTo }: { readonly after: number; readonly upTo: number },
  limit: number,
): Promise<readonly Batch[]> {
  const params = { after: int(after), upTo: int(upTo), limit: int(limit) };
  return (await view.read(TOLD_AFTER, params)).map(toBatch);
}

/** What these organisations were told in a span of the log: by position, then by organisation. */
export async function readToldIn(
  view: View,
  organisations: readonly string[],
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<Map<number, Map<string, Batch>>> {
  const params = { organisations, after: int(after), upTo: int(upTo) };
  const told = new Map<number, Map<string, Batch>>();
  for (const { organisation, ...row } of await view.read(TOLD_IN, params)) {
    const batch = told.get(row.seq) ?? new Map<string, Batch>();
    told.set(row.seq, batch.set(organisation, toBatch(row)));
  }
  return told;
}

/** The ends of what the organisation of the view was told up to the head of the log, and what is around its message `n`. */
export async function readToldEnds(
  view: View,
  n: number,
  { head, since }: { readonly head: number; readonly since: number },
): Promise<ToldEnds> {
  const [row] = await view.read(ENDS, { n: int(n), head: int(head), since: int(since) });
  const batchOf = (one: ToldRow | null | undefined): Batch | null =>
    one == null ? null : toBatch(one);
  const { oldest, newest, here, next } = row ?? {};
  return {
    ...{ oldest: batchOf(oldest), newest: batchOf(newest) },
    ...{ here: batchOf(here), next: batchOf(next) },
  };
}

function toBatch({ messages, ...row }: ToldRow): Batch {
  return { ...row, messages: parseMessages(messages) };
}
