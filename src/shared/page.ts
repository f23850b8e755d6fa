import { refusedArgument } from './problem.js';
import type { Problem } from './problem.js';

/** The sort key of one row, for its cursor. */
export type PageKey = readonly (string | number)[];

/** The types of the parts of a list's cursors, in order. */
export type PageKeyShape = readonly ('string' | 'number')[];

/** The requested rows: the first ones behind a key, or the last ones before it. */
export interface PageRequest {
  /** 1 to {@link MAX_ROWS}. */
  readonly size: number;
  /** Reads from the end of the list towards its beginning. */
  readonly backward: boolean;
  /** The page begins behind this key or, read backward, ends before it. Without it, it begins at the beginning or ends at the end. */
  readonly from?: PageKey;
}

/** The order in which a list is read. */
export type Direction = 'ASC' | 'DESC';

/** How many rows a whole list has. */
export interface TotalCount {
  /** Null when there are more than {@link COUNTED_AT_MOST}. */
  readonly exact: number | null;
  readonly atLeast: number;
}

/** Some rows of a list, in order, each with its cursor. */
export interface Page<T> {
  readonly items: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Counts the rows of the whole list; called only when somebody asks. */
  readonly count: () => Promise<TotalCount>;
}

/** Rows are counted up to this number. */
export const COUNTED_AT_MOST = 10_000;

/** Most rows of one page. */
const MAX_ROWS = 1000;
/** Default number of rows of a page. */
export const DEFAULT_ROWS = 50;

/** Packs a sort key into an opaque cursor: base64url of its JSON. */
export function encodeCursor(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The arguments of a connection. */
export interface ConnectionArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/**
 * Opens a cursor.
 *
 * @throws Problem BAD_USER_INPUT when it is not of this list: not base64url JSON, or another shape
 */
export function decodeCursor(
  cursor: string,
  shape: PageKeyShape,
  argument: 'after' | 'before' = 'after',
): PageKey {
  const key = parseKey(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === shape.length &&
    key.every(
      (part, i) =>
        typeof part === shape[i] && (typeof part !== 'number' || Number.isSafeInteger(part)),
    );
  if (fits) return key as PageKey;
  throw notOfThisList(argument, cursor);
}

/** The problem of a cursor that this list did not give. */
export function notOfThisList(argument: 'after' | 'before', cursor: string): Problem {
  const end = argument === 'after' ? 'endCursor' : 'startCursor';
  return refusedArgument(argument, cursor, {
    rule: 'a cursor must come from this list.',
    remedy: `Use the "cursor" of an edge or pageInfo.${end}.`,
  });
}

/**
 * Checks the arguments of a connection: `first` and `after`, or `last` and `before`.
 *
 * @param shape the types of the parts of this list's cursors
 * @throws Problem BAD_USER_INPUT when a number is outside 1..1000, when both directions are asked for, or when a cursor is not of this list
 * @see Relay cursor connections, 4 (arguments)
 */
export function pageRequest(args: ConnectionArgs, shape: PageKeyShape): PageRequest {
  const backward = isGiven(args.last) || isGiven(args.before);
  if (backward) refuseForward(args);
  const [size, from] = backward ? (['last', 'before'] as const) : (['first', 'after'] as const);
  const rows = args[size] ?? DEFAULT_ROWS;
  if (!Number.isInteger(rows) || rows < 1 || rows > MAX_ROWS)
    throw refusedArgument(size, rows, {
      rule: `must be 1 to ${MAX_ROWS}.`,
      remedy: `Ask for fewer and page with "${from}".`,
    });
  const cursor = args[from];
  const request = { size: rows, backward };
  return isGiven(cursor) ? { ...request, from: decodeCursor(cursor, shape, from) } : request;
}

function refuseForward(args: ConnectionArgs): void {
  for (const name of ['first', 'after'] as const) {
    const found = args[name];
    if (isGiven(found))
      throw refusedArgument(name, found, {
        rule: 'a page is read from one end of the list.',
        remedy: 'Use "first" with "after", or "last" with "before".',
      });
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

/** The direction in which rows are read for a page, when the list itself has this order. */
export function wayOf({ backward }: PageRequest, order: Direction = 'ASC'): Direction {
  return backward === (order === 'ASC') ? 'DESC' : 'ASC';
}

/** How many rows to read for a page: one more shows that the list goes on. */
export function limitOf({ size }: PageRequest): number {
  return size + 1;
}

/**
 * Makes a page of rows that were read in the direction of {@link wayOf}, with {@link limitOf}.
 *
 * @param keyOf the row's sort key, in the shape of the list's cursors
 */
export function pageOf<T>(
  rows: readonly T[],
  { size, backward, from }: PageRequest,
  { keyOf, count }: { readonly keyOf: (row: T) => PageKey } & Pick<Page<T>, 'count'>,
): Page<T> {
  const read = rows.slice(0, size).map((node) => ({ cursor: encodeCursor(keyOf(node)), node }));
  const [goesOn, came] = [rows.length > size, from !== undefined];
  return {
    items: backward ? read.reverse() : read,
    hasNextPage: backward ? came : goesOn,
    hasPreviousPage: backward ? goesOn : came,
    count,
  };
}

/** A page of a list that has no rows. */
export const EMPTY_PAGE: Page<never> = {
  items: [],
  hasNextPage: false,
  hasPreviousPage: false,
  count: () => Promise.resolve({ exact: 0, atLeast: 0 }),
};

/** A count that ended at {@link COUNTED_AT_MOST} rows looked at, or before. */
export function totalOf(counted: number, walked = counted): TotalCount {
  return walked > COUNTED_AT_MOST
    ? { exact: null, atLeast: Math.min(counted, COUNTED_AT_MOST) }
    : { exact: counted, atLeast: counted };
}

/** The same page with other rows. */
export function mapPage<T, U>(page: Page<T>, shape: (row: T) => U): Page<U> {
  return { ...page, items: page.items.map(({ cursor, node }) => ({ cursor, node: shape(node) })) };
}

function parseKey(cursor: string): unknown {
  if (cursor.length > 2000 || !/^[\w-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
