/** A shipping by which somebody gave something away. */
export interface Shipping {
  readonly id: string;
  /** Epoch ms. */
  readonly shippedAt: number;
  /** Key of the party at the other end; null when unknown. */
  readonly counterpart: string | null;
}

/** A unit that went away by a shipping. */
export interface SentUnit {
  readonly key: string;
  /** Id of the shipping. */
  readonly shipping: string;
  /** Key of the container that was shipped with it; null when it was shipped by itself. */
  readonly box: string | null;
  /** Whether it, or something around it, was received. */
  readonly received: boolean;
}

/** What was sent on to one party. */
export interface PassedOnRow {
  readonly counterpart: string | null;
  readonly units: number;
  /** Containers that were shipped with such units inside. */
  readonly containers: number;
  readonly received: number;
  readonly outstanding: number;
  /** When the newest of it was shipped, epoch ms. */
  readonly at: number;
}

/**
 * What was sent on and did not come back, by the party at the other end, the largest row first. A unit counts by its newest shipping.
 *
 * @param shippings oldest first
 * @param had units that are back
 */
export function passedOnOf(
  shippings: readonly Shipping[],
  units: readonly SentUnit[],
  had: ReadonlySet<string>,
): PassedOnRow[] {
  const order = new Map(shippings.map(({ id }, i) => [id, i]));
  const newest = new Map<string, SentUnit>();
  const orderOf = (unit: SentUnit | undefined): number => order.get(unit?.shipping ?? '') ?? -1;
  for (const unit of units)
    if (!had.has(unit.key) && orderOf(unit) > orderOf(newest.get(unit.key)))
      newest.set(unit.key, unit);
  const rows = new Map<string | null, Tally>();
  for (const unit of newest.values()) {
    const shipping = shippings[orderOf(unit)];
    if (shipping === undefined) continue;
    const row = rows.get(shipping.counterpart) ?? {
      units: 0,
      received: 0,
      boxes: new Set(),
      at: 0,
    };
    rows.set(shipping.counterpart, row);
    row.units++;
    if (unit.received) row.received++;
    if (unit.box !== null) row.boxes.add(`${shipping.id} ${unit.box}`);
    row.at = Math.max(row.at, shipping.shippedAt);
  }
  return [...rows]
    .map(([counterpart, { boxes, ...row }]) => ({
      ...{ counterpart, ...row },
      containers: boxes.size,
      outstanding: row.units - row.received,
    }))
    .sort((a, b) => b.units - a.units || ((a.counterpart ?? '') < (b.counterpart ?? '') ? -1 : 1));
}

interface Tally {
  units: number;
  received: number;
  readonly boxes: Set<string>;
  at: number;
}
