/**
 * What is asked over GraphQL, and what the references answer to it, both as lines of text. A question is asked by the host, who sees
 * everything, and by partners, who see what the reference of sight says.
 */
import type { SightOf, SightedEvent } from './partner-sight.js';
import type { Apart } from './reference-sight.js';
import { LOT_IDS } from './histories.js';
import type { Answer } from './reference-projection.js';

/** Runs an operation as somebody; the data. It throws for errors. */
export type Ask = <D>(query: string, variables?: object) => Promise<D>;

export interface Question {
  ask(ask: Ask, sight: SightOf): Promise<string[]>;
  expected(sight: SightOf): string[];
}

// How an operation is put together

/** Root fields of one operation. */
const TOGETHER = 50;

interface Asking<A extends object> {
  readonly field: string;
  readonly select: string;
  readonly types: Record<keyof A, string>;
  readonly together?: number;
}

/** Asks the same of many things, with few operations. */
export async function askEach<A extends object, D>(
  ask: Ask,
  list: readonly A[],
  { field, select, types, together = TOGETHER }: Asking<A>,
): Promise<D[]> {
  const answers: D[] = [];
  const names = Object.keys(types) as (keyof A & string)[];
  for (let from = 0; from < list.length; from += together) {
    const some = list.slice(from, from + together);
    const wants = some.flatMap((_, i) => names.map((name) => `$${name}${i}: ${types[name]}`));
    const fields = some.map(
      (_, i) =>
        `a${i}: ${field}(${names.map((name) => `${name}: $${name}${i}`).join(' ')}) { ...F }`,
    );
    const variables = some.flatMap((one, i) => names.map((name) => [name + String(i), one[name]]));
    const told = await ask<Record<string, D>>(
      `query (${wants.join(' ')}) { ${fields.join(' ')} } ${select}`,
      Object.fromEntries(variables) as object,
    );
    answers.push(...some.map((_, i) => told[`a${i}`]!));
  }
  return answers;
}

interface Page<N> {
  readonly nodes: readonly N[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const PAGE_SIZE = 7;

/** Every row of a list, page by page. */
export async function askPages<N>(
  ask: Ask,
  { field, args = '', select }: { field: string; args?: string; select: string },
  fragments = '',
): Promise<N[]> {
  const nodes: N[] = [];
  for (let after: string | null = null; ;) {
    const { list }: { list: Page<N> } = await ask(
      `query ($first: Int!, $after: Cursor) {
        list: ${field}(${args} first: $first, after: $after) { nodes { ${select} } pageInfo { hasNextPage endCursor } }
      } ${fragments}`,
      { first: PAGE_SIZE, after },
    );
    nodes.push(...list.nodes);
    if (!list.pageInfo.hasNextPage) return nodes;
    if (list.nodes.length < PAGE_SIZE) throw new Error(`A page of ${field} is not full`);
    after = list.pageInfo.endCursor;
  }
}

interface Keyed {
  readonly key: string;
}

const iso = (t: number): string => new Date(t).toISOString();
const keysOf = (list: readonly Keyed[]): string[] => list.map(({ key }) => key);

// 1 and 2: events

interface ToldEvent {
  readonly eventId: string;
  readonly eventTime: string;
  readonly retracted: boolean;
  readonly redacted: boolean;
  readonly epcList: readonly Keyed[];
  readonly childEPCs: readonly Keyed[];
  readonly parentID: Keyed | null;
}

const EVENT =
  'eventId eventTime retracted redacted epcList { key } childEPCs { key } parentID { key }';

function eventLine(told: ToldEvent): string {
  const { eventId, eventTime, retracted, redacted, epcList, childEPCs, parentID } = told;
  const names = [keysOf(epcList), [parentID?.key ?? '-'], keysOf(childEPCs)];
  const lists = names.map((keys) => `[${keys.toSorted().join(' ')}]`);
  const marks = [retracted ? 'retracted' : '', redacted ? 'redacted' : ''];
  return [eventId, Date.parse(eventTime), ...marks, ...lists].join(' ');
}

function seenEventLine({ id, fact, whole, names, isRetracted }: SightedEvent): string {
  const { t, parent, kids } = fact;
  const keys = kids.filter((k) => names.includes(k)).map((key) => ({ key }));
  return eventLine({
    eventId: id,
    eventTime: iso(t),
    retracted: isRetracted,
    redacted: !whole,
    epcList: parent === undefined ? keys : [],
    childEPCs: parent === undefined ? [] : keys,
    parentID: parent !== undefined && names.includes(parent) ? { key: parent } : null,
  });
}

const events: Question = {
  ask: async (ask) => {
    const list = await askPages<ToldEvent>(ask, { field: 'events', select: EVENT });
    const times = list.map(({ eventTime }) => eventTime);
    if (times.toSorted().join() !== times.join()) throw new Error('events are not in order');
    return list.map(eventLine);
  },
  expected: ({ events: seen }) => [...seen.values()].map(seenEventLine),
};

/** One event of a history, and one of nobody. */
const event: Question = {
  ask: async (ask, { all }) => {
    const ids = [...all, 'urn:x:world:never'].map((id) => ({ id }));
    const told = await askEach<{ id: string }, ToldEvent | null>(ask, ids, {
      field: 'event',
      select: `fragment F on Event { ${EVENT} }`,
      types: { id: 'ID!' },
    });
    return told.map((one, i) => (one === null ? `${ids[i]!.id} null` : eventLine(one)));
  },
  expected: ({ all, events: seen }) =>
    [...all, 'urn:x:world:never'].map((id) => {
      const one = seen.get(id);
      return one === undefined ? `${id} null` : seenEventLine(one);
    }),
};

// 3: where

interface ToldPlace {
  readonly known: boolean;
  readonly state: 'SITE' | 'IN_TRANSIT' | 'UNKNOWN' | 'PASSED_ON';
  readonly site: Keyed | null;
  readonly destination: Keyed | null;
  readonly status: string | null;
  readonly containers: readonly { readonly identifier: Keyed }[];
}

const PLACE = `fragment F on Whereabouts {
  known state site { key } destination { key } status containers { identifier { key } } }`;

function placeLine({ known, state, site, destination, status, containers }: ToldPlace): string {
  if (!known) return 'not known';
  const where = [site?.key ?? '-', `>${destination?.key ?? '-'}`].join(' ');
  const chain = containers.map(({ identifier }) => identifier.key);
  // What it had on leaving is not compared.
  return `${state} ${where} ${state === 'PASSED_ON' ? '' : status} [${chain.join(' ')}]`;
}

function seenPlaceLine(sight: SightOf, k: string, t: number): string {
  const at = sight.placed.at(k, t);
  if (at === undefined || !sight.saw(k, t)) return 'not known';
  if (!sight.sees(k, t)) return 'PASSED_ON - >-  []';
  const apart = sight.apart(k, t);
  if (apart !== null) return `${apartLine(apart)} [${apart.chain.join(' ')}]`;
  return `${stateOf(at)} ${placeOf(at)} ${at.status} [${at.chain.join(' ')}]`;
}

/** Where something is that does not follow what is around it. Its status is its own, which the reference does not tell. */
function apartLine({ mode, site }: Apart): string {
  if (mode === 'TO') return 'IN_TRANSIT - >- ~';
  return mode === 'AT' && site !== null ? `SITE ${site} >- ~` : 'UNKNOWN - >- ~';
}

const withoutStatus = (line: string): string => line.replace(/ \w+ \[/, ' ~ [');

const stateOf = ({ where }: Answer): string =>
  where === '?' ? 'UNKNOWN' : where.startsWith('>') ? 'IN_TRANSIT' : 'SITE';

function placeOf({ where }: Answer): string {
  if (where === '?' || where === '>?') return '- >-';
  return where.startsWith('>') ? `- ${where}` : `${where} >-`;
}

/** The package and the instant; without one, now. */
interface Point {
  readonly id: string;
  readonly asOf: string | null;
}

/** Each package when its answer changed, just before, and now. */
function pointsOf(sight: SightOf): (Point & { readonly line: string })[] {
  const { placed } = sight;
  return [...placed.packages(), NEVER].flatMap((id) => {
    const lines = placed.instants.map((t) => seenPlaceLine(sight, id, t));
    const changed = (i: number): boolean => i < lines.length && lines[i] !== lines[i - 1];
    const points = placed.instants.flatMap((t, i) =>
      changed(i) || changed(i + 1) ? [{ id, asOf: iso(t), line: lines[i]! }] : [],
    );
    return [...points, { id, asOf: null, line: seenPlaceLine(sight, id, Infinity) }];
  });
}

const timeOf = ({ asOf }: Point): number => (asOf === null ? Infinity : Date.parse(asOf));

/** A package that nobody ever named. */
const NEVER = '01/09506000134352/21/NEVER';

const pointLine = ({ id, asOf }: Point, line: string): string => `${id} ${asOf ?? 'now'} ${line}`;

const locate: Question = {
  ask: async (ask, sight) => {
    const points = pointsOf(sight).map(({ id, asOf }) => ({ id, asOf }));
    const told = await askEach<Point, ToldPlace>(ask, points, {
      field: 'locate',
      select: PLACE,
      types: { id: 'ID!', asOf: 'DateTime' },
    });
    return told.map((one, i) => {
      const [point, line] = [points[i]!, placeLine(one)];
      const isApart = sight.apart(point.id, timeOf(point)) !== null;
      return pointLine(point, isApart ? withoutStatus(line) : line);
    });
  },
  expected: (sight) => pointsOf(sight).map((point) => pointLine(point, point.line)),
};

// 4: packages and what is in them

interface ToldPackage {
  readonly key: string;
  readonly contents: { readonly nodes: readonly Keyed[] } | null;
  readonly contentsSummary: { readonly packages: number; readonly units: number } | null;
}

const packageById: Question = {
  ask: async (ask, { placed }) => {
    const ids = [...placed.packages(), NEVER].map((id) => ({ id }));
    const told = await askEach<{ id: string }, ToldPackage | null>(ask, ids, {
      field: 'packageById',
      select:
        'fragment F on Package { key contents(first: 100) { nodes { key } } contentsSummary { packages units } }',
      types: { id: 'ID!' },
    });
    return told.map((one, i) => packageLine(ids[i]!.id, one));
  },
  expected: (sight) =>
    [...sight.placed.packages(), NEVER].map((k) => packageLine(k, seenPackage(sight, k))),
};

function seenPackage(sight: SightOf, k: string): ToldPackage | null {
  if (!sight.saw(k, Infinity)) return null;
  // Who sees a package is told what it is in, so a container of which it lost sight still shows the member that it sees.
  const inside = sight.placed.contents(k, Infinity);
  const nodes = inside.filter((one) => sight.sees(one, Infinity)).map((key) => ({ key }));
  if (!sight.placed.isContainer(k)) return { key: k, contents: { nodes }, contentsSummary: null };
  const units = sight.placed
    .packages()
    .filter((one) => !sight.placed.isContainer(one) && sight.sees(one, Infinity))
    .filter((one) => sight.placed.at(one, Infinity)!.chain.includes(k)).length;
  return { key: k, contents: { nodes }, contentsSummary: { packages: nodes.length, units } };
}

function packageLine(id: string, told: ToldPackage | null): string {
  if (told === null) return `${id} null`;
  const members = keysOf(told.contents?.nodes ?? []).toSorted();
  const { packages, units } = told.contentsSummary ?? { packages: 0, units: 0 };
  return `${id} [${members.join(' ')}] ${packages} packages, ${units} units`;
}

// 5: journeys

interface Visited {
  readonly eventId: string;
  readonly via: Keyed | null;
}

const visitsLine = (k: string, visits: readonly Visited[] | null): string =>
  `${k} ${visits === null ? 'null' : visits.map(visitText).toSorted().join(', ')}`;
const visitText = ({ eventId, via }: Visited): string =>
  via === null ? eventId : `${eventId} in ${via.key}`;

function seenVisits(sight: SightOf, k: string): Visited[] | null {
  // What only events declared in error name is unknown to the host, too.
  const named = [...sight.events.values()].some(
    ({ names, isRetracted }) => names.includes(k) && !isRetracted,
  );
  if (!named && !sight.saw(k, Infinity)) return null;
  return sight.placed.journey(k).flatMap(({ eventId, t, via }) => {
    const names = sight.events.get(eventId)?.names;
    const isSeen =
      via === null ? names?.includes(k) : names?.includes(via) && sight.seesAround(k, t);
    return isSeen === true ? [{ eventId, via: via === null ? null : { key: via } }] : [];
  });
}

const journey: Question = {
  ask: async (ask, { placed }) => {
    const ids = [...placed.packages(), NEVER].map((id) => ({ id }));
    const told = await askEach<{ id: string }, { nodes: Visited[] } | null>(ask, ids, {
      field: 'journey',
      select: 'fragment F on JourneyEntryConnection { nodes { eventId via { key } } }',
      types: { id: 'ID!' },
    });
    return told.map((one, i) => visitsLine(ids[i]!.id, one?.nodes ?? null));
  },
  expected: (sight) =>
    [...sight.placed.packages(), NEVER].map((k) => visitsLine(k, seenVisits(sight, k))),
};

// 6: stock and recalls

interface ToldRow {
  readonly state: string;
  readonly site: Keyed | null;
  readonly status: string;
  readonly units: number;
}

interface StockRow extends ToldRow {
  readonly gtin: string | null;
  readonly lot: { readonly lot: string | null } | null;
}

const ROW = 'state site { key } status units';

const rowPlace = ({ state, site, status }: ToldRow): string =>
  `${state} ${site?.key ?? '-'} ${status}`;

/** Units that are seen now, by the lot and by where they are. */
function seenUnits(sight: SightOf): { key: string; lot: string; where: string }[] {
  const { placed } = sight;
  return placed
    .packages()
    .filter((k) => !placed.isContainer(k) && sight.sees(k, Infinity))
    .map((k) => {
      const at = placed.at(k, Infinity)!;
      const apart = sight.apart(k, Infinity);
      const site = at.where.replace('>', '').replace('?', '-');
      const where =
        apart === null
          ? `${stateOf(at)} ${site} ${at.status}`
          : apartLine(apart).replace(' >-', '');
      return { key: k, lot: placed.lotOf(k), where };
    });
}

/** The reference does not tell the status of what is apart, so where something is, no status is compared. */
function comparable(sight: SightOf): (where: string) => string {
  const isApart = sight.placed
    .packages()
    .some((k) => sight.sees(k, Infinity) && sight.apart(k, Infinity) !== null);
  return (where) => (isApart ? where.replace(/ \S+$/, '') : where);
}

/** Each line once, with its sum. */
function summed(lines: readonly (readonly [line: string, n: number])[]): string[] {
  const sums = new Map<string, number>();
  for (const [line, n] of lines) sums.set(line, (sums.get(line) ?? 0) + n);
  return [...sums].flatMap(([line, n]) => (n > 0 ? [`${line} ${n}`] : []));
}

const inventory: Question = {
  ask: async (ask, sight) => {
    const where = comparable(sight);
    const { rows } = await ask<{ rows: StockRow[] }>(
      `{ rows: inventory(by: [LOT, SITE, STATUS], filter: { includeEnded: true }) { gtin lot { lot } ${ROW} } }`,
    );
    return summed(rows.map((row) => [`${lotOf(row)} ${where(rowPlace(row))}`, row.units]));
  },
  expected: (sight) => {
    const place = comparable(sight);
    return summed(seenUnits(sight).map(({ lot, where }) => [`${lot} ${place(where)}`, 1]));
  },
};

function lotOf({ gtin, lot }: StockRow): string {
  if (gtin === null) return '?';
  const number = lot?.lot ?? null;
  return number === null ? `01/${gtin}` : `01/${gtin}/10/${number}`;
}

const LOTS = LOT_IDS.filter((lot) => lot.includes('/10/'));

interface Scope {
  readonly rows: readonly ToldRow[];
  readonly totals: { readonly units: number };
}

const recallScope: Question = {
  ask: async (ask, sight) => {
    const where = comparable(sight);
    const inputs = LOTS.map((lot) => {
      const [, gtin, , number] = lot.split('/');
      return { input: { lots: [{ gtin, lot: number }] } };
    });
    const told = await askEach<{ input: object }, Scope>(ask, inputs, {
      field: 'recallScope',
      select: `fragment F on RecallScope { rows { ${ROW} } totals { units } }`,
      types: { input: 'RecallScopeInput!' },
    });
    // What comes from two places has two rows.
    return told.flatMap(({ rows, totals }, i) => [
      ...summed(rows.map((row) => [`${LOTS[i]!} ${where(rowPlace(row))}`, row.units])),
      `${LOTS[i]!} all ${totals.units}`,
    ]);
  },
  expected: (sight) => {
    const place = comparable(sight);
    return LOTS.flatMap((lot) => {
      const units = seenUnits(sight).filter(({ key }) => lotsStated(sight, key).has(lot));
      const rows = units.map(({ where }) => [`${lot} ${place(where)}`, 1] as const);
      return [...summed(rows), `${lot} all ${units.length}`];
    });
  },
};

/** A recall reaches a unit by each lot that it was commissioned in. */
function lotsStated({ placed }: SightOf, key: string): ReadonlySet<string> {
  const stating = placed.steps
    .flatMap(({ facts }) => facts)
    .filter(({ act, kids }) => act === 'commission' && kids.includes(key));
  return new Set(
    stating.flatMap(({ lot }) => (lot === undefined ? [] : [`${key.slice(0, 17)}/10/${lot}`])),
  );
}

// 7: handoffs

const handoffs: Question = {
  ask: async (ask) => keysOf(await askPages<Keyed>(ask, { field: 'handoffs', select: 'key' })),
  expected: (sight) => {
    const facts = sight.placed.steps.flatMap((step) => step.facts);
    const seen = facts.filter(({ eventId }) => sight.events.has(eventId));
    const shipped = seen.filter(({ move }) => move === 'ship').map(({ eventId }) => eventId);
    const answers = new Map(
      sight.placed.receipts().map(({ eventId, p, by }) => [`${eventId}|${p}`, by]),
    );
    const over = seen
      .filter(({ move }) => move === 'receive')
      .flatMap(({ eventId }) => {
        const { whole, names } = sight.events.get(eventId)!;
        return names.flatMap((p) => {
          const id = `${eventId}|${p}`;
          const isClaimed = sight.isClaimed(p, eventId);
          if (!answers.has(id) && !isClaimed) return [];
          const isAnswered = !(whole && isClaimed) && seesSent(sight, answers.get(id), p);
          return isAnswered ? [] : [`over:${id}`];
        });
      });
    return [...shipped, ...over];
  },
};

/** Whether a shipping is seen by which a package left: alone, or inside something that is seen. */
function seesSent({ events }: SightOf, by: string | null | undefined, p: string): boolean {
  const sent = events.get(by ?? '');
  if (sent === undefined) return false;
  const { parent, kids } = sent.fact;
  return sent.names.includes(p) || !(parent === undefined ? kids : [parent]).includes(p);
}

export const QUESTIONS = {
  ...{ events, event, locate, packageById, journey, inventory, recallScope, handoffs },
} satisfies Record<string, Question>;
