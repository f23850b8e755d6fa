import { isPartner } from '../access/view.js';
import { EventField } from '../events/event-field.types.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { NOW, isContainerKey } from '../holdings/holding.js';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { parseIdentifier } from '../gs1/identifier.js';
import { LotField, LotType } from '../master-data/lot.types.js';
import type { Lot, Party, Product } from '../master-data/index.js';
import { PartyType } from '../master-data/party.types.js';
import { ProductType } from '../master-data/product.types.js';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { keyArg, keyArgs } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { DateOnly, DateTime } from '../graphql/scalars.js';
import { EMPTY_PAGE, pageRequest } from '../shared/page.js';
import { listPackages, PACKAGE_SHAPE } from './list-packages.js';
import { PackageFilterInput, packageFilterOf } from './package-filter.types.js';
import { holderWithCustody, locationLoaders } from './location.loaders.js';
import type { Located } from './location.loaders.js';
import type { Association, PackageException, PackageLevel } from './package.js';
import {
  AssociationType,
  ClassInsideType,
  ContentsSummaryType,
  LotInsideType,
  PackageConnectionType,
  PackageExceptionType,
  PackageLevelEnum,
  PackageSchemeEnum,
  PackageType,
  toContainer,
} from './package.types.js';
import type { PackageScheme } from './package.types.js';
import { WhereaboutsType } from './whereabouts.types.js';

@Resolver(() => PackageType)
export class PackageResolver {
  @Query(() => PackageType, {
    nullable: true,
    description: 'One package at any level. Null when no event ever named it.',
  })
  async packageById(
    @Arg('id', () => ID, { description: 'EPC URN, Digital Link or element string as scanned.' })
    id: string,
    @Ctx() context: Context,
  ): Promise<PackageType | null> {
    const key = keyArg('id', id, 'package');
    return (await locationLoaders(context).package.load(key)) && { key };
  }

  @Query(() => PackageConnectionType, {
    description:
      'Packages by what they are and where they are now. The order is by key inside each lot or container; it stays the same from page to page.',
  })
  async packages(
    @Arg('filter', () => PackageFilterInput, {
      nullable: true,
      description:
        'Selects packages. Without it, all that were not dispensed, destroyed or decommissioned are given.',
    })
    filter: PackageFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<PackageType>> {
    const request = pageRequest(page, PACKAGE_SHAPE);
    return toConnection(await listPackages(view, packageFilterOf(filter), request));
  }

  @Query(() => [PackageType], {
    nullable: 'items',
    description:
      'Up to 1,000 packages, in the order asked for; null where no event ever named one.',
  })
  packagesById(
    @Arg('ids', () => [ID], {
      description: 'EPC URNs, Digital Links or element strings, at most 1,000.',
    })
    ids: string[],
    @Ctx() context: Context,
  ): Promise<(PackageType | null)[]> {
    const { package: loader } = locationLoaders(context);
    const keys = keyArgs('ids', ids, 'package');
    return Promise.all(keys.map(async (key) => (await loader.load(key)) && { key }));
  }

  @FieldResolver(() => IdentifierType, { description: 'The key in every form it has.' })
  async identifier(@Root() { key }: PackageType, @Ctx() context: Context): Promise<IdentifierType> {
    const facts = await locationLoaders(context).package.load(key);
    return identifierOf(key, facts?.gcp ?? null);
  }

  @FieldResolver(() => PackageLevelEnum, { description: 'Unit or container.' })
  async level(@Root() { key, level }: PackageType, @Ctx() context: Context): Promise<PackageLevel> {
    if (level !== undefined) return level;
    const facts = await locationLoaders(context).package.load(key);
    return facts?.level ?? (isContainerKey(key) ? 'CONTAINER' : 'UNIT');
  }

  @FieldResolver(() => PackageSchemeEnum, { description: 'Which GS1 key identifies it.' })
  scheme(@Root() { key }: PackageType): PackageScheme {
    const parsed = parseIdentifier(key);
    const scheme = parsed.ok ? parsed.id.scheme.toUpperCase() : '';
    return scheme in PackageSchemeEnum ? (scheme as PackageScheme) : 'OTHER';
  }

  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'Its trade item; null for what has no GTIN.',
  })
  async product(@Root() { key }: PackageType, @Ctx() context: Context): Promise<Product | null> {
    const facts = await locationLoaders(context).package.load(key);
    return facts?.gtin ? masterData(context).product.load(facts.gtin) : null;
  }

  @FieldResolver(() => LotType, {
    nullable: true,
    description: 'Its lot. A unit whose lot nobody stated has the "lot unknown" of its product.',
  })
  async lot(@Root() { key }: PackageType, @Ctx() context: Context): Promise<Lot | null> {
    const facts = await locationLoaders(context).package.load(key);
    if (!facts?.lot) return null;
    const { lot, lotOfPackage } = masterData(context);
    return (isPartner(context.view) ? lotOfPackage : lot).load(facts.lot);
  }

  @FieldResolver(() => DateOnly, { nullable: true, description: 'Expiry date of its lot.' })
  async expiry(@Root() { key }: PackageType, @Ctx() context: Context): Promise<string | null> {
    return (await locationLoaders(context).package.load(key))?.expiry ?? null;
  }

  @FieldResolver(() => WhereaboutsType, {
    nullable: true,
    description: 'Where it is, now or at a past instant.',
  })
  whereabouts(
    @Root() { key }: PackageType,
    @Arg('asOf', () => DateTime, {
      nullable: true,
      description: 'The state after everything that happened at this instant. Default: now.',
    })
    asOf: number | null,
    @Ctx() context: Context,
  ): Promise<Located> {
    return locationLoaders(context).whereabouts.load({ key, at: asOf ?? NOW });
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Status now: the disposition in force, `active` when none was stated, or how it ended.',
  })
  async status(@Root() root: PackageType, @Ctx() context: Context): Promise<string | null> {
    return (await this.whereabouts(root, null, context)).status;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The newest disposition stated for it or for what it was in. Null when none was stated, or none since it ended and was commissioned again.',
  })
  async disposition(@Root() root: PackageType, @Ctx() context: Context): Promise<string | null> {
    const { status, statusSince } = await this.whereabouts(root, null, context);
    if (status !== 'active' || statusSince !== null) return status;
    // For loose units the projection does not keep whether `active` was stated or only assumed.
    const stated = await locationLoaders(context).statedDisposition.load(root.key);
    return stated === status ? status : null;
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'Dispositions that stay in force until they are unset (`persistentDisposition`), sorted.',
  })
  persistentDispositions(
    @Root() { key }: PackageType,
    @Ctx() context: Context,
  ): Promise<readonly string[]> {
    return locationLoaders(context).persistentDispositions.load(key);
  }

  @FieldResolver(() => PackageType, {
    nullable: true,
    description: 'The container that it is directly in.',
  })
  async container(@Root() root: PackageType, @Ctx() context: Context): Promise<PackageType | null> {
    return (await this.containers(root, context))[0] ?? null;
  }

  @FieldResolver(() => [PackageType], {
    nullable: true,
    description: 'The containers around it, innermost first.',
  })
  async containers(@Root() root: PackageType, @Ctx() context: Context): Promise<PackageType[]> {
    const { containers } = await this.whereabouts(root, null, context);
    return containers.map(toContainer);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who has it: whoever runs the site where it is. In transit, whoever runs the site it left, until it is received. The same as `holder` of `locate`.',
  })
  async holder(@Root() root: PackageType, @Ctx() context: Context): Promise<Party | null> {
    return holderWithCustody(await this.whereabouts(root, null, context), context);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who owns it by the newest completed transfer (owning_party); null while no owner was stated.',
  })
  async owner(@Root() root: PackageType, @Ctx() context: Context): Promise<Party | null> {
    const found = await this.whereabouts(root, null, context);
    const { owner } = await locationLoaders(context).custody.load(found);
    return owner === null ? null : masterData(context).party.load(owner);
  }

  @FieldResolver(() => ContentsSummaryType, {
    nullable: true,
    description: 'What it holds now, as counts. Null for a unit.',
  })
  async contentsSummary(
    @Root() { key }: PackageType,
    @Ctx() context: Context,
  ): Promise<ContentsSummaryType | null> {
    const loaders = locationLoaders(context);
    const facts = await loaders.package.load(key);
    if (facts?.level !== 'CONTAINER') return null;
    if (facts.filling === null) return { packages: 0, units: 0, lots: [], classes: [] };
    const found = await loaders.contentsSummary.load({ key, id: facts.filling });
    return {
      packages: found.packages,
      units: found.lots.reduce((sum, lot) => sum + lot.units, 0),
      lots: [...found.lots],
      classes: [...found.classes],
    };
  }

  @FieldResolver(() => PackageConnectionType, {
    nullable: true,
    description: 'The packages directly inside now, by key. Null for a unit.',
  })
  async contents(
    @Root() { key }: PackageType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<PackageType> | null> {
    const page = pageRequest(args, ['string']);
    const loaders = locationLoaders(context);
    const facts = await loaders.package.load(key);
    if (facts?.level !== 'CONTAINER') return null;
    if (facts.filling === null) return toConnection(EMPTY_PAGE);
    return toConnection(await loaders.contents.load({ filling: facts.filling, page }));
  }

  @FieldResolver(() => [PackageExceptionType], {
    nullable: true,
    description: 'What cannot be right about it, oldest first.',
  })
  exceptions(
    @Root() { key }: PackageType,
    @Ctx() context: Context,
  ): Promise<readonly PackageException[]> {
    return locationLoaders(context).exceptions.load(key);
  }

  @FieldResolver(() => [AssociationType], {
    nullable: true,
    description: 'What is attached to it now, and what it is attached to.',
  })
  associations(
    @Root() { key }: PackageType,
    @Ctx() context: Context,
  ): Promise<readonly Association[]> {
    return locationLoaders(context).associations.load(key);
  }
}

@Resolver(() => PackageExceptionType)
@EventField('The event that shows it.')
export class PackageExceptionResolver {}

@Resolver(() => AssociationType)
@EventField('The event that attached it.')
export class AssociationResolver {}

@Resolver(() => LotInsideType)
@LotField('lot', 'The lot; null for what has no GTIN.')
export class LotInsideResolver {
  @FieldResolver(() => ProductType, { nullable: true, description: 'The product of the lot.' })
  product(@Root() root: LotInsideType, @Ctx() context: Context): Promise<Product> | null {
    return productOfLot(root.lot, context);
  }
}

@Resolver(() => ClassInsideType)
@LotField('lot', 'The lot, when the class is a lot.')
export class ClassInsideResolver {
  @FieldResolver(() => ProductType, { nullable: true, description: 'The product of the class.' })
  product(@Root() root: ClassInsideType, @Ctx() context: Context): Promise<Product> | null {
    return productOfLot(root.lot, context);
  }
}

function productOfLot(lot: string, context: Context): Promise<Product> | null {
  const gtin = /^01\/(\d{14})/.exec(lot)?.[1];
  return gtin === undefined ? null : masterData(context).product.load(gtin);
}
