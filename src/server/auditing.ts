import {
  GraphQLError,
  GraphQLID,
  Kind,
  TypeInfo,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type {
  DocumentNode,
  GraphQLInputType,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Attempt, Told } from '../access/attempt.js';
import { NOBODY } from '../access/principal.js';
import type { Principal } from '../access/principal.js';
import type { AccessLog } from '../audit/index.js';
import type { Clock } from '../shared/clock.js';
import { Problem, problemCodes } from '../shared/problem.js';
import { rootFields } from './operation-scopes.js';

declare module 'fastify' {
  interface FastifyRequest {
    attempt: Attempt;
  }
}

/** An attempt that begins now. */
export function attemptOf(
  clock: Clock,
  address: string | undefined,
  tell: Attempt['tell'],
): Attempt {
  return { at: clock.now(), began: performance.now(), address: address ?? null, tell };
}

/**
 * Notes what each request of somebody asked for, when its answer is known: with a log; without one, a request only knows its caller. Who is
 * nobody is not noted: everybody could fill the log.
 */
export function auditRequests(
  http: FastifyInstance,
  { clock, audit }: { readonly clock: Clock; readonly audit?: AccessLog | undefined },
): void {
  http.decorateRequest('attempt');
  http.addHook('onRequest', (request, _reply, done) => {
    request.attempt = attemptOf(clock, request.ip, () => toldByRoute(request));
    done();
  });
  if (audit === undefined) return;
  http.addHook('onError', (request, _reply, error, done) => {
    if (error instanceof Problem && isKnown(request)) request.attempt.outcome = error.code;
    done();
  });
  const noted = new WeakSet<FastifyRequest>();
  http.addHook('onSend', (request, reply, payload, done) => {
    const { principal, attempt } = request;
    if (!isKnown(request) || noted.has(request)) {
      done(null, payload);
      return;
    }
    noted.add(request);
    attempt.outcome ??= outcomeOfStatus(reply);
    const stored = audit.note(principal, attempt);
    if (stored === undefined) done(null, payload);
    else
      stored.then(
        () => {
          done(null, payload);
        },
        // The refusal goes out in place of the answer, and is noted already.
        (error: unknown) => {
          done(error as Error);
        },
      );
  });
}

/** Whether it was told who asks: some requests are answered before. */
function isKnown({ principal }: { readonly principal?: Principal }): boolean {
  return principal !== undefined && principal !== NOBODY;
}

/** Parameters that name things. */
const NAMING = /^(?:id|EQ_eventID|MATCH_\w+)$/;

function toldByRoute({ method, routeOptions: { url }, params, query }: FastifyRequest): Told {
  const path = Object.values((params ?? {}) as Record<string, string>);
  const given = Object.entries((query ?? {}) as Record<string, string | readonly string[]>);
  const named = given.filter(([name]) => NAMING.test(name)).flatMap(([, value]) => value);
  return {
    operation: `${method} ${url ?? ''}`,
    variables: [...Object.keys(params ?? {}), ...given.map(([name]) => name)],
    ids: [...path, ...named.flatMap((value) => value.split('|'))],
  };
}

function outcomeOfStatus({ statusCode }: FastifyReply): string {
  if (statusCode < 400) return 'OK';
  const [code] = Object.entries(problemCodes).find(([, { status }]) => status === statusCode) ?? [];
  return code ?? String(statusCode);
}

/** The outcome of an operation with these errors. */
export function outcomeOf(errors: readonly unknown[] | undefined): string {
  const [first] = errors ?? [];
  if (first === undefined) return 'OK';
  let root: unknown = first;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  if (root instanceof Problem) return root.code;
  const { extensions } = first as { readonly extensions?: Readonly<Record<string, unknown>> };
  const code = extensions?.['code'];
  return typeof code === 'string' ? code : 'BAD_USER_INPUT';
}

/** What is the same each time an operation is asked. */
interface Known extends Required<Pick<Told, 'operation' | 'name' | 'variables'>> {
  readonly ids: readonly string[];
  readonly types: readonly (readonly [string, GraphQLInputType])[];
}

const known = new WeakMap<OperationDefinitionNode, Known>();

/**
 * What a GraphQL operation asks for: kind and root fields, names of its variables, and what stands where the schema has the type ID, in
 * the document or in variables. Run it on a validated document.
 */
export function toldByOperation(
  schema: GraphQLSchema,
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  variables: Readonly<Record<string, unknown>> = {},
): Told {
  let told = known.get(operation);
  if (told === undefined) known.set(operation, (told = read(schema, document, operation)));
  const given = told.types.flatMap(([name, type]) => idsIn(type, variables[name]));
  return { ...told, ids: [...told.ids, ...given] };
}

function read(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Known {
  const { name, variableDefinitions = [], selectionSet } = operation;
  const fields = [...new Set(rootFields(document, selectionSet))];
  const ids: string[] = [];
  const info = new TypeInfo(schema);
  const take = (node: { readonly value: string }): void => {
    const type = info.getInputType();
    if (type && getNamedType(type) === GraphQLID) ids.push(node.value);
  };
  const parts = document.definitions.filter(
    (one) => one === operation || one.kind === Kind.FRAGMENT_DEFINITION,
  );
  visit(
    { kind: Kind.DOCUMENT, definitions: parts },
    visitWithTypeInfo(info, { StringValue: take, IntValue: take }),
  );
  return {
    operation: `${operation.operation} ${fields.join(' ')}`,
    name: name?.value ?? null,
    variables: variableDefinitions.map(({ variable }) => variable.name.value),
    ids,
    types: variableDefinitions.flatMap(({ variable, type }) => {
      const input = typeFromAST(schema, type) as GraphQLInputType | undefined;
      return input === undefined ? [] : [[variable.name.value, input] as const];
    }),
  };
}

function idsIn(type: GraphQLInputType, value: unknown): string[] {
  if (isNonNullType(type)) return idsIn(type.ofType, value);
  if (isListType(type))
    return (Array.isArray(value) ? value : [value]).flatMap((one) => idsIn(type.ofType, one));
  if (isInputObjectType(type)) {
    if (typeof value !== 'object' || value === null) return [];
    const given = value as Readonly<Record<string, unknown>>;
    return Object.values(type.getFields()).flatMap((field) => idsIn(field.type, given[field.name]));
  }
  return type === GraphQLID && (typeof value === 'string' || typeof value === 'number')
    ? [String(value)]
    : [];
}
