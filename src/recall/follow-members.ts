import { MAX_DEPTH } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import type { NamedReason, NamedRole } from './recall-scope.js';
import { readFillings, readMembers } from './selection.read-model.js';
import type { MemberRow, Span } from './selection.read-model.js';
import { append } from '../shared/append.js';

/** Where a walk inward begins, and the reason given for what it finds. */
export interface MemberSource extends Span {
  readonly role: NamedRole;
  /** Key of the container, site or lot that was asked for. */
  readonly via: string;
}

/** The limits of a walk inward. */
export interface MemberWalk {
  readonly containers: readonly MemberSource[];
  readonly holdings: readonly MemberSource[];
  /** Nothing after this instant counts, epoch ms. */
  readonly until: number;
  /** The most units that are listed. */
  readonly room: number;
}

/** Units that were inside, each with its lot and the first way it came in. */
export interface MembersFound {
  readonly units: ReadonlyMap<string, NamedReason>;
  /** The containers found, each with the span that matters, and those the walk began from. */
  readonly containers: readonly MemberSource[];
  /** Why the walk was cut, or null when it saw everything. */
  readonly cut: string | null;
}

const CHUNK = 1000;

/**
 * Everything that was inside containers and holdings during their spans, at any depth. Each step reads the members of one level, then the
 * fillings that containers among them had while they were in it.
 */
export async function followMembers(view: View, walk: MemberWalk): Promise<MembersFound> {
  const units = new Map<string, NamedReason>();
  const seen = new Set<string>();
  const met: MemberSource[] = [];
  const found = (cut: string | null): MembersFound => ({ units, containers: met, cut });
  const clip = <S extends Span>(spans: readonly S[]): S[] =>
    spans
      .map((span) => ({ ...span, until: Math.min(span.until, walk.until) }))
      .filter((span) => span.from <= span.until)
      .filter((span) => once(seen, span));
  const meet = (spans: readonly MemberSource[]): MemberSource[] => {
    const fresh = clip(spans);
    append(met, fresh);
    return fresh;
  };
  let holdings = clip([...walk.holdings, ...(await fillingsOf(view, meet(walk.containers)))]);
  for (let depth = 0; holdings.length > 0; depth++) {
    if (depth >= MAX_DEPTH)
      return found(`Contents nested deeper than ${MAX_DEPTH} levels were not followed.`);
    const inner: MemberSource[] = [];
    for (const { source, row } of await membersOf(view, holdings)) {
      if (row.container) {
        inner.push({ ...source, id: row.id, from: row.from, until: row.until });
      } else if (!units.has(row.id)) units.set(row.id, reasonOf(source, row));
      if (units.size > walk.room)
        return found(
          `More units were inside than can be listed one by one (${walk.room}): the rest is not counted. Ask by lot, or in parts.`,
        );
    }
    holdings = clip(await fillingsOf(view, meet(inner)));
  }
  return found(null);
}

async function fillingsOf(
  view: View,
  containers: readonly MemberSource[],
): Promise<MemberSource[]> {
  const found = await inChunks(containers, (spans) => readFillings(view, spans));
  return found.map(({ source, row }) => ({ ...source, ...row }));
}

function membersOf(
  view: View,
  holdings: readonly MemberSource[],
): Promise<{ source: MemberSource; row: MemberRow }[]> {
  return inChunks(holdings, (spans) => readMembers(view, spans));
}

/** Reads in chunks. The `at` of a row says which span it belongs to. */
async function inChunks<R extends { readonly at: number }>(
  sources: readonly MemberSource[],
  read: (spans: readonly Span[]) => Promise<R[]>,
): Promise<{ source: MemberSource; row: R }[]> {
  const found: { source: MemberSource; row: R }[] = [];
  for (let start = 0; start < sources.length; start += CHUNK) {
    const chunk = sources.slice(start, start + CHUNK);
    for (const row of await read(chunk)) {
      const source = chunk[row.at];
      if (source !== undefined) found.push({ source, row });
    }
  }
  return found;
}

function once(seen: Set<string>, span: Span): boolean {
  const key = `${span.id} ${span.from} ${span.until}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function reasonOf(source: MemberSource, row: MemberRow): NamedReason {
  return { role: source.role, via: source.via, eventId: null, at: row.from, lot: row.lot };
}
