import {
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  createUnionType,
  registerEnumType,
} from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime } from '../graphql/scalars.js';
import type { SerialAllocation, SerialStatus } from './serials.js';

@InputType('AllocateSerialsInput', { description: 'Which serials to allocate, and for whom.' })
export class AllocateSerialsInput {
  @Field(() => ID, { description: 'GTIN of the product, in any form.' })
  gtin!: string;

  @Field(() => Int, {
    description: 'Number of serials, 1 to 10,000. `POST /serials` streams up to 1,000,000.',
  })
  count!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Characters to use, each once, from GS1 set 82. The default is `23456789ABCDEFGHJKMNPQRSTVWXYZ`, where no two look alike.',
  })
  alphabet?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Characters of a serial, 2 to 20. The default is 12.',
  })
  length?: number | null;

  @Field(() => String, {
    description:
      'Who gets the serials: a line, a contract packager, a GLN. It is stored and shown.',
  })
  allocatedTo!: string;

  @Field(() => String, { nullable: true, description: 'Who requests the serials.' })
  requestedBy?: string | null;

  @Field(() => String, { nullable: true, description: 'The purpose, e.g. an order number.' })
  note?: string | null;
}

@ObjectType('SerialAllocation', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'Random serials that were given to one receiver and to nobody else. `GET /serials/{id}` streams them again.',
})
export class SerialAllocationType implements SerialAllocation {
  @Field(() => ID, { name: 'key', description: 'The id at `GET /serials/{id}`.' })
  id!: string;

  @Field(() => ID, { description: 'GTIN-14 of the product.' })
  gtin!: string;

  @Field(() => Int, { description: 'Number of serials.' })
  count!: number;

  @Field(() => String, { description: 'The characters that the serials consist of.' })
  alphabet!: string;

  @Field(() => Int, { description: 'Characters of each serial.' })
  length!: number;

  @Field(() => String, { description: 'Who got the serials.' })
  allocatedTo!: string;

  @Field(() => String, { nullable: true, description: 'Who requested the serials.' })
  requestedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'The purpose.' })
  note!: string | null;

  @Field(() => DateTime, { description: 'When the serials were allocated.' })
  allocatedAt!: number;

  n!: number;
}

export const SerialAllocationConnectionType = connectionOf(
  'SerialAllocation',
  () => SerialAllocationType,
);

@ObjectType('SerialsAllocated', {
  simpleResolvers: true,
  description: 'The serials were allocated.',
})
export class SerialsAllocatedType {
  readonly __typename = 'SerialsAllocated';

  @Field(() => SerialAllocationType, { description: 'The stored allocation.' })
  allocation!: SerialAllocation;

  @Field(() => [String], { description: 'The serials, in random order.' })
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
  description: 'Why no serials were allocated.',
  valuesConfig: {
    COUNT: { description: 'The count is too large, or less than 1.' },
    ALPHABET: { description: 'The characters are not allowed, or too few.' },
    LENGTH: { description: 'The length is not allowed, or gives too few serials.' },
    TEXT: { description: 'The receiver is missing, or a text is too long.' },
    GUESSABLE: {
      description:
        'After this allocation, at least one guess in 10,000 would hit a serial that was given out.',
    },
  },
});

@ObjectType('SerialsRefused', { simpleResolvers: true, description: 'No serials were allocated.' })
export class SerialsRefusedType {
  readonly __typename = 'SerialsRefused';

  @Field(() => REASONS, { description: 'The kind of reason.' })
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
  description: 'The outcome of a request for serials.',
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
    description: 'The allocation of the serial; null when no pool gave it out.',
  })
  allocation!: SerialAllocation | null;

  @Field(() => Boolean, { description: 'A valid event commissioned it.' })
  commissioned!: boolean;
}
