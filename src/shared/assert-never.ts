/**
 * Closes a switch: the compiler refuses the call while a case is missing.
 *
 * @throws Error when a value the types do not know arrives at run time
 */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
