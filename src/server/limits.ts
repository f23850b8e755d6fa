import { DEFAULT_ROWS } from '../shared/page.js';
import {
  GraphQLError,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';

/** How much one operation may ask for. */
export interface OperationLimits {
  /** Tokens of the document; checked while parsing. */
  readonly maxTokens: number;
  readonly depth: number;
  readonly rootFields: number;
  /** Fields with expanded fragments. */
  readonly fields: number;
  readonly directives: number;
  /** Fields times the rows that they may return. */
  readonly cost: number;
}

/** The default limits. */
export const DEFAULT_LIMITS: OperationLimits = {
  maxTokens: 4000,
  depth: 16,
  rootFields: 50,
  fields: 800,
  directives: 50,
  cost: 100_000,
};

/** Introspection fields, which no type lists. */
const INTROSPECTION = new Map<string, GraphQLField<unknown, unknown>>(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

/** What an operation asks for. */
interface Weight {
  readonly depth: number;
  readonly fields: number;
  readonly directives: number;
  readonly cost: number;
}

type Variables = Readonly<Record<string, unknown>>;

/** Rows assumed for a list that is not paged. */
const ROWS_OF_A_LIST = 10;
/** A JSON field may hold a whole document. */
const COST_OF_JSON = 20;
/** The official introspection query is 15 deep. */
const INTROSPECTION_DEPTH = 20;

/** An operation that was weighed. */
export interface Weighed {
  readonly cost: number;
  /** The limits that it exceeds. */
  readonly faults: readonly GraphQLError[];
}

/**
 * What an operation costs, and the limits that it exceeds. Run it on a validated document, with the variables as sent:
 * `first: $n` counts the value of `$n`, and so does `last: $n`.
 */
export function weigh(
  operation: {
    readonly schema: GraphQLSchema;
    readonly document: DocumentNode;
    readonly operation: OperationDefinitionNode;
    readonly variables?: Variables | null | undefined;
  },
  limits: OperationLimits = DEFAULT_LIMITS,
): Weighed {
  const { selectionSet } = operation.operation;
  const weight = new Scale(
    operation.schema,
    operation.document,
    defaultsOf(operation),
  ).weighOperation(operation.operation);
  const found: [keyof OperationLimits, number][] = [
    ['depth', weight.depth],
    ['rootFields', selectionSet.selections.length],
    ['fields', weight.fields],
    ['directives', weight.directives],
    ['cost', weight.cost],
  ];
  const faults = found.flatMap(([limit, value]) =>
    value > limits[limit] ? [tooComplex(limit, value, limits[limit], operation.operation)] : [],
  );
  return { cost: weight.cost, faults };
}

function tooComplex(
  limit: string,
  found: number,
  allowed: number,
  node: OperationDefinitionNode,
): GraphQLError {
  const message = `The operation exceeds the ${limit} limit: it has ${found}, at most ${allowed} are allowed. Ask for fewer rows or fields at once, or page.`;
  return new GraphQLError(message, {
    nodes: node,
    extensions: { code: 'OPERATION_TOO_COMPLEX', limit, found, allowed, http: { status: 400 } },
  });
}

function defaultsOf({
  operation,
  variables,
}: {
  operation: OperationDefinitionNode;
  variables?: Variables | null | undefined;
}): Variables {
  const defaults = (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
    variable.name.value,
    defaultValue?.kind === Kind.INT ? Number(defaultValue.value) : undefined,
  ]);
  return { ...(Object.fromEntries(defaults) as Variables), ...variables };
}

/** Weighs selections in one pass, and each fragment once. */
class Scale {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #known = new Map<string, Weight>();

  constructor(
    readonly schema: GraphQLSchema,
    document: DocumentNode,
    readonly variables: Variables,
  ) {
    const fragments = document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((f) => [f.name.value, f]));
  }

  weighOperation(operation: OperationDefinitionNode): Weight {
    return this.#weigh(
      operation.selectionSet,
      this.schema.getRootType(operation.operation) ?? null,
    );
  }

  #weigh(set: SelectionSetNode | undefined, parent: GraphQLCompositeType | null): Weight {
    let sum: Weight = { depth: 0, fields: 0, directives: 0, cost: 0 };
    for (const selection of set?.selections ?? []) {
      const own = selection.directives?.length ?? 0;
      const weight =
        selection.kind === Kind.FIELD
          ? this.#weighField(selection, parent)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? this.#weigh(
                selection.selectionSet,
                this.#typeNamed(selection.typeCondition?.name.value) ?? parent,
              )
            : this.#weighFragment(selection.name.value);
      sum = {
        depth: Math.max(sum.depth, weight.depth),
        fields: sum.fields + weight.fields,
        directives: sum.directives + weight.directives + own,
        cost: sum.cost + weight.cost,
      };
    }
    return sum;
  }

  #weighFragment(name: string): Weight {
    const known = this.#known.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    // Validation refuses a fragment inside itself; this only makes sure that the recursion ends.
    this.#known.set(name, { depth: 0, fields: 0, directives: 0, cost: 0 });
    const weight = this.#weigh(
      fragment?.selectionSet,
      this.#typeNamed(fragment?.typeCondition.name.value) ?? null,
    );
    this.#known.set(name, weight);
    return weight;
  }

  #weighField(node: FieldNode, parent: GraphQLCompositeType | null): Weight {
    const name = node.name.value;
    const field = INTROSPECTION.get(name) ?? fieldOf(parent, name);
    const type = field ? getNamedType(field.type) : null;
    const inside = this.#weigh(node.selectionSet, isCompositeType(type) ? type : null);
    const isIntrospection = INTROSPECTION.has(name);
    return {
      // Introspection is deep by nature: within its own bound it counts as one field.
      depth: isIntrospection && inside.depth < INTROSPECTION_DEPTH ? 1 : 1 + inside.depth,
      fields: 1 + inside.fields,
      directives: inside.directives,
      cost:
        (type?.name === 'JSON' ? COST_OF_JSON : 1) +
        (field ? this.#rows(node, field, parent) : 1) * inside.cost,
    };
  }

  #rows(
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType | null,
  ): number {
    if (field.args.some(({ name }) => name === 'first'))
      return this.#number(valueOf(node, 'first') ?? valueOf(node, 'last'), DEFAULT_ROWS);
    const given = (node.arguments ?? []).map((argument) => this.#length(argument.value));
    if (isList(field.type) && !isPage(parent))
      return Math.max(...given, given.length > 0 && Math.max(...given) > 0 ? 0 : ROWS_OF_A_LIST);
    return 1;
  }

  #number(value: ValueNode | undefined, otherwise: number): number {
    const found =
      value?.kind === Kind.INT
        ? Number(value.value)
        : value?.kind === Kind.VARIABLE
          ? this.variables[value.name.value]
          : undefined;
    return typeof found === 'number' && found > 0 ? found : otherwise;
  }

  #length(value: ValueNode): number {
    if (value.kind === Kind.LIST) return value.values.length;
    const given = value.kind === Kind.VARIABLE ? this.variables[value.name.value] : undefined;
    return Array.isArray(given) ? given.length : 0;
  }

  #typeNamed(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

/** Whether `first` of the field that gives it says how many rows its lists have. */
function isPage(type: GraphQLCompositeType | null): boolean {
  return type !== null && /(?:Connection|ChangePage)$/.test(type.name);
}

function fieldOf(
  parent: GraphQLCompositeType | null,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

function valueOf(node: FieldNode, argument: string): ValueNode | undefined {
  return node.arguments?.find(({ name }) => name.value === argument)?.value;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
