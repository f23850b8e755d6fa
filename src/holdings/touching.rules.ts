import { MAX_DEPTH } from './holding.js';
import { append } from '../shared/append.js';

/** A membership of a package in a filling of `box`. `to` is when it left, or null while it is inside. */
export interface Membership {
  readonly holding: string;
  readonly box: string;
  readonly from: number;
  readonly to: number | null;
  /** When the filling was emptied, and by which event. */
  readonly dissolvedAt: number | null;
  readonly endedBy: string | null;
}

/** A time in which events that name `key` touch the package in question. `key` is the package or a container it was in. */
export interface Window {
  readonly key: string;
  /** 0 for the package itself, 1 for its container, 2 for the container around that … */
  readonly level: number;
  readonly from: number;
  /** Exclusive; Infinity when the window is still open. */
  readonly to: number;
  /** It went on, but who asks did not see it any more. */
  readonly isCut?: true;
}

/** The event that emptied or ended a container while the package was inside. */
interface Emptying {
  readonly eventId: string;
  readonly key: string;
  readonly level: number;
  readonly from: number;
  readonly at: number;
}

/** Everything whose events touch one package. Windows are ordered from the inside out, then by time. */
export interface Touching {
  readonly windows: readonly Window[];
  readonly emptyings: readonly Emptying[];
}

/**
 * What touches a package in the time of `start`: its own events, and those of each container while it was inside, directly or
 * nested. It is inside from joining until it leaves or the filling is emptied.
 *
 * @param known the memberships of every key that is reached; a missing key has none
 */
export function touchingOf(
  start: Window,
  known: ReadonlyMap<string, readonly Membership[]>,
): Touching {
  const windows: Window[] = [start];
  const emptyings: Emptying[] = [];
  let level: readonly Window[] = [start];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const inside = level.flatMap((window) =>
      (known.get(window.key) ?? []).map((membership) => insideOf(window, membership)),
    );
    level = inside.flatMap(({ window }) => window ?? []).sort((a, b) => a.from - b.from);
    append(windows, level);
    append(
      emptyings,
      inside.flatMap(({ emptying }) => emptying ?? []),
    );
  }
  return { windows, emptyings: emptyings.filter(({ at }) => at < start.to) };
}

/** Joins memberships that follow each other in the same filling. A change of status separates them. */
export function joined(memberships: readonly Membership[]): Membership[] {
  const merged: Membership[] = [];
  for (const one of memberships.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last?.holding === one.holding && last.to === one.from)
      merged[merged.length - 1] = { ...last, to: one.to };
    else merged.push(one);
  }
  return merged;
}

/** The emptying of a filling touches every package that was inside just before, wherever it went at that instant. */
function insideOf(
  window: Window,
  membership: Membership,
): { window?: Window; emptying?: Emptying } {
  const { box: key, dissolvedAt, endedBy } = membership;
  const level = window.level + 1;
  const from = Math.max(window.from, membership.from);
  const left = Math.min(window.to, membership.to ?? Infinity);
  const to = Math.min(left, dissolvedAt ?? Infinity);
  const emptied =
    dissolvedAt !== null && endedBy !== null && from < dissolvedAt && dissolvedAt <= left;
  return {
    ...(from < to ? { window: { key, level, from, to } } : {}),
    ...(emptied ? { emptying: { eventId: endedBy, key, level, from, at: dissolvedAt } } : {}),
  };
}
