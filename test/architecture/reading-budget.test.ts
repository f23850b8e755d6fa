import { linesOf, reachableFrom, sourcesUnder } from '../support/imports.js';

/** What a resolver reaches through its context counts: the loaders of other features are imports, some 500 lines. */
const MAX = { files: 34, lines: 3_600 };

/**
 * What is looked up, not walked through: who asks, GS1 keys, the EPCIS standard, the driver, clock and logger, the words for a holding. Pure or plumbing, with rules of
 * their own in .dependency-cruiser.cjs. The walks themselves are held short by walks.test.ts.
 */
const LIBRARIES = /^src\/(?:(?:access|gs1|epcis|graph|shared)\/|holdings\/holding\.ts)/;

/** What is over the budget, how far it may go, and why. Only ever lower these. */
const ALLOWED: Readonly<Record<string, { files: number; lines: number; why: string }>> = {
  'src/capture/capture.http.ts': {
    files: 84,
    lines: 10_000,
    why: 'the whole write path: reading in threads, the projection (20 files), custody, master data, the terms of queries, what waits for the clock, the EPCIS answers',
  },
  'src/epcis-query/events.http.ts': {
    files: 27,
    lines: 4_100,
    why: 'every parameter of SimpleEventQuery, what it is found by and what it is held against',
  },
  'src/epcis-query/top-level.http.ts': {
    files: 30,
    lines: 4_600,
    why: 'as events.http.ts, which it answers with',
  },
  'src/epcis-soap/soap.http.ts': {
    files: 47,
    lines: 6_100,
    why: 'polls with the event query (27 files) and subscribes through epcis-subscription',
  },
  'src/epcis-subscription/event-sockets.http.ts': {
    files: 40,
    lines: 5_200,
    why: 'asks with the event query (27 files)',
  },
  'src/epcis-subscription/queries.http.ts': {
    files: 37,
    lines: 4_900,
    why: 'asks with the event query (27 files)',
  },
  'src/epcis-subscription/query-subscriptions.http.ts': {
    files: 61,
    lines: 7_700,
    why: 'puts the feature together: routes, dispatcher, webhook, sockets, over the event query (27 files)',
  },
  'src/recall/recall.resolver.ts': {
    files: 34,
    lines: 5_850,
    why: 'every question a recall asks has a read model of its own, every reason for doubt a sentence, who has something one rule, and consignees the ways between holdings',
  },
};

const entries = sourcesUnder('src').filter((file) => /\.(resolver|http)\.ts$/.test(file));

function readFrom(entry: string): readonly string[] {
  return reachableFrom(entry).filter((file) => !LIBRARIES.test(file));
}

test('there are entries', () => {
  expect(entries.length).toBeGreaterThan(10);
});

test.each(entries)('%s leads to no more files and lines than a reader can take in', (entry) => {
  const files = readFrom(entry);
  const limit = ALLOWED[entry] ?? MAX;

  expect(files.length).toBeLessThanOrEqual(limit.files);
  expect(linesOf(files)).toBeLessThanOrEqual(limit.lines);
});

test.each(Object.keys(ALLOWED))('%s still needs to be over the budget', (entry) => {
  const files = readFrom(entry);

  expect(files.length > MAX.files || linesOf(files) > MAX.lines).toBe(true);
});
