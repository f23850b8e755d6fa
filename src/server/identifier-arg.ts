import { GraphQLError } from 'graphql';
import type { Identifier } from '../gs1/parsed.js';
import { parseIdentifier } from '../gs1/parse-identifier.js';

/** What an identifier argument has to name. */
export type ArgumentKind = 'package' | 'product' | 'lot' | 'site' | 'party' | 'any';

/** Most identifiers of one list argument. */
export const MAX_IDENTIFIERS = 1000;

/**
 * The canonical key of an identifier argument, whatever form it came in: URN, Digital Link, element string, key or, where
 * the kind says which they are, bare digits.
 *
 * @throws GraphQLError BAD_USER_INPUT with `argument`, `found`, `rule` and `remedy` in its extensions
 */
export function keyArg(argument: string, text: string, kind: ArgumentKind = 'any'): string {
  return identifierArg(argument, text, kind).key;
}

/**
 * The keys of a list argument, in order, repeats kept.
 *
 * @throws GraphQLError BAD_USER_INPUT at the first fault, or when there are more than {@link MAX_IDENTIFIERS}
 */
export function keyArgs(
  argument: string,
  texts: readonly string[],
  kind: ArgumentKind = 'any',
): string[] {
  if (texts.length > MAX_IDENTIFIERS)
    throw refusal({
      argument,
      found: `${texts.length} identifiers`,
      rule: `takes at most ${MAX_IDENTIFIERS} identifiers.`,
      remedy: 'Ask in parts.',
    });
  return texts.map((text, i) => keyArg(`${argument}[${i}]`, text, kind));
}

/** As {@link keyArg}, with all that the identifier tells (GTIN, lot, company prefix). */
export function identifierArg(
  argument: string,
  text: string,
  kind: ArgumentKind = 'any',
): Identifier {
  const parsed = parseIdentifier(withPrefix(text.trim(), kind));
  const remedy = `Give ${KINDS[kind].example}.`;
  if (!parsed.ok)
    throw refusal({ argument, found: text, rule: parsed.message, remedy, reason: parsed.code });
  const id = asKind(parsed.id, kind);
  if (!KINDS[kind].takes(id))
    throw refusal({
      argument,
      found: text,
      rule: `must name ${KINDS[kind].noun}; this is ${NOUNS[id.level]} (${id.scheme}).`,
      remedy,
      reason: 'WRONG_KIND',
    });
  return id;
}

interface Kind {
  readonly noun: string;
  readonly example: string;
  /** What bare digits are, by their number. */
  readonly bare: Readonly<Record<number, string>>;
  takes(id: Identifier): boolean;
}

const NOUNS = {
  instance: 'one thing',
  class: 'a kind of things',
  location: 'a place',
  party: 'a party',
} as const;
const GTIN = { 8: '01/', 12: '01/', 13: '01/', 14: '01/' };

const KINDS: Readonly<Record<ArgumentKind, Kind>> = {
  package: {
    noun: 'a package',
    example:
      'an SGTIN or SSCC, e.g. "(01)09506000134352(21)A1" or "urn:epc:id:sscc:0950600.0134352000"',
    bare: { 18: '00/' },
    takes: (id) => id.level === 'instance',
  },
  product: {
    noun: 'a product',
    example: 'a GTIN, e.g. "09506000134352"',
    bare: GTIN,
    takes: (id) => id.scheme === 'gtin',
  },
  lot: {
    noun: 'a lot',
    example: 'a GTIN with a lot, e.g. "(01)09506000134352(10)L1"',
    bare: {},
    takes: (id) => id.scheme === 'lgtin',
  },
  site: {
    noun: 'a site',
    example: 'a GLN, e.g. "9506000134352" or "urn:epc:id:sgln:950600.013435.0"',
    bare: { 13: '414/' },
    takes: (id) => id.level === 'location' || id.scheme === 'other',
  },
  party: {
    noun: 'a party',
    example: 'a GLN, e.g. "9506000134352" or "urn:epc:id:pgln:950600.013435"',
    bare: { 13: '417/' },
    takes: (id) => id.level === 'party' || id.level === 'location' || id.scheme === 'other',
  },
  any: {
    noun: 'something',
    example: 'an EPC URN, a GS1 Digital Link or an element string',
    bare: { 18: '00/' },
    takes: () => true,
  },
};

function withPrefix(text: string, kind: ArgumentKind): string {
  const prefix = /^\d+$/.test(text) ? KINDS[kind].bare[text.length] : undefined;
  return prefix === undefined ? text : prefix + text.padStart(prefix === '01/' ? 14 : 0, '0');
}

/** A scan with both a serial and a lot names the lot, where a lot is asked for. */
function asKind(id: Identifier, kind: ArgumentKind): Identifier {
  if (kind !== 'lot' || id.gtin === undefined || id.lot === undefined || id.scheme === 'lgtin')
    return id;
  return { ...id, key: `01/${id.gtin}/10/${id.lot}`, scheme: 'lgtin', level: 'class' };
}

function refusal(fault: {
  argument: string;
  found: string;
  rule: string;
  remedy: string;
  reason?: string;
}): GraphQLError {
  const found = fault.found.length > 200 ? `${fault.found.slice(0, 200)}…` : fault.found;
  return new GraphQLError(`Argument "${fault.argument}": ${fault.rule} ${fault.remedy}`, {
    extensions: { code: 'BAD_USER_INPUT', ...fault, found },
  });
}
