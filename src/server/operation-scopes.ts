import { Kind } from 'graphql';
import type {
  DocumentNode,
  GraphQLError,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { demand } from '../access/principal.js';
import type { Principal } from '../access/principal.js';
import type { Scope } from '../access/roles.js';
import { forbidden } from '../shared/problem.js';
import type { Problem } from '../shared/problem.js';
import { errorOf } from './error-format.js';

/**
 * The scope that a root field needs; null for fields that everybody may ask who is known. Fields that are not here: a query needs `read`,
 * a subscription `subscribe`. Every mutation is here.
 */
const SCOPES_OF: Readonly<Record<string, Readonly<Record<string, Scope | null>>>> = {
  Query: {
    ...{ me: null, captureJob: 'capture', keys: 'keys', accessLog: 'audit' },
    ...{ changes: 'subscribe', committedCursor: 'subscribe' },
    ...{ webhooks: 'webhooks', deadLetters: 'webhooks' },
  },
  Mutation: {
    captureEvents: 'capture',
    registerProducts: 'capture',
    registerSites: 'capture',
    registerParties: 'capture',
    allocateSerials: 'capture',
    createKey: 'keys',
    rotateKey: 'keys',
    revokeKey: 'keys',
    suspendOrganisation: 'keys',
    resumeOrganisation: 'keys',
    revokeSubject: 'keys',
    restoreSubject: 'keys',
    grantDisclosure: 'policies',
    withdrawDisclosure: 'policies',
    requestDisclosure: 'policies',
    answerDisclosure: 'policies',
    commitCursor: 'subscribe',
    createWebhook: 'webhooks',
    rotateWebhookSecret: 'webhooks',
    pauseWebhook: 'webhooks',
    resumeWebhook: 'webhooks',
    replayWebhook: 'webhooks',
    deleteWebhook: 'webhooks',
    testWebhook: 'webhooks',
    replayDeadLetter: 'webhooks',
  },
  Subscription: {},
};

const OTHERWISE: Readonly<Record<string, Scope>> = { Query: 'read', Subscription: 'subscribe' };

/** The scope for a field of a root type; null when it needs none. Undefined for a mutation without one. */
function scopeOfField(type: string, field: string): Scope | null | undefined {
  const listed = SCOPES_OF[type]?.[field];
  return listed === undefined ? OTHERWISE[type] : listed;
}

/** @throws Error when a mutation has no scope */
export function checkScopes(schema: GraphQLSchema): void {
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  const open = mutations.filter((name) => scopeOfField('Mutation', name) === undefined);
  if (open.length > 0)
    throw new Error(`Give these mutations a scope in operation-scopes.ts: ${open.join(', ')}`);
}

const ROOT_OF = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Who may ask for the schema by `__schema` and `__type`. */
export type Introspection = 'host' | 'everybody';

/** Why somebody may not ask for what an operation asks for: one error for each scope that is missing. Run it on a validated document. */
export function scopeFaults(
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  principal: Principal,
  introspection: Introspection,
): readonly GraphQLError[] {
  const type = ROOT_OF[operation.operation];
  const fields = rootFields(document, operation.selectionSet);
  const isIntrospected = fields.some((field) => field === '__schema' || field === '__type');
  if (isIntrospected && introspection === 'host' && principal.kind === 'PARTY')
    return [errorOf(NOT_INTROSPECTED)];
  const faults = new Map<Scope, GraphQLError>();
  for (const field of fields) {
    const scope = scopeOfField(type, field) ?? null;
    if (scope === null || field.startsWith('__')) continue;
    try {
      demand(principal, scope, `${type}.${field}`);
    } catch (error) {
      if (!faults.has(scope)) faults.set(scope, errorOf(error as Problem));
    }
  }
  return [...faults.values()];
}

const NOT_INTROSPECTED = forbidden(
  'NO_INTROSPECTION',
  'The schema is not told by introspection here (INTROSPECTION=host).',
  { remedy: 'Read it at /schema.graphql.' },
);

/** The root fields that an operation asks for, fragments read through, with repetitions. */
export function rootFields(
  document: DocumentNode,
  { selections }: SelectionSetNode,
): readonly string[] {
  return selections.flatMap((one) => {
    if (one.kind === Kind.FIELD) return [one.name.value];
    if (one.kind === Kind.INLINE_FRAGMENT) return rootFields(document, one.selectionSet);
    const fragment = document.definitions.find(
      (d) => d.kind === Kind.FRAGMENT_DEFINITION && d.name.value === one.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION
      ? rootFields(document, fragment.selectionSet)
      : [];
  });
}
