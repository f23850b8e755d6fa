import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { DateOnly, DateTime } from '../graphql/scalars.js';
import { connectionOf } from '../graphql/connection.types.js';
import type { Lot, LotException } from './master-data.js';
import { fieldWith } from './record.types.js';

@ObjectType('Lot', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'What was made together: a lot, or the "lot unknown" of a product.',
})
export class LotType implements Lot {
  @Field(() => ID, {
    name: 'key',
    description:
      '`01/<gtin>/10/<lot>`; `01/<gtin>` stands for the units of a product without a known lot.',
  })
  id!: string;

  @Field(() => String, { nullable: true, description: 'GTIN-14 of the product.' })
  gtin!: string | null;

  @Field(() => String, { nullable: true, description: 'Lot number; null for "lot unknown".' })
  lot!: string | null;

  @Field(() => DateOnly, {
    nullable: true,
    description:
      'Expiry date: the earliest one when events state several. It decides whether units are expired.',
  })
  expiry!: string | null;

  @Field(() => [DateOnly], {
    description:
      'All expiry dates that events state, earliest first. More than one cannot be right: see `exceptions`.',
  })
  expiries!: string[];

  @Field(() => DateTime, { nullable: true, description: 'When it was made.' })
  madeAt!: number | null;
}

const LotExceptionCodeEnum = { EXPIRY_CONTRADICTED: 'EXPIRY_CONTRADICTED' } as const;

registerEnumType(LotExceptionCodeEnum, {
  name: 'LotExceptionCode',
  description: 'What cannot be right about a lot.',
  valuesConfig: {
    EXPIRY_CONTRADICTED: { description: 'One of several expiry dates that events state.' },
  },
});

@ObjectType('LotException', {
  simpleResolvers: true,
  description:
    'Something about a lot that cannot be right. It is kept and shown, never silently repaired.',
})
export class LotExceptionType implements LotException {
  @Field(() => LotExceptionCodeEnum, { description: 'What is wrong.' })
  code!: LotException['code'];

  @Field(() => DateTime, { description: 'When the first event that shows it happened.' })
  at!: number;

  @Field(() => ID, { description: 'That event.' })
  eventId!: string;

  @Field(() => String, { description: 'Details: the date that the event states.' })
  detail!: string;
}

export const LotConnectionType = connectionOf('Lot', () => LotType);

/** A field with a lot. */
export const LotField = fieldWith(() => LotType, 'lot');
