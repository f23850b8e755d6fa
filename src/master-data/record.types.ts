import { Ctx, Field, FieldResolver, InputType, ObjectType, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { masterData } from './master-data.loaders.js';
import type { Address } from './master-data.js';

/**
 * Adds a nullable field to a resolver class: the record whose key the source has under `of`, else under the name of the field. Null when
 * the source has no key, or `?`.
 */
type RecordField = (name: string, description: string, of?: string) => ClassDecorator;

/** Makes such fields for one kind of record. */
export function fieldWith(
  type: () => ClassType,
  loader: 'site' | 'party' | 'lot' | 'product',
): RecordField {
  return (name, description, of = name) =>
    (resolver) => {
      const prototype = resolver.prototype as object;
      const read = (source: Readonly<Record<string, string | null>>, context: Context): unknown => {
        const key = source[of] ?? '?';
        return key === '?' ? null : masterData(context)[loader].load(key);
      };
      const method = { value: read };
      Object.defineProperty(prototype, name, method);
      FieldResolver(type, { nullable: true, description })(prototype, name, method);
      Root()(prototype, name, 0);
      Ctx()(prototype, name, 1);
    };
}

/** The address of a site or party, for input and output. */
@ObjectType({ simpleResolvers: true })
@InputType()
export abstract class AddressFields implements Address {
  @Field(() => String, { nullable: true, description: 'Street address.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'Town.' })
  city!: string | null;

  @Field(() => String, { nullable: true, description: 'State or region.' })
  region!: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Country, ISO 3166-1 alpha-2.' })
  country!: string | null;
}
