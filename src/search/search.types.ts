import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { SEARCH_KINDS, REASONS } from './search.rules.js';
import type { SearchHit, SearchKind, SearchReason } from './search.rules.js';

function enumOf<T extends string>(words: readonly T[]): Readonly<Record<T, T>> {
  return Object.fromEntries(words.map((word) => [word, word])) as Record<T, T>;
}

export const SearchKindEnum = enumOf(SEARCH_KINDS);
const SearchReasonEnum = enumOf(REASONS);

registerEnumType(SearchKindEnum, {
  name: 'SearchKind',
  description: 'What can be found.',
  valuesConfig: {
    PACKAGE: { description: 'A unit or a container.' },
    LOT: { description: 'A lot.' },
    PRODUCT: { description: 'A trade item.' },
    SITE: { description: 'A place.' },
    PARTY: { description: 'A company.' },
    EVENT: { description: 'An event.' },
    HANDOFF: { description: 'A change of custody, by the id of its shipping event.' },
  },
});

registerEnumType(SearchReasonEnum, {
  name: 'SearchReason',
  description: 'By what something was found. The order is that of the answer: the best first.',
  valuesConfig: {
    IDENTIFIER: { description: 'The text is its GS1 key in some form, its URI or its `id`.' },
    EVENT_ID: { description: 'The text is the id of the event, or of the shipping.' },
    LOT_NUMBER: { description: 'The text is its lot number, character by character.' },
    NDC: { description: 'The text is its National Drug Code, or its GTIN is made of this code.' },
    NATIONAL_NUMBER: {
      description:
        'The text is a number registered for it: a PZN, a marketing authorisation, or another attribute. Blanks, hyphens and capitals do not count.',
    },
    NAME: {
      description:
        'Each word of the text begins a word of its name, description, active ingredient, manufacturer or town.',
    },
    LOT_NUMBER_SIMILAR: {
      description:
        'Its lot number has the same letters and digits. Capitals, blanks or hyphens differ: ask the user whether it is meant.',
    },
    LOT_NUMBER_PART: { description: 'Each word of the text begins a word of its lot number.' },
  },
});

@ObjectType('SearchHit', { simpleResolvers: true, description: 'One thing that was found.' })
export class SearchHitType implements Omit<SearchHit, 'score'> {
  @Field(() => SearchKindEnum, { description: 'What it is.' })
  kind!: SearchKind;

  @Field(() => ID, { description: 'Its key, as its own type has it. A product has its GTIN.' })
  key!: string;

  @Field(() => SearchReasonEnum, { description: 'By what it was found.' })
  why!: SearchReason;

  @Field(() => String, {
    description: 'A text for a list of results: its name or lot number, else its key.',
  })
  label!: string;
}
