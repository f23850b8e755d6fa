/** Durations or rates of one thing, in any order. */
export type Samples = readonly number[];

/** The value below which `share` of the samples lie. */
export function quantile(samples: Samples, share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return sorted[at] ?? NaN;
}

/** The middle one. */
export function median(samples: Samples): number {
  return quantile(samples, 0.5);
}

/** A number as people read it: three digits that count. */
export function show(n: number): string {
  if (!Number.isFinite(n)) return '-';
  if (n >= 100) return Math.round(n).toLocaleString('en');
  return n >= 10 ? n.toFixed(1) : n.toFixed(2);
}

/** `median (p95)` in ms. */
export function spread(samples: Samples): string {
  return samples.length === 0 ? '-' : `${show(median(samples))} (${show(quantile(samples, 0.95))})`;
}

/** How many times `b` is `a`. */
export function times(a: number, b: number): string {
  return Number.isFinite(b / a) ? `${show(b / a)}×` : '-';
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** What goes on now, over the line before; standard error, and only for somebody who watches. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** A line that stays; standard error, so the tables can be kept. */
export function milestone(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${text}\n`);
}

/** One line of the result. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
