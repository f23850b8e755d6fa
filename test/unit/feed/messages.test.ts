import fc from 'fast-check';
import { parseMessages, textOfMessages } from '../../../src/feed/messages.js';
import type { FeedMessage } from '../../../src/feed/index.js';

const message = fc.record({
  kind: fc.constant('job' as const),
  jobId: fc.string({ unit: 'grapheme', maxLength: 60 }),
  ...{ t: fc.nat(), recordTime: fc.nat(), success: fc.boolean() },
  ...{ captured: fc.nat(), repeated: fc.nat() },
});

test('messages are read again as they were stored, be they few or many, and from plain JSON too', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (told) => {
      const messages: readonly FeedMessage[] = told;
      expect(parseMessages(textOfMessages(messages))).toEqual(messages);
      expect(parseMessages(JSON.stringify(messages))).toEqual(messages);
    }),
  );
  expect(parseMessages(null)).toEqual([]);
});

test('many messages of one kind take a fourth of their JSON', () => {
  const told = Array.from({ length: 50 }, (_, i) => ({
    ...{ kind: 'job' as const, jobId: `job-${i}`, t: i, recordTime: i, success: true },
    ...{ captured: i, repeated: 0 },
  }));
  expect(textOfMessages(told).length * 4).toBeLessThan(JSON.stringify(told).length);
});
