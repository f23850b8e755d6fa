/** The most that one document may hold; bytes are counted where it is read. */
export interface CaptureLimits {
  readonly maxEvents: number;
  readonly maxEpcsPerEvent: number;
  /** Levels of nesting inside one event, and around the events. */
  readonly maxDepth: number;
}
