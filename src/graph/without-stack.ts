/**
 * Runs a statement without a stack trace. The driver records where each statement was run from. With source maps this costs more than
 * sending it, and nobody reads it, because faults name the statement.
 */
export function withoutStack<T>(run: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
