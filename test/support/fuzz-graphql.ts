import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type {
  GraphQLArgument,
  GraphQLField,
  GraphQLInputType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
} from 'graphql';
import type { Dice } from './dice.js';
import { Written, instant, nearly, oddNumber, oddText, oddValue, write } from './fuzz-values.js';
import type { Known } from './fuzz-values.js';

/** A GraphQL operation as it is sent. */
export interface Operation {
  readonly query: string;
  /** In JSON. */
  readonly variables: string;
}

/** What operations are made of. */
export interface OperationParts {
  readonly schema: GraphQLSchema;
  readonly known: Known;
  /** An EPCIS document in JSON, right or not. */
  readonly document: (dice: Dice) => string;
}

const WORDS = [
  ...['shipping', 'receiving', 'in_transit', 'active', 'ObjectEvent', 'A1', 'C1', 'U1', 'V1'],
  ...['Line 4', '2028-05-31', '2028-05', '0123456789', 'warehouse', 'MANUFACTURER', 'CH'],
];
const MOST_LEVELS = 3;

/** An operation of one kind with one to three root fields, or with the one that is named. */
export function operationFrom(
  dice: Dice,
  parts: OperationParts,
  {
    kind,
    field,
  }: { readonly kind: 'query' | 'mutation' | 'subscription'; readonly field?: string },
): Operation {
  const maker = new OperationMaker(dice, parts, dice.one([0, 0.1, 0.1, 0.4]));
  return maker.make(kind, field);
}

class OperationMaker {
  readonly #variables: { readonly name: string; readonly type: string; readonly value: string }[] =
    [];

  constructor(
    readonly dice: Dice,
    readonly parts: OperationParts,
    /** How many values are odd ones. */
    readonly wild: number,
  ) {}

  make(kind: 'query' | 'mutation' | 'subscription', named?: string): Operation {
    const { schema } = this.parts;
    const roots = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    };
    const fields = Object.values(roots[kind]!.getFields());
    const count = kind === 'query' && this.dice.chance(0.15) ? 3 : 1;
    const asked = Array.from({ length: count }, (_, i) => {
      const field = fields.find(({ name }) => i === 0 && name === named) ?? this.dice.one(fields);
      return `r${i}: ${this.#field(field, 0)}`;
    });
    const declared = this.#variables.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const values = this.#variables.map(({ name, value }) => `"${name}":${value}`).join(',');
    const head = declared === '' ? '' : `(${declared})`;
    return { query: `${kind} ${head} { ${asked.join(' ')} }`, variables: `{${values}}` };
  }

  #field({ name, args, type }: GraphQLField<unknown, unknown>, level: number): string {
    const given = args.flatMap((argument) => this.#argument(argument));
    return `${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${this.#selection(type, level + 1)}`;
  }

  #argument(argument: GraphQLArgument): string[] {
    const { name, type, defaultValue } = argument;
    const isNeeded = isNonNullType(type) && defaultValue === undefined;
    if (!this.dice.chance(isNeeded ? 0.995 : 0.5)) return [];
    const value = this.#value(type, name);
    // What GraphQL has no literal for goes as a variable.
    const isJson = getNamedType(type).name === 'JSON';
    if (!isJson && this.dice.chance(0.5)) return [`${name}: ${write(value, 'literal')}`];
    const variable = `v${this.#variables.length}`;
    this.#variables.push({ name: variable, type: String(type), value: write(value, 'json') });
    return [`${name}: $${variable}`];
  }

  #selection(output: GraphQLOutputType, level: number): string {
    const type = getNamedType(output);
    if (isLeafType(type)) return '';
    const kinds = isAbstractType(type) ? this.parts.schema.getPossibleTypes(type) : [type];
    const parts = kinds
      .filter(isObjectType)
      .map((one) =>
        one === type
          ? this.#fields(one, level)
          : `... on ${one.name} { ${this.#fields(one, level)} }`,
      );
    return ` { __typename ${parts.join(' ')} }`;
  }

  #fields(type: GraphQLObjectType, level: number): string {
    const chosen = Object.values(type.getFields()).filter(({ type: inner }) =>
      isLeafType(getNamedType(inner))
        ? this.dice.chance(0.8)
        : level < MOST_LEVELS && this.dice.chance(0.45),
    );
    // Of several types, one field may have several types too.
    return chosen
      .map((field, i) => `${type.name.toLowerCase()}${level}${i}: ${this.#field(field, level)}`)
      .join(' ');
  }

  #value(type: GraphQLInputType, name: string): unknown {
    const { dice, wild } = this;
    if (isNonNullType(type)) return this.#value(type.ofType, name);
    if (dice.chance(wild / 4)) return oddValue(dice);
    if (isListType(type)) return this.#list(type.ofType, name);
    if (isEnumType(type)) {
      const { name: word } = dice.one(type.getValues());
      return new Written(JSON.stringify(word), word);
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) =>
        dice.chance(isNonNullType(field.type) ? 1 - wild / 20 : 0.3),
      );
      return Object.fromEntries(fields.map((one) => [one.name, this.#value(one.type, one.name)]));
    }
    return this.#scalar(type.name, name);
  }

  #list(type: GraphQLInputType, name: string): unknown[] {
    const length = this.dice.chance(this.wild / 10)
      ? this.dice.one([101, 1001, 3000])
      : this.dice.below(4);
    const first = this.#value(type, name);
    if (length > 100) return Array.from({ length }, () => first);
    return Array.from({ length }, (_, i) => (i === 0 ? first : this.#value(type, name)));
  }

  #scalar(type: string, name: string): unknown {
    const { dice, wild } = this;
    const isOdd = dice.chance(wild);
    if (type === 'Boolean') return dice.chance(0.5);
    if (type === 'DateTime') return instant(dice, wild);
    if (type === 'JSON') return this.#json(name);
    if (['Int', 'Long', 'Float'].includes(type)) return isOdd ? oddNumber(dice) : dice.below(12);
    if (type === 'Cursor') return this.#text(this.parts.known.cursors);
    const { ids } = this.parts.known;
    return this.#text(type === 'ID' ? ids : dice.one([WORDS, WORDS, WORDS, ids]));
  }

  #text(pool: readonly string[]): string {
    const { dice, wild } = this;
    if (!dice.chance(wild)) return dice.one(pool);
    return dice.chance(0.5) ? nearly(dice, dice.one(pool)) : oddText(dice);
  }

  #json(name: string): unknown {
    if (name === 'document') return new Written(this.parts.document(this.dice));
    return this.dice.chance(0.5) ? { color: 'red', size: 4 } : oddValue(this.dice);
  }
}

const PIECES = [
  ...[
    '{',
    '}',
    '(',
    '[',
    '"',
    '"""',
    '#',
    '\u0000',
    '\ufeff',
    '...',
    '@skip(if: $x)',
    '$',
    '&',
    '|',
  ],
  ...[
    '... on Query { __typename }',
    '...F',
    'fragment F on Query { ...F }',
    '__schema { types { name } }',
  ],
  ...[
    '__type(name: "__proto__") { name }',
    '@include(if: true)',
    '@deprecated',
    '"\\u{110000}"',
    '"\\ud800"',
  ],
  ...['1e999', '00', '0x1', '-', '\u2028'],
];

/** An operation whose text or envelope is broken somewhere: the body of a request. */
export function brokenBody(dice: Dice, { query, variables }: Operation): string {
  const at = dice.below(query.length + 1);
  const depth = dice.one([20, 1000, 15_000]);
  const text = JSON.stringify(query);
  return dice.one([
    () =>
      `{"query":${JSON.stringify(query.slice(0, at) + dice.one(PIECES) + query.slice(at))},"variables":${variables}}`,
    () =>
      `{"query":${JSON.stringify(query.slice(0, at) + query.slice(at + 1))},"variables":${variables}}`,
    () => `{"query":${JSON.stringify('{a'.repeat(depth) + '}'.repeat(depth))}}`,
    () =>
      `{"query":${JSON.stringify(`{${Array.from({ length: depth }, (_, i) => `a${i}:__typename`).join(' ')}}`)}}`,
    () => `{"query":${text},"variables":${write(oddValue(dice), 'json')}}`,
    () => `{"query":${write(oddValue(dice), 'json')}}`,
    () => `{"query":${text},"operationName":${write(oddValue(dice), 'json')}}`,
    () =>
      `{"query":${text},"extensions":${write(oddValue(dice), 'json')},"variables":${variables}}`,
    () => `[{"query":${text}},{"query":${text}}]`,
    () => write(oddValue(dice), 'json'),
    () => `{"query":${text},"variables":${variables}`,
  ])();
}
