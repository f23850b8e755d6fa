import type { NewMessage } from '../feed/index.js';
import type { Changes } from '../projection/index.js';
import type { KnownException } from './seers.rules.js';

/** An exception and who saw it before a batch and sees it after; null where there was or is none. */
export interface ExceptionChange extends Omit<KnownException, 'viewers'> {
  readonly isNew: boolean;
  readonly isGone: boolean;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Compares the exceptions of a batch with those that were recorded at the same instants. */
export function exceptionChanges(
  findings: Changes['findings'],
  known: readonly KnownException[],
): readonly ExceptionChange[] {
  const changes = new Map<string, ExceptionChange>();
  for (const { viewers, ...one } of known)
    changes.set(nameOf(one), { ...one, isNew: false, isGone: true, before: viewers, after: [] });
  const newest = new Map(findings.map((one) => [`${one.key} ${one.t}`, one]));
  for (const { key, t, list } of newest.values())
    for (const { code, eventId, viewers: after = [] } of list) {
      const one = { key, t, code, eventId };
      const was = changes.get(nameOf(one));
      const before = was?.before ?? [];
      changes.set(nameOf(one), { ...one, isNew: was === undefined, isGone: false, before, after });
    }
  return [...changes.values()];
}

function nameOf({ key, t, code, eventId }: Omit<KnownException, 'viewers'>): string {
  return JSON.stringify([key, t, code, eventId]);
}

/** The messages for the host about exceptions that are new, or are no longer. */
export function exceptionMessages(changes: readonly ExceptionChange[]): readonly NewMessage[] {
  return changes.flatMap(({ isNew, isGone, key: k, t, code, eventId }) =>
    isNew || isGone
      ? [{ kind: 'exception', change: isNew ? 'RAISED' : 'CLEARED', k, t, code, eventId }]
      : [],
  );
}
