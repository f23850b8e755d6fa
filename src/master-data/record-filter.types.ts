import { Field, ID, InputType } from 'type-graphql';
import { wordsOf } from '../graph/lucene.js';
import { keyArg } from '../graphql/identifier-arg.js';
import { DateOnly } from '../graphql/scalars.js';
import { ndcForms } from '../gs1/ndc.js';
import { refusedArgument } from '../shared/problem.js';
import type {
  LotFilter,
  PartyFilter,
  ProductFilter,
  SiteFilter,
} from './master-data-list.read-model.js';
import { formsOf } from './one-party.rules.js';

@InputType('ProductFilter', { description: 'Selects trade items that meet every given part.' })
export class ProductFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Words, or beginnings of words, of the name, description, active ingredient or manufacturer. All must be found; accents and capitals do not count.',
  })
  text?: string | null;

  @Field(() => ID, { nullable: true, description: 'GTIN in any form.' })
  gtin?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'National Drug Code, 10 or 11 digits, with or without hyphens: trade items that are registered with it, or whose GTIN is made of it.',
  })
  ndc?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'A party that has units of it now: the `holder` of the stock. Units that were dispensed, destroyed or decommissioned do not count.',
  })
  holder?: string | null;
}

@InputType()
abstract class AddressFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Words, or beginnings of words, of the name or town. All must be found; accents and capitals do not count.',
  })
  text?: string | null;

  @Field(() => String, { nullable: true, description: 'Country, ISO 3166-1 alpha-2.' })
  country?: string | null;
}

@InputType('SiteFilter', { description: 'Selects places that meet every given part.' })
export class SiteFilterInput extends AddressFilter {
  @Field(() => String, { nullable: true, description: 'Kind of place, as registered.' })
  type?: string | null;

  @Field(() => ID, { nullable: true, description: 'The party that is registered to run it.' })
  operator?: string | null;
}

@InputType('PartyFilter', { description: 'Selects companies that meet every given part.' })
export class PartyFilterInput extends AddressFilter {}

@InputType('LotFilter', { description: 'Selects lots that meet every given part.' })
export class LotFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Words, or beginnings of words, of the lot number: letters and digits between other characters. Capitals do not count.',
  })
  text?: string | null;

  @Field(() => ID, { nullable: true, description: 'GTIN of the product, in any form.' })
  product?: string | null;

  @Field(() => DateOnly, { nullable: true, description: 'Expires on this day or later.' })
  expiresFrom?: string | null;

  @Field(() => DateOnly, { nullable: true, description: 'Expires before this day.' })
  expiresUntil?: string | null;
}

/** @throws Problem BAD_USER_INPUT as {@link productFilterOf} */
export function lotFilterOf(filter: LotFilterInput | null | undefined): LotFilter | null {
  if (!filter) return null;
  const { text, product, expiresFrom = null, expiresUntil = null } = filter;
  return {
    text: textArg(text),
    gtin: product ? keyArg('filter.product', product, 'product').slice(3) : null,
    ...{ expiresFrom, expiresUntil },
  };
}

/**
 * All but the holder, whose products must be read.
 *
 * @throws Problem BAD_USER_INPUT for a text without a word, a country that is no code, or what is no GTIN or NDC
 */
export function productFilterOf(
  filter: ProductFilterInput | null | undefined,
): ProductFilter | null {
  if (!filter) return null;
  const { gtin, ndc } = filter;
  if (gtin && ndc)
    throw refusedArgument('filter.ndc', ndc, {
      rule: 'and "gtin" are two names of one thing.',
      remedy: 'Give one of them.',
    });
  const text = textArg(filter.text);
  const held = null;
  if (ndc) return { text, held, ...ndcArg(ndc) };
  const gtins = gtin ? [keyArg('filter.gtin', gtin, 'product').slice(3)] : null;
  return { text, held, gtins, ndcs: [] };
}

/** @throws Problem BAD_USER_INPUT as {@link productFilterOf} */
export function siteFilterOf(filter: SiteFilterInput | null | undefined): SiteFilter | null {
  if (!filter) return null;
  const { text, country, type, operator } = filter;
  return {
    text: textArg(text),
    country: countryArg(country),
    type: type ?? null,
    operators: operator ? formsOf(keyArg('filter.operator', operator, 'party')) : null,
  };
}

/** @throws Problem BAD_USER_INPUT as {@link productFilterOf} */
export function partyFilterOf(filter: PartyFilterInput | null | undefined): PartyFilter | null {
  if (!filter) return null;
  return { text: textArg(filter.text), country: countryArg(filter.country) };
}

function textArg(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  if (wordsOf(text).length > 0) return text;
  throw refusedArgument('filter.text', text, {
    rule: 'has no letter and no digit.',
    remedy: 'Give a word or its beginning.',
  });
}

function countryArg(country: string | null | undefined): string | null {
  if (country === null || country === undefined) return null;
  if (/^[a-z]{2}$/i.test(country)) return country.toUpperCase();
  const rule = 'must be the two letters of a country (ISO 3166-1 alpha-2).';
  throw refusedArgument('filter.country', country, {
    rule,
    remedy: 'Give for example "DE" or "US".',
  });
}

function ndcArg(ndc: string): Pick<ProductFilter, 'gtins' | 'ndcs'> {
  const forms = ndcForms(ndc);
  if (forms !== null) return { gtins: forms.gtins, ndcs: forms.spellings };
  const rule = 'must be an NDC: 10 or 11 digits, or 4-4-2, 5-3-2, 5-4-1 or 5-4-2 with hyphens.';
  throw refusedArgument('filter.ndc', ndc, { rule, remedy: 'Give for example "0006-0277-31".' });
}
