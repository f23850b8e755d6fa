import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { pageLoader } from '../graphql/page-loader.js';
import { perOperation } from '../graphql/per-operation.js';
import { LotType } from '../master-data/lot.types.js';
import { OrderDirectionEnum } from '../graphql/connection.types.js';
import { SiteType } from '../master-data/site.types.js';
import { pageRequest } from '../shared/page.js';
import type { Direction } from '../shared/page.js';
import { EVENT_SHAPE } from './event-list.read-model.js';
import { EventConnectionType } from './event.types.js';
import { listEventsOf } from './events-of.read-model.js';
import type { StoredEvent } from './stored-event.js';

const loaders = perOperation((view) => ({
  site: {
    ASC: pageLoader((of, page) => listEventsOf(view, 'site', of, { ...page, order: 'ASC' })),
    DESC: pageLoader((of, page) => listEventsOf(view, 'site', of, { ...page, order: 'DESC' })),
  },
  lot: {
    ASC: pageLoader((of, page) => listEventsOf(view, 'lot', of, { ...page, order: 'ASC' })),
    DESC: pageLoader((of, page) => listEventsOf(view, 'lot', of, { ...page, order: 'DESC' })),
  },
}));

const NEWEST_FIRST = {
  defaultValue: 'DESC' as const,
  description: 'By event time; `DESC` gives the newest first.',
};

@Resolver(() => SiteType)
export class EventsOfSiteResolver {
  @FieldResolver(() => EventConnectionType, {
    nullable: true,
    description: 'Events that have it as read point or business location, the newest first.',
  })
  async events(
    @Root() { key: of }: SiteType,
    @Arg('direction', () => OrderDirectionEnum, NEWEST_FIRST) direction: Direction,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<StoredEvent>> {
    const request = { of, ...pageRequest(page, EVENT_SHAPE) };
    return toConnection(await loaders(context).site[direction].load(request));
  }
}

@Resolver(() => LotType)
export class EventsOfLotResolver {
  @FieldResolver(() => EventConnectionType, {
    nullable: true,
    description:
      'Events that name it as a class or commission units of it, the newest first. Those of its packages are in their `journey`.',
  })
  async events(
    @Root() { id: of }: LotType,
    @Arg('direction', () => OrderDirectionEnum, NEWEST_FIRST) direction: Direction,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<StoredEvent>> {
    const request = { of, ...pageRequest(page, EVENT_SHAPE) };
    return toConnection(await loaders(context).lot[direction].load(request));
  }
}
