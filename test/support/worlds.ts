/** Several histories in one store: each in a world of its own, so that none disturbs another. */
import { withCheckDigit } from '../../src/gs1/check-digit.js';
import type { Fact } from '../../src/projection/fact.js';
import type { History } from './histories.js';

/** Facts or events in a world of their own: units, boxes and events have other names. Sites, products and lots are those of all. */
export function inWorld<T>(n: number, told: T): T {
  const text = JSON.stringify(told)
    .replaceAll('urn:uuid:', `urn:x:world:${n}:`)
    .replaceAll('/21/', `/21/W${n}`)
    .replaceAll(/(8003\/\d{14})/g, `$1W${n}`)
    .replaceAll(/00\/09506000(\d{9})\d/g, (_, serial: string) => {
      const own = String(Number(serial) + 1000 * n).padStart(9, '0');
      return `00/${withCheckDigit(`09506000${own}`)}`;
    });
  return JSON.parse(text) as T;
}

/** Several histories as one, each in its world, told through one another; the clock is that of the first. */
export function together(histories: readonly History[]): History {
  const facts: Fact[] = [];
  const retract: number[] = [];
  const duplicates: number[] = [];
  for (const [n, one] of histories.entries()) {
    const inAll = (i: number): number => facts.length + (i % one.facts.length);
    retract.push(...one.retract.map(inAll));
    duplicates.push(...one.duplicates.map(inAll));
    facts.push(...inWorld(n, one.facts));
  }
  const [{ ticks, seed } = { ticks: [], seed: 0 }] = histories;
  return { facts, retract, duplicates, ticks, seed };
}
