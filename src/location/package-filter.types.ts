import { Field, ID, InputType } from 'type-graphql';
import { keyArg } from '../graphql/identifier-arg.js';
import { DateOnly } from '../graphql/scalars.js';
import { STATUSES, wordArg } from '../graphql/word-args.js';
import { WhereaboutsStateEnum } from '../holdings/whereabouts-state.types.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import { ENDED } from '../holdings/holding.js';
import { orNull } from '../shared/or-null.js';
import type { PackageFilter } from './list-packages.js';
import type { PackageLevel } from './package.js';
import { PackageLevelEnum } from './package.types.js';

@InputType('PackageFilter', {
  description:
    'Selects packages by what they are and where they are now. All given parts must hold.',
})
export class PackageFilterInput {
  @Field(() => ID, { nullable: true, description: 'The lot: GTIN with lot, in any form.' })
  lot?: string | null;

  @Field(() => ID, { nullable: true, description: 'GTIN of the product, in any form.' })
  product?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The site where they are. What is on its way there is included, as IN_TRANSIT.',
  })
  site?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The party that has them: their `holder`, so in transit the sender.',
  })
  holder?: string | null;

  @Field(() => WhereaboutsStateEnum, {
    nullable: true,
    description: 'At a site, in transit, or unknown.',
  })
  state?: WhereaboutsState | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Status now: a CBV disposition in any spelling, `decommissioned`, or your own URI. Any other word is refused.',
  })
  status?: string | null;

  @Field(() => PackageLevelEnum, { nullable: true, description: 'Units or containers only.' })
  level?: PackageLevel | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: 'Of lots that expire on this day or later, without those whose expiry is unknown.',
  })
  expiresFrom?: string | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: 'Of lots that expire before this day, without those whose expiry is unknown.',
  })
  expiresUntil?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Inside this container now, at any depth. `contents` has only what is directly inside.',
  })
  container?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether dispensed, destroyed and decommissioned packages count too. True when `status` names one of these.',
  })
  includeEnded?: boolean | null;
}

/** @throws GraphQLError or Problem BAD_USER_INPUT for an identifier of another kind or an unknown status */
export function packageFilterOf(filter: PackageFilterInput | null | undefined): PackageFilter {
  const input = filter ?? new PackageFilterInput();
  const key = (name: keyof typeof KINDS): string | null => {
    const given = input[name];
    return given ? keyArg(`filter.${name}`, given, KINDS[name]) : null;
  };
  const status = input.status ? wordArg('filter.status', input.status, STATUSES) : null;
  return {
    ...{ lot: key('lot'), site: key('site'), holder: key('holder'), container: key('container') },
    gtin: orNull(key('product')?.slice(3)),
    ...{ state: orNull(input.state), status, level: orNull(input.level) },
    ...{ expiresFrom: orNull(input.expiresFrom), expiresUntil: orNull(input.expiresUntil) },
    includeEnded: input.includeEnded ?? ENDED.has(status ?? ''),
  };
}

const KINDS = {
  lot: 'lot',
  product: 'product',
  site: 'site',
  holder: 'party',
  container: 'package',
} as const;
