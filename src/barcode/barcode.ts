import type { Element } from '../gs1/check-elements.js';

/** The symbols that we can draw. */
export const BARCODE_FORMATS = ['DATAMATRIX', 'GS1_128', 'QR_DIGITAL_LINK'] as const;

/** GS1 DataMatrix, GS1-128, or a QR code with a GS1 Digital Link. */
export type BarcodeFormat = (typeof BARCODE_FORMATS)[number];

/** A request for a barcode. */
export interface BarcodeRequest {
  /** An identifier in any form. */
  readonly id: string;
  readonly format: BarcodeFormat;
  /** Lot of a product, or of a pack that is not yet known. */
  readonly lot?: string | null | undefined;
  /** `YYYY-MM-DD`, or `YYMMDD` as in AI 17, where day 00 means the end of the month. */
  readonly expiry?: string | null | undefined;
}

/** The content of a barcode. */
export interface BarcodeData {
  readonly format: BarcodeFormat;
  readonly elements: readonly Element[];
  /** The element string with AIs in brackets, as printed below the symbol for people. */
  readonly text: string;
  /** What a scanner sends: symbology identifier, then the data, with FNC1 as GS (code 29). */
  readonly raw: string;
}
