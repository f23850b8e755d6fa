import { GraphQLError } from 'graphql';
import { lotKey, parseGln, parseGtin, parseIdentifier } from '../gs1/identifier.js';
import type { NodeName } from './node.types.js';
import { plainKey } from './node.types.js';
import type { Identifier, ParsedIdentifier } from '../gs1/identifier.js';

/** What an identifier argument must name. */
export type ArgumentKind = 'package' | 'product' | 'lot' | 'site' | 'party' | 'any';

/** Most identifiers of one list argument. */
const MAX_IDENTIFIERS = 1000;

/**
 * The canonical key of an identifier argument in any form: URN, Digital Link, element string, key,
 * or bare digits if the kind says what they mean.
 *
 * @throws GraphQLError BAD_USER_INPUT with `argument`, `found`, `rule` and `remedy` in its extensions
 */
export function keyArg(argument: string, text: string, kind: ArgumentKind = 'any'): string {
  return identifierArg(argument, text, kind).key;
}

/**
 * The keys of a list argument, in order and with repetitions.
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
      rule: `may have at most ${MAX_IDENTIFIERS} identifiers.`,
      remedy: 'Ask in parts.',
    });
  return texts.map((text, i) => keyArg(`${argument}[${i}]`, text, kind));
}

/** Like {@link keyArg}, with all parts of the identifier (GTIN, lot, company prefix). */
export function identifierArg(
  argument: string,
  text: string,
  kind: ArgumentKind = 'any',
): Identifier {
  const { noun, example, parse, takes, types } = KINDS[kind];
  const parsed = parse(plainKey(argument, text, ...types));
  const remedy = `Give ${example}.`;
  if (!parsed.ok)
    throw refusal({ argument, found: text, rule: parsed.message, remedy, reason: parsed.code });
  if (takes(parsed.id)) return parsed.id;
  const rule = `must name ${noun}, but this is ${NOUNS[parsed.id.level]} (${parsed.id.scheme}).`;
  throw refusal({ argument, found: text, rule, remedy, reason: 'WRONG_KIND' });
}

/**
 * The id of an event, handoff, job or allocation, or the `id` of such a Node.
 *
 * @throws GraphQLError or Problem BAD_USER_INPUT for a GS1 key, and for the `id` of another type
 */
export function idArg(argument: string, text: string, ...types: readonly NodeName[]): string {
  const key = plainKey(argument, text, ...types);
  const parsed = parseIdentifier(key);
  if (!parsed.ok || parsed.id.scheme === 'other') return key;
  const noun = types.join(' or ').toLowerCase();
  const rule = `must be the id of ${noun}, but this is ${NOUNS[parsed.id.level]} (${parsed.id.scheme}).`;
  const remedy = `Give the id that an answer has for ${noun}.`;
  throw refusal({ argument, found: text, rule, remedy, reason: 'WRONG_KIND' });
}

interface Kind {
  readonly noun: string;
  readonly example: string;
  readonly parse: (text: string) => ParsedIdentifier;
  readonly takes: (id: Identifier) => boolean;
  /** Whose ids it takes. */
  readonly types: readonly NodeName[];
}

const NOUNS = {
  instance: 'one object',
  class: 'a class of objects',
  location: 'a place',
  party: 'a party',
} as const;

const KINDS: Readonly<Record<ArgumentKind, Kind>> = {
  package: {
    noun: 'a package',
    example:
      'an SGTIN or SSCC, e.g. "(01)09506000134352(21)A1" or "urn:epc:id:sscc:950600.01343520000"',
    parse: parseIdentifier,
    takes: (id) => id.level === 'instance',
    types: ['Package'],
  },
  product: {
    noun: 'a product',
    example: 'a GTIN, e.g. "09506000134352"',
    parse: parseGtin,
    takes: (id) => id.scheme === 'gtin',
    types: ['Product'],
  },
  lot: {
    noun: 'a lot',
    example: 'a GTIN with a lot, e.g. "(01)09506000134352(10)L1"',
    parse: parseLot,
    takes: (id) => id.scheme === 'lgtin',
    types: ['Lot'],
  },
  site: {
    noun: 'a site',
    example: 'a GLN, e.g. "9506000134352" or "urn:epc:id:sgln:950600.013435.0"',
    parse: (text) => parsePlaceOrParty(text, 'location'),
    takes: (id) => id.level === 'location' || id.scheme === 'other',
    types: ['Site'],
  },
  party: {
    noun: 'a party',
    example: 'a GLN, e.g. "9506000134352" or "urn:epc:id:pgln:950600.013435"',
    parse: (text) => parsePlaceOrParty(text, 'party'),
    takes: (id) => id.level === 'party' || id.level === 'location' || id.scheme === 'other',
    types: ['Party'],
  },
  any: {
    noun: 'something',
    example: 'an EPC URN, a GS1 Digital Link or an element string',
    parse: parseIdentifier,
    takes: () => true,
    types: ['Package', 'Product', 'Lot', 'Site', 'Party'],
  },
};

/** A scan with both a serial and a lot names the lot if a lot is expected. The key of a product alone is that of its "lot unknown". */
function parseLot(text: string): ParsedIdentifier {
  const parsed = parseIdentifier(text);
  if (parsed.ok && /^01\/\d{14}$/.test(text.trim()))
    return { ok: true, id: { ...parsed.id, scheme: 'lgtin' } };
  if (!parsed.ok || parsed.id.gtin === undefined || parsed.id.lot === undefined) return parsed;
  const key = lotKey(parsed.id.gtin, parsed.id.lot);
  return { ok: true, id: { ...parsed.id, key, scheme: 'lgtin', level: 'class' } };
}

/** Bare digits are a GLN here; a URI that is not a GS1 key may also name a place or a party. */
function parsePlaceOrParty(text: string, level: 'location' | 'party'): ParsedIdentifier {
  return /^\s*\d{1,15}\s*$/.test(text) ? parseGln(text, level) : parseIdentifier(text);
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
