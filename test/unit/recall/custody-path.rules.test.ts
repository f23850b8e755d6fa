import { fillingId } from '../../../src/holdings/holding.js';
import { consigneesOf } from '../../../src/recall/custody-path.rules.js';
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
