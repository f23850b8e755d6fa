import type { NewEvent } from '../../../src/capture/capture.rules.js';
import type { Portion } from '../../../src/capture/portions.rules.js';
import { epcsIn, portionsOf } from '../../../src/capture/portions.rules.js';
import { objectEvent, parsed } from './parsed-event.js';

const one = parsed(objectEvent());
const event = (id: string, epcs = 1): NewEvent => ({
  ...one,
  ...{ id, sentBy: 'host', event: objectEvent({ epcList: Array<string>(epcs).fill('e') }) },
});
const events = (count: number, epcs?: number): NewEvent[] =>
  Array.from({ length: count }, (_, i) => event(`e${i}`, epcs));

type Whole = Parameters<typeof portionsOf>[0];
function portions(given: Partial<Whole['admission']>, more: Partial<Whole> = {}): Portion[] {
  const opening = { seq: 7, judgesSerials: true, events: [{ id: 'known' }] };
  const admission = { events: [], declarations: [], takenOut: [], ...given };
  return [...portionsOf({ submissions: [], opening, admission, now: 5, ...more } as Whole)];
}
const sizes = (given: readonly NewEvent[]): number[] =>
  portions({ events: given }).map(({ admission }) => admission.events.length);

test('what an event costs is the EPCs of all its lists', () => {
  const lists = {
    epcList: ['1'],
    childEPCs: ['2', '3'],
    inputEPCList: ['4'],
    outputEPCList: ['5'],
  };

  expect(epcsIn({ ...one, event: { ...one.event, ...lists } })).toBe(5);
  expect(epcsIn({ ...one, event: {} as never })).toBe(0);
});

test('at once go 250 events, or as many as name 1,250 EPCs, but never none', () => {
  expect(sizes(events(250))).toEqual([250]);
  expect(sizes(events(251))).toEqual([250, 1]);
  expect(sizes(events(4, 625))).toEqual([2, 2]);
  expect(sizes([event('a', 626), event('b', 625)])).toEqual([1, 1]);
  expect(sizes([event('a', 9000), event('b', 9000)])).toEqual([1, 1]);
  expect(sizes([])).toEqual([0]);
});

test('what is no new event comes with the first portion and with no other; each has a number of its own', () => {
  const declarations = [{ id: 'd', event: event('gone') }];
  const all = portions({ events: events(251), declarations, takenOut: [{ id: 'out' }] as never });

  const told = all.map(({ seq, now, judgesSerials, known, admission }) => [
    ...[seq, now, judgesSerials, known],
    ...[admission.declarations.length, admission.takenOut.length],
  ]);
  expect(told).toEqual([
    [7, 5, true, ['known'], 1, 1],
    [8, 5, true, [], 0, 0],
  ]);
});

test('kept are the headers under which something is stored, each once', () => {
  const header = (id: string) => ({ id, text: '{}' });
  const submissions = ['used', 'used', 'declared', 'refused'].map((id) => ({ header: header(id) }));
  const given = {
    events: [{ ...event('e'), header: 'used' }, event('without')],
    declarations: [{ id: 'd', event: { ...event('f'), header: 'declared' } }],
  };

  expect(portions(given, { submissions: [...submissions, {}] })[0]?.headers).toEqual([
    header('used'),
    header('declared'),
  ]);
  expect(portions(given)[0]?.headers).toEqual([]);
});
