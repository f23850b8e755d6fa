/** Limits and rules for one document. Its bytes are counted where it is read. */
export interface CaptureLimits {
  readonly maxEvents: number;
  readonly maxEpcsPerEvent: number;
  /** Levels of nesting inside one event, and around the events. */
  readonly maxDepth: number;
  /** Domains, besides id.gs1.org, where a URI in the form of a Digital Link must be a right one. */
  readonly digitalLinkDomains?: readonly string[];
}

/** Most JSON values or XML elements of one document: more than a useful document of 64 MiB has. */
export const MAX_VALUES = 4_000_000;
/** Most XML elements around the events: header and master data. */
export const MAX_ELEMENTS_AROUND = 500_000;
/** Most values or elements of an event besides EPCs and quantities: extensions, sensor reports. */
const VALUES_BESIDE_EPCS = 200_000;
/** Values of one quantity, counting the quantity itself. */
const VALUES_OF_AN_ITEM = 4;
/** Most characters of a name or namespace. The event hash repeats them for each value. */
export const MAX_NAME = 500;
/** Most different namespaces that one document may declare. */
export const MAX_NAMESPACES = 1000;

/** Most JSON values or XML elements of one event. */
export function maxValuesPerEvent({ maxEpcsPerEvent }: CaptureLimits): number {
  return maxEpcsPerEvent * VALUES_OF_AN_ITEM + VALUES_BESIDE_EPCS;
}
