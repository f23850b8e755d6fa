/** What is asked of a history, and of a whole store: every field that the schema has for it. */
import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import type { GraphQLField } from 'graphql';
import type { World } from './random-worlds.js';
import { uri } from './random-worlds.js';

/** A field of the query with its arguments, and what is asked of it. */
export interface Question {
  readonly field: string;
  readonly selection: string;
  /** Where its pages are, which are read one after the other: `field` has `$after`. */
  readonly pages?: readonly string[];
}

/** By group: a group has one digest. */
export type Questions = Readonly<Record<string, readonly Question[]>>;

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
/** What others point to: asked whole at the root only, elsewhere by what tells it. */
const ENTITIES = new Set(['Event', 'Lot', 'Package', 'Party', 'Product', 'Site']);
const TELLING =
  /^(id|key|gtin|lot|name|registered|level|scheme|status|disposition|expiry|eventTime|retracted)$/;
/** Names of fields as they were when the digests were written; an answer has its fields in the order of these names. */
const AS_IT_WAS: Readonly<Record<string, string>> = {
  ...{ 'Lot.key': 'id', 'Event.eventId': 'id', 'Handoff.key': 'id' },
};
/** What came later and leads to what other questions ask, and the id of a Node, which tells its key again. */
const NEWER =
  /^(\w+\.(event|handoffs)|Event\.(redacted|sentBy)|Package\.origin|Whereabouts\.passedOn|(Event|Handoff|Lot|Package|Party|Product|Site)\.id|(Lot|Site)\.(events|inventory|packages|recallScope|stock)|Handoff\.(dueAt|lateAgainstExpected|lots)|InventoryRow\.country|RecallScope\.(passedOn|suggestions))$/;
/** When and in which transaction something was recorded, and cursors, which hold it. A journey has questions of its own. */
const LEFT_OUT = /^(recordTime|seq|logPosition|cursor|startCursor|endCursor|journey)$/;
const MANY = 'first: 200';

/** All fields of a type. An entity is asked `whole` or by what tells it. */
function all(name: string, whole = false): string {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`No object type: ${name}`);
  const isBrief = ENTITIES.has(name) && !whole;
  const toldAs = (field: { readonly name: string }): string =>
    AS_IT_WAS[`${name}.${field.name}`] ?? field.name;
  const fields = Object.values(type.getFields())
    .filter((field) => !LEFT_OUT.test(field.name) && !NEWER.test(`${name}.${field.name}`))
    .sort((a, b) => (toldAs(a) < toldAs(b) ? -1 : 1));
  const asked = fields.map((field) => {
    const told = toldAs(field);
    if (isLeafType(getNamedType(field.type))) {
      if (isBrief && !TELLING.test(told)) return '';
      return told === field.name ? told : `${told}: ${field.name}`;
    }
    return isBrief ? '' : leadingOn(name, field, whole && !ENTITIES.has(name));
  });
  return `{ ${asked.join(' ')} }`;
}

function leadingOn(owner: string, field: GraphQLField<unknown, unknown>, whole: boolean): string {
  const { name, args, type } = field;
  // The rows are in `nodes`. What needs an argument is asked by hand.
  const isTwice = owner.endsWith('Connection') && name === 'edges';
  if (isTwice || args.some((arg) => arg.type.toString() === 'ID!')) return '';
  const page = args.some((arg) => arg.name === 'first') ? `(${MANY})` : '';
  return `${name}${page} ${all(getNamedType(type).name, whole)}`;
}

/** How a question was written when the digests were: an answer is kept under that text. */
export function asItWasAsked(field: string): string {
  return field
    .replace(/^(package)(s?)ById\(/, '$1$2(')
    .replaceAll(
      /(ntil):"([^"]+)"/g,
      (_, name: string, bound: string) => `${name}:"${iso(Date.parse(bound) - 1)}"`,
    )
    .replace(/expiresUntil: "\S+"/, 'expiringBefore: "2027-02-01"');
}

/** One operation; what is asked of several things is written once. Its root fields are answered under `q` and their number. */
export function operationOf(questions: readonly Question[]): string {
  const selections = [...new Set(questions.map(({ selection }) => selection))];
  const fields = questions.map(
    ({ field, selection }, n) => `q${n}: ${field} { ...f${selections.indexOf(selection)} }`,
  );
  const fragments = selections.map((selection, n) => {
    const [name] = /^\w+/.exec(questions.find((one) => one.selection === selection)!.field)!;
    const { type } = schema.getQueryType()!.getFields()[name]!;
    return `fragment f${n} on ${getNamedType(type).name} ${selection}`;
  });
  const after = questions.some(({ pages }) => pages !== undefined) ? '($after: Cursor)' : '';
  return [`query ${after} { ${fields.join('\n')} }`, ...fragments].join('\n');
}

/** A value as GraphQL has it. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(\w+)":/g, '$1:');
}

const iso = (t: number): string => new Date(t).toISOString();
/** The bound of what ends with an instant, which is part of it. */
const behind = (instant: string): string => iso(Date.parse(instant) + 1);
const WHEREABOUTS = all('Whereabouts');
const JOURNEY = all('JourneyEntryConnection');
const LINEAGE = all('Lineage');
const LINEAGES = ['direction: BACK', 'direction: FORWARD', 'direction: BOTH, depth: 2'];
const STOCK = all('InventoryRow');
const HANDOFFS = all('HandoffConnection');
const BY = ['PRODUCT', 'LOT', 'SITE', 'HOLDER', 'STATUS', 'EXPIRY_MONTH'];
const SPLITS = [...BY.map((one) => `[${one}]`), '[]', '[SITE, STATUS, LOT]', `[${BY.join(', ')}]`];

interface Named {
  readonly gtin: string;
  readonly lot: string;
}
const lotInput = (id: string): Named => ({ gtin: id.slice(3, 17), lot: id.slice(21) });

/** Asked of each history. */
export function questionsOf(world: World): Questions {
  const { packages, lots, eventIds, sites, parties } = world;
  const [early, late] = pastInstants(world);
  const keys = [...packages, '01/09506000134352/21/NOBODY'].map(uri);
  const lotsAndNone = [...lots.map(lotInput), { gtin: '09506000134352', lot: 'NONE' }];
  const each = (names: readonly string[], fields: readonly string[], selection: string) =>
    names.flatMap((name) =>
      fields.map((field) => ({ field: field.replace('$', literal(name)), selection })),
    );
  const place = literal(sites.map(uri));
  return {
    packages: [
      { field: `packagesById(ids: ${literal(keys)})`, selection: all('Package', true) },
      ...each(keys.slice(-1), ['packageById(id: $)'], all('Package', true)),
    ],
    locate: each(
      keys,
      ['locate(id: $)', ...[early, late].map((t) => `locate(id: $, asOf: "${iso(t)}")`)],
      WHEREABOUTS,
    ),
    journey: each(
      keys,
      [`journey(id: $, ${MANY})`, `journey(id: $, ${MANY}, includeRetracted: true)`],
      JOURNEY,
    ),
    // Long to answer: one direction each, and half of the recalls.
    lineage: [...keys, ...lots.map(uri)].map((key, n) => ({
      field: `lineage(id: "${key}", ${LINEAGES[n % LINEAGES.length]!})`,
      selection: LINEAGE,
    })),
    lots: lotsAndNone.map((lot) => ({
      field: `lot(${literal(lot).slice(1, -1)})`,
      selection: all('Lot', true),
    })),
    recall: recallsOf(world)
      .filter((_, n) => n % 2 === world.number % 2)
      .map((input) => recall(input, world)),
    stock: SPLITS.map((by) => ({
      field: `inventory(by: ${by}, filter: { sites: ${place}, includeEnded: true })`,
      selection: STOCK,
    })),
    handoffs: [
      { field: `handoffs(${MANY}, filter: { sites: ${place} })`, selection: HANDOFFS },
      {
        field: `handoffs(${MANY}, filter: { parties: ${literal(parties.map(uri))} })`,
        selection: '{ nodes { id: key } }',
      },
    ],
    events: [
      ...each(eventIds, ['event(id: $)'], all('Event', true)),
      ...each(
        sites.map(uri),
        [`events(${MANY}, filter: { site: $ })`],
        '{ nodes { id: eventId } }',
      ),
      ...each(lots.map(uri), [`events(${MANY}, filter: { lot: $ })`], '{ nodes { id: eventId } }'),
    ],
  };
}

function pastInstants({ times }: World): [number, number] {
  const at = (share: number): number => times[Math.floor((times.length - 1) * share)]!;
  return [at(1 / 3), at(2 / 3)];
}

/** The scope, and why a unit is in it or is not. */
function recall(input: object, { packages }: World): Question {
  const id = packages.find((key) => key.startsWith('01/')) ?? packages[0]!;
  const some = (filter: string): string => `packages(${MANY}, filter: ${filter}) { nodes { key } }`;
  const more = `explain(id: "${uri(id)}") ${all('RecallExplanation')}
    standing: ${some('{ state: SITE }')} possibly: ${some('{ withoutLot: true }')}`;
  const selection = all('RecallScope').replace(/\}$/, `${more} }`);
  return { field: `recallScope(input: ${literal(input)})`, selection };
}

/** Each kind of selector by itself, some together; now and as of then. */
function recallsOf(world: World): object[] {
  const { packages, sites, number } = world;
  const [early, late] = pastInstants(world);
  const asOf = iso(late);
  const lots = [...world.lots.slice(0, 3), '01/09506000134352/10/NONE'].map(lotInput);
  const boxes = packages.filter((key) => !key.startsWith('01/09')).map(uri);
  const [unit = boxes[0]!] = packages.filter((key) => key.startsWith('01/09')).map(uri);
  const [container = unit] = boxes;
  const own = `W${number % 20}U`;
  const siteWindow = { site: uri(sites[0]!), from: iso(early), until: behind(asOf) };
  return [
    { lots: lots.slice(0, 1) },
    { lots: lots.slice(-2) },
    { lots, asOf },
    { lots, asOf: '2031-01-01T00:00:00.000Z' },
    { serials: [unit, ...boxes] },
    { serials: [unit, uri('01/09506000134352/21/NOBODY')], asOf: iso(early) },
    { serialRanges: [{ gtin: '09506000134352', from: `${own}0`, to: `${own}4` }] },
    { container },
    { container, asOf },
    { sourceLots: lots },
    { sourceLots: lots.slice(0, 1), asOf },
    { siteWindow },
    { siteWindow: { ...siteWindow, site: `${siteWindow.site}/254/DOCK1` } },
    { lots: lots.slice(-2), container, siteWindow, asOf },
  ];
}

/** Asked of all that is in a store. */
export function questionsOfStore(worlds: readonly World[]): Questions {
  const gtins = ['09506000134352', '09506000134369', '19506000134359', '09506000134390'];
  const [madeFrom, madeUntil] = pastInstants(worlds[1]!).map(iso);
  const [some] = worlds.flatMap(({ packages }) => packages.filter((key) => key.startsWith('00')));
  const paged = (field: string, selection: string, pages: readonly string[]): Question => ({
    field,
    selection: selection.replace('{ nodes', '{ pageInfo { hasNextPage endCursor } nodes'),
    pages,
  });
  const lots = worlds.slice(0, 4).flatMap(({ lots: [lot] }) => (lot ? [lotInput(lot)] : []));
  const keys = '{ nodes { key } }';
  return {
    lists: [
      { field: `products(${MANY})`, selection: all('ProductConnection', true) },
      { field: `sites(${MANY})`, selection: all('SiteConnection', true) },
      { field: `parties(${MANY})`, selection: all('PartyConnection', true) },
      { field: 'unregistered', selection: all('Unregistered', true) },
    ],
    stock: [
      ...SPLITS.map((by) => ({ field: `inventory(by: ${by}, filter: {})`, selection: STOCK })),
      {
        field: `inventory(by: [SITE], filter: { gtins: ["${gtins[0]!}"], expiresUntil: "2027-02-01" })`,
        selection: STOCK,
      },
    ],
    recall: [
      ...gtins.map((gtin) => ({ products: [{ gtin }] })),
      { products: [{ gtin: gtins[0]!, madeFrom, madeUntil: behind(madeUntil!) }] },
      { products: [{ gtin: gtins[1]!, madeUntil: behind(madeUntil!) }], asOf: madeUntil },
    ].map((input) => recall(input, worlds[0]!)),
    pages: [
      paged('events(first: 50, after: $after)', '{ nodes { id: eventId } }', ['events']),
      paged(
        'events(first: 50, after: $after, orderBy: {field: RECORD_TIME})',
        '{ nodes { id: eventId } }',
        ['events'],
      ),
      paged('handoffs(first: 20, after: $after)', '{ nodes { id: key } }', ['handoffs']),
      paged('sites(first: 20, after: $after)', keys, ['sites']),
      paged(
        `recallScope(input: ${literal({ lots })})`,
        `{ packages(first: 5, after: $after) ${keys} }`,
        ['recallScope', 'packages'],
      ),
      paged(`journey(id: "${uri(some!)}", first: 3, after: $after)`, '{ nodes { eventId } }', [
        'journey',
      ]),
    ],
    // Asked of no resolver: the lines that `verify` compares.
    projection: [],
  };
}
