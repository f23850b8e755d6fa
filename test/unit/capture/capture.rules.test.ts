import type { CaptureRequest } from '../../../src/capture/capture.rules.js';
import { admit } from '../../../src/capture/capture.rules.js';
import type { KnownEvent } from '../../../src/capture/capture.store.js';
import type { ParsedEvent } from '../../../src/epcis/parse-document.js';

function event(id: string, hash = `hash of ${id}`, pointer = `/at/${id}`): ParsedEvent {
  return {
    pointer,
    id,
    hash,
    givenId: true,
    event: {
      type: 'ObjectEvent',
      action: 'OBSERVE',
      eventTime: '2026-03-14T09:00:00Z',
      eventTimeZoneOffset: '+00:00',
    },
    eventTimeMs: 0,
    prefixes: new Map(),
  };
}

function declaration(
  id: string,
  at = 7,
  told: { reason?: string; by?: string[] } = {},
): ParsedEvent {
  const { reason = 'did_not_occur', by = [] } = told;
  return {
    ...event(id),
    errorDeclaration: { declarationTimeMs: at, reason, correctiveEventIDs: by },
  };
}

const rollback = (jobId: string, ...events: ParsedEvent[]): CaptureRequest => ({
  jobId,
  errorBehaviour: 'ROLLBACK',
  sentBy: null,
  events: events.map((one) => ({ ...one, sentBy: null })),
});
const proceed = (jobId: string, ...events: ParsedEvent[]): CaptureRequest => ({
  ...rollback(jobId, ...events),
  errorBehaviour: 'PROCEED',
});
const from = (sentBy: string, request: CaptureRequest): CaptureRequest => ({
  ...request,
  sentBy,
  events: request.events.map((one) => ({ ...one, sentBy })),
});
const stored = (id: string, hash = `hash of ${id}`, retracted = false): KnownEvent => ({
  id,
  hash,
  retracted,
  sentBy: null,
  eventTime: 0,
  text: '{}',
  ilmdLot: null,
  waits: false,
});
const ids = (events: readonly ParsedEvent[]): string[] => events.map(({ id }) => id);

describe('events', () => {
  test('new ones are admitted in the order of the documents', () => {
    const admission = admit(
      [rollback('1', event('a'), event('b')), rollback('2', event('c'))],
      [],
      [],
    );

    expect(ids(admission.events)).toEqual(['a', 'b', 'c']);
    expect(admission.verdicts).toEqual([
      { jobId: '1', captured: 2, repeated: 0, conflicts: [], notYours: [], refused: false },
      { jobId: '2', captured: 1, repeated: 0, conflicts: [], notYours: [], refused: false },
    ]);
  });

  test('each keeps who sent it, whoever else is in the batch', () => {
    const { events, declarations, verdicts } = admit(
      [
        from('one', rollback('1', event('a'))),
        from('two', proceed('2', event('a'), event('b'), declaration('b'))),
      ],
      [],
      [],
    );

    expect(events.map(({ id, sentBy }) => [id, sentBy])).toEqual([
      ['a', 'one'],
      ['b', 'two'],
    ]);
    expect(declarations.map(({ event: of }) => of.sentBy)).toEqual(['two']);
    // It is not told that somebody else sent the same.
    expect(verdicts[1]).toMatchObject({ repeated: 0, conflicts: [{ id: 'a', storedHash: null }] });
  });

  test('a partner declares in error only what it sent, and what was captured before', () => {
    const own = { ...stored('own'), sentBy: 'one' };
    const others = [{ ...stored('other'), sentBy: 'two' }, stored('host')];
    const ids = ['own', 'other', 'host', 'to come', 'beside'];
    const request = from('one', proceed('1', event('beside'), ...ids.map((id) => declaration(id))));
    const { verdicts, inError } = admit([request], [own, ...others], []);

    expect(verdicts[0]?.notYours.map(({ id }) => id)).toEqual(['other', 'host', 'to come']);
    expect([...inError]).toEqual(['own', 'beside']);
    expect(admit([{ ...request, errorBehaviour: 'ROLLBACK' }], [own], [])).toMatchObject({
      ...{ events: [], declarations: [], verdicts: [{ refused: true }] },
    });
  });

  test('a partner is not told of the content that another sent under its eventID', () => {
    const clash = from('one', rollback('1', { ...event('a'), hash: 'new' }));
    const hashes = ['one', 'two'].map(
      (sentBy) => admit([clash], [{ ...stored('a'), sentBy }], []).verdicts[0]?.conflicts[0],
    );

    expect(hashes).toMatchObject([{ storedHash: 'hash of a' }, { storedHash: null }]);
  });

  test('one stored with the same content is repeated', () => {
    const { events, verdicts } = admit([rollback('1', event('a'))], [stored('a')], []);

    expect(events).toEqual([]);
    expect(verdicts[0]).toMatchObject({ captured: 0, repeated: 1, refused: false });
  });

  test('the second in one document, or of another document of the batch, is repeated', () => {
    const twice = rollback('1', event('a'), event('a'));
    const again = rollback('2', event('a'));

    const { events, verdicts } = admit([twice, again], [], []);

    expect(ids(events)).toEqual(['a']);
    expect(verdicts.map(({ captured, repeated }) => [captured, repeated])).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });

  test('one stored with other content keeps the whole document out', () => {
    const request = rollback('1', event('new'), event('a', 'other', '/epcisBody/eventList/1'));

    const { events, verdicts } = admit([request], [stored('a')], []);

    expect(events).toEqual([]);
    expect(verdicts).toEqual([
      {
        jobId: '1',
        captured: 0,
        repeated: 0,
        refused: true,
        notYours: [],
        conflicts: [
          {
            pointer: '/epcisBody/eventList/1',
            id: 'a',
            storedHash: 'hash of a',
            hash: 'other',
          },
        ],
      },
    ]);
  });

  test('with PROCEED the others of its document are stored', () => {
    const request = proceed('1', event('a', 'other'), event('new'), event('b'));

    const { events, verdicts } = admit([request], [stored('a'), stored('b')], []);

    expect(ids(events)).toEqual(['new']);
    expect(verdicts[0]).toMatchObject({ captured: 1, repeated: 1, refused: false });
    expect(verdicts[0]?.conflicts).toHaveLength(1);
  });

  test('two contents under one id in one document are a conflict', () => {
    const both = [event('a', 'one'), event('a', 'two', '/second')];

    expect(admit([rollback('1', ...both)], [], [])).toMatchObject({
      events: [],
      verdicts: [{ refused: true, conflicts: [{ pointer: '/second', storedHash: 'one' }] }],
    });
    expect(ids(admit([proceed('1', ...both)], [], []).events)).toEqual(['a']);
  });

  test('a refused document takes no id: the next may use it', () => {
    const refused = rollback('1', event('a', 'one'), event('known', 'other'));
    const next = rollback('2', event('a', 'two'));

    const { events, verdicts } = admit([refused, next], [stored('known')], []);

    expect(events.map(({ hash }) => hash)).toEqual(['two']);
    expect(verdicts.map(({ refused: out }) => out)).toEqual([true, false]);
  });

  test('the document that comes first has the id', () => {
    const { events, verdicts } = admit(
      [rollback('1', event('a', 'one')), rollback('2', event('a', 'two'))],
      [],
      [],
    );

    expect(events.map(({ hash }) => hash)).toEqual(['one']);
    expect(verdicts[1]).toMatchObject({ refused: true, conflicts: [{ storedHash: 'one' }] });
  });
});

describe('error declarations', () => {
  test('one of a stored event takes it out and is no conflict, whatever it repeats', () => {
    const said = { ...declaration('a'), hash: 'other' };

    const admission = admit([rollback('1', said)], [stored('a')], []);

    expect(admission.events).toEqual([]);
    expect(admission.takenOut).toEqual([stored('a')]);
    expect([...admission.inError]).toEqual(['a']);
    expect(admission.verdicts[0]).toMatchObject({ captured: 1, repeated: 0, refused: false });
  });

  test('one before its event waits for it: stored, and in error from the start', () => {
    const first = admit([rollback('1', declaration('a'))], [], []);
    expect(first).toMatchObject({ events: [], takenOut: [] });
    expect(first.declarations).toHaveLength(1);

    const known = { id: first.declarations[0]!.id, of: 'a' };
    const second = admit([rollback('2', event('a'))], [], [known]);
    expect(ids(second.events)).toEqual(['a']);
    expect([...second.inError]).toEqual(['a']);
    expect(second.takenOut).toEqual([]);
  });

  test.each([
    ['before', [declaration('a'), event('a')]],
    ['after', [event('a'), declaration('a')]],
  ])('one that stands %s its event in one document takes it out', (_, events) => {
    const admission = admit([rollback('1', ...events)], [], []);

    expect(ids(admission.events)).toEqual(['a']);
    expect([...admission.inError]).toEqual(['a']);
    expect(admission.verdicts[0]).toMatchObject({ captured: 2 });
  });

  test('the same again is repeated; another time, reason or correction is another', () => {
    const first = admit([rollback('1', declaration('a'), declaration('a'))], [], []);
    expect(first.verdicts[0]).toMatchObject({ captured: 1, repeated: 1 });

    const known = [{ id: first.declarations[0]!.id, of: 'a' }];
    const others = [
      declaration('a'),
      declaration('a', 8),
      declaration('a', 7, { reason: 'incorrect_data' }),
      declaration('a', 7, { by: ['b'] }),
    ];
    const second = admit([rollback('2', ...others)], [stored('a', 'hash of a', true)], known);

    expect(second.verdicts[0]).toMatchObject({ captured: 3, repeated: 1 });
    expect(second.takenOut).toEqual([]);
  });

  test('one of a refused document declares nothing', () => {
    const request = rollback('1', declaration('a'), event('b', 'other'));

    const admission = admit([request], [stored('a'), stored('b')], []);

    expect(admission).toMatchObject({ declarations: [], takenOut: [] });
    expect([...admission.inError]).toEqual([]);
  });
});
