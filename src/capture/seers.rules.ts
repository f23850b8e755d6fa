/** Who sees an event. */
export interface SeenEvent {
  /** eventTime, epoch ms. */
  readonly t: number;
  /** The packages that each organisation sees it name; null for all. */
  readonly names: ReadonlyMap<string, ReadonlySet<string> | null>;
  /** The organisations that see all of it. */
  readonly whole: ReadonlySet<string>;
}

/** Who sees events, by their ids. */
export type Seers = ReadonlyMap<string, SeenEvent>;

/** Whether an organisation sees that an event names a package. */
export function seesPackage(
  seers: Seers,
  { eventId, key, organisation }: { eventId: string; key: string; organisation: string },
): boolean {
  const names = seers.get(eventId)?.names.get(organisation);
  return names !== undefined && (names === null || names.has(key));
}

/** An exception that is recorded. */
export interface KnownException {
  /** Key of the package. */
  readonly key: string;
  /** eventTime, epoch ms. */
  readonly t: number;
  readonly code: string;
  readonly eventId: string;
  /** The organisations that see it. */
  readonly viewers: readonly string[];
}
