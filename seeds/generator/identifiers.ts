import { withCheckDigit } from '../../src/gs1/check-digit.js';

/** Makers write EPC URNs, everybody else GS1 Digital Links. */
export type Form = 'urn' | 'link';

/** One thing in both forms. */
export interface Named {
  readonly urn: string;
  readonly link: string;
}

/** A trade item. */
export interface Product extends Named {
  readonly gtin: string;
  readonly name: string;
  readonly maker: string;
}

/** Units made one after the other: serials `first` to `first + count - 1`. */
export interface UnitRange {
  readonly product: Product;
  readonly first: number;
  readonly count: number;
}

const LINK = 'https://id.gs1.org/';
/** Company prefix of makers and packagers. */
export const MAKERS_PREFIX = '9506000';
/** Company prefix of those who buy from them. */
export const TRADE_PREFIX = '0614141';

/** A trade item of the makers' prefix. @param item five digits */
export function productOf(item: number, name: string, maker: string): Product {
  const gtin = withCheckDigit(`0${MAKERS_PREFIX}${item}`);
  const urn = `urn:epc:idpat:sgtin:${MAKERS_PREFIX}.0${item}.*`;
  return { gtin, name, maker, urn, link: `${LINK}01/${gtin}` };
}

/** A place without extension. @param reference five digits */
export function placeOf(prefix: string, reference: number): Named {
  const gln = withCheckDigit(`${prefix}${reference}`);
  return { urn: `urn:epc:id:sgln:${prefix}.${reference}.0`, link: `${LINK}414/${gln}` };
}

/** A party. @param reference five digits */
export function partyOf(prefix: string, reference: number): Named {
  const gln = withCheckDigit(`${prefix}${reference}`);
  return { urn: `urn:epc:id:pgln:${prefix}.${reference}`, link: `${LINK}417/${gln}` };
}

/** A lot. */
export function lotIdOf(product: Product, lot: string): Named {
  const item = `${MAKERS_PREFIX}.${product.gtin[0] ?? ''}${product.gtin.slice(8, 13)}`;
  return { urn: `urn:epc:class:lgtin:${item}.${lot}`, link: `${product.link}/10/${lot}` };
}

/** The serial of the n-th unit ever made. */
function serialOf(n: number): string {
  return `G${String(n).padStart(9, '0')}`;
}

/** The units of a range, or a part of it, as EPCs. */
export function unitsOf(range: UnitRange, form: Form): string[] {
  const { product, first, count } = range;
  const stem = form === 'link' ? `${product.link}/21/` : stemOf(product);
  return Array.from({ length: count }, (_, i) => stem + serialOf(first + i));
}

/** A part of a range, cut off at its end. */
export function partOfRange(range: UnitRange, from: number, count: number): UnitRange {
  const left = Math.max(0, Math.min(count, range.count - from));
  return { product: range.product, first: range.first + from, count: left };
}

/** A logistic unit. @param extension 3 for cases, 4 for pallets */
export function ssccOf(extension: 3 | 4, serial: number): Named {
  const digits = String(serial).padStart(9, '0');
  return {
    urn: `urn:epc:id:sscc:${MAKERS_PREFIX}.${extension}${digits}`,
    link: `${LINK}00/${withCheckDigit(`${extension}${MAKERS_PREFIX}${digits}`)}`,
  };
}

/** A tote. */
export function toteOf(serial: string): Named {
  const asset = `${TRADE_PREFIX}77800`;
  return {
    urn: `urn:epc:id:grai:${TRADE_PREFIX}.77800.${serial}`,
    link: `${LINK}8003/0${withCheckDigit(asset)}${serial}`,
  };
}

function stemOf(product: Product): string {
  return product.urn.replace('urn:epc:idpat:', 'urn:epc:id:').slice(0, -1);
}
