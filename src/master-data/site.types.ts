import { Field, Float, ID, ObjectType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { connectionOf } from '../graphql/connection.types.js';
import type { Site } from './master-data.js';
import { AddressFields, fieldWith } from './record.types.js';

@ObjectType('Site', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'A place: plant, warehouse, pharmacy, or a part of one. It has no name until somebody registers it.',
})
export class SiteType extends AddressFields implements Site {
  @Field(() => ID, {
    description: 'Canonical key, e.g. `414/9506000134352` or `414/9506000134352/254/12`.',
  })
  key!: string;

  @Field(() => Boolean, {
    description: 'False while only events name it: then it is in the gap list.',
  })
  registered!: boolean;

  @Field(() => String, { nullable: true, description: 'Name of the place.' })
  name!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Kind of place, in the words of the source.',
  })
  type!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Latitude, degrees (WGS 84). When none is registered, the latitude of a geo: URI.',
  })
  lat!: number | null;

  @Field(() => Float, { nullable: true, description: 'Longitude, degrees (WGS 84).' })
  lon!: number | null;

  /** Not for partners; see the resolver. */
  attributes!: Readonly<Record<string, unknown>>;

  known!: boolean;
  gcp!: string | null;
  /** Key of the party that runs it. The field `operator` returns the party. */
  operator!: string | null;
}

export const SiteConnectionType = connectionOf('Site', () => SiteType);

/** A field with a site. */
export const SiteField = fieldWith(() => SiteType, 'site');
