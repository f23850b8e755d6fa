import { termRowsOf } from '../../../src/capture/event-terms.rules.js';
import { readAdmitted } from '../../../src/capture/batch-parts.rules.js';
import { toAdmitted } from '../../../src/capture/stored-facts.rules.js';
import type { NewEvent } from '../../../src/capture/capture.rules.js';
import { objectEvent, parsed } from './parsed-event.js';

const read = (given: Readonly<Record<string, unknown>>): NewEvent => ({
  ...parsed(objectEvent(given)),
  sentBy: '417/9506000134352',
});

test.each([
  ['with a lot', { action: 'ADD', ilmd: { 'cbvmda:lotNumber': 'L1' } }, 'L1'],
  ['without one', { action: 'ADD' }, null],
])('a stored event %s says what it said when it came', (_, given, ilmdLot) => {
  const event = read(given);
  const { id, hash, eventTimeMs: eventTime, sentBy } = event;
  const stored = { id, hash, eventTime, text: JSON.stringify(event.event), ilmdLot, sentBy };

  expect(toAdmitted(stored).facts).toEqual(readAdmitted(event).facts);
  const told = { id, hash, eventTimeMs: eventTime, givenId: true };
  expect(toAdmitted(stored).parsed).toMatchObject(told);
});

test('only events with something to find have terms, a declaration always has', () => {
  const plain = read({ eventID: 'urn:x:plain' });
  const typed = read({
    eventID: 'urn:x:typed',
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:po:1' }],
  });
  const { events, declarations } = termRowsOf({
    events: [plain, typed],
    declarations: [{ id: 'd', event: plain }],
  });

  expect(events).toEqual([
    { id: 'urn:x:typed', at: typed.eventTimeMs, terms: ['bizTransaction po urn:x:po:1'] },
  ]);
  expect(declarations).toMatchObject([{ id: 'd', at: plain.eventTimeMs }]);
  expect(declarations[0]!.terms).toContain('~all');
});
