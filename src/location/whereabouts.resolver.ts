import { EventField } from '../events/event-field.types.js';
import { NOW } from '../holdings/holding.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Party, Site } from '../master-data/index.js';
import { PartyType } from '../master-data/party.types.js';
import { SiteField, SiteType } from '../master-data/site.types.js';
import type { Context } from '../graphql/context.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { DateTime } from '../graphql/scalars.js';
import type { Sighting } from './custody.rules.js';
import { holderWithCustody, locationLoaders } from './location.loaders.js';
import type { Located } from './location.loaders.js';
import { PackageType, toContainer } from './package.types.js';
import { LastSeenType, PassedOnType, WhereaboutsType } from './whereabouts.types.js';

@Resolver(() => WhereaboutsType)
@SiteField('site', 'The site it is at.')
@SiteField('origin', 'In transit: the site it left; null when unknown.')
@SiteField('destination', 'In transit: the site it goes to; null when nobody stated one.')
export class WhereaboutsResolver {
  @Query(() => WhereaboutsType, {
    description:
      'Where a package is, now or at a past instant. A package that no event names is returned with `known: false`.',
  })
  locate(
    @Arg('id', () => ID, { description: 'EPC URN, Digital Link or element string as scanned.' })
    id: string,
    @Arg('asOf', () => DateTime, {
      nullable: true,
      description: 'The state after everything that happened at this instant. Default: now.',
    })
    asOf: number | null,
    @Ctx() context: Context,
  ): Promise<Located> {
    const key = keyArg('id', id, 'package');
    return locationLoaders(context).whereabouts.load({ key, at: asOf ?? NOW });
  }

  @FieldResolver(() => PackageType, { description: 'The package asked about.' })
  package(@Root() { key }: WhereaboutsType): PackageType {
    return { key };
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'The instant asked for; null for now.',
  })
  asOf(@Root() { at }: WhereaboutsType): number | null {
    return at === NOW ? null : at;
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'Since when it has been at the site, in transit, or at an unknown place.',
  })
  since(@Root() root: WhereaboutsType, @Ctx() context: Context): Promise<number | null> | null {
    return root.known ? locationLoaders(context).placeSince(root) : null;
  }

  @FieldResolver(() => PassedOnType, {
    nullable: true,
    description: 'For partners, in the state `PASSED_ON`: to whom it went. Null in any other.',
  })
  async passedOn(
    @Root() root: WhereaboutsType,
    @Ctx() context: Context,
  ): Promise<PassedOnType | null> {
    if (root.state !== 'PASSED_ON' || root.from === null) return null;
    const located: Located = root;
    const handedOn = await locationLoaders(context).handedOn.load({ ...located, at: root.from });
    const nothing = { site: null, party: null, received: false };
    return { ...(handedOn ?? nothing), at: root.from };
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'In transit: when it is expected, if the shipping event states this in an extension (`…:expectedArrival`, `…:eta` and the like).',
  })
  expected(
    @Root() { by }: WhereaboutsType,
    @Ctx() context: Context,
  ): Promise<number | null> | null {
    return by === null ? null : locationLoaders(context).expected.load(by);
  }

  @FieldResolver(() => [PackageType], { description: 'The containers around it, innermost first.' })
  containers(@Root() { containers }: WhereaboutsType): PackageType[] {
    return containers.map(toContainer);
  }

  @FieldResolver(() => LastSeenType, {
    nullable: true,
    description:
      'The place in the newest event that states one. The event names the package, or a container it was in.',
  })
  async lastSeen(@Root() root: WhereaboutsType, @Ctx() context: Context): Promise<Sighting | null> {
    if (!root.known) return null;
    return (await locationLoaders(context).custody.load(root)).lastSeen;
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who has it: whoever runs the site where it is. In transit, whoever runs the site it left, until it is received. The register says who runs a site, or else the whole GLN the site is part of. When the register does not say, it is the party that the newest transfer to or from the site names (possessing_party, else owning_party).',
  })
  holder(@Root() root: WhereaboutsType, @Ctx() context: Context): Promise<Party | null> {
    return holderWithCustody(root, context);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who owns it by the newest completed transfer (owning_party); null while no owner was stated.',
  })
  async owner(@Root() root: WhereaboutsType, @Ctx() context: Context): Promise<Party | null> {
    if (!root.known) return null;
    const { owner } = await locationLoaders(context).custody.load(root);
    return owner === null ? null : masterData(context).party.load(owner);
  }
}

@Resolver(() => LastSeenType)
@SiteField('readPoint', 'Where it happened.')
@SiteField('bizLocation', 'Where it was afterwards.')
@EventField('The event with all that it says.')
export class LastSeenResolver {
  @FieldResolver(() => DateTime, { description: 'When.' })
  eventTime(@Root() { t }: LastSeenType): number {
    return t;
  }

  @FieldResolver(() => SiteType, {
    nullable: true,
    description: 'The read point, or the business location when no read point is stated.',
  })
  site(@Root() root: LastSeenType, @Ctx() context: Context): Promise<Site | null> | null {
    const key = root.readPoint ?? root.bizLocation;
    return key === null ? null : masterData(context).site.load(key);
  }
}

@Resolver(() => PassedOnType)
export class PassedOnResolver {
  @FieldResolver(() => PartyType, {
    nullable: true,
    description:
      'Who got it: whom the event names, else who is registered to run the site where it was received.',
  })
  async to(
    @Root() { party, site, at }: PassedOnType,
    @Ctx() context: Context,
  ): Promise<Party | null> {
    const loaders = masterData(context);
    const key = party ?? (site === null ? null : await loaders.holder.load({ site, at }));
    return key === null ? null : loaders.party.load(key);
  }
}
