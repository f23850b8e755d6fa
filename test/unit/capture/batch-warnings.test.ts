import { BatchWarnings } from '../../../src/capture/batch-warnings.js';
import type { NewEvent } from '../../../src/capture/capture.rules.js';
import { NO_WARNINGS, toldWarnings } from '../../../src/epcis/faults.js';
import { objectEvent, parsed } from './parsed-event.js';

const STRANGE = {
  code: 'TIME_LONG_AGO',
  path: '/eventTime',
  found: 'a strange time',
  expected: 'a usual one',
  remedy: 'Look at it.',
} as const;
const event = (id: string): NewEvent => ({
  ...parsed(objectEvent({ eventID: id })),
  sentBy: 'host',
});
const request = (jobId: string, ...events: NewEvent[]) => ({
  jobId,
  errorBehaviour: 'ROLLBACK' as const,
  sentBy: 'host',
  events,
});

test('the writer tells of an event on the job of the document that stores it, at the place in that document', () => {
  const [stored, again] = [event('urn:x:1'), event('urn:x:1')];
  const warnings = new BatchWarnings(
    [request('first', stored), request('second', again)],
    [stored],
  );
  warnings.about('urn:x:1', STRANGE);
  warnings.about('urn:x:of-another-batch', STRANGE);

  expect(warnings.of('first', NO_WARNINGS)).toMatchObject({
    found: 1,
    kept: [
      {
        code: 'TIME_LONG_AGO',
        pointer: '/epcisBody/eventList/0/eventTime',
        found: 'a strange time',
      },
    ],
  });
  expect(warnings.of('second', NO_WARNINGS).found).toBe(0);
});

test('of many warnings a hundred are kept, those of parsing first, and a last one says how many more there were', () => {
  const stored = event('urn:x:1');
  const warnings = new BatchWarnings([request('job', stored)], [stored]);
  for (let i = 0; i < 150; i++) warnings.about('urn:x:1', STRANGE);
  const issue = { ...STRANGE, code: 'DATE_UNREAD' as const, pointer: '', message: '' };

  const told = toldWarnings(warnings.of('job', { kept: [issue], found: 1 }));
  expect(told).toHaveLength(101);
  expect(told[0]).toMatchObject({ code: 'DATE_UNREAD' });
  expect(told.at(-1)).toMatchObject({ code: 'MORE_WARNINGS', found: '51 more' });
});
