import { Field, ID, ObjectType } from 'type-graphql';
import { Json } from '../graphql/scalars.js';
import { connectionOf } from '../graphql/connection.types.js';
import type { Party } from './master-data.js';

@ObjectType('Party', {
  simpleResolvers: true,
  description:
    'A company or institution, one for all forms of its GLN. While nobody registered it as a party it has the name and the address of the location of the same key, or of the whole GLN.',
})
export class PartyType implements Party {
  @Field(() => ID, { description: 'Canonical key, e.g. `417/9506000134352`.' })
  key!: string;

  @Field(() => Boolean, {
    description:
      'False while only events or sites name it: no party and no location of its key is registered.',
  })
  registered!: boolean;

  @Field(() => String, { nullable: true, description: 'Name of the company.' })
  name!: string | null;

  @Field(() => [String], {
    description: 'What it does in the chain, e.g. manufacturer, wholesaler, dispenser.',
  })
  roles!: readonly string[];

  @Field(() => [String], { description: 'Licence numbers.' })
  licences!: readonly string[];

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

  @Field(() => Json, { description: 'Everything else the source told, by attribute name.' })
  attributes!: Readonly<Record<string, unknown>>;

  known!: boolean;
  gcp!: string | null;
}

export const PartyConnectionType = connectionOf('Party', () => PartyType);
