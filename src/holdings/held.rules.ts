import type { Mark } from './holding.js';

/**
 * Units that came into a holding: how many, with which mark (status, since and at as one text), and out of which holding. Their mark there
 * is a second line of `was`. Null means no mark, or no holding before.
 */
export interface HeldStep {
  readonly holding: string;
  readonly came: readonly (readonly [units: number, mark: string | null, was: string | null])[];
}

/** Units in one holding with one mark. */
export interface HeldCount {
  readonly holding: string;
  readonly mark: Mark | null;
  readonly units: number;
}

/** Where units are after these steps: those that came into a holding and did not move on. */
export function heldAfter(steps: readonly HeldStep[]): HeldCount[] {
  const counts = new Map<string, number>();
  const count = (where: string, units: number): void => {
    counts.set(where, (counts.get(where) ?? 0) + units);
  };
  for (const { holding, came } of steps)
    for (const [units, mark, was] of came) {
      count(mark === null ? holding : `${holding}\n${mark}`, units);
      if (was !== null) count(was, -units);
    }
  return [...counts].flatMap(([where, units]) => {
    const [holding = '', mark] = where.split('\n');
    return units > 0 ? [{ holding, mark: mark === undefined ? null : readMark(mark), units }] : [];
  });
}

function readMark(text: string): Mark {
  const words = text.split(' ');
  const at = Number(words.pop());
  const since = Number(words.pop());
  return { status: words.join(' '), since, at };
}
