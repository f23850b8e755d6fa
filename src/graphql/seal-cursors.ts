import { defaultFieldResolver, getNamedType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import type { CursorSeal } from '../access/cursor-seal.js';
import { notOfThisList } from '../shared/page.js';
import type { Connection } from './connection.types.js';
import type { Context } from './context.js';

type Sealing = Pick<Context, 'sealOf' | 'view'>;
type PageArguments = Readonly<Record<string, unknown>>;
type Field = GraphQLField<unknown, Sealing, PageArguments>;

/**
 * Makes every list of a built schema take and give the cursors of partners sealed. Their content names rows of the graph that a partner may
 * not know of, such as the container around its packages.
 */
export function sealCursors(schema: GraphQLSchema): void {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const fields = types.flatMap((type): Field[] => Object.values(type.getFields()));
  for (const field of fields) {
    const type = getNamedType(field.type).name;
    if (type.endsWith('Connection')) sealList(field, `${type} ${field.name}`);
  }
}

/** @param list says which lists take the cursors of each other: those of one name and type, such as `journey` of a package and of a query */
function sealList(field: Field, list: string): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = async (source, args, context, info) => {
    const seal = context.sealOf?.(context.view.principal);
    if (seal === undefined) return resolve(source, args, context, info);
    const page = await resolve(source, opened(args, seal, list), context, info);
    return page && sealed(page as Connection<unknown>, seal, list);
  };
}

/**
 * Opens the cursor that the list reads from. One for its other end beside it is refused, and the refusal quotes what it is given.
 *
 * @throws Problem BAD_USER_INPUT for a cursor that this organisation was not given for this list
 */
function opened(args: PageArguments, seal: CursorSeal, list: string): PageArguments {
  const name = (args['last'] ?? args['before'] ?? null) === null ? 'after' : 'before';
  const given = args[name];
  if (typeof given !== 'string') return args;
  const cursor = seal.open(given, list);
  if (cursor === null) throw notOfThisList(name, given);
  return { ...args, [name]: cursor };
}

function sealed<T>(page: Connection<T>, seal: CursorSeal, list: string): Connection<T> {
  const close = <C extends string | null>(cursor: C): C | string =>
    cursor === null ? cursor : seal.close(cursor, list);
  const { startCursor, endCursor, ...info } = page.pageInfo;
  return {
    ...page,
    edges: page.edges.map(({ cursor, node }) => ({ cursor: close(cursor), node })),
    pageInfo: { ...info, startCursor: close(startCursor), endCursor: close(endCursor) },
  };
}
