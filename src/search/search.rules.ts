import { parseGln, parseIdentifier } from '../gs1/identifier.js';
import type { Identifier } from '../gs1/identifier.js';
import { ndcForms } from '../gs1/ndc.js';
import { squeezed } from '../shared/squeezed.js';

/** What can be found. */
export const SEARCH_KINDS = [
  'PACKAGE',
  'LOT',
  'PRODUCT',
  'SITE',
  'PARTY',
  'EVENT',
  'HANDOFF',
] as const;
/** One of {@link SEARCH_KINDS}. */
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** By what something was found; the best comes first. */
export const REASONS = [
  'IDENTIFIER',
  'EVENT_ID',
  'LOT_NUMBER',
  'NDC',
  'NATIONAL_NUMBER',
  'NAME',
  'LOT_NUMBER_SIMILAR',
  'LOT_NUMBER_PART',
] as const;
/** One of {@link REASONS}. */
export type SearchReason = (typeof REASONS)[number];

/** One thing that was found. */
export interface SearchHit {
  readonly kind: SearchKind;
  /** The key of its Node: a product has its GTIN-14. */
  readonly key: string;
  readonly why: SearchReason;
  /** Its name or lot number, else its key. */
  readonly label: string;
  /** Of a name, by Lucene; 0 for everything else. */
  readonly score: number;
}

/** A lot number to look for, within one product if `gtin` is known. */
export interface LotWanted {
  readonly number: string;
  readonly gtin: string | null;
}

/** Everything that a text may mean: keys by kind, and numbers. Nobody knows yet whether any of it exists. */
export interface Meanings {
  readonly keys: Readonly<Record<SearchKind, readonly string[]>>;
  /** Spellings of an NDC, and the GTIN-14 that are made of it. */
  readonly ndc: { readonly spellings: readonly string[]; readonly gtins: readonly string[] };
  readonly lots: readonly LotWanted[];
  /** National numbers, letters and digits only. */
  readonly numbers: readonly string[];
}

/** The longest lot number of GS1. */
const LONGEST_LOT = 20;
/** Shorter ones would be found in too much. */
const SHORTEST_NUMBER = 4;
const LONGEST_NUMBER = 40;
/** The name of a number before it, as in "NDC 0006-0277-31" and "PZN-01234567". */
const NUMBER_NAME = /^\p{L}{2,4}[\s:.-]+/u;

/**
 * What a text may mean.
 *
 * @param node the type and key, when the text is the `id` of a Node
 */
export function meaningsOf(
  given: string,
  node: { readonly type: string; readonly key: string } | null,
): Meanings {
  const text = given.trim();
  const parsed = parseIdentifier(text);
  const id = parsed.ok ? parsed.id : null;
  const found = [id === null ? {} : keysOf(id), keysOfGln(text), keysOfNode(node)];
  const ofKind = (kind: SearchKind): string[] => [
    ...new Set(found.flatMap((keys) => keys[kind] ?? [])),
  ];
  const lot: LotWanted =
    id?.lot !== undefined && id.gtin !== undefined && id.serial === undefined
      ? { number: id.lot, gtin: id.gtin }
      : { number: text, gtin: null };
  return {
    keys: {
      ...{ PACKAGE: ofKind('PACKAGE'), LOT: ofKind('LOT'), PRODUCT: ofKind('PRODUCT') },
      ...{ SITE: ofKind('SITE'), PARTY: ofKind('PARTY') },
      EVENT: [...new Set([text, ...ofKind('EVENT')])],
      HANDOFF: [...new Set([text, ...ofKind('HANDOFF')])],
    },
    ndc: ndcForms(text.replace(NUMBER_NAME, '')) ?? { spellings: [], gtins: [] },
    lots: isLotNumber(lot.number) ? [lot] : [],
    numbers: numbersIn(text).filter(
      (one) => one.length >= SHORTEST_NUMBER && one.length <= LONGEST_NUMBER && /\d/.test(one),
    ),
  };
}

/** Whether a text can be a lot number, with blanks or hyphens in it. */
export function isLotNumber(text: string): boolean {
  const { length } = squeezed(text);
  return length > 0 && length <= LONGEST_LOT;
}

/** Whether one of the attributes of a product is one of these numbers. */
export function hasNumber(attributes: unknown, numbers: readonly string[]): boolean {
  if (Array.isArray(attributes)) return attributes.some((one) => hasNumber(one, numbers));
  if (typeof attributes === 'object' && attributes !== null)
    return hasNumber(Object.values(attributes), numbers);
  const isText = typeof attributes === 'string' || typeof attributes === 'number';
  return isText && numbersIn(String(attributes)).some((one) => numbers.includes(one));
}

/** The best first, each thing once. */
export function ranked(hits: readonly SearchHit[], first: number): SearchHit[] {
  const rank = ({ why }: SearchHit): number => REASONS.indexOf(why);
  const place = ({ kind }: SearchHit): number => SEARCH_KINDS.indexOf(kind);
  const inOrder = [...hits].sort(
    (a, b) =>
      rank(a) - rank(b) || b.score - a.score || place(a) - place(b) || (a.key < b.key ? -1 : 1),
  );
  const each = new Map<string, SearchHit>();
  for (const hit of inOrder) {
    const name = `${hit.kind} ${hit.key}`;
    if (!each.has(name)) each.set(name, hit);
  }
  return [...each.values()].slice(0, first);
}

type Keys = Partial<Record<SearchKind, readonly string[]>>;

function keysOf({ key, scheme, level, gtin, gln }: Identifier): Keys {
  if (scheme === 'other') return { PACKAGE: [key], LOT: [key], SITE: [key], PARTY: [key] };
  if (scheme === 'gtin') return gtin === undefined ? {} : { PRODUCT: [gtin] };
  if (level === 'instance') return { PACKAGE: [key] };
  if (level === 'class') return { LOT: [key] };
  // A whole GLN may be known as a place and as a party, whatever it was written as.
  const both = gln === undefined ? [] : [`417/${gln}`, `414/${gln}`];
  const isWhole = both.includes(key);
  return { SITE: [isWhole ? `414/${gln ?? ''}` : key], PARTY: isWhole ? both : [key] };
}

/** Thirteen digits may be a GTIN, a place and a party. */
function keysOfGln(text: string): Keys {
  const parsed = /^\d{13}$/.test(text) ? parseGln(text) : null;
  return parsed?.ok === true ? keysOf(parsed.id) : {};
}

function keysOfNode(node: { readonly type: string; readonly key: string } | null): Keys {
  const kind = SEARCH_KINDS.find((one) => one === node?.type.toUpperCase());
  return kind === undefined || node === null || node.key === '?' ? {} : { [kind]: [node.key] };
}

function numbersIn(text: string): string[] {
  return [...new Set([squeezed(text), squeezed(text.trim().replace(NUMBER_NAME, ''))])];
}
