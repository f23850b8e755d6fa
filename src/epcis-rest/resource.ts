import type { FastifyRequest } from 'fastify';
import type { Scope } from '../access/roles.js';
import type { View } from '../access/view.js';
import type { BodyRules, EpcisBody } from './body.js';
import type { EpcisProblemDocument } from './epcis-problem.js';
import type { EpcisRequestHeaders } from './headers.js';
import type { EpcisSyntax } from './negotiation.js';
import type { OperationObject, ParameterObject } from './openapi-parts.js';

/** The path of the EPCIS interface. */
export const EPCIS_PREFIX = '/epcis';

/** Methods of a resource. OPTIONS is added to all of them, and HEAD to those with GET. */
export type EpcisMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One request, with what all routes read of it. */
export interface EpcisCall {
  readonly request: FastifyRequest;
  /** Values of the path's `{…}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query string, decoded; values are not split at `|`. */
  readonly query: URLSearchParams;
  /** The syntax of the answer. */
  readonly syntax: EpcisSyntax;
  /** The GS1 headers of the request. */
  readonly headers: EpcisRequestHeaders;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The graph as the caller may see it. */
  readonly view: View;
  /** Reads the body; see {@link readEpcisBody} for what it throws. */
  readonly body: (rules: Pick<BodyRules, 'types'> & Partial<BodyRules>) => Promise<EpcisBody>;
}

/** The answer of a handler; it throws refusals as Problem or EpcisProblem. */
export interface EpcisAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text in the syntax of the call; absent if there is no content. */
  readonly body?: string;
  /** Replaces the negotiated one. */
  readonly mediaType?: string;
}

/** Writes a refusal in a form of its own. */
export type RefusalWriter = (
  problem: EpcisProblemDocument,
  request: FastifyRequest,
) => EpcisAnswer | undefined;

/** One method of a resource, and its OpenAPI description. */
export interface EpcisOperation {
  readonly method: EpcisMethod;
  /** What the credentials must be good for. */
  readonly scope: Scope | 'anybody';
  /** Syntaxes of its answer; default both. Empty if it has no content: nothing is negotiated. */
  readonly answers?: readonly EpcisSyntax[];
  /** The version headers describe the document in the request, not the answer. */
  readonly takesDocument?: true;
  readonly about: OperationObject;
  /** The answer to a refusal, if its clients cannot read a problem; undefined for a problem all the same. */
  readonly refuse?: RefusalWriter;
  handle(call: EpcisCall): Promise<EpcisAnswer> | EpcisAnswer;
}

/** A resource under /epcis: its methods, and what OPTIONS reports. */
export interface EpcisResource {
  /** OpenAPI path template below /epcis, such as `/queries/{queryName}`. */
  readonly path: string;
  /** Describes the path's `{…}`; the default is a plain string. */
  readonly pathParameters?: Readonly<Record<string, ParameterObject>>;
  /** Headers of OPTIONS besides Allow and {@link SUPPORTED_HEADERS}; a 413 has the limits too. */
  readonly discovery?: Readonly<Record<string, string>>;
  /** Tells if the resource of the path exists, or its headers for OPTIONS; default: it exists. */
  exists?(
    params: Readonly<Record<string, string>>,
    call: Pick<EpcisCall, 'headers' | 'view'>,
  ): Promise<boolean | Readonly<Record<string, string>>>;
  readonly operations: readonly EpcisOperation[];
}

/** The place where features add their resources. */
export interface EpcisRoutes {
  /** Registers a resource: its operations, HEAD for GET, OPTIONS with Allow; other methods get 405. */
  resource(resource: EpcisResource): void;
}

/** A date-time whose `+` was decoded as a space, because senders forget to write %2B. */
const BLANK_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d\S*) (\d\d:\d\d)$/;

/** The query string of a request target, decoded as a form; the `+` of a time offset is kept. */
export function readQuery(url: string): URLSearchParams {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const pairs = [...query].map(([name, value]): [string, string] => [
    name,
    value.replace(BLANK_OFFSET, '$1+$2'),
  ]);
  return new URLSearchParams(pairs);
}
