/** What was asked for. */
export interface Told {
  /** `query recallScope` (root fields), `GET /epcis/events/:eventID` (route), or the name of a change, such as `revokeKey`. */
  readonly operation: string;
  /** The name that the caller gave a GraphQL operation. */
  readonly name?: string | null;
  /** Names of variables or parameters, never their values. */
  readonly variables?: readonly string[];
  /** What the arguments name. */
  readonly ids?: Iterable<string>;
}

/** A request, or an operation of a socket, while it goes on. */
export interface Attempt {
  /** Epoch ms. */
  readonly at: number;
  /** By `performance.now()`. */
  readonly began: number;
  /** Of the caller, as the socket knows it: behind a proxy, the address of the proxy. */
  readonly address: string | null;
  tell: () => Told;
  /** `OK`, or the code of the refusal. Undefined when the status of the answer tells it. */
  outcome?: string;
}

/** Credentials that were presented and refused. */
export interface Refused {
  readonly address: string | null;
  /** `BAD`, `REVOKED` and the like. */
  readonly reason: string;
  /** Of a key, whether there is such a key or not. */
  readonly keyId: string | null;
}
