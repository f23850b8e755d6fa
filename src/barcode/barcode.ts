import type { Element } from '../gs1/check-elements.js';

/** Symbols we draw. */
export const BARCODE_FORMATS = ['DATAMATRIX', 'GS1_128', 'QR_DIGITAL_LINK'] as const;

/** GS1 DataMatrix, GS1-128, or a QR code with a GS1 Digital Link. */
export type BarcodeFormat = (typeof BARCODE_FORMATS)[number];

/** What a barcode is wanted of. */
export interface BarcodeRequest {
  /** An identifier in any form. */
  readonly id: string;
  readonly format: BarcodeFormat;
  /** Of a product or of a pack that is not known yet. */
  readonly lot?: string | null | undefined;
  /** `YYYY-MM-DD`, or `YYMMDD` as AI 17 has it, day 00 for the end of the month. */
  readonly expiry?: string | null | undefined;
}

/** What a barcode says. */
export interface BarcodeData {
  readonly format: BarcodeFormat;
  readonly elements: readonly Element[];
  /** The element string, AIs in brackets: what stands under it for people. */
  readonly text: string;
  /** What a scanner sends: symbology identifier, then the data, FNC1 as GS (code 29). */
  readonly raw: string;
}
