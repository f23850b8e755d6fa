/** The source of time. It is passed as a dependency, so tests can stop it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = {
  // eslint-disable-next-line no-restricted-properties -- the one owner of the clock
  now: () => Date.now(),
};

/** A clock that stands still until it is set. */
export function fixedClock(epochMs: number): Clock & { set(epochMs: number): void } {
  let current = epochMs;
  return {
    now: () => current,
    set: (next) => {
      current = next;
    },
  };
}
