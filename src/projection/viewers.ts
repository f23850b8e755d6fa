/** What an organisation sees of an event. */
export interface Viewed {
  /** It sent the event or is named in it, so it sees the whole event. */
  readonly whole: boolean;
  /** The packages that it sees of those the event names, sorted; null when it sees all of them. */
  readonly names: readonly string[] | null;
}

/** What organisations see of an event. Who is not in it sees nothing of the event. */
export type Viewers = ReadonlyMap<string, Viewed>;
