import { boxOf, fillingId } from '../../../src/holdings/holding.js';
import type { Mark } from '../../../src/holdings/holding.js';
import {
  corrections,
  rowMatches,
  rowsOf,
  tallyHeld,
  totalsOf,
  transitsOf,
} from '../../../src/recall/recall-scope.rules.js';
import { surroundingOf } from '../../../src/holdings/surrounding.rules.js';
import type { HoldingStep, Surrounding } from '../../../src/holdings/surrounding.rules.js';

const CASE = '00/095060001000000012';
const PALLET = '00/095060002000000019';
const GONE = '00/095060009000000018';
const HUB = { mode: 'AT', site: 'hub', origin: null } as const;
const at = (status: string, since = 10): Surrounding => ({
  placing: HUB,
  status,
  since,
  ended: false,
  top: fillingId(PALLET, '0'),
  outermost: { key: PALLET, status },
  boxes: [PALLET],
});
const mark = (status: string, when: number): Mark => ({ status, since: when, at: when });

describe('a unit with a status of its own inside a container', () => {
  test('moves from the row around it to its own', () => {
    const tallies = [
      { placing: HUB, status: 'active', ended: false, units: 5, containers: 1 },
      ...corrections([
        { around: at('active'), mark: mark('recalled', 20), units: 1, containers: 0 },
      ]),
    ];

    expect(rowsOf(tallies)).toEqual([
      {
        state: 'SITE',
        site: 'hub',
        origin: null,
        status: 'active',
        ended: false,
        units: 4,
        containers: 1,
      },
      {
        state: 'SITE',
        site: 'hub',
        origin: null,
        status: 'recalled',
        ended: false,
        units: 1,
        containers: 0,
      },
    ]);
  });

  test('does not when something around it stated a status later', () => {
    expect(
      corrections([
        { around: at('active', 30), mark: mark('recalled', 20), units: 1, containers: 0 },
      ]),
    ).toEqual([]);
  });

  test('does not when it comes to the same', () => {
    expect(
      corrections([
        { around: at('recalled'), mark: mark('recalled', 20), units: 1, containers: 0 },
      ]),
    ).toEqual([]);
  });
});

test('a container left in an emptied one takes its own row with it; one inside another does not', () => {
  const left = { ...at('active'), outermost: null, boxes: [] };

  expect(
    corrections([{ around: left, mark: mark('damaged', 20), units: 3, containers: 1 }]).map(
      (t) => t.containers,
    ),
  ).toEqual([-1, 1]);
  expect(
    corrections([{ around: at('active'), mark: mark('damaged', 20), units: 3, containers: 1 }]).map(
      (t) => Math.abs(t.containers),
    ),
  ).toEqual([0, 0]);
});

test('units read one by one count their outermost container once, under its own status', () => {
  const rows = rowsOf(
    tallyHeld([
      { around: at('active'), mark: null, units: 2 },
      { around: at('active'), mark: mark('recalled', 20), units: 1 },
    ]),
  );

  expect(rows.map((row) => [row.status, row.units, row.containers])).toEqual([
    ['active', 2, 1],
    ['recalled', 1, 0],
  ]);
  expect(totalsOf(rows)).toEqual({ units: 3, containers: 1, ended: 0 });
});

test('a container that holds none of the affected units is not counted', () => {
  expect(tallyHeld([{ around: at('active'), mark: null, units: 0 }])).toEqual([
    expect.objectContaining({ units: 0, containers: 0 }),
  ]);
});

test('what is under way is told by both ends, whatever its status', () => {
  const way = { mode: 'TO', site: 'b', origin: 'a' } as const;
  const rows = rowsOf([
    { placing: way, status: 'in_transit', ended: false, units: 3, containers: 1 },
    { placing: way, status: 'recalled', ended: false, units: 1, containers: 0 },
    { placing: HUB, status: 'active', ended: false, units: 9, containers: 0 },
  ]);

  expect(transitsOf(rows).map(({ origin, site, units }) => [origin, site, units])).toEqual([
    ['a', 'b', 4],
  ]);
});

test('a row filter matches state, status and site, each only when given', () => {
  const row = { state: 'SITE', site: 'hub', origin: null, status: 'active' } as const;
  const none = { state: null, status: null, sites: null, heldFrom: null };

  expect(rowMatches(row, none)).toBe(true);
  expect(rowMatches(row, { ...none, sites: ['hub'], status: 'active', state: 'SITE' })).toBe(true);
  expect(rowMatches(row, { ...none, sites: ['other'] })).toBe(false);
  expect(rowMatches({ ...row, site: null }, { ...none, sites: ['hub'] })).toBe(false);
});

test('what is under way is held by whoever it left, not by whom it goes to', () => {
  const row = { state: 'IN_TRANSIT', site: 'hub', origin: 'plant', status: 'active' } as const;
  const none = { state: null, status: null, sites: null, heldFrom: null };

  expect(rowMatches(row, { ...none, heldFrom: ['plant'] })).toBe(true);
  expect(rowMatches(row, { ...none, heldFrom: ['hub'] })).toBe(false);
});

describe('what is around the members of a holding', () => {
  const step = (id: string, more: Partial<HoldingStep>): HoldingStep => ({
    id,
    kind: 'FILLING',
    box: boxOf(id),
    open: true,
    up: null,
    mark: null,
    standing: null,
    ...more,
  });
  const standing = { placing: HUB, status: 'active', since: 10 };

  test('is the place of the outermost container and the nearest status in force', () => {
    const steps = new Map([
      [
        fillingId(CASE, '0'),
        step(fillingId(CASE, '0'), { up: fillingId(PALLET, '0'), mark: mark('recalled', 20) }),
      ],
      [fillingId(PALLET, '0'), step(fillingId(PALLET, '0'), { standing })],
    ]);

    expect(surroundingOf(fillingId(CASE, '0'), steps)).toEqual({
      ...at('recalled', 20),
      outermost: { key: PALLET, status: 'active' },
      boxes: [CASE, PALLET],
    });
  });

  test('is no container once the filling was emptied, but the case left in it', () => {
    const steps = new Map([
      [fillingId(CASE, '0'), step(fillingId(CASE, '0'), { up: fillingId(PALLET, '0') })],
      [fillingId(PALLET, '0'), step(fillingId(PALLET, '0'), { open: false, standing })],
    ]);

    expect(surroundingOf(fillingId(PALLET, '0'), steps).outermost).toBeNull();
    expect(surroundingOf(fillingId(CASE, '0'), steps).outermost).toEqual({
      key: CASE,
      status: 'active',
    });
  });

  test('is unknown, never lost, when the chain breaks off or goes round', () => {
    const round = new Map([
      [fillingId(CASE, '0'), step(fillingId(CASE, '0'), { up: fillingId(CASE, '0') })],
    ]);

    expect(surroundingOf(fillingId(GONE, '0'), new Map()).placing.mode).toBe('UNKNOWN');
    expect(surroundingOf(fillingId(CASE, '0'), round).placing.mode).toBe('UNKNOWN');
  });
});

test('rows come by size, then in an order of their own; what nothing is left of goes', () => {
  const at = (site: string, units: number, containers = 0) => ({
    ...{ placing: { ...HUB, site }, status: 'active', ended: false, units, containers },
  });
  const tallies = [
    at('b', 1),
    at('empty', 0, 1),
    at('a', 1),
    at('gone', 2),
    at('c', 5),
    at('gone', -2),
  ];
  const sites = ['c', 'a', 'b', 'empty'];

  expect(rowsOf(tallies).map(({ site }) => site)).toEqual(sites);
  expect(rowsOf(tallies.toReversed()).map(({ site }) => site)).toEqual(sites);
});

test('what has ended is in the units, and told apart', () => {
  const tally = { placing: HUB, status: 'active', ended: false, units: 3, containers: 1 };
  const gone = { ...tally, status: 'dispensed', ended: true, units: 2, containers: 0 };

  expect(totalsOf(rowsOf([tally, gone]))).toEqual({ units: 5, containers: 1, ended: 2 });
});

test('a container with a status of its own in which nothing is affected changes no row', () => {
  const left = { ...at('active'), outermost: null, boxes: [] };

  expect(
    corrections([{ around: left, mark: mark('damaged', 20), units: 0, containers: 1 }]),
  ).toEqual([]);
});
