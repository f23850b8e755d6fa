/** Packages, lots and handoffs, selected by conditions drawn at random, against what each of them says of itself. */
import { systemClock } from '../../src/shared/clock.js';
import { diceFrom } from '../support/dice.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { stories } from '../scenarios/stories.js';

interface Keyed {
  readonly key: string;
}

interface Package extends Keyed {
  readonly level: string;
  readonly lot: (Keyed & { readonly expiry: string | null }) | null;
  readonly product: { readonly gtin: string } | null;
  readonly containers: readonly Keyed[];
  readonly holder: Keyed | null;
  readonly whereabouts: {
    readonly known: boolean;
    readonly state: string;
    readonly status: string | null;
    readonly site: Keyed | null;
    readonly destination: Keyed | null;
  };
}

interface Handoff extends Keyed {
  readonly status: string;
  readonly shippedAt: string;
  readonly dueAt: string | null;
  readonly lateAgainstExpected: boolean;
  readonly from: Keyed | null;
  readonly to: Keyed | null;
  readonly fromParty: Keyed | null;
  readonly toParty: Keyed | null;
  readonly packages: readonly { readonly key: string; readonly shipped: boolean }[];
  readonly lots: readonly { readonly units: number; readonly lot: Keyed | null }[];
}

const ENDED = ['dispensed', 'destroyed', 'decommissioned'];
const PACKAGE = `key level lot { key expiry } product { gtin } containers { key } holder { key }
  whereabouts { known state status site { key } destination { key } }`;
const HANDOFF = `key status shippedAt dueAt lateAgainstExpected from { key } to { key } fromParty { key } toParty { key }
  packages { key shipped } lots { units lot { key } }`;

let app: TestApp;
let all: Package[] = [];
let handoffs: Handoff[] = [];
beforeAll(async () => {
  app = await startApp();
  for (const { documents } of stories)
    for (const document of documents) await app.capture(document);
  handoffs = (
    await ask<{ handoffs: { nodes: Handoff[] } }>(
      `{ handoffs(first: 1000) { nodes { ${HANDOFF} } } }`,
    )
  ).handoffs.nodes;
  const keys = await named();
  all = (
    await ask<{ packagesById: Package[] }>(
      `query ($ids: [ID!]!) { packagesById(ids: $ids) { ${PACKAGE} } }`,
      { ids: keys },
    )
  ).packagesById;
});
afterAll(async () => {
  await app.stop();
});

async function ask<T>(source: string, variables?: Record<string, unknown>): Promise<T> {
  const { data, errors } = await app.graphql(source, variables);
  expect(errors).toBeUndefined();
  return data as T;
}

/** Every package that an event names. */
async function named(): Promise<string[]> {
  const { events } = await ask<{ events: { nodes: Record<string, Keyed | Keyed[] | null>[] } }>(
    `{ events(first: 1000) { nodes { epcList { key } childEPCs { key } inputEPCList { key } outputEPCList { key } parentID { key } } } }`,
  );
  const keys = events.nodes.flatMap((one) => Object.values(one).flat());
  return [...new Set(keys.flatMap((one) => one?.key ?? []))].filter(
    (key) => key.startsWith('00/') || key.includes('/21/') || key.startsWith('800'),
  );
}

async function listed(list: string, type: string, filter: object): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = null; ;) {
    const page: Record<
      string,
      { nodes: Keyed[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: object }
    > = await ask(
      `query ($filter: ${type}, $after: Cursor) { ${list}(filter: $filter, first: 7, after: $after) {
          nodes { key } pageInfo { hasNextPage endCursor } totalCount { exact } } }`,
      { filter, after },
    );
    const { nodes, pageInfo, totalCount } = page[list]!;
    found.push(...nodes.map(({ key }) => key));
    if (!pageInfo.hasNextPage) {
      expect(totalCount).toEqual({ exact: found.length });
      expect(new Set(found).size).toBe(found.length);
      return found.sort();
    }
    after = pageInfo.endCursor;
  }
}

type Condition<T> = readonly [filter: object, meets: (one: T) => boolean];

/** One to three conditions, each of another kind. */
function draw<T>(
  dice: ReturnType<typeof diceFrom>,
  kinds: readonly (() => Condition<T>)[],
): Condition<T> {
  const chosen = kinds.filter(() => dice.chance(2.2 / kinds.length)).map((kind) => kind());
  return [
    Object.assign({}, ...chosen.map(([filter]) => filter)) as object,
    (one) => chosen.every(([, meets]) => meets(one)),
  ];
}

const packageKinds = (dice: ReturnType<typeof diceFrom>): (() => Condition<Package>)[] => {
  const one = (): Package => dice.one(all);
  return [
    () => {
      const lot = one().lot?.key ?? all.find((some) => some.lot)!.lot!.key;
      return [{ lot }, (some) => some.lot?.key === lot];
    },
    () => {
      const product = dice.one(all.flatMap((some) => some.product?.gtin ?? []));
      return [{ product }, (some) => some.product?.gtin === product];
    },
    () => {
      const site = dice.one(
        all.flatMap(({ whereabouts: w }) => w.site?.key ?? w.destination?.key ?? []),
      );
      return [
        { site },
        ({ whereabouts: w }) => w.site?.key === site || w.destination?.key === site,
      ];
    },
    () => {
      const holder = dice.one(all.flatMap((some) => some.holder?.key ?? []));
      return [{ holder }, (some) => some.holder?.key === holder];
    },
    () => {
      const { state } = one().whereabouts;
      return [{ state }, (some) => some.whereabouts.state === state];
    },
    () => {
      const status = dice.one(all.flatMap(({ whereabouts }) => whereabouts.status ?? []));
      return [{ status }, (some) => some.whereabouts.status === status];
    },
    () => {
      const { level } = one();
      return [{ level }, (some) => some.level === level];
    },
    () => {
      const until = dice.one(all.flatMap((some) => some.lot?.expiry ?? []));
      return [
        { expiresUntil: until },
        ({ lot }) => typeof lot?.expiry === 'string' && lot.expiry < until,
      ];
    },
    () => {
      const container = dice.one(all.filter(({ level }) => level === 'CONTAINER')).key;
      return [{ container }, (some) => some.containers.some(({ key }) => key === container)];
    },
  ];
};

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'packages are found by what they are and where they are (seed %i)',
  async (seed) => {
    const dice = diceFrom(seed);
    const [filter, meets] = draw(dice, packageKinds(dice));
    const includeEnded =
      dice.chance(0.5) || ENDED.includes(String((filter as { status?: string }).status));
    const isWanted = ({ whereabouts: { known, status } }: Package): boolean =>
      known && (includeEnded || !ENDED.includes(status ?? ''));

    expect(await listed('packages', 'PackageFilter', { ...filter, includeEnded })).toEqual(
      all
        .filter((one) => isWanted(one) && meets(one))
        .map(({ key }) => key)
        .sort(),
    );
  },
);

const handoffKinds = (dice: ReturnType<typeof diceFrom>): (() => Condition<Handoff>)[] => [
  () => {
    const lot = dice.one(
      handoffs.flatMap(({ lots }) => lots.flatMap((some) => some.lot?.key ?? [])),
    );
    return [{ lots: [lot] }, ({ lots }) => lots.some((some) => some.lot?.key === lot)];
  },
  () => {
    const gtin = dice
      .one(handoffs.flatMap(({ lots }) => lots.flatMap((some) => some.lot?.key ?? [])))
      .slice(3, 17);
    return [
      { gtins: [gtin] },
      ({ lots }) => lots.some((some) => some.lot?.key.startsWith(`01/${gtin}`) === true),
    ];
  },
  () => {
    const sites = handoffs.flatMap(({ from, to }) => [from?.key ?? [], to?.key ?? []].flat());
    const chosen = [dice.one(sites), dice.one(sites)];
    const is = (site: Keyed | null): boolean => site !== null && chosen.includes(site.key);
    return dice.one([
      [{ sites: chosen }, ({ from, to }: Handoff) => is(from) || is(to)],
      [{ from: chosen }, ({ from }: Handoff) => is(from)],
      [{ to: chosen }, ({ to }: Handoff) => is(to)],
    ] as const);
  },
  () => {
    const { fromParty, toParty } = dice.one(handoffs.filter((one) => one.fromParty && one.toParty));
    const [one, other] = dice.chance(0.5) ? [fromParty!, toParty!] : [toParty!, fromParty!];
    return [
      { parties: [one.key], counterparts: [other.key] },
      ({ fromParty: a, toParty: b }) =>
        (a?.key === one.key && b?.key === other.key) ||
        (a?.key === other.key && b?.key === one.key),
    ];
  },
  () => {
    const { status } = dice.one(handoffs);
    return [{ statuses: [status] }, (some) => some.status === status];
  },
  () => {
    const short = dice.chance(0.5);
    return [{ short }, ({ status }) => (status === 'PARTIAL') === short];
  },
  () => {
    const late = dice.chance(0.5);
    return [{ lateAgainstExpected: late }, (some) => some.lateAgainstExpected === late];
  },
  () => {
    const until = dice.one(handoffs).shippedAt;
    return [{ shippedUntil: until }, ({ shippedAt }) => shippedAt < until];
  },
];

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'handoffs are found by what they moved, between whom and when (seed %i)',
  async (seed) => {
    const dice = diceFrom(seed);
    const [filter, meets] = draw(dice, handoffKinds(dice));

    expect(await listed('handoffs', 'HandoffFilter', filter)).toEqual(
      handoffs
        .filter(meets)
        .map(({ key }) => key)
        .sort(),
    );
  },
);

test('a handoff has the lots of the units that were inside when it was shipped', async () => {
  const units = all.filter(({ level, lot }) => level === 'UNIT' && lot !== null);
  for (const { key, shippedAt, packages, lots } of handoffs) {
    const shipped = new Set(packages.filter((one) => one.shipped).map((one) => one.key));
    const { then } = await ask<{ then: { whereabouts: { containers: Keyed[] } }[] }>(
      `query ($ids: [ID!]!, $at: DateTime!) { then: packagesById(ids: $ids) { whereabouts(asOf: $at) { containers { key } } } }`,
      { ids: units.map((unit) => unit.key), at: shippedAt },
    );
    const inside = units.filter(
      (unit, i) =>
        shipped.has(unit.key) ||
        then[i]!.whereabouts.containers.some((one) => shipped.has(one.key)),
    );
    const counted = (lot: string): number => inside.filter((unit) => unit.lot!.key === lot).length;
    const wanted = [...new Set(inside.map((unit) => unit.lot!.key))];
    expect([key, lots.map((one) => [one.lot?.key, one.units]).sort()]).toEqual([
      key,
      wanted.map((lot) => [lot, counted(lot)]).sort(),
    ]);
  }
});

interface StockRow {
  readonly units: number;
  readonly containers: number;
  readonly state: string;
  readonly status: string | null;
  readonly country: string | null;
  readonly lot: Keyed | null;
  readonly site: Keyed | null;
  readonly holder: Keyed | null;
}

const STOCK = 'units containers state status country lot { key } site { key } holder { key }';
const slotOf = ({
  state,
  status,
  lot,
  site,
  holder,
}: Omit<StockRow, 'units' | 'containers' | 'country'>): string =>
  JSON.stringify([state, status, lot?.key, site?.key, holder?.key]);

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'stock as of an instant is what was where then, unit by unit (seed %i)',
  async (seed) => {
    const dice = diceFrom(seed);
    const instants = handoffs.map(({ shippedAt }) => Date.parse(shippedAt));
    const at = new Date(dice.one(instants) + dice.below(7_200_000) - 3_600_000).toISOString();
    const site = dice.chance(0.4) ? dice.one(handoffs.flatMap(({ to }) => to?.key ?? [])) : null;
    const { inventory } = await ask<{ inventory: StockRow[] }>(
      `query ($at: DateTime!, $filter: InventoryFilter) { inventory(by: [LOT, SITE, STATUS, HOLDER], asOf: $at, filter: $filter) { ${STOCK} } }`,
      {
        at,
        filter: site === null ? { includeEnded: true } : { includeEnded: true, sites: [site] },
      },
    );
    const units = all.filter(({ level, key }) => level === 'UNIT' && key.startsWith('01/'));
    interface Then {
      readonly whereabouts: Package['whereabouts'] & { readonly holder: Keyed | null };
    }
    const { then } = await ask<{ then: Then[] }>(
      `query ($ids: [ID!]!, $at: DateTime!) { then: packagesById(ids: $ids) {
        whereabouts(asOf: $at) { known state status site { key } destination { key } holder { key } } } }`,
      { ids: units.map(({ key }) => key), at },
    );
    const expected = new Map<string, number>();
    units.forEach(({ lot }, i) => {
      const { known, state, status, holder, ...place } = then[i]!.whereabouts;
      const where = place.site ?? place.destination;
      if (!known || (site !== null && where?.key !== site)) return;
      const slot = slotOf({ state, status, lot, site: where, holder });
      expected.set(slot, (expected.get(slot) ?? 0) + 1);
    });

    const found = inventory.filter(({ units: n }) => n > 0).map((row) => [slotOf(row), row.units]);
    expect(found.sort()).toEqual([...expected].sort());
  },
);

test.each(['[LOT]', '[SITE]', '[PRODUCT, STATUS]', '[COUNTRY]', '[HOLDER, EXPIRY_MONTH]', '[]'])(
  'stock by %s as of now is the stock of now, containers too',
  async (by) => {
    const now = new Date(systemClock.now()).toISOString();
    const fields = `units containers state status country expiryMonth gtin lot { key } site { key } holder { key }`;
    const { then, inventory } = await ask<Record<string, object[]>>(
      `{ inventory(by: ${by}) { ${fields} } then: inventory(by: ${by}, asOf: "${now}") { ${fields} } }`,
    );

    expect(new Set(then)).toEqual(new Set(inventory));
  },
);

test('products are found by who has units of them now', async () => {
  const holders = [...new Set(all.flatMap((one) => one.holder?.key ?? []))];
  for (const holder of holders) {
    const found = await ask<{ products: { nodes: { gtin: string }[] } }>(
      'query ($holder: ID!) { products(filter: { holder: $holder }, first: 100) { nodes { gtin } } }',
      { holder },
    );
    const has = all.filter(
      ({ level, holder: one, whereabouts: { status } }) =>
        level === 'UNIT' && one?.key === holder && !ENDED.includes(status ?? ''),
    );
    expect(found.products.nodes.map(({ gtin }) => gtin)).toEqual(
      [...new Set(has.flatMap(({ product }) => product?.gtin ?? []))].sort(),
    );
  }
});
