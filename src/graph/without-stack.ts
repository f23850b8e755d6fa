/**
 * Runs a statement without a stack trace. The driver notes where each was run from: with source maps that costs more than sending it,
 * and nobody reads it, as faults are told by the statement's name.
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
