/** The most that one document may hold, and what else is asked of it here; bytes are counted where it is read. */
export interface CaptureLimits {
  readonly maxEvents: number;
  readonly maxEpcsPerEvent: number;
  /** Levels of nesting inside one event, and around the events. */
  readonly maxDepth: number;
  /** Domains, beside id.gs1.org, on which a URI of the form of a Digital Link has to be a right one. */
  readonly digitalLinkDomains?: readonly string[];
}
