import type { Row } from './state.js';

/** Units of a lot that came into a holding at one instant, out of one other: so many more than is recorded, or fewer. */
export interface FlowChange {
  readonly lot: string;
  readonly holding: string;
  /** Their mark in it, as {@link markText}; null for none. */
  readonly mark: string | null;
  readonly at: number;
  /** Holding they were in before, with a line more for their mark there; null for what was nowhere. */
  readonly was: string | null;
  readonly units: number;
}

/** How the ways of units of lots through holdings change: what each unit did and does, added up. */
export class Flows {
  private readonly sums = new Map<string, { -readonly [K in keyof FlowChange]: FlowChange[K] }>();

  /**
   * Adds the steps of one unit, or takes them out.
   *
   * @param rows contiguous, oldest first
   * @param first the first of them to look at: what came before `rows` is not known when it is not 0
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

/** A mark as one word: status, since and at. */
function markText({ status, since, at }: NonNullable<Row['mark']>): string {
  return `${status} ${since} ${at}`;
}

function textOf(row: Row | undefined): string | null {
  if (row === undefined || row.holding === null) return null;
  return row.mark === undefined ? row.holding : `${row.holding}\n${markText(row.mark)}`;
}
