import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../server/scalars.js';
import { connectionOf } from '../server/connection.types.js';
import type { Lot } from './master-data.js';

@ObjectType('Lot', {
  simpleResolvers: true,
  description: 'What was made together: a lot, or "lot unknown" of a product.',
})
export class LotType implements Lot {
  @Field(() => ID, {
    description:
      '`01/<gtin>/10/<lot>`; `01/<gtin>` stands for the units of a product without a known lot.',
  })
  id!: string;

  @Field(() => String, { nullable: true, description: 'GTIN-14 of the product.' })
  gtin!: string | null;

  @Field(() => String, { nullable: true, description: 'Lot number; null for "lot unknown".' })
  lot!: string | null;

  @Field(() => String, { nullable: true, description: 'Expiry date, ISO (YYYY-MM-DD).' })
  expiry!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was made.' })
  madeAt!: number | null;
}

export const LotConnectionType = connectionOf('Lot', () => LotType);
