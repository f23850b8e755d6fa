import { hostView } from '../../../src/access/view.js';
import { findEvents, parametersOfUrl, parseEventQuery } from '../../../src/epcis-query/index.js';
import { documentOf, sighting } from '../../e2e/capture-event-types.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';

// What is found is answered once, and all of it.

let app: TestApp;
const PLACE = 'urn:epc:id:sgln:9506000.12345.0';
const SAME_PLACE = 'https://id.gs1.org/414/9506000123455';
const times = { eventTimeZoneOffset: '+00:00' };
const there = (serial: string, minute: number): ReturnType<typeof sighting> =>
  sighting(serial, {
    ...times,
    eventTime: `2026-03-14T09:0${minute}:00Z`,
    bizStep: 'shipping',
    readPoint: { id: PLACE },
    bizLocation: { id: PLACE },
  });
const declared = (day: number): object => ({
  ...there('A', 0),
  errorDeclaration: { declarationTime: `2026-03-${day}T00:00:00Z`, reason: 'incorrect_data' },
});

beforeAll(async () => {
  app = await startApp();
  const documents = [
    [there('A', 0), there('B', 1), there('C', 2)],
    [declared(20)],
    [declared(21)],
    [declared(22)],
  ];
  for (const events of documents) {
    const { status } = await app.capture(documentOf(...(events as Parameters<typeof documentOf>)));
    expect(status).toBe(202);
  }
});
afterAll(() => app.stop());

async function found(parameters: Readonly<Record<string, string>>): Promise<string[]> {
  const query = parseEventQuery(parametersOfUrl(new URLSearchParams(parameters)), {});
  const { events } = await findEvents(hostView(app.graph), query, { perPage: 30, nowMs: 1000 });
  return events
    .filter(({ isDeclaration }) => 'EXISTS_errorDeclaration' in parameters || !isDeclaration)
    .map(({ id }) => id.replace('urn:x:event:', ''));
}

test.each(['EQ_readPoint', 'EQ_bizLocation', 'WD_bizLocation'])(
  '%s with one place in two spellings finds each event once',
  async (parameter) => {
    const both = { [parameter]: `${PLACE}|${SAME_PLACE}` };
    expect(await found(both)).toEqual(['C', 'B', 'A']);
    expect(await found({ ...both, EQ_bizStep: 'shipping' })).toEqual(['C', 'B', 'A']);
    expect(await found({ ...both, orderBy: 'recordTime', EQ_action: 'OBSERVE' })).toHaveLength(3);
    expect(await found({ ...both, orderBy: 'eventTime', eventCountLimit: '2' })).toEqual([
      'C',
      'B',
    ]);
  },
);

test('error declarations recorded after the last event are within every later record time', async () => {
  const all = { EXISTS_errorDeclaration: 'true' };
  expect(await found(all)).toEqual(['A', 'A', 'A']);
  for (const time of [
    { LT_recordTime: '2999-01-01T00:00:00Z' },
    { GE_recordTime: '2020-01-01T00:00:00Z', LT_recordTime: '2999-01-01T00:00:00Z' },
  ])
    expect([time, await found({ ...all, ...time })]).toEqual([time, ['A', 'A', 'A']]);
});
