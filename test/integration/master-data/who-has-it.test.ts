import fc from 'fast-check';
import { cypher, int } from '../../../src/graph/cypher.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { diceFrom } from '../../support/dice.js';
import type { Dice } from '../../support/dice.js';
import { lawful, LOT_IDS, UNITS, wild } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import type { EpcisJson } from '../../support/history-document.js';
import { epcisDocument, toEpcisEvent, toEpcisEvents } from '../../support/history-document.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';
import { nightly } from '../../support/test-settings.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await emptyGraph(app.graph);
  await app.stop();
});

const LOTS = LOT_IDS.filter((id) => id.includes('/10/')).map((id) => {
  const [, gtin, , lot] = id.split('/');
  return { gtin, lot };
});
const PARTIES = ['9506000000008', '9506000000015', '9506000000022'].map((gln) => `417/${gln}`);
const uri = (key: string): string => `https://id.gs1.org/${key}`;
const operators = cypher('test.who-has-it.operators')`
UNWIND $rows AS row
MERGE (s:Site {k: row.site}) MERGE (p:Party {k: row.party})
CREATE (s)-[r:OPERATED_BY]->(p)
SET r.from = row.from, r.to = row.to`;

interface Told {
  readonly site: string;
  readonly party: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Some parties run whole GLNs, some a dock of one, some since or until an instant, two of them one after the other. */
function randomRegister(dice: Dice, sites: readonly string[], times: readonly number[]): Told[] {
  return sites.flatMap((site) => {
    if (dice.chance(0.4)) return [];
    const change = dice.chance(0.3) ? dice.one(times) : null;
    const first = { site, party: dice.one(PARTIES), from: null, to: change };
    return change === null
      ? [first]
      : [first, { site, party: dice.one(PARTIES), from: change, to: null }];
  });
}

const DOCK = '/254/DOCK1';
const toDock = (place: unknown): unknown =>
  JSON.parse(JSON.stringify(place).replace(/(\/414\/\d{13})/g, `$1${DOCK}`));

/** Some events happen at a dock of their site; some shippings and receipts name parties, by one key or another. */
function embellished(dice: Dice, event: EpcisJson): EpcisJson {
  const { bizLocation, destinationList, bizStep } = event;
  const moves = bizStep === 'shipping' || bizStep === 'receiving';
  const party = (): string =>
    uri(dice.chance(0.7) ? dice.one(PARTIES) : dice.one(PARTIES).replace('417', '414'));
  const type = dice.chance(0.5) ? 'owning_party' : 'possessing_party';
  const names = moves && dice.chance(0.6);
  const ends = (destinationList ?? []) as readonly object[];
  return {
    ...event,
    ...(bizLocation !== undefined && dice.chance(0.4) ? { bizLocation: toDock(bizLocation) } : {}),
    ...(names ? { sourceList: [{ type, source: party() }] } : {}),
    ...(names ? { destinationList: [...ends, { type, destination: party() }] } : {}),
  };
}

async function ask<T>(query: string, variables: Record<string, unknown>): Promise<T> {
  const { data, errors } = await app.graphql(query, variables);
  expect(errors).toBeUndefined();
  return data as T;
}

const counted = (holders: readonly (string | null)[]): [string, number][] => {
  const counts = new Map<string, number>();
  for (const holder of holders)
    counts.set(holder ?? 'nobody', (counts.get(holder ?? 'nobody') ?? 0) + 1);
  return [...counts].sort();
};
const summed = (
  rows: readonly { readonly holder: Keyed | null; readonly units: number }[],
): [string, number][] =>
  counted(
    rows.flatMap(({ holder, units }) => Array<string | null>(units).fill(holder?.key ?? null)),
  );

interface Keyed {
  readonly key: string;
}
interface Place {
  readonly known: boolean;
  readonly state: string;
  readonly site: Keyed | null;
  readonly origin: Keyed | null;
  readonly holder: Keyed | null;
}
interface Unit extends Keyed {
  readonly lot: { readonly lot: string | null } | null;
  readonly holder: Keyed | null;
  readonly whereabouts: Place;
}
interface Row {
  readonly holder: Keyed | null;
  readonly units: number;
  readonly state?: string;
  readonly ended?: boolean;
  readonly origin?: Keyed | null;
}
interface Consignee {
  readonly party: Keyed | null;
  readonly holdingNow: number;
}

const PLACES = `query ($ids: [ID!]!, $asOf: DateTime) { packages: packagesById(ids: $ids) {
  key lot { lot } holder { key } whereabouts(asOf: $asOf) { known state site { key } origin { key } holder { key } } } }`;
const SCOPE = `query ($input: RecallScopeInput!, $holder: ID!) { recallScope(input: $input) {
  rows { state ended units origin { key } holder { key } } consignees { party { key } holdingNow } packages(first: 1000) { nodes { key holder { key } } }
  his: packages(first: 1000, filter: { holder: $holder }) { nodes { key } } } }`;
const STOCK = `query ($lots: [ID!], $party: ID!) {
  all: inventory(filter: { lots: $lots, includeEnded: true }, by: [HOLDER]) { units holder { key } }
  his: inventory(filter: { lots: $lots, includeEnded: true, parties: [$party] }, by: [HOLDER]) { units holder { key } }
  anywhere: inventory(filter: { includeEnded: true, parties: [$party] }, by: [HOLDER, LOT]) { units lot { key } } }`;
const HANDOFFS = `query ($party: ID!) {
  all: handoffs(first: 1000) { nodes { id: key fromParty { key } toParty { key } } }
  his: handoffs(first: 1000, filter: { parties: [$party] }) { nodes { id: key } } }`;

const keysOf = (nodes: readonly Keyed[]): string[] => nodes.map(({ key }) => key).sort();

/** The register alone, read naively: the site, else the whole GLN. Undefined: it knows nobody. */
function toldHolder(register: readonly Told[], { state, site, origin }: Place, t: number) {
  const place = state === 'IN_TRANSIT' ? origin : site;
  if (place === null) return null;
  const at = (key: string): string | undefined =>
    register
      .filter((one) => one.site === key && (one.from ?? 0) <= t && t < (one.to ?? Infinity))
      .map(({ party }) => party)
      .sort()[0];
  return at(place.key) ?? at(place.key.replace(DOCK, ''));
}

async function readUnits(asOf: number | null): Promise<Unit[]> {
  const variables = { ids: UNITS, asOf: asOf === null ? null : new Date(asOf).toISOString() };
  const { packages } = await ask<{ packages: (Unit | null)[] }>(PLACES, variables);
  return packages.filter((unit) => unit?.whereabouts.known === true) as Unit[];
}

async function checkRecall(asOf: number | null, units: readonly Unit[], party: string) {
  const affected = units.filter(({ lot }) => lot?.lot != null);
  const input = {
    lots: LOTS,
    ...(asOf === null ? {} : { asOf: new Date(asOf).toISOString() }),
  };
  const { recallScope } = await ask<{
    recallScope: {
      rows: Row[];
      consignees: Consignee[];
      packages: { nodes: Unit[] };
      his: { nodes: Unit[] };
    };
  }>(SCOPE, { input, holder: party });
  const holders = affected.map(({ whereabouts }) => whereabouts.holder?.key ?? null);
  const nodes = recallScope.packages.nodes.filter(({ key }) => UNITS.includes(key));
  expect(counted(nodes.map(({ holder }) => holder?.key ?? null))).toEqual(counted(holders));
  const others = recallScope.packages.nodes.filter(({ key }) => !UNITS.includes(key));
  const all = [...holders, ...others.map(({ holder }) => holder?.key ?? null)];
  expect(summed(recallScope.rows)).toEqual(counted(all));
  const held = recallScope.rows.filter(
    ({ state, ended, origin }) => ended === false && (state === 'SITE' || origin != null),
  );
  expect(
    summed(recallScope.consignees.map((one) => ({ holder: one.party, units: one.holdingNow }))),
  ).toEqual(summed(held));
  const his = recallScope.packages.nodes.filter(({ holder }) => holder?.key === party);
  expect(keysOf(recallScope.his.nodes)).toEqual(keysOf(his));
}

async function checkStock(units: readonly Unit[], party: string): Promise<void> {
  const lots = LOT_IDS.filter((id) => id !== '?' && id.includes('/10/')).map(uri);
  const { all, his, anywhere } = await ask<{ all: Row[]; his: Row[]; anywhere: Row[] }>(STOCK, {
    lots,
    party,
  });
  const cases = all.reduce((n, row) => n + row.units, 0);
  const affected = units.filter(({ lot }) => lot?.lot != null);
  if (cases === affected.length)
    expect(summed(all)).toEqual(counted(affected.map(({ holder }) => holder?.key ?? null)));
  expect(summed(his)).toEqual(summed(all.filter(({ holder }) => holder?.key === party)));
  const held = units.filter(({ holder }) => holder?.key === party);
  expect(anywhere.reduce((n, row) => n + row.units, 0)).toBeGreaterThanOrEqual(held.length);
}

async function checkHandoffs(party: string): Promise<void> {
  const { all, his } = await ask<
    Record<
      'all' | 'his',
      { nodes: { id: string; fromParty: Keyed | null; toParty: Keyed | null }[] }
    >
  >(HANDOFFS, { party });
  const isHis = (one: Keyed | null): boolean => one?.key === party;
  const wanted = all.nodes.filter(({ fromParty, toParty }) => isHis(fromParty) || isHis(toParty));
  expect(his.nodes.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
}

async function tell({ facts, retract }: History, dice: Dice): Promise<void> {
  const events = facts.map((fact) => embellished(dice, toEpcisEvent(fact)));
  const { status, body } = await app.capture(epcisDocument(events));
  expect([status, body['faults']]).toEqual([202, []]);
  const declared = retract.map((i) => i % facts.length);
  const errors = toEpcisEvents(
    declared.map((i) => ({ kind: 'retract', eventId: facts[i]!.eventId })),
    facts,
  );
  if (errors.length > 0)
    await app.capture(
      epcisDocument(errors.map((error, n) => ({ ...error, ...events[declared[n]!] }))),
    );
}

async function checkHistory(history: History): Promise<void> {
  const { facts, seed } = history;
  const dice = diceFrom(seed);
  await emptyGraph(app.graph);
  await tell(history, dice);
  const times = [...new Set(facts.map(({ t }) => t))].sort((a, b) => a - b);
  const places = [...new Set(facts.flatMap(({ site, dest }) => [site ?? [], dest ?? []].flat()))];
  const register = randomRegister(dice, [...places, ...places.map((k) => `${k}${DOCK}`)], times);
  await app.graph.writeAlone(operators, {
    rows: register.map(({ from, to, ...told }) => ({
      ...told,
      from: from === null ? null : int(from),
      to: to === null ? null : int(to),
    })),
  });
  for (const asOf of [null, dice.one(times)]) {
    const units = await readUnits(asOf);
    for (const { whereabouts } of units) {
      const told = toldHolder(register, whereabouts, asOf ?? Number.MAX_SAFE_INTEGER);
      if (told !== undefined) expect([whereabouts, whereabouts.holder?.key ?? null][1]).toBe(told);
    }
    for (const party of PARTIES) await checkRecall(asOf, units, party);
    if (asOf !== null) continue;
    expect(units.map(({ holder }) => holder)).toEqual(units.map((u) => u.whereabouts.holder));
    for (const party of PARTIES) {
      await checkStock(units, party);
      await checkHandoffs(party);
    }
  }
}

const within = cypher('test.who-has-it.within')`
MERGE (a:Party {k: $branch}) MERGE (b:Party {k: $country}) MERGE (c:Party {k: $group})
MERGE (a)-[:WITHIN]->(b) MERGE (b)-[:WITHIN]->(c)`;

test('a party tells the topmost one it is within, itself when there is none', async () => {
  const [branch, country, group] = PARTIES as [string, string, string];
  await app.graph.writeAlone(within, { branch, country, group });
  const found = await ask(
    'query ($a: ID!, $c: ID!) { a: party(gln: $a) { topmost { key } } c: party(gln: $c) { topmost { key } } }',
    { a: uri(branch), c: uri(group) },
  );

  expect(found).toEqual({ a: { topmost: { key: group } }, c: { topmost: { key: group } } });
});

describe('who has something is one answer, whoever asks and as of whenever', () => {
  for (const [name, histories] of [
    ['a supply chain', lawful],
    ['any events', wild],
  ] as const)
    test(`in random registers over random histories of ${name}`, async () => {
      await fc.assert(fc.asyncProperty(histories, checkHistory), {
        numRuns: nightly ? 150 : 6,
        endOnFailure: true,
      });
    }, 600_000);
});
