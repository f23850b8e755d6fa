import type { SeenHistory, Span } from '../holdings/seen-history.rules.js';
import type { LineageLink } from './lineage.rules.js';

/** A time, [from, to). */
interface Time {
  readonly from: number;
  readonly to: number;
}

/** A window of a walk in which a partner sees something of a package. */
export interface SeenWindow extends Time {
  readonly key: string;
  /** Only members with a sight or a title of their own, which may be seen when their container is not. */
  readonly own: boolean;
}

/** A link for each time in which somebody saw it. Of an end that it did not see, it is not told. */
export function cutToSight(link: LineageLink, spans: readonly Span[]): LineageLink[] {
  return spans.flatMap((span) => {
    const time = common(link, span);
    if (time === null) return [];
    const { edge } = link;
    const isWhole = time.to === link.to;
    const until = isWhole ? edge.until : null;
    const eventId = isWhole ? edge.eventId : null;
    return [{ ...link, ...time, edge: { ...edge, since: time.from, until, eventId } }];
  });
}

/** The windows of packages, each cut to the times in which it was seen. */
export function seenWindows(
  windows: readonly (Time & { readonly key: string })[],
  history: SeenHistory,
): SeenWindow[] {
  return windows.flatMap((window) =>
    history.spansOf(window.key).flatMap((span) => {
      const time = common(window, span);
      return time === null ? [] : { key: window.key, ...time, own: false };
    }),
  );
}

function common(a: Time, b: Time): Time | null {
  const time = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
  return time.from < time.to ? time : null;
}
