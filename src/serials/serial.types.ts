import {
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  createUnionType,
  registerEnumType,
} from 'type-graphql';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime } from '../graphql/scalars.js';
import type { SerialAllocation, SerialStatus } from './serials.js';

@InputType('AllocateSerialsInput', { description: 'Which serials are wanted, and for whom.' })
export class AllocateSerialsInput {
  @Field(() => ID, { description: 'GTIN of the product, in any form.' })
  gtin!: string;

  @Field(() => Int, {
    description: '1 to 10,000 here. `POST /serials` streams up to 1,000,000.',
  })
  count!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'The characters to use, each once, of GS1 set 82. Left out: `23456789ABCDEFGHJKMNPQRSTVWXYZ`, none of which is taken for another.',
  })
  alphabet?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Characters of a serial, up to 20; 12 when left out.',
  })
  length?: number | null;

  @Field(() => String, {
    description: 'Who gets them: a line, a contract packager, a GLN. Kept and shown.',
  })
  allocatedTo!: string;

  @Field(() => String, { nullable: true, description: 'Who asks.' })
  requestedBy?: string | null;

  @Field(() => String, { nullable: true, description: 'What for, e.g. an order number.' })
  note?: string | null;
}

@ObjectType('SerialAllocation', {
  simpleResolvers: true,
  description:
    'Serials that were given to somebody. They are random and nobody else gets them; `GET /serials/{id}` gives them again.',
})
export class SerialAllocationType implements SerialAllocation {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => ID, { description: 'GTIN-14 of the product.' })
  gtin!: string;

  @Field(() => Int, { description: 'How many serials.' })
  count!: number;

  @Field(() => String, { description: 'The characters they are made of.' })
  alphabet!: string;

  @Field(() => Int, { description: 'Characters of each.' })
  length!: number;

  @Field(() => String, { description: 'Who got them.' })
  allocatedTo!: string;

  @Field(() => String, { nullable: true, description: 'Who asked.' })
  requestedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'What for.' })
  note!: string | null;

  @Field(() => DateTime, { description: 'When they were given.' })
  allocatedAt!: number;

  n!: number;
}

export const SerialAllocationConnectionType = connectionOf(
  'SerialAllocation',
  () => SerialAllocationType,
);

@ObjectType('SerialsAllocated', { simpleResolvers: true, description: 'The serials are yours.' })
export class SerialsAllocatedType {
  readonly __typename = 'SerialsAllocated';

  @Field(() => SerialAllocationType, { description: 'What is remembered of it.' })
  allocation!: SerialAllocation;

  @Field(() => [String], { description: 'The serials, in no order.' })
  serials!: readonly string[];
}

const REASONS = {
  COUNT: 'COUNT',
  ALPHABET: 'ALPHABET',
  LENGTH: 'LENGTH',
  TEXT: 'TEXT',
  GUESSABLE: 'GUESSABLE',
} as const;

registerEnumType(REASONS, {
  name: 'SerialsRefusedReason',
  description: 'Why serials are not given out.',
  valuesConfig: {
    COUNT: { description: 'Too many at once, or none.' },
    ALPHABET: { description: 'The characters are not what they may be.' },
    LENGTH: { description: 'The length is not what it may be.' },
    TEXT: { description: 'It is not said who gets them, or at too great a length.' },
    GUESSABLE: {
      description:
        'With these, one guess in fewer than 10,000 would hit a serial that was given out.',
    },
  },
});

@ObjectType('SerialsRefused', { simpleResolvers: true, description: 'No serial was given out.' })
export class SerialsRefusedType {
  readonly __typename = 'SerialsRefused';

  @Field(() => REASONS, { description: 'What kind of reason.' })
  reason!: keyof typeof REASONS;

  @Field(() => String, { description: 'The argument at fault.' })
  argument!: string;

  @Field(() => String, { description: 'What was found.' })
  found!: string;

  @Field(() => String, { description: 'The rule it breaks.' })
  rule!: string;

  @Field(() => String, { description: 'What to do.' })
  remedy!: string;
}

export const AllocateSerialsResultType = createUnionType({
  name: 'AllocateSerialsResult',
  description: 'What became of a request for serials.',
  types: () => [SerialsAllocatedType, SerialsRefusedType] as const,
});

@ObjectType('SerialStatus', {
  simpleResolvers: true,
  description: 'What is known of one serial of a product.',
})
export class SerialStatusType implements SerialStatus {
  @Field(() => ID, { description: 'GTIN-14 of the product.' })
  gtin!: string;

  @Field(() => String, { description: 'The serial.' })
  serial!: string;

  @Field(() => SerialAllocationType, {
    nullable: true,
    description: 'To whom it was given; null when no pool gave it out.',
  })
  allocation!: SerialAllocation | null;

  @Field(() => Boolean, { description: 'An event that stands commissioned it.' })
  commissioned!: boolean;
}
