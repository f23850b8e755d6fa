import { ENDED } from '../holdings/holding.js';
import type { LocationMessage, Surroundings } from '../feed/index.js';
import type { RecallSelectors, Selection } from './recall-scope.js';
import { serialSpans } from './selection.rules.js';

/** What happened to a group of affected packages: reported for the first time, ended, or moved to another place or status. */
export type GroupChange = 'ENTERED' | 'LEFT' | 'MOVED';

/** Tells which messages of the log concern a scope. */
export interface ScopeMatch {
  /** Keys whose containers matter. Pass them to the feed. */
  readonly watched: readonly string[];
  /** Whether a message concerns the scope. After this call `unitsOf` knows the message. */
  wants(message: LocationMessage, around: Surroundings): boolean;
  /** Affected units that a wanted message carries, each counted once, whatever selectors it came in by. */
  unitsOf(message: LocationMessage): number;
  changeOf(message: LocationMessage): GroupChange;
}

/**
 * Matches by lot, by product (its new lots, and its units without one), by unit and by container. What was asked for matches even when
 * nobody has reported it yet.
 */
export function makeScopeMatch(selection: Selection, selectors: RecallSelectors): ScopeMatch {
  const { named } = selection;
  const { serials, container } = selectors;
  const products = new Set(selectors.products.map(({ gtin }) => `01/${gtin}`));
  const withoutLot = new Set(selection.withoutLot);
  const asked = [...serials, ...(container === null ? [] : [container])];
  const isAsked = askedFor(asked, selectors.serialRanges);
  const isAffected = (lot: string): boolean =>
    selection.lots.has(lot) || withoutLot.has(lot) || products.has(lot.slice(0, 17));
  const counted = new WeakMap<LocationMessage, number>();

  /** A unit that no affected lot counts already. A unit that nobody had reported may be of any lot of the message. */
  const isBeside = (key: string, { lots }: LocationMessage): boolean => {
    const lot = named.get(key)?.lot;
    if (lot !== undefined) return lot === null || !isAffected(lot);
    return isAsked(key) && lots.some((one) => isOfProduct(one.lot, key) && !isAffected(one.lot));
  };
  const besideLots = (message: LocationMessage, around: Surroundings): number => {
    const isInside = (key: string): boolean =>
      around.containersOf(key, timeOf(message)).has(message.k);
    const carried = message.level === 'UNIT' ? keysOf(message) : [...named.keys()].filter(isInside);
    return carried.filter((key) => isBeside(key, message)).length;
  };
  const countUnits = (message: LocationMessage, around: Surroundings): number => {
    // What was asked for by its own key is in scope with all that it carries.
    if (keysOf(message).every(isAsked)) return message.units;
    const byLot = message.lots.reduce((n, { lot, units }) => (isAffected(lot) ? n + units : n), 0);
    return Math.min(byLot + besideLots(message, around), message.units);
  };
  return {
    watched: [...named.keys(), ...asked],
    wants: (message, around) => {
      const units = countUnits(message, around);
      counted.set(message, units);
      const isAround = (key: string): boolean =>
        around.containersOf(key, timeOf(message)).has(message.k);
      return units > 0 || keysOf(message).some(isAsked) || asked.some(isAround);
    },
    unitsOf: (message) => counted.get(message) ?? 0,
    changeOf: ({ from, to, status }) => {
      if (to.mode === 'PASSED_ON') return 'LEFT';
      if (status !== null && ENDED.has(status)) return 'LEFT';
      return from === null ? 'ENTERED' : 'MOVED';
    },
  };
}

function timeOf({ t, recordTime }: LocationMessage): number {
  return t ?? recordTime;
}

function keysOf({ keys, k }: LocationMessage): readonly string[] {
  return keys ?? [k];
}

function isOfProduct(lot: string, key: string): boolean {
  return lot === '?' ? !key.startsWith('01/') : key.startsWith(`${lot.slice(0, 17)}/`);
}

function askedFor(
  keys: readonly string[],
  ranges: RecallSelectors['serialRanges'],
): (key: string) => boolean {
  const asked = new Set(keys);
  const spans = ranges.flatMap(({ gtin, from, to }) => serialSpans(gtin, from, to));
  return (key) =>
    asked.has(key) ||
    spans.some(
      ({ from, until, length }) =>
        key >= from && key <= until && (length === null || length === key.length),
    );
}
