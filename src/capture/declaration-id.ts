import { createHash } from 'node:crypto';
import type { ParsedEvent } from '../epcis/parse-document.js';

/**
 * The id of an error declaration: the id of the declared event and a digest of what the declaration says.
 * A repeated declaration has the same id. Another reason, time or correction gives another id.
 */
export function declarationIdOf({ id, errorDeclaration: told }: ParsedEvent): string {
  const corrections = [...(told?.correctiveEventIDs ?? [])].sort();
  const said = JSON.stringify([told?.declarationTimeMs, told?.reason ?? null, corrections]);
  return `${id} declared ${createHash('sha256').update(said).digest('hex')}`;
}
