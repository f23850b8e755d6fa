import {
  commissionedBy,
  lotChangedIn,
  madeIn,
  partOf,
  readAdmitted,
  recordTimeOf,
  warnOfFuture,
} from '../../../src/capture/batch-parts.rules.js';
import { BatchWarnings } from '../../../src/capture/batch-warnings.js';
import type { NewEvent } from '../../../src/capture/capture.rules.js';
import type { NewlyAdmitted } from '../../../src/capture/event-batch.rules.js';
import { NO_WARNINGS } from '../../../src/epcis/faults.js';
import { fixedClock } from '../../../src/shared/clock.js';
import { U0, U1, commission, see } from '../../support/projection-case.js';
import { objectEvent, parsed } from './parsed-event.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-14T09:00:00Z');
const A1 = 'urn:epc:id:sgtin:9506000.013435.A1';
const read = (given: object): NewEvent => ({ ...parsed(given as never), sentBy: 'host' });
const transformation = (given: object): NewlyAdmitted => {
  const { eventTime, eventTimeZoneOffset } = objectEvent();
  const common = { type: 'TransformationEvent', eventTime, eventTimeZoneOffset };
  return readAdmitted(read({ ...common, inputEPCList: [A1], outputEPCList: [A1], ...given }));
};

test('a batch is recorded later than the one before it, though the clock stands or was put back', () => {
  const clock = fixedClock(100);

  expect(recordTimeOf({ recorded: 50 }, clock)).toBe(100);
  expect(recordTimeOf({ recorded: 100 }, clock)).toBe(101);
  expect(recordTimeOf({ recorded: 900 }, clock)).toBe(901);
});

test('only transformations make something, and are part of one when they name it', () => {
  const made = transformation({ eventID: 'urn:x:made' });
  const part = transformation({ eventID: 'urn:x:part', transformationID: 'urn:x:t' });
  const seen = readAdmitted(read(objectEvent({ eventID: 'urn:x:seen' })));

  expect(madeIn([made, seen, part])).toEqual(['urn:x:made', 'urn:x:part']);
  expect([made, seen, part].map(partOf)).toEqual([
    [],
    [],
    [{ id: 'urn:x:part', transformationID: 'urn:x:t' }],
  ]);
});

test('of another lot now is what was known before, and nothing that is new', () => {
  const packages = [
    { key: 'moved', isNew: false, lotChanged: true },
    { key: 'new', isNew: true, lotChanged: true },
    { key: 'same', isNew: false, lotChanged: false },
  ];
  const projected = { changes: { packages } } as unknown as Parameters<typeof lotChangedIn>[0];

  expect(lotChangedIn(projected)).toEqual(['moved']);
});

test('serials are judged of what is commissioned, not of what is seen', () => {
  expect(commissionedBy([commission('made', 1, [U0, U1]), see('seen', 2, [U0])])).toEqual([
    { key: U0, eventId: 'made', t: 1 },
    { key: U1, eventId: 'made', t: 1 },
  ]);
});

test('an event is read with the lot of its own ilmd', () => {
  const event = objectEvent({ action: 'ADD', ilmd: { 'cbvmda:lotNumber': 'L1' } });

  expect(readAdmitted(read(event))).toMatchObject({ lot: { lot: 'L1' }, facts: [{ lot: 'L1' }] });
});

describe('of what is dated ahead', () => {
  const at = (ms: number): string => new Date(ms).toISOString();
  const dated = (eventID: string, ms: number): NewEvent =>
    read(objectEvent({ eventID, eventTime: at(ms) }));
  function warningsOf(
    events: readonly NewEvent[],
    declared: readonly NewEvent[],
    inError: readonly string[],
  ): string[] {
    const request = { jobId: 'job', errorBehaviour: 'ROLLBACK', sentBy: 'host' } as const;
    const declarations = declared.map((event) => ({ id: `of ${event.id}`, event }));
    const all = [...events, ...declared];
    const warnings = new BatchWarnings([{ ...request, events: all }], events, declarations);
    warnOfFuture(warnings, { events, declarations, inError: new Set(inError) }, NOW);
    return warnings
      .of('job', NO_WARNINGS)
      .kept.map(({ code, pointer, found }) => `${code} ${pointer.split('/').at(-1)} ${found}`);
  }

  test('more than a day is told, a day is not', () => {
    const events = [dated('urn:x:day', NOW + DAY), dated('urn:x:far', NOW + DAY + 1)];

    expect(warningsOf(events, [], [])).toEqual([`EVENT_IN_FUTURE eventTime ${at(NOW + DAY + 1)}`]);
  });

  test('nothing is told when it is declared in error', () => {
    expect(warningsOf([dated('urn:x:far', NOW + 2 * DAY)], [], ['urn:x:far'])).toEqual([]);
  });

  test('a declaration of error is told by its own time', () => {
    const declaring = (ms: number): NewEvent =>
      read(objectEvent({ eventID: 'urn:x:1', errorDeclaration: { declarationTime: at(ms) } }));

    expect(warningsOf([], [declaring(NOW + 2 * DAY)], [])).toEqual([
      `EVENT_IN_FUTURE declarationTime ${at(NOW + 2 * DAY)}`,
    ]);
    expect(warningsOf([], [declaring(NOW)], [])).toEqual([]);
  });
});
