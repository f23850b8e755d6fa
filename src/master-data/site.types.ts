import { Field, Float, ID, ObjectType } from 'type-graphql';
import { Json } from '../graphql/scalars.js';
import { connectionOf } from '../graphql/connection.types.js';
import type { Site } from './master-data.js';
import { AddressFields, fieldWith } from './record.types.js';

@ObjectType('Site', {
  simpleResolvers: true,
  description:
    'A place: plant, warehouse, pharmacy, or a part of one. Shown unnamed while nobody registered it.',
})
export class SiteType extends AddressFields implements Site {
  @Field(() => ID, {
    description: 'Canonical key, e.g. `414/9506000134352` or `414/9506000134352/254/12`.',
  })
  key!: string;

  @Field(() => Boolean, { description: 'False while only events name it: the gap list shows it.' })
  registered!: boolean;

  @Field(() => String, { nullable: true, description: 'Name of the place.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'Kind of place, as the source says it.' })
  type!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Latitude, degrees (WGS 84); where nobody registered one, that of a geo: URI.',
  })
  lat!: number | null;

  @Field(() => Float, { nullable: true, description: 'Longitude, degrees (WGS 84).' })
  lon!: number | null;

  @Field(() => Json, { description: 'Everything else the source told, by attribute name.' })
  attributes!: Readonly<Record<string, unknown>>;

  known!: boolean;
  gcp!: string | null;
  /** Key of the party that runs it; the field `operator` gives the party. */
  operator!: string | null;
}

export const SiteConnectionType = connectionOf('Site', () => SiteType);

/** A field with a site. */
export const SiteField = fieldWith(() => SiteType, 'site');
