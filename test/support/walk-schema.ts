import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import type { GraphQLField, GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';

/** Arguments by `Type.field`, as they are written in a document. */
export type Arguments = Readonly<Record<string, string>>;

interface Asking {
  readonly args: Arguments;
  /** Fields that are left out, `Type.field`; what is only behind them is not reached. */
  readonly without: ReadonlySet<string>;
}

/** The way to an object of a type: fields from the root on, with inline fragments where a type is one of several. */
type Way = readonly string[];

/** A document that asks for every field of one type. */
export interface TypeQuery {
  readonly type: string;
  readonly query: string;
}

/**
 * For each object type that can be reached from Query, a document that asks for all its fields in one place: those of `args` with their
 * arguments, others if they need none. Of an object it asks for the leaves.
 *
 * @throws Error naming fields that need arguments and have none, and types that are not reached
 */
export function everyField(schema: GraphQLSchema, asking: Asking): TypeQuery[] {
  const { args, without } = asking;
  const ways = waysFrom(schema, asking);
  const behind = waysFrom(schema, { args, without: new Set() });
  const missing = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !/^(__|Mutation$|Subscription$)/.test(type.name))
    .filter(({ name }) => !behind.has(name) && !isAnswerToOthers(schema, name))
    .map(({ name }) => name);
  const open = [...ways.keys()].flatMap((name) =>
    fieldsOf(schema, name)
      .filter((field) => !canAsk(name, field, args) && !without.has(`${name}.${field.name}`))
      .map((field) => `${name}.${field.name}`),
  );
  if (missing.length + open.length > 0)
    throw new Error(`Tell how to reach and to ask: ${[...missing, ...open].join(', ')}`);
  return [...ways].map(([type, way]) => ({
    type,
    query: `{ ${nested(way, fieldsIn(schema, type, asking))} }`,
  }));
}

function fieldsIn(schema: GraphQLSchema, type: string, { args, without }: Asking): string {
  const fields = fieldsOf(schema, type)
    .filter((field) => !without.has(`${type}.${field.name}`))
    .map((field) => asked(schema, type, field, { args, without }));
  return ['__typename', ...fields].join('\n');
}

function fieldsOf(schema: GraphQLSchema, type: string): GraphQLField<unknown, unknown>[] {
  return Object.values((schema.getType(type) as GraphQLObjectType).getFields());
}

function canAsk(type: string, field: GraphQLField<unknown, unknown>, args: Arguments): boolean {
  return args[`${type}.${field.name}`] !== undefined || !field.args.some(isRequiredArgument);
}

function call(type: string, { name }: GraphQLField<unknown, unknown>, args: Arguments): string {
  const given = args[`${type}.${name}`];
  return given === undefined || given === '' ? name : `${name}(${given})`;
}

function waysFrom(schema: GraphQLSchema, { args, without }: Asking): Map<string, Way> {
  const ways = new Map<string, Way>([['Query', []]]);
  const note = (type: string, way: Way): void => {
    if (!ways.has(type)) ways.set(type, way);
  };
  for (const [type, way] of ways) {
    const fields = fieldsOf(schema, type).filter(
      (field) => canAsk(type, field, args) && !without.has(`${type}.${field.name}`),
    );
    for (const field of fields) {
      const step = [...way, call(type, field, args)];
      const named = getNamedType(field.type);
      for (const one of objectsOf(schema, named))
        note(one.name, one === named ? step : [...step, `... on ${one.name}`]);
    }
  }
  return ways;
}

function objectsOf(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type];
  return isUnionType(type) || isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
}

function asked(
  schema: GraphQLSchema,
  type: string,
  field: GraphQLField<unknown, unknown>,
  { args, without }: Asking,
): string {
  const text = `${field.name}: ${call(type, field, args)}`;
  const named = getNamedType(field.type);
  if (isLeafType(named)) return text;
  const leaves = isObjectType(named)
    ? fieldsOf(schema, named.name)
        .filter((one) => isLeafType(getNamedType(one.type)) && canAsk(named.name, one, args))
        .filter((one) => !without.has(`${named.name}.${one.name}`))
        .map((one) => call(named.name, one, args))
    : [];
  return `${text} { __typename ${leaves.join(' ')} }`;
}

function nested(way: Way, inner: string): string {
  return way.reduceRight((text, step) => `${step} { ${text} }`, inner).replace(/^ /, '');
}

/** Whether a type is in what mutations and subscriptions answer. */
function isAnswerToOthers(schema: GraphQLSchema, name: string): boolean {
  const open = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((t) => t ?? []);
  for (const type of open) {
    const answers = Object.values(type.getFields()).flatMap((field) =>
      objectsOf(schema, getNamedType(field.type)),
    );
    open.push(...answers.filter((one) => !open.includes(one)));
  }
  return open.some((type) => type.name === name);
}
