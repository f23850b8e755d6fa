import type { StatementRun } from '../../../src/graph/graph.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import type { EpcisJson } from '../../support/history-document.js';
import { epcisDocument } from '../../support/history-document.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop());

const UNITS = 300;
const unit = (i: number): string => `urn:epc:id:sgtin:9506000.013435.D${i}`;
const site = 'urn:epc:id:sgln:9506000.00001.0';

/** Sources that know days only stamp all of them with midnight. */
function atMidnight(about: object): EpcisJson {
  return {
    type: 'ObjectEvent',
    eventTime: '2026-05-01T00:00:00.000Z',
    eventTimeZoneOffset: '+00:00',
    readPoint: { id: site },
    bizLocation: { id: site },
    ...about,
  };
}

test('an event of a day on which everything has one time reads what it is about, not the day', async () => {
  const made = Array.from({ length: UNITS }, (_, i) =>
    atMidnight({ epcList: [unit(i)], action: 'ADD', bizStep: 'commissioning' }),
  );
  expect((await app.capture(epcisDocument(made))).status).toBe(202);
  const runs: StatementRun[] = [];
  const stop = app.graph.onStatement((run) => runs.push(run));

  const shipped = atMidnight({ epcList: [unit(7)], action: 'OBSERVE', bizStep: 'dispensing' });
  const { status } = await app.capture(epcisDocument([shipped]));
  stop();

  expect(status).toBe(202);
  const rows = runs.reduce((sum, run) => sum + run.rows, 0);
  expect(rows).toBeLessThan(60);
});
