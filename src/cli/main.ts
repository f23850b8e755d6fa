import { isProblem } from '../shared/problem.js';
import { makeProgram } from './program.js';
import { note } from './terminal.js';

try {
  await makeProgram().parseAsync();
} catch (error) {
  // A Problem says what to do. Anything else is our fault, so its stack is needed.
  note(
    isProblem(error) ? error.message : error instanceof Error ? (error.stack ?? '') : String(error),
  );
  process.exitCode = 1;
}
