import { Problem } from '../shared/problem.js';
import { findExcess } from './json-scan.js';

/** Most levels in JSON input: more than any document may have, but safe for recursive code. */
export const MAX_JSON_DEPTH = 600;

/**
 * Refuses JSON whose nesting would overflow the stack of recursive code; `JSON.parse` accepts any.
 *
 * @throws Problem `BAD_USER_INPUT`
 */
export function refuseDeep(text: string): void {
  const deep = findExcess(text, { depth: MAX_JSON_DEPTH, values: Infinity });
  if (deep !== undefined)
    throw new Problem(
      'BAD_USER_INPUT',
      `The body nests deeper than ${MAX_JSON_DEPTH} levels, from character ${deep.offset + 1} on. Flatten it.`,
    );
}
