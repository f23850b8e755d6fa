import { APPLICATION_IDENTIFIERS } from '../gs1/application-identifiers.js';
import { encodeForLink } from '../gs1/characters.js';
import type { Element } from '../gs1/check-elements.js';
import { readDigitalLink } from '../gs1/digital-link.js';
import { parseElementString } from '../gs1/element-string.js';
import { formsOf } from '../gs1/identifier.js';
import { keySpec } from '../gs1/key-table.js';

const LINK_DOMAIN = 'https://id.gs1.org/';
const LOT = '10';
const EXPIRY = '17';

/** All elements that an identifier as given tells, the key's own among them: a scan or a Digital Link tells more than the key. */
export function elementsTold(text: string): readonly Element[] {
  const trimmed = text.trim();
  const read = parseElementString(trimmed, { alone: false });
  if (read.ok) return read.elements;
  const link = readDigitalLink(trimmed);
  if (link === null || 'ok' in link) return [];
  const query = [...new URL(trimmed).searchParams].filter(([ai]) =>
    APPLICATION_IDENTIFIERS.has(ai),
  );
  return [...link.qualifiers, ...query].map(([ai, value]) => ({ ai, value }));
}

/** Elements of a canonical key: `01` and `21` of a pack. Empty for what is no GS1 key. */
export function elementsOfKey(key: string): readonly Element[] {
  const { elementString } = formsOf(key);
  if (elementString === null) return [];
  const read = parseElementString(elementString, { alone: false });
  return read.ok ? read.elements : [];
}

/**
 * The elements of a barcode in the order printers use: the key, what has a predefined length, lot, the key's qualifiers, the rest.
 * So `(01)…(17)…(10)…(21)…`, with one FNC1 only.
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
 * The GS1 Digital Link of elements of which the first is a key: its qualifiers in the path, in their order, the rest as query.
 *
 * @see GS1 Digital Link URI Syntax, 4.7 to 4.10
 */
export function digitalLinkOf(elements: readonly Element[]): string {
  const [key, ...others] = elements;
  if (key === undefined) return LINK_DOMAIN;
  const order = keySpec(key.ai)?.qualifiers.map(({ ai }) => ai) ?? [];
  const path = order.flatMap((ai) => others.filter((one) => one.ai === ai));
  const query = others.filter(({ ai }) => !order.includes(ai));
  const pairs = (list: readonly Element[], between: string): string[] =>
    list.map(({ ai, value }) => `${ai}${between}${encodeForLink(value)}`);
  const search = query.length === 0 ? '' : `?${pairs(query, '=').join('&')}`;
  return `${LINK_DOMAIN}${pairs([key, ...path], '/').join('/')}${search}`;
}

/** A date as AI 17 has it; null when it is none: `2027-01-31` or `270131`, and with day 00 for the end of the month. */
export function expiryElement(text: string): string | null {
  const [, century, year, month, day] = /^(\d\d)?(\d\d)-?(\d\d)-?(\d\d)$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const isIso = text.length === 10 && century !== undefined;
  const isElement = text.length === 6 && century === undefined;
  return isIso || isElement ? year + month + day : null;
}
