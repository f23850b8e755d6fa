import { consigneesOf } from '../../../src/recall/custody-path.rules.js';
import type { Histories } from '../../../src/recall/custody-path.rules.js';
import type { ScopeRow } from '../../../src/recall/recall-scope.js';

const histories: Histories = {
  holdings: new Map([
    ['made', { box: null, dissolvedAt: null, site: 'plant' }],
    ['case#0', { box: 'case', dissolvedAt: 50, site: 'pharmacy' }],
    ['pallet#0', { box: 'pallet', dissolvedAt: 40, site: 'hub-2' }],
  ]),
  boxes: new Map([
    [
      'case',
      [
        { from: 10, to: 20, site: 'plant', holding: null },
        { from: 20, to: 40, site: null, holding: 'pallet#0' },
        { from: 40, to: 45, site: null, holding: null },
        { from: 45, to: null, site: 'pharmacy', holding: null },
      ],
    ],
    [
      'pallet',
      [
        { from: 20, to: 25, site: 'plant', holding: null },
        { from: 25, to: 30, site: null, holding: null },
        { from: 30, to: null, site: 'hub', holding: null },
      ],
    ],
  ]),
  holders: new Map([
    ['plant', 'maker'],
    ['hub', 'wholesaler'],
    ['hub-2', 'wholesaler'],
  ]),
};
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
        { holding: 'case#0', from: 10, to: null },
      ],
    },
    { units: 2, steps: [{ holding: 'made', from: 5, to: null }] },
  ];
  const rows = [
    row({ site: 'pharmacy', units: 9 }),
    row({ site: 'pharmacy', units: 1, ended: true }),
    row({ site: 'plant', units: 2 }),
    row({ state: 'IN_TRANSIT', site: 'shop', units: 4 }),
  ];

  expect(consigneesOf(paths, rows, histories)).toEqual([
    { party: 'maker', sites: ['plant'], depth: 0, holdingNow: 2, inbound: 0, everHeld: 12 },
    { party: 'wholesaler', sites: ['hub'], depth: 1, holdingNow: 0, inbound: 0, everHeld: 10 },
    { party: null, sites: ['pharmacy'], depth: 2, holdingNow: 9, inbound: 0, everHeld: 10 },
    { party: null, sites: ['shop'], depth: null, holdingNow: 0, inbound: 4, everHeld: 0 },
  ]);
});
