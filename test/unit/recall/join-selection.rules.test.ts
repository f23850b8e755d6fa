import {
  MAX_LOTS,
  MAX_NAMED,
  askedContainers,
  joinAffected,
  lotsOfUnseen,
  namedUnits,
  selectionOf,
} from '../../../src/recall/join-selection.rules.js';
import type { Affected, Contents, Findings } from '../../../src/recall/join-selection.rules.js';
import type {
  LotClaim,
  LotProbe,
  LotStep,
  NamedReason,
  NamedRole,
  RecallSelectors,
  Selection,
} from '../../../src/recall/recall-scope.js';

const GTIN = '09506000134352';
const PALLET = '00/095060001343520000';
const PRODUCT = `01/${GTIN}`;
const lot = (number: string): string => `${PRODUCT}/10/${number}`;
const unit = (serial: string): string => `${PRODUCT}/21/${serial}`;
const [L1, L2, L3] = [lot('L1'), lot('L2'), lot('L3')];

const NOTHING_ASKED: RecallSelectors = {
  ...{ lots: [], products: [], serials: [], serialRanges: [], sourceLots: [] },
  ...{ siteWindow: null, container: null, asOf: null },
};
const made = (more: Partial<Findings['made']> = {}): Findings['made'] => ({
  ...{ lots: new Map(), units: new Map(), containers: new Set(), cut: null },
  ...more,
});
const found = (more: Partial<Findings> = {}): Findings => ({
  ...{ products: [], made: made(), packages: [], ranges: [], at: null },
  ...more,
});
const inside = (more: Partial<Contents> = {}): Contents => ({
  ...{ members: { units: new Map(), containers: [], cut: null }, silent: [], reports: [] },
  ...{ madeOfReports: made(), madeInto: [] },
  ...more,
});
const step = (role: LotStep['role'], from: string | null = null): LotStep => ({
  ...{ role, from, eventId: null },
});
const reason = (role: NamedRole, of: string | null = null): NamedReason => ({
  ...{ role, via: null, eventId: null, at: null, lot: of },
});
const probe = (id: string, more: Partial<LotProbe> = {}): LotProbe => ({
  ...{ lot: id, known: true, madeInto: [], claims: [], containers: [] },
  ...more,
});
const report = { role: 'childQuantity', quantity: 5, uom: null, eventId: 'e', t: 1 };
const codes = ({ gaps }: Pick<Affected, 'gaps'>): string[] => gaps.map(({ code }) => code);

function affected(
  asked: Partial<RecallSelectors>,
  findings: Partial<Findings> = {},
  contents: Partial<Contents> = {},
): Affected {
  return joinAffected({ ...NOTHING_ASKED, ...asked }, found(findings), inside(contents), 0);
}

describe('packages asked for', () => {
  const packages = [
    { k: unit('1'), lot: L1, container: false },
    { k: PALLET, lot: null, container: true },
    { k: unit('9'), lot: null, container: null },
  ];

  test('are looked into when they are containers, and units of the scope when they are not', () => {
    const findings = found({ packages, ranges: [[{ k: unit('2'), lot: null, container: false }]] });

    expect(askedContainers(findings).map(({ id, via, role }) => [id, via, role])).toEqual([
      [PALLET, PALLET, 'CONTAINER'],
    ]);
    expect([...namedUnits(findings)]).toEqual([
      [unit('1'), reason('SERIAL', L1)],
      [unit('2'), reason('SERIAL')],
    ]);
  });

  test('that nobody reported are told: containers, serials and ranges of them each as what they are', () => {
    const range = { gtin: GTIN, from: '5', to: '7' };
    const { unknown } = affected(
      { container: PALLET, serialRanges: [range, { ...range, from: '6' }] },
      {
        packages: [
          { k: PALLET, lot: null, container: null },
          { k: unit('9'), lot: null, container: null },
          { k: unit('1'), lot: null, container: false },
        ],
        ranges: [[], [{ k: unit('6'), lot: null, container: false }]],
      },
    );

    expect(unknown).toMatchObject({
      containers: [PALLET],
      serials: [unit('9'), `${unit('5')} to 7`],
      sites: [],
    });
  });

  test('a site that nobody named is told, one where nothing was is not unknown', () => {
    const siteWindow = { site: 'hub', from: 0, until: 1 };
    const at = { units: [], containers: [], holdings: [], reports: [], gaps: [], isCut: false };

    expect(affected({ siteWindow }).unknown.sites).toEqual(['hub']);
    expect(affected({ siteWindow }, { at }).unknown.sites).toEqual([]);
  });
});

describe('what several selectors find', () => {
  test('is in by the first: asked for, then of a product, then a source, then made of one', () => {
    const { lots } = affected(
      {
        lots: [L1],
        sourceLots: [L2, L1],
        products: [{ gtin: GTIN, madeFrom: null, madeUntil: null }],
      },
      {
        products: [[{ id: L3, from: null, until: null }]],
        made: made({
          lots: new Map([
            [L2, step('MADE_FROM')],
            ['m', step('MADE_FROM', L2)],
          ]),
        }),
      },
      { madeOfReports: made({ lots: new Map([['m', step('MADE_FROM', 'later')]]) }) },
    );

    expect([...lots].map(([id, { role, from }]) => [id, role, from])).toEqual([
      [L1, 'SELECTED', null],
      [L3, 'SELECTED', null],
      [L2, 'SOURCE', null],
      ['m', 'MADE_FROM', L2],
    ]);
  });

  test('of units goes by how they were made, asked for, found at the site, or inside of something', () => {
    const keys = ['1', '2', '3', '4'].map(unit);
    const from = (role: NamedRole, first: number): [string, NamedReason][] =>
      keys.slice(first).map((key) => [key, reason(role)]);
    const { named } = affected(
      {},
      {
        made: made({ units: new Map([[keys[0]!, reason('OUTPUT')]]) }),
        packages: keys.slice(0, 2).map((k) => ({ k, lot: null, container: false })),
        at: {
          ...{ units: from('SITE_WINDOW', 1).slice(0, 2), containers: [], holdings: [] },
          ...{ reports: [], gaps: [], isCut: false },
        },
      },
      { members: { units: new Map(from('CONTAINER', 2)), containers: [], cut: null } },
    );

    expect([...named.values()].map(({ role }) => role)).toEqual([
      ...['OUTPUT', 'SERIAL', 'SITE_WINDOW', 'CONTAINER'],
    ]);
  });

  test('of lots is cut at the limit, and nothing is said while it is met', () => {
    const many = (count: number): string[] => Array.from({ length: count }, (_, i) => lot(`${i}`));
    const [just, more] = [
      affected({ lots: many(MAX_LOTS) }),
      affected({ lots: many(MAX_LOTS + 1) }),
    ];

    expect([just.lotsCut, just.lots.size]).toEqual([false, MAX_LOTS]);
    expect([more.lotsCut, more.lots.size]).toEqual([true, MAX_LOTS]);
  });
});

test('lots made outside the window asked for are no part of the scope, and known as such', () => {
  const products = [
    [
      { id: L1, from: 10, until: 10 },
      { id: L2, from: 90, until: 90 },
    ],
  ];
  const asked = { products: [{ gtin: GTIN, madeFrom: 0, madeUntil: 20 }] };
  const { lots, outsideWindow } = affected(asked, { products });

  expect([...lots.keys()]).toEqual([L1]);
  expect(outsideWindow).toEqual([L2]);
});

describe('every doubt is told:', () => {
  const at = { units: [], containers: [], holdings: [], reports: [], gaps: [], isCut: true };
  const range = { gtin: GTIN, from: '1', to: '3' };
  const window = { gtin: GTIN, madeFrom: 1, madeUntil: 2 };
  const ranges = [[{ k: unit('1'), lot: null, container: false }]];

  test.each<[string, Affected, string[]]>([
    ['none where there is none', affected({ lots: [L1] }), []],
    ['an instant ahead', affected({ asOf: 90_000_000 }), ['AS_OF_IN_FUTURE']],
    ['an empty window', affected({ products: [window] }), ['MADE_WINDOW_EMPTY']],
    ['serials missing', affected({ serialRanges: [range] }, { ranges }), ['SERIALS_MISSING']],
    ['too many at a site', affected({}, { at }), ['UNITS_CUT']],
    ['a cut of what was made', affected({}, { made: made({ cut: 'deep' }) }), ['LINEAGE_CUT']],
    [
      'a cut inside',
      affected({}, {}, { members: { units: new Map(), containers: [], cut: 'x' } }),
      ['UNITS_CUT'],
    ],
    ['containers nobody looked into', affected({}, {}, { silent: [PALLET] }), ['CONTENTS_UNKNOWN']],
    ['what packages went into', affected({}, {}, { madeInto: ['x'] }), ['MADE_INTO']],
  ])('%s', (_, told, expected) => {
    expect(codes(told)).toEqual(expected);
  });
});

describe('a selection', () => {
  function selected(
    asked: Partial<RecallSelectors>,
    probes: readonly LotProbe[],
    more: { findings?: Partial<Findings>; contents?: Partial<Contents>; outside?: LotProbe[] } = {},
  ): Selection {
    const all = affected(asked, more.findings, more.contents);
    return selectionOf({ ...NOTHING_ASKED, ...asked }, all, probes, more.outside ?? []);
  }
  const product = { gtin: GTIN, madeFrom: null, madeUntil: null };
  const lots = (...ids: string[]): Partial<Findings> => ({
    products: [ids.map((id) => ({ id, from: null, until: null }))],
  });

  test('keeps lots asked for that nobody knows, and tells them; of a product it keeps the known ones', () => {
    const asked = { lots: [L1], products: [product] };
    const probes = [probe(L1, { known: false }), probe(L2), probe(L3, { known: false })];
    const selection = selected(asked, probes, { findings: lots(L2, L3) });

    expect([...selection.lots.keys()]).toEqual([L1, L2]);
    expect(selection.notFound).toEqual([L1]);
    expect(codes(selection)).toEqual(['LOT_UNKNOWN']);
  });

  test('does not know a product when nothing of it is known, not even outside the window', () => {
    const asked = { products: [product] };

    expect(selected(asked, []).notFound).toEqual([PRODUCT]);
    expect(selected(asked, [probe(PRODUCT, { known: false })]).notFound).toEqual([PRODUCT]);
    expect(selected(asked, [], { outside: [probe(L2)] }).notFound).toEqual([]);
    expect(selected(asked, [], { outside: [probe(L2, { known: false })] }).notFound).toEqual([
      PRODUCT,
    ]);
    expect(selected(asked, [probe(PRODUCT)]).notFound).toEqual([]);
  });

  test('asks for lots outside the window of those products only of which nothing else is known', () => {
    const asked = { products: [{ gtin: GTIN, madeFrom: 0, madeUntil: 1 }] };
    const all = affected(asked, { products: [[{ id: L2, from: 9, until: 9 }]] });

    expect(lotsOfUnseen(all, [])).toEqual([L2]);
    expect(lotsOfUnseen(all, [probe(L1)])).toEqual([]);
    expect(lotsOfUnseen({ ...all, outsideWindow: ['01/other/10/X'] }, [])).toEqual([]);
  });

  test('leaves out units that an affected lot counts, and keeps those of other lots and of none', () => {
    const packages = [
      { k: unit('1'), lot: L1, container: false },
      { k: unit('2'), lot: L2, container: false },
      { k: unit('3'), lot: null, container: false },
    ];
    const { named } = selected({ lots: [L1] }, [probe(L1)], { findings: { packages } });

    expect([...named.keys()]).toEqual([unit('2'), unit('3')]);
  });

  test('cuts units named one by one at the limit, and says so', () => {
    const within = reason('CONTAINER');
    const all = Array.from({ length: MAX_NAMED + 1 }, (_, i) => [`${i}`, within] as const);
    const units = (count: number): Partial<Contents> => ({
      members: { units: new Map(all.slice(0, count)), containers: [], cut: null },
    });
    const [just, more] = [MAX_NAMED, MAX_NAMED + 1].map((n) =>
      selected({}, [], { contents: units(n) }),
    ) as [Selection, Selection];

    expect([just.named.size, codes(just)]).toEqual([MAX_NAMED, []]);
    expect([more.named.size, codes(more)]).toEqual([MAX_NAMED, ['UNITS_CUT']]);
  });

  describe('of units commissioned under several lots', () => {
    const claim = (more: Partial<LotClaim>): LotClaim => ({
      ...{ k: unit('1'), lot: L2, container: false, eventId: 'e', claimed: [L1, L2] },
      ...more,
    });

    test('has those that count under another lot, in doubt', () => {
      const selection = selected({ lots: [L1] }, [probe(L1, { claims: [claim({})] })]);

      expect([...selection.named]).toEqual([
        [unit('1'), { role: 'CLAIMED', via: L1, eventId: 'e', at: null, lot: L2 }],
      ]);
      expect([...selection.doubtful]).toEqual([unit('1')]);
      expect(codes(selection)).toEqual(['LOT_CONTRADICTED']);
    });

    test('has no doubt when all these lots are affected, and counts each unit once', () => {
      const selection = selected({ lots: [L1, L2] }, [
        probe(L1, { claims: [claim({})] }),
        probe(L2),
      ]);

      expect([selection.named.size, selection.doubtful.size]).toEqual([0, 0]);
    });

    test('asks nothing of the claims of lots that are not affected', () => {
      const probes = [probe(L1), probe(L3, { claims: [claim({})], containers: [] })];

      expect(selected({ lots: [L1] }, probes).named.size).toBe(0);
    });

    test('tells containers apart: what is in them is not of the lot', () => {
      const claims = [claim({ k: PALLET, container: true }), claim({ k: 'c0', container: true })];
      const selection = selected({ lots: [L1] }, [probe(L1, { claims, containers: [PALLET] })]);

      expect(selection.containersOfLot).toEqual([PALLET, 'c0']);
      expect(selection.named.size).toBe(0);
      expect(codes(selection)).toEqual(['CONTAINERS_OF_LOT']);
    });
  });

  test('tells what its lots were made into, unless that is a lot, a unit or a container of it', () => {
    const intoAll = [L1, unit('1'), PALLET, 'elsewhere'];
    const packages = [
      { k: unit('1'), lot: null, container: false },
      { k: PALLET, lot: null, container: true },
    ];
    const probes = [probe(L1, { madeInto: intoAll }), probe(L3, { madeInto: ['not asked for'] })];
    const selection = selected({ lots: [L1] }, probes, { findings: { packages } });

    expect(selection.gaps).toMatchObject([
      { code: 'MADE_INTO', detail: expect.stringContaining('was made into elsewhere,') as unknown },
    ]);
  });

  test('tells containers that came out of something, unless they were asked for', () => {
    const findings = {
      made: made({ containers: new Set(['made', PALLET]) }),
      packages: [{ k: PALLET, lot: null, container: true }],
    };

    expect(selected({}, [], { findings }).gaps).toMatchObject([
      { code: 'MADE_INTO', detail: expect.stringContaining('made into made,') as unknown },
    ]);
  });

  test('has lots held by class apart, unless they are affected anyway', () => {
    const reports = [L1, L2].map((id) => ({ ...report, lot: id, container: PALLET }));
    const selection = selected({ lots: [L1] }, [probe(L1)], { contents: { reports } });

    expect([...selection.contents.keys()]).toEqual([L2]);
    expect(selection.classReports).toHaveLength(2);
  });

  test('has the "lot unknown" of the products of its lots and of those asked for, each once', () => {
    const asked = { lots: [L1, '01/00000000000017/10/X'], products: [product] };

    expect(selected(asked, [probe(L1)]).withoutLot).toEqual(['01/00000000000017', PRODUCT]);
  });

  test('says when there were more lots than it takes', () => {
    const asked = { lots: Array.from({ length: MAX_LOTS + 1 }, (_, i) => lot(`${i}`)) };
    const all = affected(asked);

    expect(codes(selectionOf({ ...NOTHING_ASKED, ...asked }, all, [], []))).toEqual([
      'LINEAGE_CUT',
    ]);
  });
});
