import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import type { Page } from '../shared/page.js';
import { Cursor } from './scalars.js';

@ObjectType('PageInfo', { simpleResolvers: true, description: 'The place of a page in its list.' })
export class PageInfoType {
  @Field(() => Boolean, { description: 'More rows follow.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'The page begins after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => Cursor, { nullable: true, description: 'Cursor of the first row.' })
  startCursor!: string | null;

  @Field(() => Cursor, {
    nullable: true,
    description: 'Cursor of the last row. Use it as `after`.',
  })
  endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: 'Number of rows, 1 to 1,000.' })
  first!: number;

  @Field(() => Cursor, { nullable: true, description: 'Returns the rows after this cursor.' })
  after?: string | null;
}

/** One row of a connection and its cursor. */
export interface Edge<T> {
  cursor: string;
  node: T;
}

/** A Relay connection. */
export interface Connection<T> {
  edges: Edge<T>[];
  nodes: T[];
  pageInfo: PageInfoType;
  totalCount?: number | null;
}

/**
 * The GraphQL classes of a connection, `<name>Connection` and `<name>Edge`.
 *
 * Use `export const EventConnectionType = connectionOf('Event', () => EventType)`, then
 * `@Query(() => EventConnectionType)` with a method that returns `toConnection(page)`.
 * `{ counted: true }` adds the nullable `totalCount`; use it only if counting is cheap.
 */
export function connectionOf<T extends object>(
  name: string,
  node: () => ClassType<T>,
  { counted = false }: { readonly counted?: boolean } = {},
): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `One ${name} of a list, with its cursor.`,
  })
  class EdgeClass implements Edge<T> {
    @Field(() => Cursor, { description: 'The place of this row in the list.' })
    cursor!: string;

    @Field(node, { description: 'The row.' })
    node!: T;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: `A page of a list of ${name}.`,
  })
  class ConnectionClass implements Connection<T> {
    @Field(() => [EdgeClass], { description: 'The rows with their cursors.' })
    edges!: EdgeClass[];

    @Field(() => [node()], { description: 'The rows without cursors.' })
    nodes!: T[];

    @Field(() => PageInfoType, { description: 'The place of this page in the list.' })
    pageInfo!: PageInfoType;

    totalCount?: number | null;
  }
  if (counted)
    Field(() => Int, {
      nullable: true,
      description: 'Number of rows in the whole list; null if counting is not cheap.',
    })(ConnectionClass.prototype, 'totalCount');
  return ConnectionClass;
}

/** A page as a connection; `shape` turns a row into its GraphQL source if they differ. */
export function toConnection<T>(page: Page<T>): Connection<T>;
export function toConnection<T, U>(page: Page<T>, shape: (row: T) => U): Connection<U>;
export function toConnection<T, U>(page: Page<T>, shape?: (row: T) => U): Connection<T | U> {
  const edges = page.items.map(({ cursor, node }) => ({
    cursor,
    node: shape ? shape(node) : node,
  }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount ?? null,
  };
}
