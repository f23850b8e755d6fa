import type { Direction, PageRequest } from '../shared/page.js';
import type { CypherFragment, ReadStatement, Row } from './cypher.js';
import { fragment, int } from './cypher.js';

/** The parts of a statement that differ between the two directions of a list. */
export interface Way {
  /** Ends the name of the statement: `Up` or `Down`. */
  readonly suffix: 'Up' | 'Down';
  /** `ASC` or `DESC`. */
  readonly order: CypherFragment;
  /** `>` or `<`: what a key is to the key before it. */
  readonly behind: CypherFragment;
}

/** A list that is read from either end: two statements, as Cypher has no parameter for a direction. */
export type BothWays<R extends object = Row> = Readonly<Record<Direction, ReadStatement<R>>>;

const UP: Way = { suffix: 'Up', order: fragment`ASC`, behind: fragment`>` };
const DOWN: Way = { suffix: 'Down', order: fragment`DESC`, behind: fragment`<` };

/** Declares the two statements of a list. */
export function bothWays<R extends object = Row>(
  make: (way: Way) => ReadStatement<R>,
): BothWays<R> {
  return { ASC: make(UP), DESC: make(DOWN) };
}

/** Behind every text key. */
export const KEY_BEHIND_ALL = '\u{10FFFF}';
const KEY_ENDS: Readonly<Record<Direction, string>> = { ASC: '', DESC: KEY_BEHIND_ALL };
const NUMBER_ENDS: Readonly<Record<Direction, number>> = {
  ASC: Number.MIN_SAFE_INTEGER,
  DESC: Number.MAX_SAFE_INTEGER,
};

/** The text key that a walk starts behind. */
export function startKey(way: Direction, from: string | number | undefined): string {
  return from === undefined ? KEY_ENDS[way] : String(from);
}

/** The number that a walk starts at. */
export function startNumber(way: Direction, from: string | number | undefined): number {
  return from === undefined ? NUMBER_ENDS[way] : Number(from);
}

/** The parameters of a list that is ordered by a time or log position and the id, for {@link behindTime}. */
export function timesIn(
  way: Direction,
  { from }: Pick<PageRequest, 'from'>,
  range: { readonly from?: number | undefined; readonly until?: number | undefined } = {},
): Record<string, unknown> {
  const [start, id] = from ?? [];
  const at = startNumber(way, start);
  const [first, last] = [startNumber('ASC', undefined), startNumber('DESC', undefined)];
  const [lowest, highest] = way === 'ASC' ? [at, last] : [first, at];
  return {
    timeFrom: int(Math.max(range.from ?? first, lowest)),
    timeUntil: int(Math.min(range.until ?? last, highest)),
    start: start === undefined ? null : int(at),
    startId: startKey(way, id),
  };
}

/** Conditions with the parameters of {@link timesIn}. With an OR, the planner may make two seeks and sort all; CASE keeps the one ordered range. */
export function behindTime(
  time: CypherFragment,
  id: CypherFragment,
  { behind }: Way,
): CypherFragment {
  return fragment`${time} >= $timeFrom AND ${time} <= $timeUntil
  AND CASE WHEN ${time} = $start THEN ${id} ${behind} $startId ELSE true END`;
}
