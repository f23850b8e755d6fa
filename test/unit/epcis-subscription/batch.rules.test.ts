import {
  comparePlaces,
  cutBatch,
  half,
  isBehind,
  positionBehind,
  wholeCommits,
  wholeCommitsBefore,
} from '../../../src/epcis-subscription/batch.rules.js';
import type { Placed } from '../../../src/epcis-subscription/batch.rules.js';

const place = (seq: number, eventTimeMs = 0, id = 'a', mark = ''): Placed => ({
  seq,
  eventTimeMs,
  id,
  mark,
});

test('the order is the log, then the event time, then the id, an event before its declarations', () => {
  const places = [
    place(2, 5, 'b'),
    place(2, 5, 'a', 'D2'),
    place(2, 5, 'a'),
    place(2, 1, 'z'),
    place(1, 9, 'z'),
    place(2, 5, 'a', 'D1'),
  ];

  expect([...places].sort(comparePlaces)).toEqual([
    place(1, 9, 'z'),
    place(2, 1, 'z'),
    place(2, 5, 'a'),
    place(2, 5, 'a', 'D1'),
    place(2, 5, 'a', 'D2'),
    place(2, 5, 'b'),
  ]);
});

test('one who stands behind an event has the rest of its commit still to come', () => {
  const position = positionBehind(place(2, 5, 'a'));

  expect(isBehind(place(2, 5, 'a'), position)).toBe(false);
  expect(isBehind(place(2, 5, 'a', 'D1'), position)).toBe(true);
  expect(isBehind(place(2, 4, 'z'), position)).toBe(false);
  expect(isBehind(place(3, 0, 'a'), position)).toBe(true);
  expect(wholeCommitsBefore(position)).toBe(1);
  expect(wholeCommitsBefore({ seq: 2, after: null })).toBe(2);
});

test('one who has taken whole commits has nothing of them still to come', () => {
  const position = { seq: 2, after: null };

  expect(isBehind(place(2, 5), position)).toBe(false);
  expect(isBehind(place(3), position)).toBe(true);
});

test('a read that met its limit may have cut its last commit: that is left for the next', () => {
  const read = [place(1), place(2), place(2, 1)];

  expect(wholeCommits(read, 4)).toEqual({ events: read, upTo: null });
  expect(wholeCommits(read, 3)).toEqual({ events: [place(1)], upTo: 1 });
  expect(wholeCommits([place(2), place(2, 1)], 2)).toBeNull();
});

test('a document is full by events or by bytes, and never empty', () => {
  const events = ['aaaa', 'bbbb', 'cccc'].map((text) => ({ text }));

  expect(cutBatch(events, { maxEvents: 2, maxBytes: 100 })).toHaveLength(2);
  expect(cutBatch(events, { maxEvents: 9, maxBytes: 8 })).toHaveLength(2);
  expect(cutBatch(events, { maxEvents: 9, maxBytes: 1 })).toHaveLength(1);
  expect(cutBatch(events, { maxEvents: 0, maxBytes: 100 })).toHaveLength(1);
  expect(cutBatch([], { maxEvents: 9, maxBytes: 100 })).toHaveLength(0);
});

test('too large becomes half', () => {
  expect([2, 3, 100].map(half)).toEqual([1, 1, 50]);
});
