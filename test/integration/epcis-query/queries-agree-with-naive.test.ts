import { hostView } from '../../../src/access/view.js';
import { findEvents, parametersOfUrl, parseEventQuery } from '../../../src/epcis-query/index.js';
import type { EventPage, EventQuery } from '../../../src/epcis-query/index.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { naiveMatch } from '../../support/naive-query.js';
import type { Event } from '../../support/query-events.js';
import { CITIES, NAMESPACE, QueryEvents, SITES, WITHIN } from '../../support/query-events.js';
import { randomQuery } from '../../support/random-query.js';
import { diceFrom } from '../../support/dice.js';
import { historiesToTry, seed } from '../../support/test-settings.js';

const EVENTS = 250;
const QUERIES = historiesToTry({ daily: 200, nightly: 5000 });

let app: TestApp;
let events: Event[];
beforeAll(async () => {
  app = await startApp();
  await captureMasterData();
  events = await captureEvents(seed, EVENTS);
});
afterAll(() => app.stop());

const documentOf = (eventList: readonly Event[], header?: Event): Event => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { ex: NAMESPACE }],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-03-01T00:00:00Z',
  ...(header === undefined ? {} : { epcisHeader: header }),
  epcisBody: { eventList },
});

async function capture(document: Event): Promise<void> {
  const answer = await app.capture(document);
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body).slice(0, 2000));
}

async function captureMasterData(): Promise<void> {
  const elements = SITES.map(({ name, forms }) => {
    const city = CITIES.get(name);
    const children = [...(WITHIN.get(name) ?? [])].filter(
      (one) => one !== name && !(name === 'site 0' && one === 'site 1'),
    );
    return {
      id: forms.at(-1),
      ...(city === undefined ? {} : { attributes: [{ id: 'cbvmda:city', attribute: city }] }),
      ...(children.length === 0
        ? {}
        : { children: children.map((one) => SITES.find((site) => site.name === one)?.forms[0]) }),
    };
  });
  const vocabulary = {
    type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
    vocabularyElementList: elements,
  };
  await capture(documentOf([], { epcisMasterData: { vocabularyList: [vocabulary] } }));
}

async function captureEvents(
  start: number,
  count: number,
  known: readonly Event[] = [],
): Promise<Event[]> {
  const source = new QueryEvents(start);
  const random = diceFrom(start);
  const made: Event[] = [...known];
  const fresh: Event[] = [];
  const seen = new Set<string>();
  while (fresh.length < count) {
    const document: Event[] = [];
    const size = random.one([1, 2, 5, 30]);
    while (document.length < size) {
      const event = source.next(fresh);
      const declared = JSON.stringify([event['eventID'], event['errorDeclaration']]);
      if (event['errorDeclaration'] !== undefined && seen.has(declared)) continue;
      seen.add(declared);
      document.push(event);
      fresh.push(event);
    }
    await capture(documentOf(document));
  }
  return [...made, ...fresh];
}

function urlOf(
  parameters: ReadonlyMap<string, readonly string[]>,
  order: Record<string, string> = {},
): URLSearchParams {
  return new URLSearchParams({
    ...Object.fromEntries([...parameters].map(([name, values]) => [name, values.join('|')])),
    ...order,
  });
}

const queryOf = (search: URLSearchParams): EventQuery =>
  parseEventQuery(parametersOfUrl(search), { ex: NAMESPACE });

async function pagesOf(
  query: EventQuery,
  perPage: number,
  between?: () => Promise<void>,
): Promise<EventPage['events'][number][]> {
  const found: EventPage['events'][number][] = [];
  let token: string | undefined;
  do {
    const page: EventPage = await findEvents(hostView(app.graph), query, {
      perPage,
      nowMs: 0,
      ...(token === undefined ? {} : { token }),
    });
    expect(page.events.length).toBeLessThanOrEqual(perPage);
    found.push(...page.events);
    token = page.next;
    await between?.();
  } while (token !== undefined);
  return found;
}

const nameOf = (event: Event): string =>
  JSON.stringify([event['eventID'], event['errorDeclaration'] ?? null]);
const namesOf = (found: readonly { readonly text: string }[]): string[] =>
  found.map(({ text }) => nameOf(JSON.parse(text) as Event));

test('random queries find what the naive reading finds, each once, in order, whatever the page size', async () => {
  const random = diceFrom(seed + 1);
  let hits = 0;
  for (let n = 0; n < QUERIES; n++) {
    const parameters = randomQuery(random, events);
    const asked = new Map(
      [...parameters].map(([name, values]) => [
        name,
        name.startsWith('HASATTR') ? values.map((one) => one.replace(/^.*:/, '')) : values,
      ]),
    );
    const expected = events.filter((event) => naiveMatch(event, asked)).map(nameOf);
    const orderBy = random.one(['eventTime', 'recordTime']);
    const orderDirection = random.one(['ASC', 'DESC']);
    const search = urlOf(parameters, random.chance(0.5) ? { orderBy, orderDirection } : {});
    const found = await pagesOf(queryOf(search), random.one([1000, 30, 7]));
    const told = `${n}: ${decodeURIComponent(String(search))}`;
    expect([told, namesOf(found).sort()]).toEqual([told, expected.sort()]);
    expectOrder(found, search);
    hits += found.length;
  }
  expect(hits).toBeGreaterThan(QUERIES);
}, 600_000);

function expectOrder(found: EventPage['events'], search: URLSearchParams): void {
  const sign = search.get('orderDirection') === 'ASC' ? 1 : -1;
  const keys = found.map(
    ({ eventTimeMs, seq }) => sign * (search.get('orderBy') === 'recordTime' ? seq : eventTimeMs),
  );
  expect(keys).toEqual([...keys].sort((a, b) => a - b));
}

test('pages are those of the first look, while other events arrive', async () => {
  const query = queryOf(urlOf(new Map([['EQ_action', ['OBSERVE', 'ADD']]])));
  const before = namesOf(await pagesOf(query, 1000));
  let start = 77;
  const paged = await pagesOf(query, 20, async () => {
    events = await captureEvents(++start, 3, events).catch(() => events);
  });
  expect(namesOf(paged)).toEqual(before);
});
