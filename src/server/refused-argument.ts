import { GraphQLError, Kind, isValueNode, parse, visit, BREAK } from 'graphql';
import type { ASTNode, DocumentNode } from 'graphql';

/**
 * The argument that graphql-js refused, with the whole way to the value, e.g. `input.lots[0].gtin`; null for any other error.
 *
 * graphql-js tells only the place in the text or the variable.
 */
export function refusedArgumentOf(error: unknown): string | null {
  const node = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  if (node?.loc === undefined) return null;
  const document = parse(node.loc.source);
  if (isValueNode(node)) return wayTo(document, (one) => isSame(one, node));
  if (node.kind !== Kind.VARIABLE_DEFINITION) return null;
  const name = node.variable.name.value;
  const argument = wayTo(document, (one) => one.kind === Kind.VARIABLE && one.name.value === name);
  const [, inside = ''] = INSIDE.exec((error as GraphQLError).message) ?? [];
  return argument === null ? null : `${argument}${inside}`;
}

/** What graphql-js says of a variable ends in the way to the value, and then why. */
const INSIDE = /^Variable "\$\w+" got invalid value [^]*? at "\w+([^"]*)"; /;

function isSame(one: ASTNode, { kind, loc }: ASTNode): boolean {
  return one.kind === kind && one.loc?.start === loc?.start && one.loc?.end === loc?.end;
}

/** The way from an argument to the first value that is wanted. */
function wayTo(document: DocumentNode, isWanted: (node: ASTNode) => boolean): string | null {
  let way: string | null = null;
  visit(document, {
    VariableDefinition: () => false,
    enter: (node, _key, _parent, path) => {
      if (!isWanted(node)) return undefined;
      way = named(document, path);
      return BREAK;
    },
  });
  return way;
}

function named(document: DocumentNode, path: readonly (string | number)[]): string | null {
  let way: string | null = null;
  let at: unknown = document;
  path.forEach((key, i) => {
    at = (at as Readonly<Record<string | number, unknown>>)[key];
    const { kind, name } = at as {
      readonly kind?: Kind;
      readonly name?: { readonly value: string };
    };
    if (kind === Kind.ARGUMENT) way = name?.value ?? '';
    else if (kind === Kind.OBJECT_FIELD) way = `${way ?? ''}.${name?.value ?? ''}`;
    else if (path[i - 1] === 'values') way = `${way ?? ''}[${key}]`;
  });
  return way;
}
