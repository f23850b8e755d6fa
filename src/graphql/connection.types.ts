import { ArgsType, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { COUNTED_AT_MOST } from '../shared/page.js';
import type { ConnectionArgs, Direction, Page, TotalCount } from '../shared/page.js';
import { Cursor } from './scalars.js';

@ObjectType('PageInfo', { simpleResolvers: true, description: 'The place of a page in its list.' })
export class PageInfoType {
  @Field(() => Boolean, { description: 'More rows follow.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Rows come before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => Cursor, {
    nullable: true,
    description: 'Cursor of the first row. Use it as `before`.',
  })
  startCursor!: string | null;

  @Field(() => Cursor, {
    nullable: true,
    description: 'Cursor of the last row. Use it as `after`.',
  })
  endCursor!: string | null;
}

const COUNTED = COUNTED_AT_MOST.toLocaleString('en');

@ObjectType('TotalCount', {
  simpleResolvers: true,
  description: `How many rows a whole list has. Rows are counted up to ${COUNTED}.`,
})
class TotalCountType implements TotalCount {
  @Field(() => Int, {
    nullable: true,
    description: `The number of rows; null when there are more than could be counted, see \`atLeast\`.`,
  })
  exact!: number | null;

  @Field(() => Int, { description: 'The list has this many rows or more.' })
  atLeast!: number;
}

export const OrderDirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const satisfies Record<
  Direction,
  Direction
>;

registerEnumType(OrderDirectionEnum, {
  name: 'OrderDirection',
  description: 'The direction of a list.',
  valuesConfig: {
    ASC: { description: 'Oldest or lowest first.' },
    DESC: { description: 'Newest or highest first.' },
  },
});

@ArgsType()
export class PageArgs implements ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'Number of rows from the beginning of the list, 1 to 1,000. 50 when left out.',
  })
  first?: number | null;

  @Field(() => Cursor, { nullable: true, description: 'Begins with the row after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of rows from the end of the list, 1 to 1,000, in the order of the list. Not together with `first` or `after`.',
  })
  last?: number | null;

  @Field(() => Cursor, {
    nullable: true,
    description: 'Ends with the row before this cursor. Not together with `first` or `after`.',
  })
  before?: string | null;
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
  pageInfo: Pick<PageInfoType, keyof PageInfoType>;
  /** Asked only when the operation has the field. */
  totalCount: () => Promise<TotalCount>;
}

/**
 * The GraphQL classes of a connection, `<name>Connection` and `<name>Edge`.
 *
 * Use `export const EventConnectionType = connectionOf('Event', () => EventType)`, then
 * `@Query(() => EventConnectionType)` with a method that returns `toConnection(page)`.
 */
export function connectionOf<T extends object>(
  name: string,
  node: () => ClassType<T>,
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

    @Field(() => TotalCountType, {
      nullable: true,
      description: 'How many rows the whole list has, whatever the page.',
    })
    totalCount!: () => Promise<TotalCount>;
  }
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
    totalCount: page.count,
  };
}
