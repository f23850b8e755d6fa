/** Questions while the store grows from nothing: nobody waits for a plan, and none is refused. */
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcisDocument } from '../support/history-document.js';
import { nightly } from '../support/test-settings.js';

const UNITS = nightly ? 200_000 : 2_000;
const UNITS_OF_AN_EVENT = 500;
const GTIN = '09506000134352';
const LOT = 'GROWS';
const unit = (n: number): string => `https://id.gs1.org/01/${GTIN}/21/G${n}`;

let app: TestApp;
beforeAll(async () => {
  // All plans take the JVM of the tests half a minute.
  app = await startApp({ keepsPlans: nightly });
  while ((await fetch(`${app.url}/health/ready`)).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 50));
});
afterAll(() => app.stop());

const commissioning = (first: number): unknown =>
  epcisDocument([
    {
      type: 'ObjectEvent',
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'active',
      eventID: `urn:x:grows:${first}`,
      eventTime: new Date(Date.UTC(2026, 0, 1) + first).toISOString(),
      eventTimeZoneOffset: '+00:00',
      epcList: Array.from({ length: UNITS_OF_AN_EVENT }, (_, i) => unit(first + i)),
      readPoint: { id: 'https://id.gs1.org/414/9506000134352' },
      bizLocation: { id: 'https://id.gs1.org/414/9506000134352' },
      ilmd: { 'cbvmda:lotNumber': LOT },
    },
  ]);

interface Answer {
  readonly ms: number;
  readonly status: number;
  readonly errors: unknown;
}

async function ask(query: string): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors?: unknown };
  return { ms: performance.now() - began, status: response.status, errors };
}

const quantile = (answers: readonly Answer[], part: number): number =>
  answers.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(answers.length * part)] ?? 0;

test('while units are loaded, journeys and recalls are answered', async () => {
  const questions = {
    journey: `{ journey(id: "${unit(0)}") { nodes { eventId readPoint { name } } } }`,
    recallScope: `{ recallScope(input: { lots: [{ gtin: "${GTIN}", lot: "${LOT}" }] }) { totals { units } rows { units } } }`,
  };
  let isLoading = true;
  const asking = Object.values(questions).map(async (question) => {
    const answers: Answer[] = [];
    while (isLoading) answers.push(await ask(question));
    return answers;
  });
  for (let first = 0; first < UNITS; first += UNITS_OF_AN_EVENT)
    expect((await app.capture(commissioning(first))).status).toBe(202);
  isLoading = false;
  const answers = await Promise.all(asking);

  for (const all of answers) {
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(({ status, errors }) => status !== 200 || errors !== undefined)).toEqual([]);
  }
  // A ratio of one run; by day there are too few answers for it.
  const slowest = answers.map((all) => quantile(all, 0.99) / quantile(all, 0.5));
  expect(nightly ? slowest.filter((ratio) => ratio > 20) : []).toEqual([]);
  expect((await app.graphql(questions.recallScope)).data).toMatchObject({
    recallScope: { totals: { units: UNITS } },
  });
});
