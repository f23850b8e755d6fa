import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { BarcodeFormatEnum, BarcodeType } from './barcode.types.js';
import type { BarcodeFormat } from './barcode.js';
import { drawPng, drawSvg, scaleArgument } from './draw-barcode.js';
import { makeBarcode } from './make-barcode.js';

@ArgsType()
class BarcodeArgs {
  @Field(() => ID, {
    description:
      'The GS1 key, as EPC URN, Digital Link or element string. Lot and expiry of a known pack come from its events.',
  })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Lot of a product, or of a pack that is not yet known.',
  })
  lot?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Expiry of the same: `YYYY-MM-DD`, or `YYMMDD`, where day 00 means the end of the month.',
  })
  expiry?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Size, 1 to 10; default 2. A module is twice as many pixels wide.',
  })
  scale?: number | null;
}

@Resolver(() => BarcodeType)
export class BarcodeResolver {
  @Query(() => BarcodeType, { description: 'A barcode for a label.' })
  async barcode(
    @Args(() => BarcodeArgs) args: BarcodeArgs,
    @Arg('format', () => BarcodeFormatEnum, { description: 'Which symbol.' }) format: BarcodeFormat,
    @Ctx() { view, clock }: Context,
  ): Promise<BarcodeType> {
    const { id, lot, expiry } = args;
    const scale = scaleArgument(args.scale);
    const data = await makeBarcode({ view, clock }, { id, lot, expiry, format });
    return { format, text: data.text, raw: data.raw, data, scale };
  }

  @FieldResolver(() => String, { description: 'The symbol as SVG, with its quiet zone.' })
  svg(@Root() { data, scale }: BarcodeType): Promise<string> {
    return drawSvg(data, scale);
  }

  @FieldResolver(() => String, { description: 'The symbol as PNG, in base64.' })
  async png(@Root() { data, scale }: BarcodeType): Promise<string> {
    return (await drawPng(data, scale)).toString('base64');
  }
}
