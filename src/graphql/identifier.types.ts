import { Field, ObjectType } from 'type-graphql';
import { formsOf } from '../gs1/identifier.js';

@ObjectType('Identifier', {
  simpleResolvers: true,
  description:
    'One identifier in every form it has. What is not a GS1 key has its URI as `key` and no other form.',
})
export class IdentifierType {
  @Field(() => String, {
    description:
      'The canonical key: a GS1 Digital Link path without the leading slash, or the URI itself.',
  })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description: 'EPC URN. Null while nobody told how long the company prefix is.',
  })
  urn!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'GS1 Digital Link URI, canonical (id.gs1.org).',
  })
  digitalLink!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Element string with brackets, as printed under a barcode.',
  })
  elementString!: string | null;
}

/** All forms of a key, for an `identifier` field. `gcp`: digits of the company prefix, where known. */
export function identifierOf(key: string, gcp?: string | null): IdentifierType {
  return gcp === null || gcp === undefined || gcp === '' ? formsOf(key) : formsOf(key, gcp.length);
}
