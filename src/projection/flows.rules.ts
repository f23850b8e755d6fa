import type { Row } from './state.js';

/** Units of a lot that entered a holding at one instant out of one other holding. `units` is the difference to what is recorded. */
export interface FlowChange {
  readonly lot: string;
  readonly holding: string;
  /** Their mark in the holding, as {@link markText}; null without a mark. */
  readonly mark: string | null;
  readonly at: number;
  /** The holding they were in before, and their mark there on a second line; null when they were in none. */
  readonly was: string | null;
  readonly units: number;
}

/** How the ways of units through holdings change, summed by lot and step. */
export class Flows {
  private readonly sums = new Map<string, { -readonly [K in keyof FlowChange]: FlowChange[K] }>();

  /**
   * Adds the steps of one unit, or subtracts them.
   *
   * @param rows contiguous, oldest first
   * @param first index of the first row to count; it is 1 when the row before `rows[0]` is not known
   */
  add(lot: string, rows: readonly Row[], units: 1 | -1, first: 0 | 1): void {
    for (let i = first; i < rows.length; i++) {
      const row = rows[i];
      if (row === undefined || row.holding === null) continue;
      const was = textOf(rows[i - 1]);
      if (was !== textOf(row)) this.step(lot, row, was, units);
    }
  }

  list(): readonly FlowChange[] {
    return [...this.sums.values()].filter(({ units }) => units !== 0);
  }

  private step(lot: string, row: Row, was: string | null, units: number): void {
    const key = `${lot}\n${row.from}\n${textOf(row) ?? ''}\n\n${was ?? ''}`;
    const sum = this.sums.get(key);
    if (sum !== undefined) sum.units += units;
    else {
      const { holding, from: at, mark } = row;
      const told = mark === undefined ? null : markText(mark);
      this.sums.set(key, { lot, holding: holding ?? '', mark: told, at, was, units });
    }
  }
}

/** A mark as one line: status, since and at. */
function markText({ status, since, at }: NonNullable<Row['mark']>): string {
  return `${status} ${since} ${at}`;
}

function textOf(row: Row | undefined): string | null {
  if (row === undefined || row.holding === null) return null;
  return row.mark === undefined ? row.holding : `${row.holding}\n${markText(row.mark)}`;
}
