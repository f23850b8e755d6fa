import { createHash } from 'node:crypto';
import type { ParsedEvent } from '../epcis/parse-document.js';

/**
 * The id of an error declaration: that of the event it declares, and a digest of what it says.
 * The same declaration said again is the same; another reason, time or correction is another.
 */
export function declarationIdOf({ id, errorDeclaration: told }: ParsedEvent): string {
  const corrections = [...(told?.correctiveEventIDs ?? [])].sort();
  const said = JSON.stringify([told?.declarationTimeMs, told?.reason ?? null, corrections]);
  return `${id} declared ${createHash('sha256').update(said).digest('hex')}`;
}
