import { Field, Float, ID, InputType, Int, ObjectType, createUnionType } from 'type-graphql';
import { AddressFields } from './record.types.js';
import { DateTime, Json } from '../graphql/scalars.js';

@InputType('ProductInput', {
  description: 'A trade item to register. A field left out stays as it is; null removes it.',
})
export class ProductInput {
  @Field(() => ID, { description: 'GTIN in any form. An EPC URN also states the company prefix.' })
  gtin!: string;

  @Field(() => String, { nullable: true, description: 'Name on the pack.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Description of the trade item.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the manufacturer.' })
  manufacturer?: string | null;

  @Field(() => String, { nullable: true, description: 'Active substance.' })
  activeIngredient?: string | null;

  @Field(() => String, { nullable: true, description: 'Strength, e.g. 500 mg.' })
  strength?: string | null;

  @Field(() => String, { nullable: true, description: 'Dosage form, e.g. tablet.' })
  form?: string | null;

  @Field(() => String, { nullable: true, description: 'What one pack contains, e.g. 30 tablets.' })
  packSize?: string | null;

  @Field(() => String, { nullable: true, description: 'National drug code (US).' })
  ndc?: string | null;

  @Field(() => [String], { nullable: true, description: 'Marketing authorisation numbers.' })
  marketAuthorisations?: string[] | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Lowest storage temperature, degrees Celsius.',
  })
  storageMinCelsius?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Highest storage temperature, degrees Celsius.',
  })
  storageMaxCelsius?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'When true, commissioning a serial that `allocateSerials` did not give out raises SERIAL_NOT_ALLOCATED from now on.',
  })
  serialsFromPools?: boolean | null;

  @Field(() => Json, {
    nullable: true,
    description: 'Anything else, as an object by attribute name. It is added to what is known.',
  })
  attributes?: Record<string, unknown> | null;
}

@InputType('SiteInput', {
  description: 'A place to register. A field left out stays as it is; null removes it.',
})
export class SiteInput extends AddressFields {
  @Field(() => ID, { description: 'GLN in any form, with or without extension, or another URI.' })
  gln!: string;

  @Field(() => ID, { nullable: true, description: 'GLN of the party that runs it.' })
  operator?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Since when that party runs it; since ever when left out. Who ran it before did so until then. What happened before stays seen by them alone.',
  })
  operatedFrom?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when that party runs it; for ever when left out.',
  })
  operatedUntil?: number | null;

  @Field(() => String, { nullable: true, description: 'Name of the place.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Kind of place, e.g. plant, warehouse, pharmacy.',
  })
  type?: string | null;

  @Field(() => Float, { nullable: true, description: 'Latitude, degrees (WGS 84).' })
  lat?: number | null;

  @Field(() => Float, { nullable: true, description: 'Longitude, degrees (WGS 84).' })
  lon?: number | null;

  @Field(() => Json, {
    nullable: true,
    description: 'Anything else, as an object by attribute name. It is added to what is known.',
  })
  attributes?: Record<string, unknown> | null;
}

@InputType('PartyInput', {
  description: 'A company to register. A field left out stays as it is; null removes it.',
})
export class PartyInput extends AddressFields {
  @Field(() => ID, { description: 'GLN of the party in any form, or another URI.' })
  gln!: string;

  @Field(() => String, { nullable: true, description: 'Name of the company.' })
  name?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'What it does in the supply chain, e.g. manufacturer, wholesaler.',
  })
  roles?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Licence numbers.' })
  licences?: string[] | null;

  @Field(() => Json, {
    nullable: true,
    description: 'Anything else, as an object by attribute name. It is added to what is known.',
  })
  attributes?: Record<string, unknown> | null;
}

@ObjectType('MasterDataRegistered', {
  simpleResolvers: true,
  description: 'Everything was stored.',
})
export class MasterDataRegisteredType {
  readonly __typename = 'MasterDataRegistered';

  @Field(() => Int, { description: 'Number of records that nobody had registered before.' })
  created!: number;

  @Field(() => Int, { description: 'Number of records that were registered already.' })
  updated!: number;

  @Field(() => [ID], { description: 'Their keys, in the order given.' })
  keys!: readonly string[];
}

@ObjectType('MasterDataFault', {
  simpleResolvers: true,
  description: 'One thing that is wrong with the input.',
})
export class MasterDataFaultType {
  @Field(() => String, { description: 'Kind of fault.' })
  code!: string;

  @Field(() => String, { description: 'Where: JSON Pointer into the argument, e.g. /3/gtin.' })
  pointer!: string;

  @Field(() => String, { description: 'What was found.' })
  found!: string;

  @Field(() => String, { description: 'What is expected.' })
  expected!: string;

  @Field(() => String, { description: 'What to do.' })
  remedy!: string;
}

@ObjectType('MasterDataRefused', {
  simpleResolvers: true,
  description: 'Nothing was stored; every fault is listed.',
})
export class MasterDataRefusedType {
  readonly __typename = 'MasterDataRefused';

  @Field(() => [MasterDataFaultType], { description: 'Every fault found.' })
  faults!: readonly MasterDataFaultType[];
}

export const RegisterResultType = createUnionType({
  name: 'RegisterMasterDataResult',
  description: 'The result of a registration.',
  types: () => [MasterDataRegisteredType, MasterDataRefusedType] as const,
});
