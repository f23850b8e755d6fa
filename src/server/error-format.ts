import { randomUUID } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../shared/logger.js';
import { Problem, problemCodes } from '../shared/problem.js';
import type { ProblemCode } from '../shared/problem.js';
import { refusedArgumentOf } from './refused-argument.js';

/** Codes of Apollo and GraphQL that reveal nothing about our internals. */
const APOLLO_CODES: readonly string[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
];
/** Our codes that are shown only as a reference. */
const MASKED: readonly string[] = ['INTERNAL_SERVER_ERROR', 'SETUP'];

/**
 * An error as a client may see it.
 *
 * A Problem or GraphQLError with a known code keeps its message and details. Any other error
 * becomes INTERNAL_SERVER_ERROR with a `ref`; the log has the error with that reference.
 *
 * @param formatted the error as graphql-js or Apollo formatted it
 * @param error     the thrown error
 */
export function presentError(
  formatted: GraphQLFormattedError,
  error: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const cause = rootOf(error);
  if (cause instanceof Problem && !MASKED.includes(cause.code))
    return { ...withPlace(formatted), message: cause.message, extensions: extensionsOf(cause) };
  const argument = refusedArgumentOf(error);
  if (argument !== null)
    return {
      ...withPlace(formatted),
      message: `Argument "${argument}": ${formatted.message}`,
      extensions: { code: 'BAD_USER_INPUT', argument },
    };
  const code = codeOf(formatted, cause);
  if (code !== undefined)
    return { ...formatted, extensions: { ...withoutTrace(formatted.extensions), code } };
  const ref = randomUUID();
  logger.error({ err: cause, ref, path: formatted.path }, 'A request failed');
  return {
    ...withPlace(formatted),
    message: `Internal error. The log has it under reference ${ref}.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR', ref },
  };
}

/** Like {@link presentError}, for errors that did not pass through Apollo. */
export function presentRawError(
  error: GraphQLError,
  logger: Logger,
  code?: string,
): GraphQLFormattedError {
  const formatted = error.toJSON();
  if (code === undefined || formatted.extensions?.['code'] !== undefined)
    return presentError(formatted, error, logger);
  return presentError(
    { ...formatted, extensions: { ...formatted.extensions, code } },
    error,
    logger,
  );
}

/** A problem as an error of GraphQL, which over HTTP is answered with its status and headers. */
export function errorOf(problem: Problem): GraphQLError {
  const { message, status, headers } = problem;
  const http = { status, headers: new HeaderMap(Object.entries(headers)) };
  return new GraphQLError(message, { originalError: problem, extensions: { http } });
}

/** The answer of a REST route to an error: status and problem document (RFC 9457). */
export function problemDocument(
  error: unknown,
  logger: Logger,
): { status: number; body: Record<string, unknown> } {
  const problem = toProblemOf(error);
  if (!MASKED.includes(problem.code)) {
    const { status, code, message } = problem;
    return {
      status,
      body: {
        type: `urn:custody-graph:${code}`,
        title: problemCodes[code].meaning,
        status,
        detail: message,
        code,
        ...problem.details,
      },
    };
  }
  const ref = randomUUID();
  logger.error({ err: error, ref }, 'A request failed');
  const detail = `Internal error. The log has it under reference ${ref}.`;
  return {
    status: 500,
    body: {
      type: 'urn:custody-graph:INTERNAL_SERVER_ERROR',
      title: 'Internal error',
      status: 500,
      detail,
      code: 'INTERNAL_SERVER_ERROR',
      ref,
    },
  };
}

function toProblemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('INTERNAL_SERVER_ERROR', 'Internal error', { cause: error });
}

function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}

function codeOf(formatted: GraphQLFormattedError, cause: unknown): string | undefined {
  const code = formatted.extensions?.['code'];
  if (
    typeof code === 'string' &&
    !MASKED.includes(code) &&
    (code in problemCodes || APOLLO_CODES.includes(code))
  )
    return code;
  // Apollo calls every error without a code internal. A GraphQLError without code, cause and path
  // means that graphql-js refused the request.
  const refused =
    cause instanceof GraphQLError &&
    cause.extensions['code'] === undefined &&
    formatted.path === undefined;
  return refused ? 'BAD_USER_INPUT' : undefined;
}

function extensionsOf(problem: Problem): Record<string, unknown> {
  const { code, details, retryAfterSeconds } = problem;
  return {
    code: code satisfies ProblemCode,
    ...details,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

function withPlace({ message, locations, path }: GraphQLFormattedError): GraphQLFormattedError {
  return { message, ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
}

function withoutTrace(
  extensions: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(extensions ?? {}).filter(([name]) => name !== 'stacktrace'),
  );
}
