import { MAX_DEPTH, fillingId } from '../../../src/holdings/holding.js';
import { consigneesOf, lookOf } from '../../../src/recall/custody-path.rules.js';
import type { Histories } from '../../../src/recall/custody-path.rules.js';
import type { ScopeRow } from '../../../src/recall/recall-scope.js';

const CASE = '00/095060001000000012';
const PALLET = '00/095060002000000019';
const CRATE = '00/095060003000000016';
const histories: Histories = {
  holdings: new Map([
    ['made', { box: null, dissolvedAt: null, site: 'plant', shipping: null }],
    [fillingId(CASE, '0'), { box: CASE, dissolvedAt: 50, site: 'pharmacy', shipping: null }],
    [fillingId(PALLET, '0'), { box: PALLET, dissolvedAt: 40, site: 'hub-2', shipping: null }],
    [fillingId(CRATE, '0'), { box: CRATE, dissolvedAt: null, site: null, shipping: null }],
    ['sent', { box: null, dissolvedAt: null, site: 'plant', shipping: 'ship-loose' }],
  ]),
  boxes: new Map([
    [
      CASE,
      [
        { from: 10, to: 20, site: 'plant', holding: null, shipping: null },
        { from: 20, to: 40, site: null, holding: fillingId(PALLET, '0'), shipping: null },
        { from: 40, to: 45, site: null, holding: null, shipping: null },
        { from: 45, to: null, site: 'pharmacy', holding: null, shipping: null },
      ],
    ],
    [
      PALLET,
      [
        { from: 20, to: 25, site: 'plant', holding: null, shipping: null },
        { from: 25, to: 30, site: null, holding: null, shipping: null },
        { from: 30, to: null, site: 'hub', holding: null, shipping: null },
      ],
    ],
    [
      CRATE,
      [
        { from: 10, to: 60, site: 'plant', holding: null, shipping: null },
        { from: 60, to: 90, site: 'plant', holding: null, shipping: 'ship-crate' },
        { from: 90, to: null, site: 'pharmacy', holding: null, shipping: null },
      ],
    ],
  ]),
  holders: new Map([
    ['plant', 'maker'],
    ['hub', 'wholesaler'],
    ['hub-2', 'wholesaler'],
  ]),
  takers: new Map([
    ['ship-crate', 'clinic'],
    ['ship-loose', 'wholesaler'],
  ]),
};
const NOW = Number.MAX_SAFE_INTEGER;
const row = (more: Partial<ScopeRow>): ScopeRow => ({
  state: 'SITE',
  site: null,
  origin: null,
  status: 'active',
  ended: false,
  units: 0,
  containers: 0,
  ...more,
});

test('consignees come by custody hops from the origin, each unit counted once', () => {
  const paths = [
    {
      units: 10,
      steps: [
        { holding: 'made', from: 5, to: 10 },
        { holding: fillingId(CASE, '0'), from: 10, to: null },
      ],
    },
    { units: 2, steps: [{ holding: 'made', from: 5, to: null }] },
  ];
  const rows = [
    row({ site: 'pharmacy', units: 9 }),
    row({ site: 'pharmacy', units: 1, ended: true }),
    row({ site: 'plant', units: 2 }),
    row({ state: 'IN_TRANSIT', site: 'shop', origin: 'hub', units: 4 }),
    row({ state: 'IN_TRANSIT', site: 'shop', units: 1, origin: 'hub', ended: true }),
  ];

  expect(consigneesOf(paths, rows, histories, NOW)).toEqual([
    { party: 'maker', sites: ['plant'], depth: 0, holdingNow: 2, inbound: 0, everHeld: 12 },
    { party: 'wholesaler', sites: ['hub'], depth: 1, holdingNow: 4, inbound: 0, everHeld: 10 },
    { party: null, sites: ['pharmacy'], depth: 2, holdingNow: 9, inbound: 0, everHeld: 10 },
    { party: null, sites: ['shop'], depth: null, holdingNow: 0, inbound: 4, everHeld: 0 },
  ]);
});

test('what was shipped to somebody and to no site is under way to him, and the sender has it until then', () => {
  const paths = [
    { units: 5, steps: [{ holding: fillingId(CRATE, '0'), from: 20, to: null }] },
    {
      units: 3,
      steps: [
        { holding: 'made', from: 5, to: 70 },
        { holding: 'sent', from: 70, to: 95 },
      ],
    },
  ];
  const moving = { state: 'IN_TRANSIT', origin: 'plant' } as const;

  expect(consigneesOf(paths, [row({ ...moving, units: 8 })], histories, 80)).toEqual([
    { party: 'maker', sites: ['plant'], depth: 0, holdingNow: 8, inbound: 0, everHeld: 8 },
    expect.anything(),
    { party: 'clinic', sites: [], depth: null, holdingNow: 0, inbound: 5, everHeld: 0 },
    { party: 'wholesaler', sites: [], depth: null, holdingNow: 0, inbound: 3, everHeld: 0 },
  ]);
});

describe('on a way', () => {
  const nothing = { dissolvedAt: null, site: null, shipping: null };
  const sitesOn = (from: number, holding: string, all: Histories = histories): string[] =>
    lookOf({ units: 1, steps: [{ holding, from, to: null }] }, all).split('\n');
  const nested = (count: number): Histories => {
    const names = Array.from({ length: count }, (_, i) => `b${i}`);
    const inside = { from: 0, to: null, site: null, shipping: null };
    const around = (i: number) => (i + 1 < count ? fillingId(`b${i + 1}`, '0') : null);
    const site = (i: number) => (i + 1 < count ? null : 'hub');
    return {
      ...histories,
      holdings: new Map(names.map((box) => [fillingId(box, '0'), { ...nothing, box }])),
      boxes: new Map(
        names.map((box, i) => [box, [{ ...inside, site: site(i), holding: around(i) }]]),
      ),
    };
  };

  test('each site is told once while it stays there, by the time of arrival', () => {
    const shuffled = new Map([...histories.boxes].map(([box, rows]) => [box, rows.toReversed()]));

    expect(sitesOn(10, fillingId(CRATE, '0'))).toEqual(['plant', 'pharmacy']);
    expect(sitesOn(10, fillingId(CASE, '0'))).toEqual(['plant', 'hub', 'pharmacy']);
    expect(sitesOn(10, fillingId(CASE, '0'), { ...histories, boxes: shuffled })).toEqual([
      ...['plant', 'hub', 'pharmacy'],
    ]);
  });

  test('nothing counts that its container did before it joined', () => {
    expect(sitesOn(40, fillingId(CASE, '0'))).toEqual(['pharmacy']);
    expect(sitesOn(39, fillingId(CASE, '0'))).toEqual(['hub', 'pharmacy']);
  });

  test('containers are followed outward to the limit, and no further when they go round', () => {
    const round = nested(2);
    const boxes = new Map([...round.boxes, ['b1', round.boxes.get('b0')!]]);

    expect(sitesOn(0, fillingId('b0', '0'), nested(MAX_DEPTH + 1))).toEqual(['hub']);
    expect(sitesOn(0, fillingId('b0', '0'), nested(MAX_DEPTH + 2))).toEqual(['']);
    expect(sitesOn(0, fillingId('b0', '0'), { ...round, boxes })).toEqual(['']);
    expect(sitesOn(0, 'nobody knows')).toEqual(['']);
  });
});

describe('consignees', () => {
  const standing = (site: string) => ({ box: null, dissolvedAt: null, site, shipping: null });
  const sites = ['a', 'b', 'c', 'd'];
  const plain: Histories = {
    holdings: new Map(sites.map((site) => [site, standing(site)])),
    ...{ boxes: new Map(), holders: new Map(), takers: new Map() },
  };
  const way = (units: number, ...holdings: string[]) => ({
    units,
    steps: holdings.map((holding, i) => ({ holding, from: i, to: i + 1 })),
  });
  const told = (...paths: ReturnType<typeof way>[]): unknown[] =>
    consigneesOf(paths, [], plain, NOW).map((one) => [one.sites[0], one.depth, one.everHeld]);

  test('come by how near they are, then by how much they had, then by name', () => {
    const all = [way(5, 'c'), way(9, 'b'), way(5, 'a'), way(1, 'd', 'a')];

    expect(told(...all)).toEqual([
      ...[
        ['b', 0, 9],
        ['a', 0, 6],
        ['c', 0, 5],
        ['d', 0, 1],
      ],
    ]);
    expect(told(way(5, 'c'), way(5, 'a')).map((one) => (one as string[])[0])).toEqual(['a', 'c']);
    expect(told(way(5, 'a'), way(5, 'c')).map((one) => (one as string[])[0])).toEqual(['a', 'c']);
  });

  test('are as near as the shortest way to them, whichever is told first', () => {
    const [far, near] = [way(1, 'a', 'b', 'c'), way(1, 'b', 'c')];
    const depthOfC = (...paths: ReturnType<typeof way>[]): unknown =>
      consigneesOf(paths, [], plain, NOW).find((one) => one.sites[0] === 'c')?.depth;

    expect([depthOfC(far, near), depthOfC(near, far)]).toEqual([1, 1]);
  });

  test('are not those of whom nobody knows where it is', () => {
    expect(consigneesOf([], [row({ state: 'UNKNOWN', units: 3 })], plain, NOW)).toEqual([]);
    expect(consigneesOf([], [row({ site: 'a', units: 0 })], plain, NOW)).toEqual([]);
  });
});

describe('who takes what is under way to no site', () => {
  const inbound = (holding: string, t: number, more: Partial<Histories> = {}): unknown[] =>
    consigneesOf(
      [{ units: 5, steps: [{ holding, from: 20, to: null }] }],
      [],
      { ...histories, ...more },
      t,
    ).flatMap((one) => (one.inbound > 0 ? [`${one.party} ${one.inbound}`] : []));
  const crate = fillingId(CRATE, '0');
  const inCrate = new Map([
    ...histories.boxes,
    [CASE, [{ from: 0, to: null, site: null, holding: crate, shipping: null }]],
  ]);

  test('is told from the instant of the shipping to that of the receiving', () => {
    expect([59, 60, 89, 90].map((t) => inbound(crate, t))).toEqual([
      ...[[], ['clinic 5'], ['clinic 5'], []],
    ]);
  });

  test('is told of what is inside something, while it is inside', () => {
    const [boxes, filled] = [inCrate, fillingId(CASE, '0')];
    const holdings = new Map([
      ...histories.holdings,
      [filled, { box: CASE, dissolvedAt: 70, site: null, shipping: 'ship-loose' }],
    ]);

    expect([69, 70].map((t) => inbound(filled, t, { boxes, holdings }))).toEqual([
      ...[['clinic 5'], ['wholesaler 5']],
    ]);
  });

  test('is nobody where the way is not known, or goes round', () => {
    const round = new Map([...inCrate, [CRATE, inCrate.get(CASE)!]]);

    expect(inbound('nobody knows', 60)).toEqual([]);
    expect(inbound(crate, 60, { boxes: new Map() })).toEqual([]);
    expect(inbound(crate, 60, { boxes: round })).toEqual([]);
  });
});
