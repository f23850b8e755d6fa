import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateOnly } from '../graphql/scalars.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import { WhereaboutsStateEnum } from '../holdings/whereabouts-state.types.js';
import type { InventoryDimension, InventoryRow } from './inventory.js';

export const InventoryDimensionEnum = {
  PRODUCT: 'PRODUCT',
  LOT: 'LOT',
  SITE: 'SITE',
  COUNTRY: 'COUNTRY',
  HOLDER: 'HOLDER',
  STATUS: 'STATUS',
  EXPIRY_MONTH: 'EXPIRY_MONTH',
} as const satisfies Record<InventoryDimension, InventoryDimension>;

registerEnumType(InventoryDimensionEnum, {
  name: 'InventoryDimension',
  description: 'What stock is split by.',
  valuesConfig: {
    PRODUCT: { description: 'Product.' },
    LOT: { description: 'Lot, and with it the product.' },
    SITE: { description: 'Site, or in transit the destination.' },
    COUNTRY: {
      description: 'Country that is registered for the site, or in transit for the destination.',
    },
    HOLDER: {
      description:
        'Party that holds it: the operator of the site. In transit, the operator of the site it left, until somebody receives it.',
    },
    STATUS: { description: 'Disposition in force.' },
    EXPIRY_MONTH: { description: 'Month of expiry.' },
  },
});

@InputType('InventoryFilter', {
  description: 'Selects stock. All given conditions must hold, each by one entry of its list.',
})
export class InventoryFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Products by GTIN.' })
  gtins?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Lots: GTIN with lot, in any form.' })
  lots?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Sites. Stock in transit to them is included, as IN_TRANSIT.',
  })
  sites?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that hold it: the `holder` of the rows, so in transit the sender.',
  })
  parties?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Dispositions in force: a CBV word in any spelling, `decommissioned`, or a URI of your own. Another word is refused.',
  })
  statuses?: string[] | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: 'Lots that expire on this day or later, without those whose expiry is unknown.',
  })
  expiresFrom?: string | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: 'Lots that expire before this day, without those whose expiry is unknown.',
  })
  expiresUntil?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether dispensed, destroyed and decommissioned units count too. True when `statuses` names one of these.',
  })
  includeEnded?: boolean | null;
}

@ObjectType('InventoryRow', {
  simpleResolvers: true,
  description: 'Stock that shares the values it is split by. Rows are always split by state.',
})
export class InventoryRowType implements InventoryRow {
  site!: string | null;
  holder!: string | null;
  lot!: string | null;

  @Field(() => WhereaboutsStateEnum, { description: 'At a site, in transit, or unknown.' })
  state!: WhereaboutsState;

  @Field(() => String, {
    nullable: true,
    description:
      'ISO 3166-1 alpha-2, when rows are split by country. Null when none is registered for the site.',
  })
  country!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Disposition in force, when rows are split by it.',
  })
  status!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'GTIN-14, when rows are split by product or lot. Null without a GTIN.',
  })
  gtin!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'YYYY-MM, when rows are split by it. Null when the expiry is unknown.',
  })
  expiryMonth!: string | null;

  @Field(() => Int, { description: 'Units, including those known only through their container.' })
  units!: number;

  @Field(() => Int, {
    description:
      'Outermost containers there with such units inside. A container with several lots counts in the row of each.',
  })
  containers!: number;
}
