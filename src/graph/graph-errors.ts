import { Problem, isProblem } from '../shared/problem.js';

interface CodedError {
  readonly code: string;
  readonly message: string;
}

function coded(error: unknown): CodedError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return undefined;
  return { code: error.code, message: error.message };
}

const STOPPED = 'needs to be restarted';

type Meaning = (found: CodedError, where: string) => Problem | undefined;

// The pool gives the code "N/A" when no connection became free in time.
const isUnavailable = ({ code, message }: CodedError): boolean =>
  /^(ServiceUnavailable$|SessionExpired$|Neo\.(TransientError|ClientError\.Cluster|DatabaseError\.Transaction)\.)/.test(
    code,
  ) ||
  (code === 'N/A' && /acquisition timed out|Pool is closed/i.test(message));

// This is the limit of one transaction. The limit of all together (dbms.memory.transaction.total.max) has the same code but passes.
const isOverMemory = ({ message }: CodedError): boolean =>
  message.includes('db.memory.transaction.max threshold reached');
const OVER_MEMORY =
  'This takes more memory than one transaction of Neo4j may have. Send or ask for less at once, or give Neo4j more memory: NEO4J_HEAP_MB, or db.memory.transaction.max on a server of your own.';

// With neo4j:// the driver makes another error of it, and asks for the leader.
const isFollower = ({ code }: CodedError): boolean =>
  code === 'Neo.ClientError.Cluster.NotALeader' ||
  code === 'Neo.ClientError.General.ForbiddenOnReadOnlyDatabase';
const FOLLOWER =
  'This Neo4j takes no writes, because it does not lead its cluster. Let NEO4J_URI begin with neo4j:// instead of bolt://, so that writes find the leader';

// The first entry that knows the error decides.
const meanings: readonly Meaning[] = [
  (found) =>
    isFollower(found)
      ? new Problem('SERVICE_UNAVAILABLE', FOLLOWER, { retryAfterSeconds: 2 })
      : undefined,
  ({ code }) =>
    /TransactionTimedOut|LockAcquisitionTimeout/.test(code)
      ? new Problem('TIMEOUT', 'The graph took too long to answer')
      : undefined,
  (found) => (isOverMemory(found) ? new Problem('PAYLOAD_TOO_LARGE', OVER_MEMORY) : undefined),
  (found) =>
    isUnavailable(found) || found.message.includes(STOPPED)
      ? new Problem('SERVICE_UNAVAILABLE', 'The graph does not answer', { retryAfterSeconds: 2 })
      : undefined,
  ({ code }) =>
    code === 'Neo.ClientError.Schema.ConstraintValidationFailed'
      ? new Problem('CONFLICT', 'It contradicts what is stored')
      : undefined,
  ({ code, message }) =>
    code.startsWith('Neo.ClientError.Security.')
      ? new Problem('SETUP', `Neo4j refuses the login: ${message}`)
      : undefined,
  ({ code }, where) =>
    code.startsWith('Neo.') || code === 'N/A' || code === 'ProtocolError'
      ? new Problem('INTERNAL_SERVER_ERROR', `The graph refuses ${where}`)
      : undefined,
];

/** Whether Neo4j stopped the database after a critical error, such as a full disk. It works again only after a restart. */
export function hasStopped(error: unknown): boolean {
  return coded(error)?.message.includes(STOPPED) === true;
}

/** Adds to the problem of a graph that does not answer what it waits for. */
export function withReason(problem: unknown, waitsFor: string | null): unknown {
  if (waitsFor === null || !isProblem(problem, 'SERVICE_UNAVAILABLE')) return problem;
  const { message, details, retryAfterSeconds, cause } = problem;
  return new Problem('SERVICE_UNAVAILABLE', `${message}: ${waitsFor}`, {
    cause,
    ...(details === undefined ? {} : { details }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Whether a transaction has outgrown its memory. The driver takes this for transient and would retry it again and again. */
export function isTooLarge(error: unknown): boolean {
  const found = coded(error);
  return found !== undefined && isOverMemory(found);
}

/** Whether a statement gave up because a commit changed what it was reading. A new try reads the new state. */
export function isOutdated(error: unknown): boolean {
  return coded(error)?.code === 'Neo.TransientError.Transaction.Outdated';
}

/**
 * Turns a driver error into a problem for the caller, with the driver's error as `cause`. A {@link Problem} and an error
 * that is not the driver's pass unchanged.
 *
 * It looks at `code`, because Neo4j 5.26 gives nearly every error the same GQL status.
 */
export function toProblem(error: unknown, statement?: string): unknown {
  const found = coded(error);
  if (found === undefined || error instanceof Problem) return error;
  for (const meaning of meanings) {
    const problem = meaning(found, statement ?? 'a statement');
    if (problem === undefined) continue;
    const { message, retryAfterSeconds } = problem;
    return new Problem(problem.code, message, {
      cause: error,
      ...(statement === undefined ? {} : { details: { statement } }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
  return error;
}
