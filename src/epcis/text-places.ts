import type { TextPlace } from './faults.js';

/** Line and column of offsets in a text. The lines are counted at the first question. */
export class TextPlaces {
  private starts: number[] | undefined;

  constructor(private readonly text: string) {}

  /** Both count from 1; the column counts UTF-16 units. A line ends in LF, CR LF or CR. */
  at(offset: number): TextPlace {
    const starts = (this.starts ??= lineStarts(this.text));
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  return starts;
}
