import { Problem } from '../shared/problem.js';

/** Stands in a command until what it calls exists. */
export function notWired(what: string): never {
  throw new Problem('SETUP', `Not wired yet: ${what}`);
}
