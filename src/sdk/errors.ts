/** Something that the service refused, or that went wrong on the way to it. `code` is one of its error codes, or one of the kit's own. */
export class CustodyError extends Error {
  constructor(
    /** `UNAUTHENTICATED`, `FORBIDDEN`, `BAD_USER_INPUT`, …; of the kit: `CONNECTION_LOST`, `SEQUENCE_BROKEN`, `NOT_GENUINE`. */
    readonly code: string,
    message: string,
    /** What the service says more about it, for programs. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /** True when the same may succeed later. */
  get isPassing(): boolean {
    return PASSING.includes(this.code);
  }
}

/** The feed no longer reaches back to the cursor: read the state that you keep again, and begin without a cursor. */
export class CursorExpired extends CustodyError {
  /** The oldest cursor that is kept; null when the service has another database now. */
  get oldest(): string | null {
    return textOf(this.details['oldest']);
  }
}

/** The key or token is not good: unknown, expired or revoked, of a suspended organisation, or no renewal of the one before. */
export class AccessRefused extends CustodyError {
  /** `MISSING`, `BAD`, `EXPIRED`, `REVOKED`, `SUSPENDED`, …; null when the service only closed the connection. */
  get reason(): string | null {
    return textOf(this.details['reason']);
  }
}

/** The numbers of a feed have a hole, or one came again. */
export class SequenceBroken extends CustodyError {
  constructor(
    readonly expected: number,
    readonly found: number,
  ) {
    super('SEQUENCE_BROKEN', `Message ${expected} of the feed was expected, and ${found} came.`);
  }
}

/** Codes of errors that pass. A test holds them equal to those of the service, beside the kit's own. */
export const PASSING: readonly string[] = [
  ...['REQUEST_TIMEOUT', 'RATE_LIMITED', 'LAGGED', 'SERVICE_UNAVAILABLE'],
  ...['INSUFFICIENT_STORAGE', 'TIMEOUT', 'CONNECTION_LOST'],
];

const CLASSES: Readonly<Record<string, typeof CustodyError>> = {
  ...{ CURSOR_EXPIRED: CursorExpired, ACCESS_ENDED: AccessRefused },
  UNAUTHENTICATED: AccessRefused,
};

/** An error in an answer of GraphQL. */
export interface GraphqlError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An error as the service tells it. */
export function errorOf({ message, extensions = {} }: GraphqlError): CustodyError {
  const code = textOf(extensions['code']) ?? 'INTERNAL_SERVER_ERROR';
  // Whether the access is still good could not be read: it may be.
  if (code === 'ACCESS_ENDED' && extensions['reason'] === 'SERVICE_UNAVAILABLE')
    return new CustodyError('SERVICE_UNAVAILABLE', message, extensions);
  return new (CLASSES[code] ?? CustodyError)(code, message, extensions);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
