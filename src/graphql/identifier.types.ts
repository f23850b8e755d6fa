import { Field, ObjectType } from 'type-graphql';
import { formsOf } from '../gs1/identifier.js';

@ObjectType('Identifier', {
  simpleResolvers: true,
  description: 'One identifier in all its forms. If it is not a GS1 key, `key` is its URI.',
})
export class IdentifierType {
  @Field(() => String, {
    description:
      'The canonical key: the path of a GS1 Digital Link without the leading slash, or the URI itself.',
  })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description: 'EPC URN. Null while the length of the company prefix is unknown.',
  })
  urn!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'GS1 Digital Link URI, canonical (id.gs1.org).',
  })
  digitalLink!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Element string with AIs in brackets, as printed under a barcode.',
  })
  elementString!: string | null;
}

/** All forms of a key, for an `identifier` field; `gcp` is the company prefix, if known. */
export function identifierOf(key: string, gcp?: string | null): IdentifierType {
  return gcp === null || gcp === undefined || gcp === '' ? formsOf(key) : formsOf(key, gcp.length);
}
