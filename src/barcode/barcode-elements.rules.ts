import { APPLICATION_IDENTIFIERS } from '../gs1/application-identifiers.js';
import { encodeForLink } from '../gs1/characters.js';
import type { Element } from '../gs1/check-elements.js';
import { parseElementString, SYMBOLOGY } from '../gs1/element-string.js';
import { formsOf } from '../gs1/identifier.js';
import { parseDigitalLink } from '../gs1/link-elements.js';
import type { IdentifierFault } from '../gs1/parsed.js';

const LINK_DOMAIN = 'https://id.gs1.org/';
/** The AI of a lot. */
export const LOT = '10';
/** The AI of an expiry date. */
export const EXPIRY = '17';

/**
 * All elements in an identifier as given, those of the key included: a scan or a Digital Link may
 * have more than the key. A fault when an element of a Digital Link is wrong. The elements of a
 * scan are already judged.
 */
export function elementsTold(text: string): readonly Element[] | IdentifierFault {
  const trimmed = text.trim();
  const read = parseElementString(trimmed, { alone: false });
  if (read.ok) return read.elements;
  const link = parseDigitalLink(trimmed.replace(SYMBOLOGY, ''));
  if (link === null) return [];
  return link.ok ? link.elements : link;
}

/** Elements of a canonical key, such as `01` and `21` of a pack. Empty if it is not a GS1 key. */
export function elementsOfKey(key: string): readonly Element[] {
  const { elementString } = formsOf(key);
  if (elementString === null) return [];
  const read = parseElementString(elementString, { alone: false });
  return read.ok ? read.elements : [];
}

/**
 * Sorts the elements of a barcode as printers do: the key, elements of predefined length, the lot,
 * the key's qualifiers, the rest. So `(01)…(17)…(10)…(21)…` needs only one FNC1.
 */
export function arrange(
  ofKey: readonly Element[],
  told: readonly Element[],
  known: { readonly lot?: string | undefined; readonly expiry?: string | undefined },
): readonly Element[] {
  const all = new Map(told.map(({ ai, value }) => [ai, value]));
  if (known.lot !== undefined) all.set(LOT, known.lot);
  if (known.expiry !== undefined) all.set(EXPIRY, known.expiry);
  for (const { ai } of ofKey) all.delete(ai);
  const rank = ({ ai }: Element): number => {
    if (APPLICATION_IDENTIFIERS.get(ai)?.isPredefined === true) return 1;
    return ai === LOT ? 2 : 4;
  };
  const ranked = [
    ...ofKey.map((element, i) => ({ element, rank: i === 0 ? 0 : 3 })),
    ...[...all].map(([ai, value]) => ({ element: { ai, value }, rank: rank({ ai, value }) })),
  ];
  return ranked.sort((a, b) => a.rank - b.rank).map(({ element }) => element);
}

/**
 * The GS1 Digital Link of elements, the first of which is a key. Its qualifiers are in the path, in
 * their order; the rest is the query. If an element fits in neither, that element is returned.
 *
 * @see GS1 Digital Link URI Syntax, 4.7 to 4.10
 */
export function digitalLinkOf(elements: readonly Element[]): string | Element {
  const [key, ...others] = elements;
  if (key === undefined) return LINK_DOMAIN;
  const order = pathFor(key, others);
  const path = order.flatMap((ai) => others.filter((one) => one.ai === ai));
  const query = others.filter(({ ai }) => !order.includes(ai));
  const misplaced = query.find((one) => !isAttribute(one));
  if (misplaced !== undefined) return misplaced;
  const pairs = (list: readonly Element[], between: string): string[] =>
    list.map(({ ai, value }) => `${ai}${between}${escaped(value)}`);
  const search = query.length === 0 ? '' : `?${pairs(query, '=').join('&')}`;
  return `${LINK_DOMAIN}${pairs([key, ...path], '/').join('/')}${search}`;
}

/** Escapes all but unreserved characters, as GS1's encoders do: in early links `;` separates. */
function escaped(value: string): string {
  return encodeForLink(value).replace(
    /[';=]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Of the paths that the key may begin, the one that holds most elements that need a path. */
function pathFor(key: Element, others: readonly Element[]): readonly string[] {
  const bound = others.filter((one) => !isAttribute(one)).map(({ ai }) => ai);
  const held = (path: readonly string[]): number => bound.filter((ai) => path.includes(ai)).length;
  const paths = APPLICATION_IDENTIFIERS.get(key.ai)?.linkPaths ?? [];
  return paths.toSorted((a, b) => held(b) - held(a))[0] ?? [];
}

function isAttribute({ ai }: Element): boolean {
  return APPLICATION_IDENTIFIERS.get(ai)?.isAttribute === true;
}

/** Years that two digits can express: 49 back to 50 ahead. @see GS1 General Specifications 7.12 */
export function yearsSaid(thisYear: number): { readonly first: number; readonly last: number } {
  return { first: thisYear - 49, last: thisYear + 50 };
}

/**
 * A date in the form of AI 17, from `2027-01-31` or `270131`; day 00 means the end of the month.
 * Null when it is not a date, or when its year would be read as one of another century.
 */
export function expiryElement(text: string, thisYear: number): string | null {
  if (/^\d{6}$/.test(text)) return text;
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const { first, last } = yearsSaid(thisYear);
  return Number(year) >= first && Number(year) <= last ? year.slice(2) + month + day : null;
}

/** AI 17 with its real day: 00 is the last of the month. @see GS1 General Specifications 3.4.6 */
export function expiryDay(element: string): string {
  if (!element.endsWith('00')) return element;
  const [year, month] = [Number(`20${element.slice(0, 2)}`), Number(element.slice(2, 4))];
  return element.slice(0, 4) + String(new Date(Date.UTC(year, month, 0)).getUTCDate());
}
