import { Problem } from '../shared/problem.js';
import { findExcess } from './json-scan.js';

/** Levels of nesting in JSON that somebody sends: more than any document may have, and few enough for whatever walks it. */
export const MAX_JSON_DEPTH = 600;

/**
 * Refuses JSON text whose nesting would overflow the stack of what walks it: `JSON.parse` takes any.
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
