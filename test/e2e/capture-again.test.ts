import { readDigest } from '../../src/projection/digest.read-model.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { emptyGraph } from '../support/neo4j-for-tests.js';
import { captureEvents, eventOf, idsStored, jobAt } from './capture-client.js';
import { EVENTS, anonymous, documentOf, sighting, givenBack } from './capture-event-types.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
});
beforeEach(() => emptyGraph(app.graph));

describe('the same again', () => {
  const document = documentOf(...Object.values(EVENTS), sighting('A'));

  test('is repeated, all of it, and changes nothing', async () => {
    await app.capture(document);
    const before = await readDigest(app.graph);

    const { status, body } = await app.capture(document);

    expect(status).toBe(202);
    expect(body).toMatchObject({ success: true, captured: 0, repeated: 6, faults: [] });
    await expect(readDigest(app.graph)).resolves.toEqual(before);
    await expect(idsStored(app)).resolves.toHaveLength(6);
  });

  test('with other content under its id is 409, and the first stays', async () => {
    await app.capture(documentOf(sighting('A')));
    const other = sighting('A', { disposition: 'recalled' });

    const { status, body } = await app.capture(documentOf(sighting('B'), other));

    expect(status).toBe(409);
    expect(body).toMatchObject({
      type: 'epcisException:ResourceAlreadyExistsException',
      faults: [{ code: 'EVENT_ID_CONFLICT', pointer: '/epcisBody/eventList/1/eventID' }],
    });
    await expect(idsStored(app)).resolves.toEqual(['urn:x:event:A']);
    expect((await eventOf(app, 'urn:x:event:A'))?.document).toEqual(sighting('A'));
  });

  test('with other content under its id is reported with PROCEED, and the rest goes in', async () => {
    await app.capture(documentOf(sighting('A')));
    const other = sighting('A', { disposition: 'recalled' });

    const given = await captureEvents(app, documentOf(other, sighting('B')), 'PROCEED');

    expect(given).toMatchObject({
      __typename: 'CaptureAccepted',
      captured: 1,
      faults: [{ code: 'EVENT_ID_CONFLICT', pointer: '/epcisBody/eventList/0/eventID' }],
    });
    await expect(idsStored(app)).resolves.toEqual(['urn:x:event:A', 'urn:x:event:B']);
    expect((await eventOf(app, 'urn:x:event:A'))?.document).toEqual(sighting('A'));
    expect((await jobAt(app, `/epcis/capture/${given.jobId!}`)).body).toMatchObject({
      success: false,
      errors: [{ type: 'epcisException:ResourceAlreadyExistsException' }],
    });
  });
});

describe('an error declaration', () => {
  const moved = sighting('A', {
    eventID: 'urn:x:event:moved',
    eventTime: '2026-03-14T10:00:00Z',
    bizLocation: { id: 'https://id.gs1.org/414/9506000134369' },
  });
  const declared = {
    ...moved,
    errorDeclaration: {
      declarationTime: '2026-03-15T00:00:00Z',
      reason: 'did_not_occur',
      correctiveEventIDs: ['urn:x:event:right'],
      'ours:by': 'somebody',
    },
  };

  async function digestOf(
    ...documents: readonly Record<string, unknown>[]
  ): Promise<readonly string[]> {
    await emptyGraph(app.graph);
    for (const document of documents) {
      const { status, body } = await app.capture(document);
      expect([status, body['faults']]).toEqual([202, []]);
    }
    return readDigest(app.graph);
  }

  test('takes its event out, whether it comes after, before, or with it, once or twice', async () => {
    const first = documentOf(sighting('A'));
    const without = await digestOf(first);

    expect(await digestOf(first, documentOf(moved))).not.toEqual(without);
    for (const documents of [
      [documentOf(moved), documentOf(declared)],
      [documentOf(declared), documentOf(moved)],
      [documentOf(declared, moved)],
      [documentOf(moved, declared)],
      [documentOf(declared), documentOf(declared), documentOf(moved), documentOf(declared)],
    ])
      expect(await digestOf(first, ...documents)).toEqual(without);
  });

  test('stays readable beside its event, both as given', async () => {
    await app.capture(documentOf(declared));
    await expect(eventOf(app, 'urn:x:event:moved')).resolves.toBeNull();
    const { body } = await app.capture(documentOf(moved));

    expect(body).toMatchObject({ captured: 1, repeated: 0 });
    await expect(eventOf(app, 'urn:x:event:moved')).resolves.toEqual({
      id: 'urn:x:event:moved',
      retracted: true,
      document: moved,
      declarations: [{ reason: 'did_not_occur', document: givenBack(declared) }],
    });
  });

  test('said twice is repeated, and the event said again is no conflict', async () => {
    await app.capture(documentOf(moved, declared));

    const { status, body } = await app.capture(documentOf(declared, moved));

    expect(status).toBe(202);
    expect(body).toMatchObject({ success: true, captured: 0, repeated: 2 });
    expect((await eventOf(app, 'urn:x:event:moved'))?.declarations).toHaveLength(1);
  });

  test('of an event without an id finds it by what it says', async () => {
    const { errorDeclaration } = declared;
    const { eventIds } = await captureEvents(app, documentOf(anonymous('A')));

    const again = await captureEvents(app, documentOf({ ...anonymous('A'), errorDeclaration }));

    expect(again).toMatchObject({ captured: 1, eventIds });
    expect((await eventOf(app, eventIds![0]!))?.retracted).toBe(true);
  });
});
