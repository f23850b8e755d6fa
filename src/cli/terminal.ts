/** Writes one line of output to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line about progress or faults to standard error. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
