import { Field, ID, ObjectType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { connectionOf } from '../graphql/connection.types.js';
import type { Party } from './master-data.js';
import { AddressFields, fieldWith } from './record.types.js';

@ObjectType('Party', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'A company or institution: one party for all forms of its GLN. Until somebody registers it as a party, it has the name and address of the location with the same key, or of the whole GLN.',
})
export class PartyType extends AddressFields implements Party {
  @Field(() => ID, { description: 'Canonical key, e.g. `417/9506000134352`.' })
  key!: string;

  @Field(() => Boolean, {
    description:
      'False while only events or sites name it: neither a party nor a location with its key is registered.',
  })
  registered!: boolean;

  @Field(() => String, { nullable: true, description: 'Name of the company.' })
  name!: string | null;

  @Field(() => [String], {
    description: 'What it does in the supply chain, e.g. manufacturer, wholesaler, dispenser.',
  })
  roles!: readonly string[];

  @Field(() => [String], { description: 'Licence numbers.' })
  licences!: readonly string[];

  /** Not for partners; see the resolver. */
  attributes!: Readonly<Record<string, unknown>>;

  known!: boolean;
  gcp!: string | null;
}

export const PartyConnectionType = connectionOf('Party', () => PartyType);

/** A field with a party. */
export const PartyField = fieldWith(() => PartyType, 'party');
