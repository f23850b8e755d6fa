import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime } from '../graphql/scalars.js';
import type { ChainedEntry } from './access-entry.js';

@ObjectType('Access', {
  simpleResolvers: true,
  description:
    'One entry of the audit log: who asked for what, or who changed credentials. Entries are never changed or removed.',
})
export class AccessEntryType implements ChainedEntry {
  /** As `accessId`. */
  id!: string;

  /** As `position`. */
  n!: number;

  @Field(() => String, {
    description: 'SHA-256 of this entry and of the hash of the entry before it, hexadecimal.',
  })
  hash!: string;

  @Field(() => DateTime, { description: 'When it was asked.' })
  at!: number;

  @Field(() => String, { description: 'Who asked, as in `me.subject`.' })
  subject!: string;

  organisation!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The administrator who looked as this organisation does (`x-custody-as`).',
  })
  actor!: string | null;

  @Field(() => String, {
    description:
      'Kind and root fields of a GraphQL operation, e.g. `query recallScope`; method and route of HTTP, e.g. `GET /epcis/events/:eventID`; or the name of a change of credentials or of what is disclosed, e.g. `revokeKey`, which has an entry of its own. `lost` says that entries are missing, `authenticate` that credentials were refused.',
  })
  operation!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name that the caller gave the GraphQL operation.',
  })
  name!: string | null;

  @Field(() => [String], {
    description:
      'Names of the variables or parameters. Values are not kept. Of `authenticate`, why credentials were refused.',
  })
  variables!: readonly string[];

  @Field(() => [ID], {
    description:
      'What the arguments name; empty when there are more than 1,000. Numbers of patients (GSRN) are not kept.',
  })
  ids!: readonly string[];

  @Field(() => Int, { description: 'How many ids the arguments name.' })
  idCount!: number;

  @Field(() => String, { description: '`OK`, or the code of the refusal.' })
  outcome!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Address of the caller; that of the proxy when there is one. Null for a command on the store.',
  })
  address!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long it took, in ms. Null for a change of credentials.',
  })
  ms!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many entries are missing, because the store could not be written for long. Of `authenticate`, how many more refusals of this address within a minute the entry stands for.',
  })
  lost!: number | null;
}

export const AccessConnectionType = connectionOf('Access', () => AccessEntryType);

@InputType('AccessFilter', { description: 'Selects entries of the audit log.' })
export class AccessFilterInput {
  @Field(() => String, { nullable: true, description: 'Who asked, as in `me.subject`.' })
  subject?: string | null;

  @Field(() => ID, { nullable: true, description: 'GLN of the organisation that asked.' })
  organisation?: string | null;

  @Field(() => String, { nullable: true, description: 'Exactly as in `Access.operation`.' })
  operation?: string | null;

  @Field(() => String, { nullable: true, description: '`OK`, or a code.' })
  outcome?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Asked at this time or later.' })
  from?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Asked before this time.' })
  until?: number | null;
}
