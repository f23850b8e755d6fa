/**
 * All codes of errors that callers may see: the HTTP status on a REST route, whether the same
 * request may succeed later, and what the code means. GraphQL shows it as `extensions.code`. A test
 * checks that the README's table is equal.
 */
export const problemCodes = {
  BAD_USER_INPUT: {
    status: 400,
    retry: false,
    meaning: 'an argument or a document is not what it should be',
  },
  QUERY_PARAMETER: {
    status: 400,
    retry: false,
    meaning: 'a parameter of an EPCIS query is unknown, malformed, or at odds with another',
  },
  SUBSCRIPTION_CONTROLS: {
    status: 400,
    retry: false,
    meaning: 'schedule, stream or destination of a subscription are not what they should be',
  },
  UNAUTHENTICATED: { status: 401, retry: false, meaning: 'no valid credentials' },
  FORBIDDEN: {
    status: 403,
    retry: false,
    meaning: 'the credentials, or the page it comes from, do not allow it',
  },
  NOT_FOUND: { status: 404, retry: false, meaning: 'nothing of that name' },
  NO_SUCH_NAME: { status: 404, retry: false, meaning: 'no query of that name' },
  NOT_ACCEPTABLE: {
    status: 406,
    retry: false,
    meaning: 'none of the accepted media types is served',
  },
  REQUEST_TIMEOUT: { status: 408, retry: true, meaning: 'the request did not come in time' },
  CONFLICT: { status: 409, retry: false, meaning: 'it contradicts what is stored' },
  CURSOR_EXPIRED: {
    status: 410,
    retry: false,
    meaning: 'the log no longer reaches back to that cursor; read the state again',
  },
  PAYLOAD_TOO_LARGE: { status: 413, retry: false, meaning: 'over a stated limit' },
  QUERY_TOO_LARGE: {
    status: 413,
    retry: false,
    meaning: 'more events match than maxEventCount or the server allows',
  },
  ANSWER_TOO_LARGE: {
    status: 413,
    retry: false,
    meaning: 'the answer would be larger than MAX_ANSWER_BYTES',
  },
  URI_TOO_LONG: { status: 414, retry: false, meaning: 'the address is longer than the limit' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retry: false,
    meaning: 'the content type is not accepted',
  },
  EXPECTATION_FAILED: {
    status: 417,
    retry: false,
    meaning: 'only Expect: 100-continue is served',
  },
  MISDIRECTED_REQUEST: {
    status: 421,
    retry: false,
    meaning: 'the request names a host that is not this service',
  },
  UPGRADE_REQUIRED: {
    status: 426,
    retry: false,
    meaning: 'only version 13 of WebSocket is served',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    retry: false,
    meaning: 'the headers are longer than the limit',
  },
  OPERATION_TOO_COMPLEX: {
    status: 400,
    retry: false,
    meaning: 'the operation costs more than allowed',
  },
  OPERATION_NOT_ALLOWED: {
    status: 405,
    retry: false,
    meaning: 'this operation is not served here',
  },
  RATE_LIMITED: { status: 429, retry: true, meaning: 'too many requests' },
  LAGGED: {
    status: 429,
    retry: true,
    meaning: 'messages came faster than the client read them; resume with the last cursor',
  },
  ACCESS_ENDED: {
    status: 403,
    retry: false,
    meaning: 'the credentials were revoked or have expired, so what they had open ends',
  },
  CANCELLED: { status: 499, retry: false, meaning: 'the caller went away' },
  SERVICE_UNAVAILABLE: {
    status: 503,
    retry: true,
    meaning: 'the graph or an issuer of JWTs does not answer, or the writer is full',
  },
  INSUFFICIENT_STORAGE: {
    status: 507,
    retry: true,
    meaning: 'there is no space to store it; reads still work',
  },
  TIMEOUT: { status: 504, retry: true, meaning: 'it took longer than allowed' },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    retry: false,
    meaning: 'our fault; the log has it under the same reference',
  },
  SETUP: {
    status: 500,
    retry: false,
    meaning: 'the service cannot start with this setup; the message gives the remedy',
  },
} as const satisfies Record<string, { status: number; retry: boolean; meaning: string }>;

/** A key of {@link problemCodes}. */
export type ProblemCode = keyof typeof problemCodes;

/** Optional parts of a {@link Problem}. */
export interface ProblemOptions {
  /** Machine-readable details. The caller sees them, so they must not contain secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Seconds after which a retry makes sense (`Retry-After`). */
  readonly retryAfterSeconds?: number;
  /** The underlying error; it is logged, but never shown. */
  readonly cause?: unknown;
}

/** A fault with a code. Its message is for the caller: it says what is wrong and what to do. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Headers of an answer with this problem. @see RFC 9110, 10.2.3 and 11.6.1; RFC 6750, 3 */
  get headers(): Readonly<Record<string, string>> {
    const retry = this.retryAfterSeconds;
    return {
      ...(retry === undefined ? {} : { 'retry-after': String(retry) }),
      ...(this.code === 'UNAUTHENTICATED'
        ? { 'www-authenticate': 'Bearer realm="custody-graph"' }
        : {}),
    };
  }

  /** HTTP status of the code. */
  get status(): number {
    return problemCodes[this.code].status;
  }
}

/** The refusal of an argument: what it is called, what was found there, the rule and the remedy. */
export function refusedArgument(
  argument: string,
  found: string | number,
  { rule, remedy }: { readonly rule: string; readonly remedy: string },
): Problem {
  const shown = typeof found === 'string' ? found.slice(0, 100) : found;
  const message = `Argument "${argument}": ${rule} Found ${JSON.stringify(shown)}. ${remedy}`;
  const details = { argument, found: shown, rule, remedy };
  return new Problem('BAD_USER_INPUT', message, { details });
}

/** A refusal of something that the caller may not do: why, in a word for programs, and what to do. */
export function forbidden(
  reason: string,
  message: string,
  { remedy, ...details }: { readonly remedy: string; readonly [detail: string]: unknown },
): Problem {
  const options = { details: { reason, remedy, ...details } };
  return new Problem('FORBIDDEN', `${message} ${remedy}`, options);
}

/** True when `error` is a {@link Problem}, of the given code if there is one. */
export function isProblem(error: unknown, code?: ProblemCode): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}
