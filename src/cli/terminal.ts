/** One line for the person at the terminal; standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line beside the output (progress, faults); standard error. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
