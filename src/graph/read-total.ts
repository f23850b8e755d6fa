import { COUNTED_AT_MOST, totalOf } from '../shared/page.js';
import type { TotalCount } from '../shared/page.js';
import type { ReadStatement } from './cypher.js';
import { int } from './cypher.js';
import type { Params } from './run-options.js';

/** What a statement that counts a list found, `$limit` rows at most. */
export interface Counted {
  /** How many rows it looked at, when some of them may not belong to the list. */
  readonly walked?: number;
  readonly n: number;
}

interface Reader {
  read(statement: ReadStatement<Counted>, params: Params): Promise<readonly Counted[]>;
}

/** Counts a list. The statement looks at `$limit` rows: one more than are counted. */
export async function readTotal(
  view: Reader,
  statement: ReadStatement<Counted>,
  params: Params,
): Promise<TotalCount> {
  const [row] = await view.read(statement, { ...params, limit: int(COUNTED_AT_MOST + 1) });
  return row === undefined ? totalOf(0) : totalOf(row.n, row.walked);
}
