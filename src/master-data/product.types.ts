import { Field, Float, ID, ObjectType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { connectionOf } from '../graphql/connection.types.js';
import type { Product } from './master-data.js';
import { fieldWith } from './record.types.js';

@ObjectType('Product', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'A trade item: a medicine in one pack size. It has no name until somebody registers it.',
})
export class ProductType implements Product {
  @Field(() => ID, { description: 'GTIN-14.' })
  gtin!: string;

  @Field(() => Boolean, {
    description: 'False while only events name it: then it is in the gap list.',
  })
  registered!: boolean;

  @Field(() => String, { nullable: true, description: 'Name on the pack.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'Description of the trade item.' })
  description!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the manufacturer.' })
  manufacturer!: string | null;

  @Field(() => String, { nullable: true, description: 'Active substance.' })
  activeIngredient!: string | null;

  @Field(() => String, { nullable: true, description: 'Strength, e.g. 500 mg.' })
  strength!: string | null;

  @Field(() => String, { nullable: true, description: 'Dosage form, e.g. tablet.' })
  form!: string | null;

  @Field(() => String, { nullable: true, description: 'What one pack contains, e.g. 30 tablets.' })
  packSize!: string | null;

  @Field(() => String, { nullable: true, description: 'National drug code (US).' })
  ndc!: string | null;

  @Field(() => [String], { description: 'Marketing authorisation numbers.' })
  marketAuthorisations!: readonly string[];

  @Field(() => Float, {
    nullable: true,
    description: 'Lowest storage temperature, degrees Celsius.',
  })
  storageMinCelsius!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Highest storage temperature, degrees Celsius.',
  })
  storageMaxCelsius!: number | null;

  @Field(() => Boolean, {
    description:
      'Its serials come from pools (`allocateSerials`). Commissioning any other serial raises SERIAL_NOT_ALLOCATED.',
  })
  serialsFromPools!: boolean;

  /** Not for partners; see the resolver. */
  attributes!: Readonly<Record<string, unknown>>;

  known!: boolean;
  gcp!: string | null;
}

export const ProductConnectionType = connectionOf('Product', () => ProductType);

/** A field with a product. */
export const ProductField = fieldWith(() => ProductType, 'product');
