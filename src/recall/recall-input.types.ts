import { Field, ID, InputType } from 'type-graphql';
import { keyArg, keyArgs } from '../graphql/identifier-arg.js';
import { DateTime } from '../graphql/scalars.js';
import { WhereaboutsStateEnum } from '../holdings/whereabouts-state.types.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import { Problem } from '../shared/problem.js';
import { lotKey } from '../gs1/key.js';
import { serialSpans } from './selection.rules.js';
import type { RecallSelectors } from './recall-scope.js';

@InputType('LotInput', { description: 'One lot of one product.' })
export class LotInput {
  @Field(() => ID, { description: 'GTIN of the product.' })
  gtin!: string;

  @Field(() => String, { description: 'Lot number, exactly as marked.' })
  lot!: string;
}

@InputType('RecallProductInput', {
  description: 'All lots of a product, or those made within a window.',
})
export class RecallProductInput {
  @Field(() => ID, { description: 'GTIN of the product.' })
  gtin!: string;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Made at or after this time. The time of a lot is its `madeAt`, or its first and last commissioning.',
  })
  madeFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Made before this time.' })
  madeUntil?: number | null;
}

@InputType('SerialRangeInput', {
  description:
    'A range of serials of one product, both ends included. Serials of the same length compare as text, and digits of different lengths as numbers.',
})
export class SerialRangeInput {
  @Field(() => ID, { description: 'GTIN of the product.' })
  gtin!: string;

  @Field(() => String, { description: 'First serial.' })
  from!: string;

  @Field(() => String, { description: 'Last serial.' })
  to!: string;
}

@InputType('SiteWindowInput', {
  description:
    'Units that were at a site at any moment of a window. They stood there, or an event there read them or something they were in.',
})
export class SiteWindowInput {
  @Field(() => ID, {
    description:
      'GLN of the site, or of a part of it (a line, a dock). A whole GLN includes all its parts.',
  })
  site!: string;

  @Field(() => DateTime, { description: 'At or after this time.' })
  from!: number;

  @Field(() => DateTime, { description: 'Before this time.' })
  until!: number;
}

@InputType('RecallScopeInput', {
  description:
    'What is recalled. Give any combination: whatever one of the selectors finds is in the scope.',
})
export class RecallScopeInput {
  @Field(() => [LotInput], { nullable: true, description: 'Lots.' })
  lots?: LotInput[] | null;

  @Field(() => [RecallProductInput], {
    nullable: true,
    description: 'Products, optionally limited to when their lots were made.',
  })
  products?: RecallProductInput[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Packages by their own serial. A container brings in what it holds and ever held, and what was made of the lots it held by class. For a partner, what it sees in it now.',
  })
  serials?: string[] | null;

  @Field(() => [SerialRangeInput], {
    nullable: true,
    description: 'Ranges of serials. Not for partners.',
  })
  serialRanges?: SerialRangeInput[] | null;

  @Field(() => [LotInput], {
    nullable: true,
    description:
      'Ingredient lots: everything made from them through any number of transformations, and what is left of them with serials.',
  })
  sourceLots?: LotInput[] | null;

  @Field(() => SiteWindowInput, {
    nullable: true,
    description: 'What was at a site during a window. Not for partners.',
  })
  siteWindow?: SiteWindowInput | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'A container: what it holds now and ever held, and what was made of the lots it held by class. For a partner, what it sees in it now.',
  })
  container?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Where everything was at a past instant, after all that happened at that instant. Leave it out for now. Not for partners.',
  })
  asOf?: number | null;
}

@InputType('RecallPackageFilter', {
  description: 'Which of the affected packages to list. All conditions given must hold.',
})
export class RecallPackageFilter {
  @Field(() => WhereaboutsStateEnum, { nullable: true, description: 'State of the row.' })
  state?: WhereaboutsState | null;

  @Field(() => ID, { nullable: true, description: 'Site of the row; in transit, the destination.' })
  site?: string | null;

  @Field(() => ID, { nullable: true, description: 'The party that is `holder` of the row.' })
  holder?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Status of the row: a CBV disposition in any spelling, `decommissioned`, or your own URI. Any other word is refused.',
  })
  status?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True lists the packages that are only possibly affected, because their lot is unknown, instead of the affected ones.',
  })
  withoutLot?: boolean | null;
}

/** Selectors that select nothing, now. */
export const NOTHING_SELECTED: RecallSelectors = {
  ...{ lots: [], products: [], serials: [], serialRanges: [], sourceLots: [] },
  ...{ siteWindow: null, container: null, asOf: null },
};

/**
 * The selectors of an input, in canonical keys.
 *
 * @throws GraphQLError or Problem BAD_USER_INPUT for an invalid identifier, too many identifiers, or no selector at all
 */
export function toSelectors(input: RecallScopeInput): RecallSelectors {
  const selectors: RecallSelectors = {
    lots: lotsOf('lots', input.lots),
    products: (input.products ?? []).map(productOf),
    serials: keyArgs('input.serials', input.serials ?? [], 'package'),
    serialRanges: (input.serialRanges ?? []).map(rangeOf),
    sourceLots: lotsOf('sourceLots', input.sourceLots),
    siteWindow: windowOf(input.siteWindow),
    container: input.container ? keyArg('input.container', input.container, 'package') : null,
    asOf: input.asOf ?? null,
  };
  if (isEmpty(selectors))
    throw refusal(
      'input',
      'nothing',
      'Give at least one of lots, products, serials, serialRanges, sourceLots, siteWindow, container.',
    );
  return selectors;
}

function isEmpty(selectors: RecallSelectors): boolean {
  const { lots, products, serials, serialRanges, sourceLots, siteWindow, container } = selectors;
  const lists = [lots, products, serials, serialRanges, sourceLots];
  return lists.every((list) => list.length === 0) && siteWindow === null && container === null;
}

function lotsOf(name: string, lots: readonly LotInput[] | null | undefined): string[] {
  if ((lots?.length ?? 0) > 1000)
    throw refusal(name, `${lots?.length ?? 0} lots`, 'At most 1,000 lots at once: ask in parts.');
  const keys = (lots ?? []).map(({ gtin, lot }, i) => {
    const number = lot.trim();
    if (number === '' || number.length > 20)
      throw refusal(`${name}[${i}].lot`, lot, 'A lot number has 1 to 20 characters.');
    return lotKey(gtinArg(`${name}[${i}].gtin`, gtin), number);
  });
  return [...new Set(keys)];
}

function productOf(
  { gtin, madeFrom, madeUntil }: RecallProductInput,
  i: number,
): RecallSelectors['products'][number] {
  const name = `products[${i}]`;
  const product = gtinArg(`${name}.gtin`, gtin);
  if (typeof madeFrom === 'number' && typeof madeUntil === 'number' && madeFrom >= madeUntil)
    throw refusal(name, 'madeUntil not after madeFrom', 'The window must end after it begins.');
  return { gtin: product, madeFrom: madeFrom ?? null, madeUntil: endOf(madeUntil) };
}

function rangeOf(range: SerialRangeInput, i: number): RecallSelectors['serialRanges'][number] {
  const name = `serialRanges[${i}]`;
  const gtin = gtinArg(`${name}.gtin`, range.gtin);
  const [from, to] = [serialArg(`${name}.from`, range.from), serialArg(`${name}.to`, range.to)];
  if (serialSpans(gtin, from, to).length === 0)
    throw refusal(
      name,
      `${from} to ${to}`,
      'The range must not end before it begins. Write both ends with as many digits, or the longer one without leading zeros.',
    );
  return { gtin, from, to };
}

function gtinArg(name: string, gtin: string): string {
  return keyArg(`input.${name}`, gtin, 'product').slice(3);
}

function serialArg(name: string, serial: string): string {
  const trimmed = serial.trim();
  if (trimmed === '' || trimmed.length > 20)
    throw refusal(name, serial, 'A serial has 1 to 20 characters.');
  return trimmed;
}

function windowOf(window: SiteWindowInput | null | undefined): RecallSelectors['siteWindow'] {
  if (window === null || window === undefined) return null;
  const { from, until } = window;
  if (from >= until)
    throw refusal('siteWindow', 'until not after from', 'The window must end after it begins.');
  return { site: keyArg('input.siteWindow.site', window.site, 'site'), from, until: until - 1 };
}

/** The last millisecond before a bound: the rules count both ends of a window. */
function endOf(until: number | null | undefined): number | null {
  return typeof until === 'number' ? until - 1 : null;
}

function refusal(place: string, found: string, rule: string): Problem {
  const argument = place === 'input' ? place : `input.${place}`;
  const message = `Argument "${argument}": ${rule} Found ${JSON.stringify(found.slice(0, 100))}.`;
  return new Problem('BAD_USER_INPUT', message, {
    details: { argument, found: found.slice(0, 100), rule },
  });
}
