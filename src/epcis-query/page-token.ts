import { createHash } from 'node:crypto';
import { Problem } from '../shared/problem.js';

/** How long a page token is valid, from the time of its page. */
export const TOKEN_LIFETIME_MS = 3_600_000;

/** The contents of a page token. */
export interface PageMark {
  /** Hash of the query: a token is valid only for its own query. */
  readonly of: string;
  /** The newest log position of the answer, for partners the newest record time. It keeps pages stable while events arrive. */
  readonly seq: number;
  /** Event time or log position (for partners, record time) of the last row, and its key; -1 when only the key gives the order. */
  readonly at: number;
  readonly key: string;
  /** How many more events may come, when the answer is limited. */
  readonly left?: number;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

/** A short hash of plain data. */
export function hashOfQuery(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, 16);
}

/** Packs a mark into an opaque text. A checksum detects a token that was cut short. */
export function writeToken({ of, seq, at, key, left, expiresAtMs }: PageMark): string {
  const body = Buffer.from(JSON.stringify([of, seq, at, key, expiresAtMs, left ?? null])).toString(
    'base64url',
  );
  return `${body}.${hashOfQuery(body)}`;
}

/**
 * Opens a token.
 *
 * @throws Problem QUERY_PARAMETER when it is invalid, expired, or from another query
 */
export function readToken(token: string, of: string, nowMs: number): PageMark {
  const mark = open(token);
  if (mark === null)
    throw refused('was not given out by this service.', 'Follow the Link header unchanged.');
  if (mark.expiresAtMs <= nowMs)
    throw refused(
      'has expired: it is valid for an hour.',
      'Ask for the first page again. To continue, limit it by the time of the last event you have.',
    );
  if (mark.of !== of)
    throw refused('belongs to another query.', 'Send it with the parameters it was given out for.');
  return mark;
}

/** When a token was given out, epoch ms. What is no token is said to come later, because {@link readToken} says what is wrong with it. */
export function issuedAtOf(token: string): number {
  const mark = open(token);
  return mark === null ? Number.MAX_SAFE_INTEGER : mark.expiresAtMs - TOKEN_LIFETIME_MS;
}

function open(token: string): PageMark | null {
  const dot = token.indexOf('.');
  const body = token.slice(0, Math.max(dot, 0));
  if (token.length > 4000 || token.slice(dot + 1) !== hashOfQuery(body)) return null;
  const parts = parse(body);
  return Array.isArray(parts) && parts.length === 6 ? markOf(parts) : null;
}

function markOf([of, seq, at, key, expiresAtMs, left]: readonly unknown[]): PageMark | null {
  const numbers = [seq, at, expiresAtMs, left ?? 0];
  if (typeof of !== 'string' || typeof key !== 'string' || !numbers.every(Number.isSafeInteger))
    return null;
  return {
    of,
    key,
    seq: Number(seq),
    at: Number(at),
    expiresAtMs: Number(expiresAtMs),
    ...(left === null ? {} : { left: Number(left) }),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function refused(rule: string, remedy: string): Problem {
  return new Problem('QUERY_PARAMETER', `Parameter "nextPageToken": ${rule} ${remedy}`, {
    details: { parameter: 'nextPageToken', rule, remedy },
  });
}
