import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { isPartner } from '../access/view.js';
import type { Context } from '../graphql/context.js';
import { DateTime } from '../graphql/scalars.js';
import { LotType } from '../master-data/lot.types.js';
import type { Lot, Party } from '../master-data/index.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { PartyType } from '../master-data/party.types.js';
import { locationLoaders } from './location.loaders.js';
import type { Origin } from './origin.read-model.js';
import { OriginType, PackageType } from './package.types.js';

@Resolver(() => PackageType)
export class OriginOfPackageResolver {
  @FieldResolver(() => OriginType, {
    nullable: true,
    description: 'Where it comes from. Null when no event tells of its beginning.',
  })
  origin(@Root() { key }: PackageType, @Ctx() context: Context): Promise<Origin | null> {
    return locationLoaders(context).origin.load(key);
  }
}

@Resolver(() => OriginType)
export class OriginResolver {
  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'Who made it: whoever is registered to run the site where it was commissioned.',
  })
  async manufacturer(
    @Root() { site, at }: OriginType,
    @Ctx() context: Context,
  ): Promise<Party | null> {
    const { holder, party } = masterData(context);
    const key = site === null ? null : await holder.load({ site, at });
    return key === null ? null : party.load(key);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Country of that site, ISO 3166-1 alpha-2.',
  })
  async country(@Root() { site }: OriginType, @Ctx() context: Context): Promise<string | null> {
    return site === null ? null : ((await masterData(context).site.load(site))?.country ?? null);
  }

  @FieldResolver(() => DateTime, {
    description: 'When its lot was made, or when it was commissioned if nobody stated the former.',
  })
  madeAt(@Root() { madeAt, at }: OriginType): number {
    return madeAt ?? at;
  }

  @FieldResolver(() => LotType, { nullable: true, description: 'Its lot, with the expiry date.' })
  lot(@Root() { lot }: OriginType, @Ctx() context: Context): Promise<Lot | null> | null {
    if (lot === null) return null;
    const loaders = masterData(context);
    return (isPartner(context.view) ? loaders.lotOfPackage : loaders.lot).load(lot);
  }
}
