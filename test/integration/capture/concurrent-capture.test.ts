import fc from 'fast-check';
import { readDigest } from '../../../src/projection/digest.read-model.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import type { EpcisJson } from '../../support/history-document.js';
import { epcisDocument, toEpcisEvents } from '../../support/history-document.js';
import type { History } from '../../support/histories.js';
import { arrivalOrders, lawful, shuffle, wild } from '../../support/histories.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';

const CLIENTS = 16;

// Two services on one database, as two processes would be: each has a writer of its own.
let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  app = await startApp();
  other = await startApp({ keep: true });
}, 60_000);
afterAll(async () => {
  await other.stop();
  await app.stop();
});

/** All messages of a history, declarations and repeats among them, as events in no order. */
function eventsOf(history: History): readonly EpcisJson[] {
  const messages = shuffle(arrivalOrders(history)[0]!, history.seed);
  return toEpcisEvents(messages, history.facts);
}

/** Each client sends its share, one to three events a document, one document after the other. */
async function captureBy(
  apps: readonly TestApp[],
  events: readonly EpcisJson[],
): Promise<{ captured: number; refused: unknown[] }> {
  const told = { captured: 0, refused: [] as unknown[] };
  const send = async (client: number): Promise<void> => {
    const service = apps[client % apps.length]!;
    const mine = events.filter((_, i) => i % CLIENTS === client);
    for (let at = 0, size = 1; at < mine.length; at += size, size = 1 + ((client + at) % 3)) {
      const { status, body } = await service.capture(epcisDocument(mine.slice(at, at + size)));
      if (status === 202) told.captured += Number(body['captured']);
      else told.refused.push([status, body]);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => send(client)));
  return told;
}

async function digestInSeries(events: readonly EpcisJson[]): Promise<readonly string[]> {
  await emptyGraph(app.graph);
  for (let at = 0; at < events.length; at += 50) {
    const { status, body } = await app.capture(epcisDocument(events.slice(at, at + 50)));
    expect([status, body['faults']]).toEqual([202, []]);
  }
  return readDigest(app.graph);
}

const SEED = 20_261_121;

describe.each([
  ['one service', 1],
  ['two services on one database', 2],
])(`${CLIENTS} clients of %s`, (_, services) => {
  test.each([
    ['lawful', lawful],
    ['wild', wild],
  ] as const)(
    'who capture events of the same packages end in the same graph as one after the other: %s',
    async (__, histories) => {
      const samples = fc.sample(histories, { seed: SEED, numRuns: 3 });
      for (const events of samples.map(eventsOf)) {
        const expected = await digestInSeries(events);
        await emptyGraph(app.graph);

        const { captured, refused } = await captureBy([app, other].slice(0, services), events);

        expect(refused).toEqual([]);
        expect(captured).toBe(new Set(events.map((event) => JSON.stringify(event))).size);
        expect(await readDigest(app.graph)).toEqual(expected);
      }
    },
    120_000,
  );

  test('who send the same documents at once store each once', async () => {
    const [history] = fc.sample(lawful, { seed: SEED, numRuns: 1 });
    const document = epcisDocument(eventsOf(history!));
    const expected = await digestInSeries(eventsOf(history!));
    await emptyGraph(app.graph);
    const apps = [app, other].slice(0, services);

    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (__, i) => apps[i % services]!.capture(document)),
    );

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const captured = answers.map(({ body }) => Number(body['captured'])).filter((n) => n > 0);
    expect(captured).toHaveLength(1);
    expect(await readDigest(app.graph)).toEqual(expected);
  }, 60_000);

  test('who claim one id for different contents: one has it, the others are told 409', async () => {
    await emptyGraph(app.graph);
    const apps = [app, other].slice(0, services);
    const claim = (i: number): EpcisJson => ({
      eventID: 'urn:x:claimed',
      type: 'ObjectEvent',
      action: 'OBSERVE',
      eventTime: '2026-03-14T09:00:00Z',
      eventTimeZoneOffset: '+00:00',
      epcList: [`https://id.gs1.org/01/09506000134352/21/C${i}`],
    });

    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (__, i) =>
        apps[i % services]!.capture(epcisDocument([claim(i)])),
      ),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([202, ...Array.from({ length: CLIENTS - 1 }, () => 409)]);
  });
});
