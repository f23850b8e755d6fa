import { Problem } from './problem.js';

/** The sort key of one row, for its cursor. */
export type PageKey = readonly (string | number)[];

/** The types of the parts of a list's cursors, in order. */
export type PageKeyShape = readonly ('string' | 'number')[];

/** The requested rows: the first ones after a key. */
export interface PageRequest {
  /** 1 to {@link MAX_FIRST}. */
  readonly first: number;
  readonly after?: PageKey;
}

/** Some rows of a list, in order, each with its cursor. */
export interface Page<T> {
  readonly items: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Number of rows in the whole list, if counting is cheap. */
  readonly totalCount?: number;
}

/** Most rows of one page. */
const MAX_FIRST = 1000;
/** Default number of rows of a page. */
const DEFAULT_FIRST = 50;

/** Packs a sort key into an opaque cursor: base64url of its JSON. */
export function encodeCursor(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Opens a cursor.
 *
 * @throws Problem BAD_USER_INPUT when it is not of this list: not base64url JSON, or another shape
 */
export function decodeCursor(cursor: string, shape: PageKeyShape): PageKey {
  const key = parseKey(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === shape.length &&
    key.every(
      (part, i) =>
        typeof part === shape[i] && (typeof part !== 'number' || Number.isSafeInteger(part)),
    );
  if (!fits) {
    const rule = 'a cursor must come from this list.';
    throw refusal(
      'after',
      cursor.slice(0, 100),
      rule,
      'Use the "cursor" of an edge or pageInfo.endCursor.',
    );
  }
  return key as PageKey;
}

/**
 * Checks the arguments of a connection.
 *
 * @throws Problem BAD_USER_INPUT when `first` is outside 1..1000 or the cursor is malformed
 */
export function pageRequest(
  args: { readonly first?: number | null; readonly after?: string | null },
  shape: PageKeyShape,
): PageRequest {
  const first = args.first ?? DEFAULT_FIRST;
  if (!Number.isInteger(first) || first < 1 || first > MAX_FIRST)
    throw refusal(
      'first',
      first,
      `must be 1 to ${MAX_FIRST}.`,
      'Ask for fewer and page with "after".',
    );
  if (args.after === undefined || args.after === null) return { first };
  return { first, after: decodeCursor(args.after, shape) };
}

/**
 * Makes a page of rows that were read with a limit of `first + 1`; the extra row shows that there
 * are more.
 *
 * @param keyOf the row's sort key, in the shape of the list's cursors
 */
export function pageOf<T>(
  rows: readonly T[],
  request: PageRequest,
  keyOf: (row: T) => PageKey,
): Page<T> {
  return {
    items: rows
      .slice(0, request.first)
      .map((node) => ({ cursor: encodeCursor(keyOf(node)), node })),
    hasNextPage: rows.length > request.first,
    hasPreviousPage: request.after !== undefined,
  };
}

function parseKey(cursor: string): unknown {
  if (cursor.length > 2000 || !/^[\w-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function refusal(argument: string, found: string | number, rule: string, remedy: string): Problem {
  const message = `Argument "${argument}": ${rule} Found ${JSON.stringify(found)}. ${remedy}`;
  return new Problem('BAD_USER_INPUT', message, { details: { argument, found, rule, remedy } });
}
