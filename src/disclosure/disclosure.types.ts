import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime } from '../graphql/scalars.js';
import type { Disclosure, DisclosureKind, DisclosureRequest } from './disclosure.js';
import type { DisclosureDeps } from './disclosure.store.js';

/** What resolvers need that change what is disclosed. */
export interface DisclosureContext extends Context, Pick<DisclosureDeps, 'disclosures'> {}

const DisclosureKindEnum = {
  ORIGIN: 'ORIGIN',
  CHAIN: 'CHAIN',
  PARTIES_HIDDEN: 'PARTIES_HIDDEN',
  INPUTS: 'INPUTS',
  VERIFY: 'VERIFY',
} as const satisfies Record<DisclosureKind, DisclosureKind>;

registerEnumType(DisclosureKindEnum, {
  name: 'DisclosureKind',
  description: 'What is disclosed of packages.',
  valuesConfig: {
    ORIGIN: {
      description:
        'Who made them, where and when. Whoever has a package knows it without a disclosure (`Package.origin`).',
    },
    CHAIN: {
      description:
        'Their path, as the grantor sees it: `journey` shows these events too, with sites and containers.',
    },
    PARTIES_HIDDEN: {
      description:
        'The same without `readPoint`, `bizLocation` and `via`, whose numbers name the parties.',
    },
    INPUTS: { description: 'What they were made from. It is kept, and has no effect yet.' },
    VERIFY: {
      description: 'Whether a serial number is genuine. It is kept, and has no effect yet.',
    },
  },
});

@ObjectType('Disclosure', {
  simpleResolvers: true,
  description:
    'What an organisation discloses to another of what it sees itself. It adds to the `journey` of packages that the other sees or saw, and to nothing else: no list, no count and no feed.',
})
export class DisclosureType implements Disclosure {
  /** As `disclosureId`. */
  id!: string;
  grantor!: string | null;
  grantee!: string | null;
  products!: readonly string[] | null;

  @Field(() => DisclosureKindEnum, { description: 'What is disclosed.' })
  what!: DisclosureKind;

  @Field(() => DateTime, { description: 'When it was granted.' })
  at!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it ends; null for no end.' })
  until!: number | null;

  @Field(() => String, { description: 'Why, in the words of who granted it.' })
  reason!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it was withdrawn.' })
  withdrawnAt!: number | null;
}

export const DisclosureConnectionType = connectionOf('Disclosure', () => DisclosureType);

@ObjectType('DisclosureRequest', {
  simpleResolvers: true,
  description: 'Somebody who has or had a package asks who made it to disclose its path.',
})
export class DisclosureRequestType implements DisclosureRequest {
  /** As `requestId`. */
  id!: string;
  package!: string;
  asker!: string;
  maker!: string | null;

  @Field(() => String, { description: 'Why, in the words of who asks.' })
  reason!: string;

  @Field(() => DateTime, { description: 'When it was asked.' })
  at!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it was answered.' })
  answeredAt!: number | null;

  @Field(() => String, { nullable: true, description: 'The reason of the answer.' })
  answer!: string | null;

  @Field(() => DisclosureType, {
    nullable: true,
    description: 'What was granted; null when nothing was, or while there is no answer.',
  })
  disclosure!: DisclosureType | null;
}

export const DisclosureRequestConnectionType = connectionOf(
  'DisclosureRequest',
  () => DisclosureRequestType,
);

@InputType('GrantDisclosureInput', {
  description: 'What is disclosed to whom. Nobody can disclose what only others see.',
})
export class GrantDisclosureInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'GLN of the organisation that sees more by it. Leave it out for every organisation.',
  })
  grantee?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'GTINs. Leave it out for all packages. Logistic units (SSCC) have no GTIN, so GTINs leave them out.',
  })
  products?: string[] | null;

  @Field(() => DisclosureKindEnum, { description: 'What is disclosed.' })
  what!: DisclosureKind;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ends. Leave it out for no end.',
  })
  until?: number | null;

  @Field(() => String, { description: 'Why, 1 to 500 characters. The grantee reads it.' })
  reason!: string;
}

@InputType('AnswerDisclosureInput', { description: 'An answer to a request.' })
export class AnswerDisclosureInput {
  @Field(() => Boolean, {
    description:
      'Whether something is disclosed: `what` about the product of the package, to who asked.',
  })
  disclose!: boolean;

  @Field(() => DisclosureKindEnum, {
    nullable: true,
    description: 'What is disclosed. Needed with `disclose: true`.',
  })
  what?: DisclosureKind | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ends. Needed with `disclose: true`.',
  })
  until?: number | null;

  @Field(() => String, { description: 'Why, 1 to 500 characters. Who asked reads it.' })
  reason!: string;
}

@InputType('DisclosureFilter', { description: 'Selects disclosures.' })
export class DisclosureFilterInput {
  @Field(() => ID, { nullable: true, description: 'GLN of the organisation that granted it.' })
  grantor?: string | null;

  @Field(() => ID, { nullable: true, description: 'GLN of the organisation it is granted to.' })
  grantee?: string | null;

  @Field(() => DisclosureKindEnum, { nullable: true, description: 'What is disclosed.' })
  what?: DisclosureKind | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True for those in force, false for those that ended or were withdrawn.',
  })
  active?: boolean | null;
}

@InputType('DisclosureRequestFilter', { description: 'Selects requests.' })
export class DisclosureRequestFilterInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True for those with an answer, false for those without.',
  })
  answered?: boolean | null;
}
