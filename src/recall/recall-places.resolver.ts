import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { LotType } from '../master-data/lot.types.js';
import type { Lot, Party, Site } from '../master-data/index.js';
import { PartyType } from '../master-data/party.types.js';
import { SiteType } from '../master-data/site.types.js';
import type { Context } from '../server/context.js';
import { IdentifierType, identifierOf } from '../server/identifier.types.js';
import { DateTime } from '../server/scalars.js';
import { countLotUnits } from './recall.loaders.js';
import type { ClassLevelQuantity, ScopeRow } from './recall-scope.js';
import {
  RecallClassLevelType,
  RecallConsigneeType,
  RecallLotType,
  RecallPackageType,
  RecallRowType,
  RecallScopeChangeType,
  RecallTransitType,
} from './recall.types.js';

type Maybe<T> = Promise<T | null> | null;
type Placed = Pick<ScopeRow, 'site' | 'origin' | 'state'>;

@Resolver(() => RecallRowType)
export class RecallRowResolver {
  @FieldResolver(() => SiteType, {
    nullable: true,
    description: 'Where they are; in transit, where they are headed. Null when unknown.',
  })
  site(@Root() { site }: Placed, @Ctx() context: Context): Maybe<Site> {
    return siteOf(site, context);
  }

  @FieldResolver(() => SiteType, {
    nullable: true,
    description: 'In transit: where they came from.',
  })
  origin(@Root() { origin }: Placed, @Ctx() context: Context): Maybe<Site> {
    return siteOf(origin, context);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who runs the site where they are; in transit, the site they left: they are his until received. Null where nobody is known to.',
  })
  holder(@Root() row: Placed, @Ctx() context: Context): Maybe<Party> {
    return operatorOf(row.state === 'SITE' ? row.site : row.origin, context);
  }
}

@Resolver(() => RecallTransitType)
export class RecallTransitResolver {
  @FieldResolver(() => SiteType, { nullable: true, description: 'Place left; null when unknown.' })
  from(@Root() { origin }: RecallTransitType, @Ctx() context: Context): Maybe<Site> {
    return siteOf(origin, context);
  }

  @FieldResolver(() => SiteType, {
    nullable: true,
    description: 'Destination; null when nobody stated one.',
  })
  to(@Root() { site }: RecallTransitType, @Ctx() context: Context): Maybe<Site> {
    return siteOf(site, context);
  }
}

@Resolver(() => RecallConsigneeType)
export class RecallConsigneeResolver {
  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'The party; null when nobody is known to run its site.',
  })
  party(@Root() { party }: RecallConsigneeType, @Ctx() { loaders }: Context): Maybe<Party> {
    return party === null ? null : loaders.party.load(party);
  }

  @FieldResolver(() => [SiteType], {
    description: 'Its sites where affected units are, were or are headed.',
  })
  sites(
    @Root() { sites }: RecallConsigneeType,
    @Ctx() { loaders }: Context,
  ): Promise<(Site | null)[]> {
    return Promise.all(sites.map((site) => loaders.site.load(site)));
  }
}

@Resolver(() => RecallPackageType)
export class RecallPackageResolver {
  @FieldResolver(() => IdentifierType, { description: 'The key in every form.' })
  identifier(@Root() { key }: RecallPackageType): IdentifierType {
    return identifierOf(key);
  }

  @FieldResolver(() => LotType, { nullable: true, description: 'Its lot.' })
  lot(@Root() { lot }: RecallPackageType, @Ctx() { loaders }: Context): Maybe<Lot> {
    return lot === null ? null : loaders.lot.load(lot);
  }

  @FieldResolver(() => SiteType, {
    nullable: true,
    description: 'Where it is; in transit, where it is headed.',
  })
  site(@Root() { site }: Placed, @Ctx() context: Context): Maybe<Site> {
    return siteOf(site, context);
  }

  @FieldResolver(() => SiteType, { nullable: true, description: 'In transit: where it came from.' })
  origin(@Root() { origin }: Placed, @Ctx() context: Context): Maybe<Site> {
    return siteOf(origin, context);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'Who runs the site where it is; in transit, the site it left.',
  })
  holder(@Root() row: Placed, @Ctx() context: Context): Maybe<Party> {
    return operatorOf(row.state === 'SITE' ? row.site : row.origin, context);
  }
}

@Resolver(() => RecallLotType)
export class RecallLotResolver {
  @FieldResolver(() => LotType, {
    nullable: true,
    description: 'The lot; null when it was never reported.',
  })
  lot(@Root() { id }: RecallLotType, @Ctx() { loaders }: Context): Maybe<Lot> {
    return loaders.lot.load(id);
  }

  @FieldResolver(() => Int, { description: 'Its units now, ended ones included.' })
  units(@Root() { id }: RecallLotType, @Ctx() context: Context): Promise<number> {
    return countLotUnits(context, id);
  }
}

@Resolver(() => RecallClassLevelType)
export class RecallClassLevelResolver {
  @FieldResolver(() => LotType, {
    nullable: true,
    description: 'The lot, or "lot unknown" of the product.',
  })
  lot(@Root() { lot }: ClassLevelQuantity, @Ctx() { loaders }: Context): Maybe<Lot> {
    return loaders.lot.load(lot);
  }

  @FieldResolver(() => DateTime, { description: 'When it was reported to have been so.' })
  eventTime(@Root() { t }: ClassLevelQuantity): number {
    return t;
  }
}

@Resolver(() => RecallScopeChangeType)
export class RecallScopeChangeResolver {
  @FieldResolver(() => SiteType, {
    nullable: true,
    description: 'Where it is; in transit, where it is headed.',
  })
  site(@Root() { site }: Placed, @Ctx() context: Context): Maybe<Site> {
    return siteOf(site, context);
  }

  @FieldResolver(() => SiteType, { nullable: true, description: 'In transit: where it came from.' })
  origin(@Root() { origin }: Placed, @Ctx() context: Context): Maybe<Site> {
    return siteOf(origin, context);
  }
}

function siteOf(key: string | null, { loaders }: Context): Maybe<Site> {
  return key === null ? null : loaders.site.load(key);
}

async function operatorOf(key: string | null, { loaders }: Context): Promise<Party | null> {
  if (key === null) return null;
  const site = await loaders.site.load(key);
  const whole = key.split('/254/')[0] ?? key;
  const operator =
    site?.operator ?? (whole === key ? null : (await loaders.site.load(whole))?.operator);
  return operator ? loaders.party.load(operator) : null;
}
