import type { InventoryDimension, InventoryRow, StockPart } from './inventory.js';

type Keys = Omit<InventoryRow, 'units' | 'containers'>;

interface Group {
  readonly keys: Keys;
  units: number;
  containers: number;
  readonly boxes: Set<string>;
}

/** Groups stock by the dimensions asked for, and always by state. The largest rows come first. */
export function groupStock(
  parts: readonly StockPart[],
  by: readonly InventoryDimension[],
): InventoryRow[] {
  const dimensions = new Set(by);
  const groups = new Map<string, Group>();
  for (const part of parts) {
    const keys = keysOf(part, dimensions);
    const id = JSON.stringify(keys);
    const group = groups.get(id) ?? { keys, units: 0, containers: 0, boxes: new Set() };
    groups.set(id, group);
    group.units += part.units;
    group.containers += part.containers;
    if (part.box !== undefined) group.boxes.add(part.box);
  }
  return [...groups]
    .map(([id, { keys, units, containers, boxes }]): [string, Omit<Group, 'boxes'>] => [
      id,
      { keys, units, containers: containers + boxes.size },
    ])
    .filter(([, { units, containers }]) => units !== 0 || containers > 0)
    .sort(([a, left], [b, right]) => right.units - left.units || (a < b ? -1 : 1))
    .map(([, { keys, ...counts }]) => ({ ...keys, ...counts }));
}

function keysOf(part: StockPart, by: ReadonlySet<InventoryDimension>): Keys {
  return {
    state: part.state,
    site: by.has('SITE') ? part.site : null,
    country: by.has('COUNTRY') ? part.country : null,
    holder: by.has('HOLDER') ? part.holder : null,
    status: by.has('STATUS') ? part.status : null,
    lot: by.has('LOT') ? part.lot : null,
    gtin: by.has('PRODUCT') || by.has('LOT') ? part.gtin : null,
    expiryMonth: by.has('EXPIRY_MONTH') ? part.expiryMonth : null,
  };
}
