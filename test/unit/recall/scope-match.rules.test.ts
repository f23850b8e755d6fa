import type { LocationMessage, Surroundings } from '../../../src/feed/index.js';
import type { NamedReason, RecallSelectors, Selection } from '../../../src/recall/recall-scope.js';
import { makeScopeMatch } from '../../../src/recall/scope-match.rules.js';
import type { ScopeMatch } from '../../../src/recall/scope-match.rules.js';

const PRODUCT = '01/09506000134352';
const LOT = `${PRODUCT}/10/A`;
const OTHER = `${PRODUCT}/10/B`;
const PALLET = '00/095060001343520000';
const CASE = '00/095060001343520017';
const unit = (n: number): string => `${PRODUCT}/21/${n}`;

const message = (more: Partial<LocationMessage>): LocationMessage => ({
  kind: 'location',
  k: PALLET,
  level: 'CONTAINER',
  from: { mode: 'AT', site: 'a', origin: null },
  to: { mode: 'TO', site: null, origin: 'a' },
  status: 'in_transit',
  units: 10,
  lots: [{ lot: LOT, units: 10 }],
  eventId: 'e',
  t: 1,
  recordTime: 2,
  ...more,
});

const reason = (lot: string | null): NamedReason => ({
  ...{ role: 'CONTAINER', via: PALLET, eventId: null, at: null, lot },
});

interface Watch extends Partial<RecallSelectors> {
  readonly named?: ReadonlyMap<string, NamedReason>;
  readonly withoutLot?: readonly string[];
}

function matchOf({ named = new Map(), withoutLot = [], ...asked }: Watch): ScopeMatch {
  const selectors: RecallSelectors = {
    ...{ lots: [], products: [], serials: [], serialRanges: [], sourceLots: [] },
    ...{ siteWindow: null, container: null, asOf: null },
    ...asked,
  };
  const selection: Selection = {
    lots: new Map(
      selectors.lots.map((id) => [id, { role: 'SELECTED', from: null, eventId: null }]),
    ),
    ...{ withoutLot, named, gaps: [], containersOfLot: [], notFound: [], asOf: null },
    ...{ contents: new Map(), doubtful: new Set(), containers: [], classReports: [] },
  };
  return makeScopeMatch(selection, selectors);
}

function carried(
  watch: Watch,
  told: LocationMessage,
  containers: readonly string[] = [PALLET],
): number | 'unwanted' {
  const match = matchOf(watch);
  const around: Surroundings = {
    containersOf: (key) => new Set(key === PALLET ? [] : containers),
    holderOf: () => null,
    partyOf: (key: string) => key,
  };
  return match.wants(told, around) ? match.unitsOf(told) : 'unwanted';
}

describe('affected units of a message count once, whatever selectors they came in by', () => {
  const tenOf = (lot: string | null): Map<string, NamedReason> =>
    new Map(Array.from({ length: 10 }, (_, n) => [unit(n), reason(lot)]));

  test('a lot, and the container that holds all of it', () => {
    expect(carried({ lots: [LOT], container: PALLET }, message({}))).toBe(10);
  });

  test('a lot, and a container that holds some of it and other lots', () => {
    const lots = [
      { lot: LOT, units: 4 },
      { lot: OTHER, units: 6 },
    ];

    expect(carried({ lots: [LOT], container: PALLET }, message({ lots }))).toBe(10);
    expect(carried({ lots: [LOT] }, message({ lots }))).toBe(4);
  });

  test('a container by its serial, and the pallet around it that was not asked for', () => {
    const named = new Map([...tenOf(OTHER)].slice(0, 3));
    const lots = [
      { lot: LOT, units: 5 },
      { lot: OTHER, units: 5 },
    ];

    expect(carried({ lots: [LOT], serials: [CASE], named }, message({ lots }))).toBe(8);
    expect(carried({ serials: [CASE] }, message({ k: CASE, lots }))).toBe(10);
  });

  test('units without a lot, of a product asked for, inside a container asked for', () => {
    const withoutLot = [PRODUCT];
    const products = [{ gtin: '09506000134352', madeFrom: null, madeUntil: null }];
    const lots = [{ lot: PRODUCT, units: 10 }];
    const told = message({ k: CASE, lots });

    expect(carried({ products, withoutLot, named: tenOf(PRODUCT) }, told, [CASE])).toBe(10);
  });

  test('serials asked for one by one that went together', () => {
    const named = new Map([...tenOf(OTHER)].slice(1, 3));
    const lots = [{ lot: OTHER, units: 4 }];
    const keys = [0, 1, 2, 3].map(unit);
    const told = message({ k: unit(0), keys, level: 'UNIT', units: 4, lots });

    expect(carried({ named }, told)).toBe(2);
    expect(carried({ named, lots: [OTHER] }, told)).toBe(4);
    expect(carried({ named }, message({ ...told, keys: [unit(8)], k: unit(8) }))).toBe('unwanted');
  });
});

test('what was asked for and nobody had reported is told of when it comes', () => {
  const born = message({
    ...{ k: unit(7), level: 'UNIT', from: null, units: 1 },
    lots: [{ lot: OTHER, units: 1 }],
  });
  const serialRanges = [{ gtin: '09506000134352', from: '5', to: '9' }];

  expect(carried({ serials: [unit(7)] }, born)).toBe(1);
  expect(carried({ serialRanges }, born)).toBe(1);
  expect(carried({ serials: [unit(8)] }, born)).toBe('unwanted');
});

test('a container asked for is told of when it moves empty, itself or inside another', () => {
  const empty = message({ units: 0, lots: [] });

  expect(carried({ container: PALLET }, empty)).toBe(0);
  expect(carried({ container: CASE }, empty)).toBe(0);
  expect(carried({ container: CASE }, empty, [])).toBe('unwanted');
});

test('a range of serials holds its ends, and of other lengths nothing', () => {
  const serialRanges = [{ gtin: '09506000134352', from: '5', to: '7' }];
  const born = (n: number): LocationMessage =>
    message({ k: unit(n), level: 'UNIT', from: null, units: 1, lots: [{ lot: OTHER, units: 1 }] });

  const found = [4, 5, 6, 7, 8, 55].map((n) => carried({ serialRanges }, born(n)));
  expect(found).toEqual(['unwanted', 1, 1, 1, 'unwanted', 'unwanted']);
});

test('of units that went together only those asked for count, where the message carries a lot of their product', () => {
  const keys = [unit(1), unit(2)];
  const told = (lot: string): LocationMessage =>
    message({ k: unit(1), keys, level: 'UNIT', units: 2, lots: [{ lot, units: 2 }] });

  expect(carried({ serials: [unit(1)] }, told(OTHER))).toBe(1);
  expect(carried({ serials: [unit(1)], lots: [OTHER] }, told(OTHER))).toBe(2);
  // Not of the product of the unit: the message cannot carry it, but what was asked for by name is told of all the same.
  expect(carried({ serials: [unit(1)] }, told('01/09506000134369/10/A'))).toBe(0);
  expect(carried({ serials: [unit(1)] }, told('?'))).toBe(0);
});

test('what has no GS1 key is of the lot that nobody knows', () => {
  const keys = ['urn:x:1', 'urn:x:2'];
  const told = (lot: string): LocationMessage =>
    message({ k: 'urn:x:1', keys, level: 'UNIT', units: 2, lots: [{ lot, units: 2 }] });

  expect(carried({ serials: ['urn:x:1'] }, told('?'))).toBe(1);
  expect(carried({ serials: ['urn:x:1'] }, told(OTHER))).toBe(0);
});

test('a unit whose lot is affected is in with its lot, one whose lot is not, or unknown, counts beside it', () => {
  const named = (lot: string | null): Map<string, NamedReason> => new Map([[unit(1), reason(lot)]]);
  const told = message({ lots: [{ lot: OTHER, units: 10 }] });

  expect(carried({ named: named(OTHER) }, told)).toBe(1);
  expect(carried({ named: named(null) }, told)).toBe(1);
  expect(carried({ named: named(OTHER), lots: [OTHER] }, told)).toBe(10);
});

test('what is known for the first time has entered, what ends has left, all else moved', () => {
  const match = matchOf({});

  expect(match.changeOf(message({ from: null }))).toBe('ENTERED');
  expect(match.changeOf(message({}))).toBe('MOVED');
  expect(match.changeOf(message({ status: null }))).toBe('MOVED');
  for (const status of ['dispensed', 'destroyed', 'decommissioned'])
    expect(match.changeOf(message({ status, from: null }))).toBe('LEFT');
});

test('the feed is asked for the containers of what is named, and of what was asked for', () => {
  const named = new Map([[unit(1), reason(OTHER)]]);

  expect(matchOf({ named, serials: [unit(2)], container: PALLET }).watched).toEqual([
    unit(1),
    unit(2),
    PALLET,
  ]);
  expect(matchOf({}).watched).toEqual([]);
});

test('a lot is affected by itself, as one that nobody knows, or by its product', () => {
  const products = [{ gtin: '09506000134352', madeFrom: null, madeUntil: null }];
  const unknown = message({ lots: [{ lot: PRODUCT, units: 10 }] });

  expect(carried({ products }, message({}))).toBe(10);
  expect(carried({ withoutLot: [PRODUCT] }, unknown)).toBe(10);
  expect(carried({ withoutLot: [PRODUCT] }, message({}))).toBe('unwanted');
});

test('what nobody had reported may be of any lot that a message carries', () => {
  const keys = [unit(1), unit(2)];
  const lots = [
    { lot: LOT, units: 1 },
    { lot: OTHER, units: 1 },
  ];
  const told = message({ k: unit(1), keys, level: 'UNIT', units: 2, lots });

  expect(carried({ serials: [unit(1)], lots: [LOT] }, told)).toBe(2);
});
