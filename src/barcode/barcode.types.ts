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
    DATAMATRIX: { description: 'GS1 DataMatrix: what medicines carry.' },
    GS1_128: { description: 'GS1-128: what cases and pallets carry.' },
    QR_DIGITAL_LINK: { description: 'A QR code with a GS1 Digital Link, for telephones.' },
  },
});

@ObjectType('Barcode', { simpleResolvers: true, description: 'A barcode and what it says.' })
export class BarcodeType {
  @Field(() => BarcodeFormatEnum, { description: 'Which symbol.' })
  format!: BarcodeFormat;

  @Field(() => String, {
    description: 'The element string with brackets, as printed beside the symbol.',
  })
  text!: string;

  @Field(() => String, {
    description:
      'What a scanner sends: symbology identifier (`]d2`, `]C1`, `]Q1`) and data, FNC1 as GS (code 29).',
  })
  raw!: string;

  data!: BarcodeData;
  scale!: number;
}
