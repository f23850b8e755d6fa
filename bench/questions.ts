import { readFile } from 'node:fs/promises';
import { progress, show } from './figures.js';
import type { HttpClient } from './http-client.js';
import type { BenchLot, Network } from './network.js';
import { MIDWAY, pick, unitKey } from './network.js';

/** What can be asked. Every rival has a statement for each. */
export type Ask =
  'recall' | 'recallAsOf' | 'consignees' | 'inventory' | 'locate' | 'place' | 'journey' | 'page';

/** What a rival's statement takes, in the order it takes it. */
export type AskParams = Readonly<Record<string, string | number>>;

/** Another way to have the same answers. */
export interface Rival {
  readonly name: string;
  readonly ask: (what: Ask, params: AskParams) => Promise<readonly unknown[]>;
}

/** What is wanted of ours: a multiple of the bolt floor, or milliseconds. */
export interface ReadGoal {
  readonly most: number;
  readonly unit: 'round trips' | 'ms';
  /** Whether this network has a lot of the size that the goal speaks of. */
  readonly applies: boolean;
}

/** A question, in our GraphQL and for the others. */
export interface Question {
  readonly name: string;
  /** What the rivals are asked; undefined: they have no such question. */
  readonly ask?: Ask;
  readonly query: string;
  readonly goal?: ReadGoal;
  /** Its name where stores of several sizes are compared; undefined: it is not asked there. */
  readonly growth?: string;
  /** Asked in turn. */
  readonly asked: readonly { readonly variables: object; readonly params: AskParams }[];
}

/** What a graph or tables of events can tell as well, so not whether the answer is complete. */
export const RECALL = `query Recall($input: RecallScopeInput!) {
  recallScope(input: $input) {
    totals { units }
    rows { state holder { key name } site { key name } status units }
    inTransit { from { key name } to { key name } units }
  }
}`;
const CONSIGNEES = `query Consignees($input: RecallScopeInput!) {
  recallScope(input: $input) { consignees { party { key name } everHeld } }
}`;
/** All stock. */
export const INVENTORY = `{ inventory(filter: {}, by: [SITE, STATUS]) { site { key name } status units } }`;
const PLACE = `query Place($id: ID!) { locate(id: $id) { state site { name } status } }`;
const PAGE = `query Page($input: RecallScopeInput!, $after: Cursor) {
  recallScope(input: $input) {
    packages(first: 100, after: $after) { nodes { key } pageInfo { endCursor } }
  }
}`;

/** All questions about a network that is loaded. */
export async function questionsOf(network: Network, http: HttpClient): Promise<Question[]> {
  const [big, middle, small] = network.lots as [BenchLot, BenchLot, BenchLot];
  const aMillion = { most: 20, unit: 'ms', applies: big.units >= 1_000_000 } as const;
  const asOf = new Date(MIDWAY).toISOString();
  return [
    { ...recallOf(small), goal: trips(5, small.units >= 5000) },
    recallOf(middle),
    { ...recallOf(big), goal: aMillion, growth: 'recall scope, half of the units' },
    {
      name: `recall scope as of a past day, lot of ${show(big.units)}`,
      ask: 'recallAsOf',
      query: RECALL,
      asked: [
        {
          variables: { input: { ...inputOf(big), asOf } },
          params: { lot: big.id, asOf: MIDWAY },
        },
      ],
    },
    {
      name: `consignees of the lot of ${show(big.units)}`,
      ask: 'consignees',
      query: CONSIGNEES,
      asked: [{ variables: { input: inputOf(big) }, params: { lot: big.id } }],
    },
    {
      name: 'inventory by site and status',
      ask: 'inventory',
      query: INVENTORY,
      growth: 'inventory by site and status',
      asked: [{ variables: {}, params: {} }],
    },
    ...(await questionsOfUnits(network)),
    await pageOf(big, http),
  ];
}

const inputOf = ({ gtin, number }: BenchLot): object => ({ lots: [{ gtin, lot: number }] });
const trips = (most: number, applies = true): ReadGoal => ({ most, unit: 'round trips', applies });

function recallOf(lot: BenchLot): Question {
  return {
    name: `recall scope, lot of ${show(lot.units)}`,
    ask: 'recall',
    query: RECALL,
    asked: [{ variables: { input: inputOf(lot) }, params: { lot: lot.id } }],
  };
}

async function questionsOfUnits({ lots }: Network): Promise<readonly Question[]> {
  const asked = Array.from({ length: 40 }, (_, i) => {
    const lot = pick(lots, i);
    const k = unitKey(lot, lot.first + ((i * 7919) % lot.units));
    return { variables: { id: `https://id.gs1.org/${k}` }, params: { k } };
  });
  const twenty = asked.map(({ variables, params }) => ({
    variables: { ...variables, first: 20 },
    params,
  }));
  const [locate, journey] = [await example('locate'), await example('journey')];
  return [
    {
      name: 'locate a unit',
      ask: 'locate',
      query: locate,
      goal: trips(5),
      growth: 'locate',
      asked,
    },
    { name: 'locate a unit, three fields', ask: 'place', query: PLACE, goal: trips(3), asked },
    { name: 'journey of a unit', ask: 'journey', query: journey, goal: trips(5), asked: twenty },
  ];
}

function example(name: string): Promise<string> {
  return readFile(new URL(`../schema/examples/${name}.graphql`, import.meta.url), 'utf8');
}

async function pageOf(lot: BenchLot, http: HttpClient): Promise<Question> {
  interface Page {
    recallScope: { packages: { nodes: { key: string }[]; pageInfo: { endCursor: string } } };
  }
  let after: string | null = null;
  let last = '';
  for (let page = 1; page < 100; page++) {
    progress(`turning to page ${page}`);
    const variables: object = { input: inputOf(lot), after };
    const { recallScope }: Page = await http.graphql<Page>(PAGE, variables);
    after = recallScope.packages.pageInfo.endCursor;
    last = recallScope.packages.nodes.at(-1)?.key ?? last;
  }
  return {
    name: `page 100 of the lot of ${show(lot.units)}`,
    ask: 'page',
    query: PAGE,
    growth: 'page 100 of half of the units',
    asked: [{ variables: { input: inputOf(lot), after }, params: { lot: lot.id, after: last } }],
  };
}
