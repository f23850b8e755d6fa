import { Problem } from '../shared/problem.js';
import type { BarcodeData, BarcodeFormat } from './barcode.js';

/** Smallest, largest and default scale. A module is twice as many pixels wide. */
const SCALE = { min: 1, max: 10, usual: 2 } as const;

/** How bwip-js draws a symbol, with the quiet zone of the standard; GS1-128 has its text below. */
export interface Drawing {
  readonly bcid: string;
  readonly [option: string]: string | number | boolean;
}

// A padding counts half modules for matrices and modules for bars.
const DRAWINGS: Readonly<Record<BarcodeFormat, Drawing>> = {
  DATAMATRIX: { bcid: 'datamatrix', parsefnc: true, padding: 2 },
  GS1_128: { bcid: 'code128', parsefnc: true, height: 15, paddingwidth: 10, paddingheight: 2 },
  QR_DIGITAL_LINK: { bcid: 'qrcode', eclevel: 'M', padding: 8 },
};

const SYMBOLOGY_LENGTH = ']d2'.length;
const FNC1 = '^FNC1';

/** Draws a barcode as SVG. */
export async function drawSvg(data: BarcodeData, scale: number): Promise<string> {
  const { default: bwip } = await import('bwip-js/node');
  return bwip.toSVG(drawingOf(data, scale));
}

/** Draws a barcode as PNG. */
export async function drawPng(data: BarcodeData, scale: number): Promise<Buffer> {
  const { default: bwip } = await import('bwip-js/node');
  return bwip.toBuffer(drawingOf(data, scale));
}

/**
 * Checks the scale of a drawing.
 *
 * @throws Problem BAD_USER_INPUT when it is not a whole number from 1 to 10
 */
export function scaleArgument(scale: number | null | undefined): number {
  const given = scale ?? SCALE.usual;
  if (Number.isInteger(given) && given >= SCALE.min && given <= SCALE.max) return given;
  const rule = `must be a whole number from ${SCALE.min} to ${SCALE.max}.`;
  const remedy = 'A module is twice as many pixels wide. An SVG can be enlarged freely.';
  throw new Problem('BAD_USER_INPUT', `Argument "scale": ${rule} ${remedy}`, {
    details: { argument: 'scale', found: String(given), rule, remedy },
  });
}

/** Options for bwip-js, which changes them: so each drawing gets its own object. */
export function drawingOf(data: BarcodeData, scale: number): Drawing & { readonly text: string } {
  const { format, raw, text } = data;
  const sent = raw.slice(SYMBOLOGY_LENGTH);
  const drawn = { ...DRAWINGS[format], backgroundcolor: 'FFFFFF' };
  if (format === 'QR_DIGITAL_LINK') return { ...drawn, text: sent, scale };
  const encoded = FNC1 + sent.replaceAll('\u001d', FNC1);
  if (format === 'DATAMATRIX') return { ...drawn, text: encoded, scale };
  return { ...drawn, text: encoded, scale: 2 * scale, includetext: true, alttext: text };
}
