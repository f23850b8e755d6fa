import { linesOf, reachableFrom, sourcesUnder } from '../support/imports.js';

/**
 * Types count, so what is handed in counts, and what a resolver reaches through its context. A resolver leads to the events and things that its
 * answers are joined with.
 */
const MAX = { files: 60, lines: 6_800 };

/**
 * What is looked up, not walked through: who asks, GS1 keys, the EPCIS standard, the driver, clock and logger, the words for a holding. Pure or plumbing, with rules of
 * their own in .dependency-cruiser.cjs. The walks themselves are held short by walks.test.ts.
 */
const LIBRARIES = /^src\/(?:(?:access|gs1|epcis|graph|shared)\/|holdings\/holding\.ts)/;

/** What is over the budget, how far it may go, and why. Only ever lower these. */
const ALLOWED: Readonly<Record<string, { files: number; lines: number; why: string }>> = {
  'src/capture/capture.http.ts': {
    files: 114,
    lines: 13_900,
    why: 'the whole write path: reading in threads, the projection (27 files), handoffs, master data, the terms of queries, what waits for the clock, the EPCIS answers',
  },
  'src/capture/capture.resolver.ts': {
    files: 110,
    lines: 12_820,
    why: 'is handed the use case, and so the whole write path',
  },
  'src/epcis-soap/soap.http.ts': {
    files: 64,
    lines: 7_960,
    why: 'polls with the event query (37 files) and subscribes through epcis-subscription, whose leases webhooks share',
  },
  'src/epcis-subscription/event-sockets.http.ts': {
    files: 59,
    lines: 7_590,
    why: 'asks with the event query (37 files), and follows the feed; leases are shared with webhooks',
  },
  'src/epcis-subscription/query-subscriptions.http.ts': {
    files: 69,
    lines: 8_720,
    why: 'puts the feature together: routes, dispatcher, webhook, sockets, over the event query (37 files)',
  },
  'src/feed/feed.resolver.ts': {
    files: 64,
    lines: 6_950,
    why: 'tells of places, handoffs, events and exceptions, each read with what partners see of it',
  },
  'src/handoff/handoff.resolver.ts': {
    files: 60,
    lines: 6_860,
    why: 'what was shipped is joined with events and places, each read with what partners see of it, without what others claim',
  },
  'src/location/package.resolver.ts': {
    files: 60,
    lines: 6_930,
    why: 'a package has events, handoffs, exceptions and an origin, each read with what partners see of it',
  },
  'src/recall/recall-places.resolver.ts': {
    files: 85,
    lines: 9_900,
    why: 'counts units by the loaders of the recall, and so leads to all of it',
  },
  'src/recall/recall-of-lot.resolver.ts': {
    files: 93,
    lines: 11_950,
    why: 'asks the recall, and so leads to all of it, and to the lot',
  },
  'src/recall/recall.resolver.ts': {
    files: 84,
    lines: 11_230,
    why: 'every question a recall asks has a read model of its own, every reason for doubt a sentence, who has something one rule, and consignees the ways between holdings, and what partners see and sent on has its own statements; names come with the counts and go to the loaders',
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
