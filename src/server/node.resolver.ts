import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { readCaptureJob } from '../capture/capture-job.read-model.js';
import { eventLoaders } from '../events/event.loaders.js';
import type { Context } from '../graphql/context.js';
import { NodeType, readNodeId } from '../graphql/node.types.js';
import type { NodeName } from '../graphql/node.types.js';
import { handoffOf } from '../handoff/handoff.loaders.js';
import { locationLoaders } from '../location/location.loaders.js';
import { isKnownTo } from '../master-data/index.js';
import type { Known } from '../master-data/index.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { readAllocation } from '../serials/serial.read-model.js';
import { SearchHitType } from '../search/search.types.js';
import { refusedArgument } from '../shared/problem.js';

type Find = (key: string, context: Context) => Promise<object | null>;

const FIND: Readonly<Record<NodeName, Find>> = {
  CaptureJob: (key, { view }) => readCaptureJob(view, key),
  Event: (key, context) => eventLoaders(context).event.load(key),
  Handoff: (key, context) => handoffOf(context, key),
  Lot: (key, context) => masterData(context).lot.load(key),
  Package: async (key, context) =>
    (await locationLoaders(context).package.load(key)) === null ? null : { key },
  Party: (key, context) => known(masterData(context).party.load(key), context),
  Product: (key, context) => known(masterData(context).product.load(key), context),
  SerialAllocation: (key, { view }) => readAllocation(view, key),
  Site: (key, context) => known(masterData(context).site.load(key), context),
};

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description:
      'Anything that has an `id`, by this id: for clients that keep objects in a cache. Null when there is nothing with it.',
  })
  async node(
    @Arg('id', () => ID, { description: 'The `id` of an answer.' }) id: string,
    @Ctx() context: Context,
  ): Promise<object | null> {
    const asked = readNodeId(id);
    if (asked === null)
      throw refusedArgument('id', id, {
        rule: 'must be the `id` of something in an answer: the name of a type, a colon and a key.',
        remedy: 'For a key or a scan, ask for `packageById`, `lot`, `product`, `site` or `party`.',
      });
    return findNode(asked.type, asked.key, context);
  }
}

@Resolver(() => SearchHitType)
export class NodeOfSearchHitResolver {
  @FieldResolver(() => NodeType, { nullable: true, description: 'The thing itself.' })
  node(@Root() { kind, key }: SearchHitType, @Ctx() context: Context): Promise<object | null> {
    return findNode(NODE_OF_KIND[kind], key, context);
  }
}

const NODE_OF_KIND: Readonly<Record<SearchHitType['kind'], NodeName>> = {
  ...{ PACKAGE: 'Package', LOT: 'Lot', PRODUCT: 'Product', SITE: 'Site', PARTY: 'Party' },
  ...{ EVENT: 'Event', HANDOFF: 'Handoff' },
};

async function findNode(type: NodeName, key: string, context: Context): Promise<object | null> {
  const found = await FIND[type](key, context);
  return found === null ? null : { ...found, __typename: type };
}

async function known(
  reading: Promise<Known | null>,
  { view }: Pick<Context, 'view'>,
): Promise<object | null> {
  const found = await reading;
  return found !== null && isKnownTo(view, found) ? found : null;
}
