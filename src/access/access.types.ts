import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';
import { ROLE_NAMES, SCOPES } from './roles.js';
import type { Role, Scope } from './roles.js';

const upper = <T extends string>(names: readonly T[]): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name.toUpperCase(), name]));

const RoleEnum = upper(ROLE_NAMES);
registerEnumType(RoleEnum, {
  name: 'Role',
  description:
    'What somebody may do. PARTNER is the role of an organisation, the others are roles of the host, who runs the service.',
  valuesConfig: {
    ANALYST: { description: 'Asks and follows.' },
    RECALL: { description: 'Asks and follows, for recalls.' },
    QUALITY: { description: 'Asks and follows, and reads who looked at what.' },
    AUTHORITY: { description: 'Asks, for a regulator.' },
    OPERATOR: { description: 'Asks, captures and follows, for programs of the host.' },
    ADMINISTRATOR: { description: 'May do everything.' },
    PARTNER: { description: 'Captures what its organisation does.' },
  },
});
const ScopeEnum = upper(SCOPES);
registerEnumType(ScopeEnum, {
  name: 'Scope',
  description: 'What a credential may be used for.',
  valuesConfig: {
    READ: { description: 'Questions.' },
    CAPTURE: {
      description: 'Events and master data, serial numbers, and what became of a document.',
    },
    SUBSCRIBE: { description: 'Subscriptions, and named queries.' },
    WEBHOOKS: { description: 'Subscriptions that are sent to an address.' },
    KEYS: { description: 'Keys of others, and ending their access.' },
    POLICIES: { description: 'What organisations disclose to each other.' },
    AUDIT: { description: 'Who looked at what.' },
  },
});

/** What a credential is for. The resolvers add the organisation and the sites. */
@ObjectType({ simpleResolvers: true })
abstract class CredentialFields {
  @Field(() => [RoleEnum], { description: 'Its roles.' })
  roles!: readonly Role[];

  @Field(() => [ScopeEnum], { description: 'What it may be used for.' })
  scopes!: readonly Scope[];

  @Field(() => DateTime, { nullable: true, description: 'When it ends; null for never.' })
  expiresAt!: number | null;

  organisation!: string | null;
  sites!: readonly string[] | null;
}

@ObjectType('Me', {
  simpleResolvers: true,
  description: 'Who asks, as the service knows it from the credentials of the request.',
})
export class MeType extends CredentialFields {
  @Field(() => String, {
    description: '`key:<id>` for a key, issuer and subject for a token, `host` for nobody.',
  })
  subject!: string;

  @Field(() => Boolean, {
    description:
      'True if the service is open: whoever does not say who he is may do everything. Never use it so with real data.',
  })
  open!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The administrator who looks as this organisation does (`x-custody-as`).',
  })
  actor?: string;
}

@ObjectType('CostLimit', {
  simpleResolvers: true,
  description: 'What may be spent in a minute. Each request takes from it, by its cost.',
})
export class CostLimitType {
  @Field(() => Int, { description: 'Cost that may be spent in a minute.' })
  limit!: number;

  @Field(() => Int, { description: 'What is left of it, after the cost of this operation.' })
  left!: number;

  @Field(() => DateTime, { description: 'When all of it may be spent again.' })
  resetAt!: number;
}

@ObjectType('SubscriptionLimit', {
  simpleResolvers: true,
  description: 'How many subscriptions may be open.',
})
export class SubscriptionLimitType {
  @Field(() => Int, { description: 'Most subscriptions that may be open.' })
  limit!: number;

  @Field(() => Int, { description: 'Subscriptions that are open.' })
  used!: number;
}

@ObjectType('Limits', {
  simpleResolvers: true,
  description:
    'What may still be used of the instance that answers. A partner has it together for all its keys and tokens.',
})
export class LimitsType {
  @Field(() => CostLimitType, { nullable: true, description: 'Null for no limit.' })
  cost!: CostLimitType | null;

  @Field(() => SubscriptionLimitType, { description: 'Over WebSocket and as event streams.' })
  subscriptions!: SubscriptionLimitType;
}

@ObjectType('ApiKey', {
  simpleResolvers: true,
  description: 'A key for programs. Its secret is shown once, when the key is made.',
})
export class ApiKeyType extends CredentialFields {
  /** As `keyId`. */
  id!: string;

  @Field(() => String, { description: 'What it is for, in the words of who made it.' })
  label!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: number;

  @Field(() => String, { description: 'Who made it, as in `me.subject`.' })
  createdBy!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked.' })
  revokedAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the minute.' })
  lastUsedAt!: number | null;
}

@ObjectType('TokenSubject', {
  simpleResolvers: true,
  description: 'Somebody as the issuer of his tokens names him.',
})
export class TokenSubjectType {
  @Field(() => String, { description: 'Issuer of the tokens.' })
  issuer!: string;

  @Field(() => String, { description: 'Their `sub`.' })
  subject!: string;

  @Field(() => Boolean, { description: 'Whether every token of his is refused.' })
  revoked!: boolean;
}

@ObjectType('MadeKey', { simpleResolvers: true, description: 'A new key, with its secret.' })
export class MadeKeyType {
  @Field(() => ApiKeyType, { description: 'The key.' })
  key!: ApiKeyType;

  @Field(() => String, {
    description: 'What to send as `Authorization: Bearer`. Nobody can see it again.',
  })
  secret!: string;
}

@InputType('CreateKeyInput', { description: 'What a new key is for.' })
export class CreateKeyInput {
  @Field(() => String, { description: 'What it is for, e.g. "portal of Cedar Wholesale".' })
  label!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'GLN of the organisation that uses it. Leave it out for a key of the host.',
  })
  organisation?: string | null;

  @Field(() => [RoleEnum], {
    nullable: true,
    description: 'Its roles. An organisation has PARTNER, and needs not say so.',
  })
  roles?: Role[] | null;

  @Field(() => [ScopeEnum], {
    nullable: true,
    description: 'What it may be used for. Leave it out for all that the roles give.',
  })
  scopes?: Scope[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'GLNs of the sites that it is limited to. Leave it out for all sites.',
  })
  sites?: string[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ends. Leave it out for a key that does not expire.',
  })
  expiresAt?: number | null;
}
