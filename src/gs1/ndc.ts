import { checkDigit } from './check-digit.js';

type Parts = readonly [labeler: string, product: string, pack: string];
type Lengths = readonly [labeler: number, product: number, pack: number];

/** Digits of the labeler, the product and the package in the three 10-digit forms (21 CFR 207.33). */
const SHORT: readonly Lengths[] = [
  [4, 4, 2],
  [5, 3, 2],
  [5, 4, 1],
];
/** The 11-digit form that HIPAA asks for (45 CFR 162.1002). */
const LONG: Lengths = [5, 4, 2];

/** Ways in which one National Drug Code may be known. */
export interface NdcForms {
  /** Every spelling of it, with and without hyphens, of 10 and of 11 digits. */
  readonly spellings: readonly string[];
  /** GTIN-14 that hold it: `003`, its 10 digits, and the check digit. */
  readonly gtins: readonly string[];
}

/**
 * The forms of a National Drug Code: 10 or 11 digits, with or without hyphens. Ten digits without hyphens may be any of three codes, so
 * the forms of all three are given. Null when the text is no NDC.
 */
export function ndcForms(text: string): NdcForms | null {
  const codes = [...SHORT, LONG].flatMap((lengths) => partsOf(text.trim(), lengths));
  if (codes.length === 0) return null;
  const short = codes.flatMap((code) => SHORT.flatMap((lengths) => fitted(code, lengths)));
  const written = [...codes.flatMap((code) => fitted(code, LONG)), ...short];
  const tens = new Set(short.map((parts) => parts.join('')));
  return {
    spellings: [...new Set(written.flatMap((parts) => [parts.join(''), parts.join('-')]))],
    gtins: [...tens].map((digits) => `003${digits}${checkDigit(`003${digits}`)}`),
  };
}

/** The parts of a text that has these lengths, with hyphens or without. */
function partsOf(text: string, [labeler, product, pack]: Lengths): readonly Parts[] {
  const found = new RegExp(`^(\\d{${labeler}})(-?)(\\d{${product}})\\2(\\d{${pack}})$`).exec(text);
  return found === null ? [] : [[found[1] ?? '', found[3] ?? '', found[4] ?? '']];
}

/** The same code with parts of these lengths; none when a digit other than a leading zero would be lost. */
function fitted([labeler, product, pack]: Parts, lengths: Lengths): readonly Parts[] {
  const fit = (part: string, length: number): string =>
    part.replace(/^0+/, '').padStart(length, '0');
  const parts: Parts = [fit(labeler, lengths[0]), fit(product, lengths[1]), fit(pack, lengths[2])];
  return parts.every((part, i) => part.length === lengths[i]) ? [parts] : [];
}
