import {
  classLevelGap,
  containersOfLotGaps,
  contentsUnknownGap,
  contradictedGap,
  futureGap,
  madeIntoGaps,
  madeWindowGap,
  nothingFoundGap,
  notKnownThenGap,
  packagesMadeIntoGap,
  reasonsOf,
  serialsMissingGap,
  siteWindowGaps,
  unknownGaps,
  withAhead,
  withoutLotGap,
} from '../../../src/recall/gaps.rules.js';

const NOW = Date.UTC(2026, 0, 1);
const codes = (gaps: readonly { code: string }[]): string[] => gaps.map(({ code }) => code);

test('a selected lot that was made into others outside the scope is told', () => {
  const lots = new Map([['a', { role: 'SELECTED', from: null, eventId: null }]] as const);
  const probe = { lot: 'a', known: true, madeInto: ['b'], containers: [], claims: [] };

  expect(madeIntoGaps([probe], lots, () => false)).toEqual([
    {
      code: 'MADE_INTO',
      detail: 'Lot a was made into b, not in this scope: ask with sourceLots to follow it.',
    },
  ]);
  expect(madeIntoGaps([probe], lots, () => true)).toEqual([]);
});

test('what nobody ever reported is told by kind and name, the first five', () => {
  const nothing = { lots: [], products: [], serials: [], containers: [], sites: [] };

  expect(unknownGaps(nothing)).toEqual([]);
  expect(unknownGaps({ ...nothing, serials: ['1', '2', '3', '4', '5', '6', '7'] })).toMatchObject([
    {
      code: 'SERIAL_UNKNOWN',
      detail:
        '7 serials that were asked for were never reported: 1, 2, 3, 4, 5 and 2 more. Check the numbers.',
    },
  ]);
  expect(codes(unknownGaps({ ...nothing, lots: ['a'], products: ['p'], sites: ['s'] }))).toEqual([
    'LOT_UNKNOWN',
    'PRODUCT_UNKNOWN',
    'SITE_UNKNOWN',
  ]);
});

test('what only events ahead of the clock name is told apart from what nobody ever reported', () => {
  const nothing = { lots: [], products: [], serials: [], containers: [], sites: [] };
  const gaps = unknownGaps({ ...nothing, lots: ['a', 'b'], products: ['p'] });
  const never = (what: string): string => `1 ${what}. Check the number.`;

  expect(withAhead(gaps, new Set())).toEqual(gaps);
  expect(withAhead(gaps, new Set(['b', 'p']))).toMatchObject([
    { code: 'LOT_UNKNOWN', detail: never('lot that was asked for was never reported: a') },
    { code: 'LOT_UNKNOWN', detail: expect.stringContaining('later than now name b') as unknown },
    {
      code: 'PRODUCT_UNKNOWN',
      detail: expect.stringContaining('later than now name p') as unknown,
    },
  ]);
});

test('a range tells how many of it are known and how many are not', () => {
  expect(serialsMissingGap('1 to 100', { known: 100, asked: 100n })).toEqual([]);
  expect(serialsMissingGap('1 to 100', { known: 3, asked: 100n })[0]?.detail).toBe(
    '3 of 100 serials of 1 to 100 are known: 97 were never reported.',
  );
  expect(serialsMissingGap('A to B', { known: 1, asked: null })[0]?.detail).toContain(
    'cannot be counted',
  );
});

test('a clock a minute ahead still asks for now; further ahead is told', () => {
  expect(futureGap(NOW + 60_000, NOW)).toEqual([]);
  expect(futureGap(NOW + 61_000, NOW)[0]).toMatchObject({
    code: 'AS_OF_IN_FUTURE',
    detail: expect.stringContaining(' is 61 seconds ahead of now') as unknown,
  });
});

test('windows that found nothing or are not over, and instants before anything, are told', () => {
  const window = { site: 's', from: NOW - 10, until: NOW };
  const product = { gtin: 'g', madeFrom: 1, madeUntil: 2 };

  expect(siteWindowGaps(window, 1, NOW)).toEqual([]);
  expect(codes(siteWindowGaps(window, 0, NOW))).toEqual(['SITE_WINDOW_EMPTY']);
  expect(codes(siteWindowGaps(window, 1, NOW - 86_400_000))).toEqual(['WINDOW_IN_FUTURE']);
  expect(madeWindowGap(product, { all: 3, within: 1 })).toEqual([]);
  expect(madeWindowGap(product, { all: 3, within: 0 })[0]?.detail).toBe(
    'None of the 3 lots of g was made between 1970-01-01T00:00:00.001Z and 1970-01-01T00:00:00.002Z.',
  );
  expect(notKnownThenGap(null, 3)).toEqual([]);
  expect(codes(notKnownThenGap(NOW, 3))).toEqual(['NOT_KNOWN_THEN']);
});

test('no units and no other reason is never an all-clear', () => {
  expect(codes(nothingFoundGap(0, []))).toEqual(['NOTHING_FOUND']);
  expect(nothingFoundGap(1, [])).toEqual([]);
  expect(nothingFoundGap(0, [{ code: 'CLASS_LEVEL', detail: '' }])).toEqual([]);
});

describe('a doubt is told in a sentence of one or of several, and not at all where there is none:', () => {
  const ofLot = (...containers: string[]) =>
    containersOfLotGaps([{ lot: 'a', known: true, madeInto: [], claims: [], containers }]);
  const many =
    '. What is inside counts only if it is of the lot itself: ask with serials to take it all in.';
  const doubt = '. They are counted here but may not be affected: explain lists the events.';
  const possibly = 'no known lot: possibly affected, listed apart under unitsWithoutLot.';
  const unseen = 'of lots without serial numbers: not in the unit counts, listed under classLevel.';
  const series =
    'how many there are cannot be counted, because the ends are not numbers of one series.';
  const nothing = { lots: [], products: [], serials: [], containers: [], sites: [] };

  test.each<[string, readonly Parameters<typeof reasonsOf>[0][], readonly string[]]>([
    [
      'contents',
      [contentsUnknownGap([]), contentsUnknownGap(['p']), contentsUnknownGap(['p', 'q'])],
      [
        'Nobody ever reported what is in 1 container: p.',
        'Nobody ever reported what is in 2 containers: p, q.',
      ],
    ],
    [
      'containers of a lot',
      [ofLot(), ofLot('p'), ofLot('q', 'p')],
      [`1 container is of lot a: p${many}`, `2 containers are of lot a: p, q${many}`],
    ],
    [
      'several lots',
      [contradictedGap([]), contradictedGap(['u']), contradictedGap(['u', 'v'])],
      [
        `1 unit was commissioned under several lots, not all of them in this scope: u${doubt}`,
        `2 units were commissioned under several lots, not all of them in this scope: u, v${doubt}`,
      ],
    ],
    [
      'what was made',
      [packagesMadeIntoGap([]), packagesMadeIntoGap(['y', 'x'])],
      ['Packages of this scope were made into x, y, not in this scope: ask for these too.'],
    ],
    [
      'no lot',
      [withoutLotGap(0, ['g']), withoutLotGap(1, ['g']), withoutLotGap(2, ['g', 'h'])],
      [`1 unit of g has ${possibly}`, `2 units of g, h have ${possibly}`],
    ],
    [
      'quantities',
      [classLevelGap(0, false), classLevelGap(1, false), classLevelGap(9, true)],
      [`1 report gives a quantity ${unseen}`, `More than 9 reports give quantities ${unseen}`],
    ],
    [
      'serials that cannot be counted',
      [1, 2].map((known) => serialsMissingGap('A to B', { known, asked: null })),
      [
        `1 serial is known within A to B; ${series}`,
        `2 serials are known within A to B; ${series}`,
      ],
    ],
    [
      'not yet known',
      [notKnownThenGap(NOW, 0), notKnownThenGap(NOW, 1), notKnownThenGap(NOW, 2)],
      [
        '1 affected unit was first reported after 2026-01-01T00:00:00.000Z, so the counts leave it out.',
        '2 affected units were first reported after 2026-01-01T00:00:00.000Z, so the counts leave them out.',
      ],
    ],
    [
      'an open window',
      [
        madeWindowGap({ gtin: 'g', madeFrom: null, madeUntil: NOW }, { all: 3, within: 0 }),
        madeWindowGap({ gtin: 'g', madeFrom: null, madeUntil: null }, { all: 0, within: 0 }),
      ],
      ['None of the 3 lots of g was made between any time and 2026-01-01T00:00:00.000Z.'],
    ],
    [
      'never reported',
      [unknownGaps({ ...nothing, containers: ['1', '2', '3', '4', '5'] })],
      ['5 containers that were asked for were never reported: 1, 2, 3, 4, 5. Check the numbers.'],
    ],
  ])('%s', (_, gaps, sentences) => {
    expect(gaps.flatMap(reasonsOf)).toEqual(sentences);
  });

  test('of a source lot it is said that it cannot be followed', () => {
    const probe = { lot: 'a', known: true, madeInto: ['c', 'b'], containers: [], claims: [] };
    const lots = new Map([['a', { role: 'SOURCE', from: null, eventId: null }]] as const);

    expect(reasonsOf(madeIntoGaps([probe], lots, (id) => id === 'd'))).toEqual([
      'Lot a was made into b, c, not in this scope: it cannot be followed without lot or serials.',
    ]);
  });
});
