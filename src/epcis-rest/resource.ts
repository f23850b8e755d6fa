import type { FastifyRequest } from 'fastify';
import type { View } from '../access/view.js';
import type { BodyRules, EpcisBody } from './body.js';
import type { EpcisRequestHeaders } from './headers.js';
import type { EpcisSyntax } from './negotiation.js';
import type { OperationObject, ParameterObject } from './openapi-parts.js';

/** Where the EPCIS interface is. */
export const EPCIS_PREFIX = '/epcis';

/** Methods a resource may have besides OPTIONS, which all have, and HEAD, which goes with GET. */
export type EpcisMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One request, read as far as all routes read it. */
export interface EpcisCall {
  readonly request: FastifyRequest;
  /** Values of the path's `{…}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query string, decoded; `|` is not parted here. */
  readonly query: URLSearchParams;
  /** What to answer in. */
  readonly syntax: EpcisSyntax;
  /** The GS1 headers of the request. */
  readonly headers: EpcisRequestHeaders;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The graph, for who calls. */
  readonly view: View;
  /** Reads the body; see {@link readEpcisBody} for what it throws. */
  readonly body: (rules: Pick<BodyRules, 'types'> & Partial<BodyRules>) => Promise<EpcisBody>;
}

/** What a handler answers; refusals are thrown, as Problem or EpcisProblem. */
export interface EpcisAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text in the syntax of the call; absent: no content. */
  readonly body?: string;
  /** Instead of the negotiated one. */
  readonly mediaType?: string;
}

/** One method of a resource: what it does, and how OpenAPI describes it. */
export interface EpcisOperation {
  readonly method: EpcisMethod;
  /** Syntaxes of its answer, default both; none where the answer has no content: then nothing is negotiated. */
  readonly answers?: readonly EpcisSyntax[];
  /** The version headers tell of the document that is sent, whatever its answer is written in. */
  readonly takesDocument?: true;
  readonly about: OperationObject;
  handle(call: EpcisCall): Promise<EpcisAnswer> | EpcisAnswer;
}

/** A resource under /epcis: its methods, and what OPTIONS tells of it. */
export interface EpcisResource {
  /** OpenAPI template below /epcis: `/queries/{queryName}`. */
  readonly path: string;
  /** Describes the path's `{…}`; a plain string where absent. */
  readonly pathParameters?: Readonly<Record<string, ParameterObject>>;
  /** Headers of OPTIONS besides Allow and {@link SUPPORTED_HEADERS}; limits are told with a 413 too. */
  readonly discovery?: Readonly<Record<string, string>>;
  /** Whether what the path names is there, or headers of OPTIONS that tell of it; without it OPTIONS does not ask. */
  exists?(
    params: Readonly<Record<string, string>>,
    call: Pick<EpcisCall, 'headers' | 'view'>,
  ): Promise<boolean | Readonly<Record<string, string>>>;
  readonly operations: readonly EpcisOperation[];
}

/** Where features add their resources. */
export interface EpcisRoutes {
  /** Registers a resource: its operations, HEAD for GET, OPTIONS with Allow; other methods get 405. */
  resource(resource: EpcisResource): void;
}

/** A date-time whose `+` before the offset was read as a blank: senders forget to write it as %2B. */
const BLANK_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d\S*) (\d\d:\d\d)$/;

/** The query string of a request target, decoded as a form; the `+` of an offset survives. */
export function readQuery(url: string): URLSearchParams {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const pairs = [...query].map(([name, value]): [string, string] => [
    name,
    value.replace(BLANK_OFFSET, '$1+$2'),
  ]);
  return new URLSearchParams(pairs);
}
