import { createHash } from 'node:crypto';
import type { EpcisEvent } from './event.js';
import type { Prefixes } from './namespaces.js';
import { prefixesOf } from './namespaces.js';
import { prehashOf } from './prehash.js';

const NOTHING: ReadonlySet<string> = new Set();

/** The event hash, with the prefixes in scope; `ignored` comes from `ignoredFields`. */
export function hashOf(
  event: EpcisEvent,
  prefixes: Prefixes,
  ignored: ReadonlySet<string> = NOTHING,
): string {
  const text = prehashOf(event as unknown as Readonly<Record<string, unknown>>, prefixes, ignored);
  return `ni:///sha-256;${createHash('sha256').update(text, 'utf8').digest('hex')}?ver=CBV2.0`;
}

/**
 * The text that the event hash digests (CBV 2.0 section 8.9): fields in canonical order, values in
 * canonical form, without what a repository may add (recordTime, eventID, errorDeclaration).
 * `context` is the document's `@context`.
 */
export function preHash(
  event: EpcisEvent,
  context?: unknown,
  ignored: ReadonlySet<string> = NOTHING,
): string {
  return prehashOf(
    event as unknown as Readonly<Record<string, unknown>>,
    prefixesOf(context, event['@context']),
    ignored,
  );
}

/** The event hash as a URI (CBV 2.0 section 8.9, RFC 6920): `ni:///sha-256;<64 hex digits>?ver=CBV2.0`. */
export function eventHash(
  event: EpcisEvent,
  context?: unknown,
  ignored: ReadonlySet<string> = NOTHING,
): string {
  return hashOf(event, prefixesOf(context, event['@context']), ignored);
}
