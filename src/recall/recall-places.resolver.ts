import { NOW } from '../holdings/holding.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { LotType } from '../master-data/lot.types.js';

import type { Lot, Party, Site } from '../master-data/index.js';
import { holderOf } from '../master-data/holder.loaders.js';
import { PartyType } from '../master-data/party.types.js';
import { SiteType } from '../master-data/site.types.js';
import type { Context } from '../graphql/context.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { DateTime } from '../graphql/scalars.js';
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

/** The past instant a scope was asked for, epoch ms; null for now. */
interface AsOf {
  readonly asOf: number | null;
}

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
      'Who has them: who runs the site where they are; in transit, the site they left: they are his until received. As `holder` of `locate`. Null where nobody is known to.',
  })
  holder(@Root() row: Placed & AsOf, @Ctx() context: Context): Maybe<Party> {
    return holderOf(row, row.asOf ?? NOW, masterData(context));
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
    description: 'The party; null where nobody is known to have what stands at the site.',
  })
  party(@Root() { party }: RecallConsigneeType, @Ctx() context: Context): Maybe<Party> {
    return party === null ? null : masterData(context).party.load(party);
  }

  @FieldResolver(() => [SiteType], {
    description: 'Its sites where affected units are, were or are headed.',
  })
  sites(@Root() { sites }: RecallConsigneeType, @Ctx() context: Context): Promise<(Site | null)[]> {
    return Promise.all(sites.map((site) => masterData(context).site.load(site)));
  }
}

@Resolver(() => RecallPackageType)
export class RecallPackageResolver {
  @FieldResolver(() => IdentifierType, { description: 'The key in every form.' })
  identifier(@Root() { key }: RecallPackageType): IdentifierType {
    return identifierOf(key);
  }

  @FieldResolver(() => LotType, { nullable: true, description: 'Its lot.' })
  lot(@Root() { lot }: RecallPackageType, @Ctx() context: Context): Maybe<Lot> {
    return lot === null ? null : masterData(context).lot.load(lot);
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
    description:
      'Who has it: who runs the site where it is; in transit, the site it left. As `holder` of `locate`.',
  })
  holder(@Root() row: Placed & AsOf, @Ctx() context: Context): Maybe<Party> {
    return holderOf(row, row.asOf ?? NOW, masterData(context));
  }
}

@Resolver(() => RecallLotType)
export class RecallLotResolver {
  @FieldResolver(() => LotType, {
    nullable: true,
    description: 'The lot; null when it was never reported.',
  })
  lot(@Root() { id }: RecallLotType, @Ctx() context: Context): Maybe<Lot> {
    return masterData(context).lot.load(id);
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
  lot(@Root() { lot }: ClassLevelQuantity, @Ctx() context: Context): Maybe<Lot> {
    return masterData(context).lot.load(lot);
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

function siteOf(key: string | null, context: Context): Maybe<Site> {
  return key === null ? null : masterData(context).site.load(key);
}
