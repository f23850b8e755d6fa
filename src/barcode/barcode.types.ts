import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { BarcodeData, BarcodeFormat } from './barcode.js';

export const BarcodeFormatEnum = {
  DATAMATRIX: 'DATAMATRIX',
  GS1_128: 'GS1_128',
  QR_DIGITAL_LINK: 'QR_DIGITAL_LINK',
} as const;

registerEnumType(BarcodeFormatEnum, {
  name: 'BarcodeFormat',
  description: 'Which symbol is drawn.',
  valuesConfig: {
    DATAMATRIX: { description: 'GS1 DataMatrix, as on medicines.' },
    GS1_128: { description: 'GS1-128, as on cases and pallets.' },
    QR_DIGITAL_LINK: { description: 'A QR code with a GS1 Digital Link, for phones.' },
  },
});

@ObjectType('Barcode', { simpleResolvers: true, description: 'A barcode and its content.' })
export class BarcodeType {
  @Field(() => BarcodeFormatEnum, { description: 'Which symbol.' })
  format!: BarcodeFormat;

  @Field(() => String, {
    description: 'The element string with brackets, as printed beside the symbol.',
  })
  text!: string;

  @Field(() => String, {
    description:
      'What a scanner sends: symbology identifier (`]d2`, `]C1`, `]Q1`) and data, with FNC1 as GS (code 29).',
  })
  raw!: string;

  data!: BarcodeData;
  scale!: number;
}
