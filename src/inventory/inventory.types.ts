import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { InventoryDimension, InventoryRow, StockState } from './inventory.js';

export const InventoryDimensionEnum = {
  PRODUCT: 'PRODUCT',
  LOT: 'LOT',
  SITE: 'SITE',
  HOLDER: 'HOLDER',
  STATUS: 'STATUS',
  EXPIRY_MONTH: 'EXPIRY_MONTH',
} as const satisfies Record<InventoryDimension, InventoryDimension>;

registerEnumType(InventoryDimensionEnum, {
  name: 'InventoryDimension',
  description: 'What stock is told apart by.',
  valuesConfig: {
    PRODUCT: { description: 'Product.' },
    LOT: { description: 'Lot; the product comes with it.' },
    SITE: { description: 'Site; in transit, the destination.' },
    HOLDER: {
      description:
        'Party that has it: who runs the site; in transit, the site it left, until somebody receives it.',
    },
    STATUS: { description: 'Disposition in force.' },
    EXPIRY_MONTH: { description: 'Month of expiry.' },
  },
});

const StockStateEnum = {
  SITE: 'SITE',
  IN_TRANSIT: 'IN_TRANSIT',
  UNKNOWN: 'UNKNOWN',
} as const;

registerEnumType(StockStateEnum, {
  name: 'StockState',
  description: 'Whether stock is somewhere.',
  valuesConfig: {
    SITE: { description: 'At a site.' },
    IN_TRANSIT: { description: 'Shipped and not yet received.' },
    UNKNOWN: { description: 'Nobody said where since its newest event.' },
  },
});

@InputType('InventoryFilter', {
  description: 'Which stock: all conditions given must hold, any entry of each list.',
})
export class InventoryFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Products by GTIN.' })
  gtins?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Lots: GTIN with lot, in any form.' })
  lots?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Sites; what is on its way there is among it, as IN_TRANSIT.',
  })
  sites?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Parties that have it: the `holder` of the rows, so in transit who sent it.',
  })
  parties?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Dispositions in force: a CBV word in any spelling, `decommissioned`, or a URI of your own. Another word is refused.',
  })
  statuses?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'ISO date (YYYY-MM-DD): lots that expire before it. Lots without a known expiry are not among them.',
  })
  expiringBefore?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: dispensed, destroyed and decommissioned units too. Implied when `statuses` names one of these.',
  })
  includeEnded?: boolean | null;
}

@ObjectType('InventoryRow', {
  simpleResolvers: true,
  description: 'Stock that shares what was asked to be told apart. State is always told apart.',
})
export class InventoryRowType implements InventoryRow {
  site!: string | null;
  holder!: string | null;
  lot!: string | null;

  @Field(() => StockStateEnum, { description: 'At a site, in transit, or unknown.' })
  state!: StockState;

  @Field(() => String, { nullable: true, description: 'Disposition in force, when told apart.' })
  status!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'GTIN-14, when product or lot is told apart; null for what has none.',
  })
  gtin!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'YYYY-MM, when told apart; null where the expiry is not known.',
  })
  expiryMonth!: string | null;

  @Field(() => Int, { description: 'Units, those known only through their container included.' })
  units!: number;

  @Field(() => Int, {
    description:
      'Outermost containers standing there with such units inside; one that holds several lots is in the row of each.',
  })
  containers!: number;
}
