/** Something that happens at an instant; what it is, is made only when its turn comes. */
export interface Timed<T> {
  /** Epoch ms. */
  readonly t: number;
  readonly make: () => T;
}

/** One story among many: its events in order of time. */
export interface Lane<T> {
  /** No event of it is before this. */
  readonly from: number;
  open(): readonly Timed<T>[];
}

interface OpenLane<T> {
  readonly events: readonly Timed<T>[];
  at: number;
}

/**
 * All lanes in one order of time. A lane is opened when its time comes and dropped at its end, so what is in memory are the lanes
 * that overlap, however many there are.
 *
 * @param lanes in order of `from`
 */
export function* merged<T>(lanes: Iterable<Lane<T>>): Generator<T> {
  const open: OpenLane<T>[] = [];
  for (const lane of lanes) {
    yield* until(open, lane.from);
    open.push({ events: lane.open(), at: 0 });
  }
  yield* until(open, Infinity);
}

function* until<T>(open: OpenLane<T>[], end: number): Generator<T> {
  for (;;) {
    const next = earliest(open);
    const event = next?.events[next.at];
    if (next === undefined || event === undefined || event.t >= end) return;
    next.at++;
    if (next.at === next.events.length) open.splice(open.indexOf(next), 1);
    yield event.make();
  }
}

/** A few dozen lanes overlap: looking at each costs less than a heap would. */
function earliest<T>(open: readonly OpenLane<T>[]): OpenLane<T> | undefined {
  let found: OpenLane<T> | undefined;
  let least = Infinity;
  for (const lane of open) {
    const t = lane.events[lane.at]?.t ?? Infinity;
    if (t < least) {
      least = t;
      found = lane;
    }
  }
  return found;
}
