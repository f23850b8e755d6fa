import { EventField } from '../events/event-field.types.js';
import { NOW } from '../holdings/holding.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { eventLoaders } from '../events/event.loaders.js';
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { BizTransactionType, EventType } from '../events/event.types.js';
import type { StoredEvent } from '../events/index.js';
import type { Party } from '../master-data/index.js';
import { SiteField } from '../master-data/site.types.js';
import { LotField } from '../master-data/lot.types.js';
import { locationLoaders } from '../location/location.loaders.js';
import { PartyType } from '../master-data/party.types.js';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { idArg, keyArgs } from '../graphql/identifier-arg.js';
import { IdentifierType, identifierOf } from '../graphql/identifier.types.js';
import { pageRequest } from '../shared/page.js';
import { orNull } from '../shared/or-null.js';
import { refusedArgument } from '../shared/problem.js';
import type { Handoff, HandoffCount, HandoffFilter, HandoffPackage } from './handoff.js';
import { countPackages, countUnits, packagesOf, unitsOf } from './handoff.loaders.js';
import { HANDOFF_SHAPE, listHandoffs } from './handoff-list.read-model.js';
import { durationsOf, isLate } from './handoff.rules.js';
import {
  HandoffConnectionType,
  HandoffCountType,
  HandoffDurationType,
  HandoffFilterInput,
  HandoffLotType,
  HandoffOrderInput,
  HandoffPackageType,
  HandoffType,
} from './handoff.types.js';

type Maybe<T> = Promise<T | null> | null;
type PackageOf = HandoffPackage & { readonly handoff: Handoff };

@Resolver(() => HandoffType)
@SiteField('from', 'Site that gives; null when unknown.')
@SiteField('to', 'Site that takes; null when unknown.')
export class HandoffResolver {
  @Query(() => HandoffConnectionType, {
    description:
      'Changes of custody, in the order of `orderBy`: the newest shipping first when it is left out.',
  })
  async handoffs(
    @Arg('filter', () => HandoffFilterInput, {
      nullable: true,
      description: 'Selects handoffs. Without it, all are given.',
    })
    filter: HandoffFilterInput | null,
    @Arg('orderBy', () => HandoffOrderInput, {
      defaultValue: { field: 'SHIPPED', direction: 'DESC' },
      description: 'By shipping or by receipt, in either direction.',
    })
    order: HandoffOrderInput,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { view, clock }: Context,
  ): Promise<Connection<Handoff>> {
    const nowMs = clock.now();
    const request = { ...pageRequest(args, HANDOFF_SHAPE), order, nowMs };
    return toConnection(await listHandoffs(view, toFilter(filter ?? {}, nowMs), request));
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'Party that gives: the named party, else the holder at the site.',
  })
  fromParty(@Root() { fromParty, from }: Handoff, @Ctx() context: Context): Maybe<Party> {
    return partyOf(fromParty, from, context);
  }

  @FieldResolver(() => PartyType, {
    nullable: true,
    description: 'Party that takes: the named party, else the holder at the site.',
  })
  toParty(@Root() { toParty, to }: Handoff, @Ctx() context: Context): Maybe<Party> {
    return partyOf(toParty, to, context);
  }

  @FieldResolver(() => HandoffCountType, {
    nullable: true,
    description: 'Counts in packages, as the shipping names them.',
  })
  packageCount(@Root() handoff: Handoff, @Ctx() context: Context): Promise<HandoffCount> {
    return countPackages(context, handoff);
  }

  @FieldResolver(() => HandoffCountType, {
    nullable: true,
    description: 'Counts in units, as they were inside at shipping.',
  })
  unitCount(@Root() handoff: Handoff, @Ctx() context: Context): Promise<HandoffCount> {
    return countUnits(context, handoff);
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether it is open after the time when it was expected, or was received after it. False when nobody stated that time.',
  })
  lateAgainstExpected(@Root() handoff: Handoff, @Ctx() { clock }: Context): boolean {
    return isLate(handoff, clock.now());
  }

  @FieldResolver(() => HandoffDurationType, { description: 'How long it took.' })
  duration(@Root() handoff: Handoff, @Ctx() { clock }: Context): HandoffDurationType {
    const { first, last } = durationsOf(handoff);
    const open = handoff.status === 'OUTSTANDING' || handoff.status === 'PARTIAL';
    const { shippedAt } = handoff;
    return {
      firstMs: first,
      lastMs: last,
      openMs: open ? Math.max(0, clock.now() - shippedAt) : null,
    };
  }

  @FieldResolver(() => [HandoffPackageType], {
    nullable: true,
    description:
      'Packages that were shipped, and packages that were received as part of it or in addition.',
  })
  async packages(@Root() handoff: Handoff, @Ctx() context: Context): Promise<PackageOf[]> {
    return (await packagesOf(context, handoff)).map((one) => ({ ...one, handoff }));
  }

  @FieldResolver(() => [HandoffLotType], {
    nullable: true,
    description: 'Units that were inside at shipping, by lot.',
  })
  async lots(@Root() handoff: Handoff, @Ctx() context: Context): Promise<HandoffLotType[]> {
    const packages = (await packagesOf(context, handoff)).filter((one) => one.shipped);
    const units = await Promise.all(packages.map((one) => unitsOf(context, handoff, one)));
    const keys = [...new Set(units.flatMap((some) => [...some]))];
    const facts = await locationLoaders(context).package.loadMany(keys);
    const counts = new Map<string, number>();
    for (const one of facts) {
      const lot = one === null || one instanceof Error ? '?' : (one.lot ?? '?');
      counts.set(lot, (counts.get(lot) ?? 0) + 1);
    }
    return [...counts].map(([lot, n]) => ({ lot, units: n })).sort((a, b) => b.units - a.units);
  }

  @FieldResolver(() => [EventType], {
    nullable: true,
    description: 'The shipping event and the receiving ones, oldest first.',
  })
  events(@Root() handoff: Handoff, @Ctx() context: Context): Promise<StoredEvent[]> {
    return eventsOf(handoff, context);
  }

  @FieldResolver(() => [BizTransactionType], {
    nullable: true,
    description: 'Business documents that its events name, each once.',
  })
  async transactions(
    @Root() handoff: Handoff,
    @Ctx() context: Context,
  ): Promise<BizTransactionType[]> {
    const found = new Map<string, BizTransactionType>();
    for (const { document } of await eventsOf(handoff, context))
      for (const one of documentsOf(document['bizTransactionList']))
        found.set(`${one.type ?? ''} ${one.bizTransaction}`, one);
    return [...found.values()];
  }
}

@Resolver(() => HandoffLotType)
@LotField('lot', 'The lot; null for units without a GTIN.')
export class HandoffLotResolver {}

@Resolver(() => HandoffPackageType)
@SiteField('site', 'Where it was received.')
@EventField('The event that received it.')
export class HandoffPackageResolver {
  @FieldResolver(() => IdentifierType, { description: 'The key in every form.' })
  identifier(@Root() { key }: PackageOf): IdentifierType {
    return identifierOf(key);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Units that it was or had inside at shipping.',
  })
  async units(@Root() one: PackageOf, @Ctx() context: Context): Promise<number> {
    return (await unitsOf(context, one.handoff, one)).size;
  }
}

async function partyOf(
  party: string | null,
  site: string | null,
  context: Context,
): Promise<Party | null> {
  const key =
    party ?? (site === null ? null : await masterData(context).holder.load({ site, at: NOW }));
  return key === null ? null : masterData(context).party.load(key);
}

async function eventsOf(handoff: Handoff, context: Context): Promise<StoredEvent[]> {
  const packages = await packagesOf(context, handoff);
  const ids = new Set([
    ...(handoff.id.startsWith('over:') ? [] : [handoff.id]),
    ...packages.flatMap(({ eventId }) => eventId ?? []),
  ]);
  const events = await Promise.all([...ids].map((id) => eventLoaders(context).event.load(id)));
  return events.filter((event) => event !== null).sort((a, b) => a.eventTime - b.eventTime);
}

function documentsOf(list: unknown): BizTransactionType[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (entry === null || typeof entry !== 'object') return [];
    const { type, bizTransaction } = entry as Readonly<Record<string, unknown>>;
    return typeof bizTransaction === 'string'
      ? [{ type: typeof type === 'string' ? type : null, bizTransaction }]
      : [];
  });
}

const KINDS = {
  parties: 'party',
  counterparts: 'party',
  sites: 'site',
  from: 'site',
  to: 'site',
  lots: 'lot',
  gtins: 'product',
} as const;

/** @throws GraphQLError or Problem BAD_USER_INPUT for an identifier of another kind, or conditions that cannot be */
function toFilter(input: HandoffFilterInput, nowMs: number): HandoffFilter {
  refuseImpossible(input);
  const keys = (name: keyof typeof KINDS): string[] | null => {
    const given = input[name];
    return given ? [...new Set(keyArgs(`filter.${name}`, given, KINDS[name]))] : null;
  };
  const ids = input.ids?.map((id, i) => idArg(`filter.ids[${i}]`, id, 'Handoff', 'Event'));
  const hours = orNull(input.openLongerThanHours);
  return {
    ...{ ids: orNull(ids), statuses: orNull(input.statuses) },
    ...{ parties: keys('parties'), counterparts: keys('counterparts'), lots: keys('lots') },
    gtins: orNull(keys('gtins')?.map((key) => key.slice(3))),
    ...{ sites: keys('sites'), from: keys('from'), to: keys('to') },
    ...{ shippedFrom: orNull(input.shippedFrom), shippedUntil: orNull(input.shippedUntil) },
    ...{ dueFrom: orNull(input.dueFrom), dueUntil: orNull(input.dueUntil) },
    ...{ short: orNull(input.short), late: orNull(input.lateAgainstExpected) },
    openBefore: hours === null ? null : nowMs - hours * 3_600_000,
  };
}

function refuseImpossible({
  openLongerThanHours: hours,
  counterparts,
  parties,
}: HandoffFilterInput): void {
  if (typeof hours === 'number' && hours < 0)
    throw refusedArgument('filter.openLongerThanHours', hours, {
      rule: 'must be 0 or more.',
      remedy: 'Give a number of hours.',
    });
  if (counterparts && !parties)
    throw refusedArgument('filter.counterparts', counterparts.join(', '), {
      rule: 'is the other end from "parties", which is missing.',
      remedy: 'Give "parties" too, or give these as "parties".',
    });
}
