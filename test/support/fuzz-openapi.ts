import type { Dice } from './dice.js';
import { instant, nearly, oddNumber, oddText, oddValue, write } from './fuzz-values.js';
import type { Known } from './fuzz-values.js';
import { mutateJson } from './mutate-json.js';
import { mutateQuery, oddHeaders } from './mutate-query.js';

/** One request, whole: what is printed when it is answered wrongly. */
export interface Input {
  readonly method: string;
  /** As it stands in the request. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Json;
  readonly example?: unknown;
}

/** An operation of an OpenAPI description. */
export interface Described {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Its body: schema and example by media type. */
  readonly bodies: Readonly<Record<string, Json>>;
}

/** The operations of an OpenAPI description, at their paths from the root. */
export function describedIn(description: Json): Described[] {
  const resolve = (value: unknown): Json => {
    const ref = (value as Json)['$ref'];
    if (typeof ref !== 'string') return value as Json;
    return resolve(
      ref
        .slice(2)
        .split('/')
        .reduce<unknown>((inner, name) => (inner as Json)[name], description),
    );
  };
  const paths = Object.entries(description['paths'] as Record<string, Json>);
  return paths.flatMap(([path, item]) => {
    const [server] = (item['servers'] ?? description['servers']) as { url: string }[];
    const shared = (item['parameters'] ?? []) as unknown[];
    return Object.entries(item)
      .filter(([method]) => /^(get|put|post|delete|options|patch|head)$/.test(method))
      .map(([method, about]) => {
        const { parameters = [], requestBody } = about as {
          parameters?: unknown[];
          requestBody?: unknown;
        };
        const content = (
          requestBody === undefined ? {} : resolve(requestBody)['content']
        ) as Record<string, Json>;
        return {
          method: method.toUpperCase(),
          path: (server?.url ?? '').replace(/\/$/, '') + path,
          parameters: [...shared, ...parameters].map((one) => resolve(one) as unknown as Parameter),
          bodies: Object.fromEntries(
            Object.entries(content).map(([type, { schema, example }]) => [
              type,
              { schema: schema === undefined ? {} : resolve(schema), example },
            ]),
          ),
        };
      });
  });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'];
/** Parts of a path that are no text, or another path. */
const RAW_PARTS = [
  ...[
    '%00',
    '%FF',
    '%2F',
    '%',
    '%zz',
    '%ED%A0%80',
    '%C0%80',
    '.',
    '..',
    '%2e%2e',
    '%0d%0aX-Other:1',
    '',
  ],
  ...[
    '%u0041',
    '%5C',
    ';a=b',
    '*',
    '%25%32%46',
    '\u00e4',
    'a%20b',
    '%41'.repeat(3000),
    'a'.repeat(140_000),
  ],
];
const NAMES = [
  ...[
    'shipments',
    'shipping',
    'in_transit',
    'ObjectEvent',
    'A1',
    'SimpleEventQuery',
    'fuzz1',
    'fuzz2',
  ],
];
const QUERY_NAMES = ['GE_quantity', 'MATCH_epc', 'GE_eventTime', 'perPage', '__proto__'];
const TEXTS = ['1', '0/5', '[1-5]', '*', 'fuzz1', 'fuzz2', '2028-05-31', 'A1', 'key'];
/** Nothing that could be reached. */
const DESTINATIONS = [
  'http://127.0.0.1:9/hook',
  'http://[::1',
  'file:///etc/passwd',
  'https://no.invalid/',
  '',
  'a',
];

/** A request of an operation: right, nearly right or odd. */
export function requestFrom(dice: Dice, described: Described, known: Known): Input {
  const wild = dice.one([0, 0.1, 0.4]);
  const method = dice.chance(wild / 8) ? dice.one(METHODS) : described.method;
  const path = described.path.replaceAll(/\{\w+\}/g, () => pathPart(dice, wild, known));
  const search = searchOf(dice, wild, { described, known });
  const headers = headersOf(dice, wild, described);
  const input = { method, path: addressable(path + (search === '' ? '' : `?${search}`)), headers };
  const types = Object.keys(described.bodies);
  if (types.length === 0) return input;
  const type = dice.one(types);
  return {
    ...input,
    headers: { 'content-type': dice.chance(wild / 10) ? oddText(dice) : type, ...headers },
    body: Buffer.from(bodyOf(dice, wild, { described, known, type })),
  };
}

function pathPart(dice: Dice, wild: number, { ids }: Known): string {
  if (dice.chance(wild / 2)) return dice.one(RAW_PARTS);
  const good = dice.one(dice.chance(0.5) ? ids : NAMES);
  const text = dice.chance(wild) ? (dice.chance(0.5) ? nearly(dice, good) : oddText(dice)) : good;
  return encodeURIComponent(Buffer.from(text).toString());
}

interface About {
  readonly described: Described;
  readonly known: Known;
}

function searchOf(dice: Dice, wild: number, { described, known }: About): string {
  if (dice.chance(wild / 3)) return mutateQuery(dice).search;
  const pairs = described.parameters
    .filter((one) => one.in === 'query' && dice.chance(0.15))
    .slice(0, 4)
    .map((one) => {
      const value = valueOf(dice, wild, {
        name: one.name,
        schema: { example: one.example, ...one.schema },
        known,
      });
      const text = typeof value === 'string' ? value : write(value, 'json');
      return `${one.name}=${encodeURIComponent(Buffer.from(text).toString())}`;
    });
  return pairs.join('&');
}

function headersOf(dice: Dice, wild: number, { parameters }: Described): Record<string, string> {
  if (dice.chance(wild / 2)) return oddHeaders(dice);
  const headers = parameters.filter((one) => one.in === 'header' && dice.chance(0.1));
  const values = headers.map(({ name, schema }): [string, string] => {
    const words = (schema?.['enum'] ?? ['2.0.0', '1.2', 'ex=https://example.com/ns']) as string[];
    return [name, dice.one(words)];
  });
  return Object.fromEntries(values);
}

function bodyOf(
  dice: Dice,
  wild: number,
  { described, known, type }: About & { readonly type: string },
): string {
  const { schema, example } = described.bodies[type] as { schema: Json; example?: unknown };
  // No destination comes from a change that may be any text.
  if (dice.chance(wild / 2) && !described.path.includes('ubscription'))
    return mutateJson(
      dice,
      write(example ?? valueOf(dice, 0, { name: '', schema, known }), 'json'),
      '{}',
    ).text;
  return write(valueOf(dice, wild, { name: '', schema: { ...schema, example }, known }), 'json');
}

interface Wanted {
  readonly name: string;
  readonly schema: Json;
  readonly known: Known;
}

function valueOf(dice: Dice, wild: number, wanted: Wanted): unknown {
  const { name, schema } = wanted;
  if (name === 'dest') return dice.chance(1 - wild) ? DESTINATIONS[0] : dice.one(DESTINATIONS);
  if (dice.chance(wild / 2)) return oddValue(dice);
  const { enum: values, properties, example, items = {} } = schema;
  if (Array.isArray(values)) return dice.one(values);
  if (example !== undefined && dice.chance(0.5)) return example;
  if (typeof properties === 'object') return objectOf(dice, wild, wanted);
  if (schema['type'] === 'array')
    return [valueOf(dice, wild, { ...wanted, schema: items as Json })];
  return plainOf(dice, wild, wanted);
}

function objectOf(dice: Dice, wild: number, { schema, known }: Wanted): unknown {
  const needed = (schema['required'] ?? []) as string[];
  const fields = Object.entries(schema['properties'] as Record<string, Json>).filter(([name]) =>
    dice.chance(needed.includes(name) ? 1 - wild / 8 : 0.3),
  );
  const values = fields.map(([name, inner]) => [
    name,
    valueOf(dice, wild, { name, schema: inner, known }),
  ]);
  return Object.fromEntries(values);
}

function plainOf(dice: Dice, wild: number, { name, schema, known }: Wanted): unknown {
  const type = String(schema['type']);
  if (/^(integer|number)$/.test(type)) return dice.chance(wild) ? oddNumber(dice) : dice.below(20);
  if (type === 'boolean') return dice.chance(0.5);
  if (type === 'object')
    return { EQ_bizStep: ['shipping'], [dice.one(QUERY_NAMES)]: oddValue(dice) };
  if (name.endsWith('Time')) return instant(dice, wild);
  if (dice.chance(wild)) return oddText(dice);
  return dice.one(dice.chance(0.3) ? known.ids : TEXTS);
}

/** Without what no client could write into a request. */
export function addressable(path: string): string {
  // eslint-disable-next-line no-control-regex -- they would end the line
  return path.replaceAll(/[\u0000- \u007f\u0100-\uffff]/g, '_');
}
