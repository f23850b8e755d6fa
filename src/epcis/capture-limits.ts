/** The most that one document may hold, and what else is asked of it here; bytes are counted where it is read. */
export interface CaptureLimits {
  readonly maxEvents: number;
  readonly maxEpcsPerEvent: number;
  /** Levels of nesting inside one event, and around the events. */
  readonly maxDepth: number;
  /** Domains, beside id.gs1.org, on which a URI of the form of a Digital Link has to be a right one. */
  readonly digitalLinkDomains?: readonly string[];
}

/** JSON values or XML elements of one document: more than one of 64 MiB has that says something. */
export const MAX_VALUES = 4_000_000;
/** XML elements that may stand around the events: header and master data. */
export const MAX_ELEMENTS_AROUND = 500_000;
/** JSON values or XML elements that an event may have besides those of its EPCs and quantities: extensions, sensor reports. */
const VALUES_BESIDE_EPCS = 200_000;
/** Values of one quantity, itself included. */
const VALUES_OF_AN_ITEM = 4;
/** Characters of a field's or element's name, and of a namespace: in the event hash they stand once for each value. */
export const MAX_NAME = 500;
/** Namespaces that one document declares, each counted once. */
export const MAX_NAMESPACES = 1000;

/** JSON values or XML elements of one event. */
export function maxValuesPerEvent({ maxEpcsPerEvent }: CaptureLimits): number {
  return maxEpcsPerEvent * VALUES_OF_AN_ITEM + VALUES_BESIDE_EPCS;
}
