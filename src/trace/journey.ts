import type { PageKeyShape } from '../shared/page.js';

/** One event that touched a package. */
export interface JourneyEntry {
  readonly eventId: string;
  readonly type: string;
  readonly action: string | null;
  readonly bizStep: string | null;
  readonly disposition: string | null;
  /** Epoch ms. */
  readonly eventTime: number;
  readonly eventTimeZoneOffset: string | null;
  readonly recordTime: number | null;
  /** Site keys. */
  readonly readPoint: string | null;
  readonly bizLocation: string | null;
  readonly retracted: boolean;
  /** Key of the container through which it was touched; null when the event names the package itself. */
  readonly via: string | null;
  /** When the package was inside that container, epoch ms. `viaUntil` is null while it is inside. Both are null without `via`. */
  readonly viaSince: number | null;
  readonly viaUntil: number | null;
  /** Class in the order of events of one instant. */
  readonly rank: number;
  readonly hash: string;
}

/** The parts of a journey's cursor: eventTime, class, hash, id. */
export const JOURNEY_KEY: PageKeyShape = ['number', 'number', 'string', 'string'];
