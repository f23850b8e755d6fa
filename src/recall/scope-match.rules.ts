import type { LocationMessage, Surroundings } from '../feed/index.js';
import type { RecallSelectors, Selection } from './recall-scope.js';

/** What became of a group of affected packages: known for the first time, ended, or elsewhere or of another status. */
export type GroupChange = 'ENTERED' | 'LEFT' | 'MOVED';

/** Tells which messages of the log speak of a scope. */
export interface ScopeMatch {
  /** Affected units a message carries; 0 when it is none of the scope's. */
  unitsOf(message: LocationMessage, around?: Surroundings): number;
  changeOf(message: LocationMessage): GroupChange;
}

const ENDED: ReadonlySet<string> = new Set(['dispensed', 'destroyed', 'decommissioned']);

/** Matches by lot, by product (new lots of it, and units without one), by unit, and by the container asked for. */
export function makeScopeMatch(selection: Selection, selectors: RecallSelectors): ScopeMatch {
  const products = new Set(selectors.products.map(({ gtin }) => `01/${gtin}`));
  const withoutLot = new Set(selection.withoutLot);
  const isAffected = (lot: string): boolean =>
    selection.lots.has(lot) || withoutLot.has(lot) || products.has(lot.slice(0, 17));
  const named = (message: LocationMessage, around: Surroundings | undefined): number => {
    if (selection.named.has(message.k)) return 1;
    if (message.k === selectors.container) return Math.max(message.units, 1);
    if (around === undefined || message.level === 'UNIT') return 0;
    let units = 0;
    for (const key of selection.named.keys())
      if (around.containersOf(key, message.t).has(message.k)) units++;
    return units;
  };
  // A message is asked about again when it is sent, then without what is around: the first answer is kept.
  const answers = new WeakMap<LocationMessage, number>();
  return {
    unitsOf: (message, around) => {
      const known = answers.get(message);
      if (known !== undefined) return known;
      const byLot = message.lots.reduce(
        (n, { lot, units }) => (isAffected(lot) ? n + units : n),
        0,
      );
      const units = byLot + named(message, around);
      answers.set(message, units);
      return units;
    },
    changeOf: ({ from, status }) => {
      if (status !== null && ENDED.has(status)) return 'LEFT';
      return from === null ? 'ENTERED' : 'MOVED';
    },
  };
}
