import type { View } from '../access/view.js';
import { hashAfter } from './access-entry.js';
import { readChain, readChainEnd } from './access.read-model.js';

/** What is wrong with the audit log. */
export interface AccessVerdict {
  /** How many entries its chain should have. */
  readonly entries: number;
  /** A line for each place where an entry was removed or altered. */
  readonly faults: readonly string[];
}

/**
 * Checks the audit log from its first entry on: each has the next place, and the hash of what it holds after the hash before it. It
 * cannot know of somebody who wrote the whole rest of the chain anew; for that, keep the last hash outside the store.
 */
export async function verifyAccesses(view: View): Promise<AccessVerdict> {
  const end = await readChainEnd(view);
  const faults: string[] = [];
  let last = { n: 0, hash: '' };
  for (;;) {
    const entries = await readChain(view, last.n, end.n);
    for (const entry of entries) {
      if (entry.n !== last.n + 1) faults.push(missing(last.n + 1, entry.n - 1));
      else if (entry.hash !== hashAfter(last.hash, entry))
        faults.push(`entry ${entry.n}: it was altered, or the one before it`);
      last = entry;
    }
    if (entries.length === 0) break;
  }
  if (last.n < end.n) faults.push(missing(last.n + 1, end.n));
  else if (last.hash !== end.hash) faults.push(`entry ${last.n}: it is not the last one written`);
  return { entries: end.n, faults };
}

function missing(from: number, to: number): string {
  return from === to
    ? `entry ${from}: it was removed`
    : `entries ${from} to ${to}: they were removed`;
}
