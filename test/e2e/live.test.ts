import { ApolloClient, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import {
  A,
  B,
  CASE,
  PALLET,
  U0,
  U1,
  commission,
  pack,
  receive,
  ship,
} from '../support/projection-case.js';
import { epcisDocument, toEpcisEvent } from '../support/history-document.js';
import type { Fact } from '../../src/projection/fact.js';

const LOCATIONS = `subscription ($filter: LocationFilter, $after: Cursor) {
  locationChanges(filter: $filter, after: $after) { cursor seq change { units package { key } to { site { key } } lots { lot { lot } units } } }
}`;

interface Change {
  readonly units: number;
  readonly package: { readonly key: string };
  readonly to: { readonly site: { readonly key: string } | null };
}

const T = Date.UTC(2026, 2, 1);
let salt = 0;
const told = (fact: Fact): unknown => {
  salt++;
  return toEpcisEvent({
    ...fact,
    t: T + fact.t * 1000,
    id: `urn:uuid:${salt}`,
    eventId: `urn:uuid:${salt}`,
  });
};
const capture = async (app: TestApp, ...facts: Fact[]): Promise<void> => {
  const { status, body } = await app.capture(epcisDocument(facts.map(told) as never));
  expect([status, body]).toEqual([202, expect.anything()]);
};
const id = (key: string): string => `https://id.gs1.org/${key}`;

/** The end of the log: subscribing behind it, nothing is missed and nothing old is told. */
async function endOfLog(app: TestApp): Promise<string> {
  const { data } = await app.graphql('{ feedCursor }');
  return data['feedCursor'] as string;
}

interface Told {
  readonly cursor: string;
  readonly change: Change;
}

async function nextOf(changes: AsyncIterator<{ data?: unknown }>): Promise<Told> {
  const { value } = (await changes.next()) as { value: { data: { locationChanges: Told } } };
  return value.data.locationChanges;
}

let one: TestApp;
let other: TestApp;
beforeAll(async () => {
  one = await startApp();
  other = await startApp({ keep: true });
  await capture(
    one,
    commission('made', 1, [U0, U1], { site: A, lot: 'L1' }),
    pack('cased', 2, CASE, [U0, U1], { site: A }),
    pack('stacked', 3, PALLET, [CASE], { site: A }),
  );
});
afterAll(async () => {
  await other.stop();
  await one.stop();
});

describe('what moves', () => {
  test('reaches a subscriber of another process that asks for one unit deep inside, as one message that says what went with it', async () => {
    const changes = other.webSocket().iterate({
      query: LOCATIONS,
      variables: { filter: { ids: [id(U0)] }, after: await endOfLog(one) },
    });
    const first = nextOf(changes);
    await capture(one, ship('sent', 10, [PALLET], { dest: B }));

    expect((await first).change).toMatchObject({
      units: 2,
      package: { key: PALLET },
      to: { site: { key: B } },
    });
    await changes.return?.();
  }, 30_000);

  test('is told in order and without gap or repeat behind a cursor, what was missed first', async () => {
    const live = one.webSocket().iterate({
      query: LOCATIONS,
      variables: { filter: { ids: [id(PALLET)] }, after: await endOfLog(one) },
    });
    const start = nextOf(live);
    await capture(one, receive('got', 20, [PALLET], { site: B }));
    const { cursor } = await start;
    await live.return?.();
    for (const [i, site] of [A, B, A].entries())
      await capture(one, receive(`moved-${i}`, 30 + i, [PALLET], { site }));

    const missed = other.webSocket().iterate({
      query: LOCATIONS,
      variables: { filter: { ids: [id(PALLET)] }, after: cursor },
    });
    const sites: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) sites.push((await nextOf(missed)).change.to.site?.key);
    await capture(one, receive('last', 40, [PALLET], { site: B }));
    sites.push((await nextOf(missed)).change.to.site?.key);
    await missed.return?.();

    expect(sites).toEqual([A, B, A, B]);
  }, 30_000);

  test('reaches an Apollo client over its graphql-ws link', async () => {
    const after = await endOfLog(one);
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new GraphQLWsLink(one.webSocket()),
    });
    const seen = new Promise<unknown>((resolve, reject) => {
      client
        .subscribe({
          query: gql(LOCATIONS),
          variables: { filter: { lots: [id('01/09506000134352/10/L1')] }, after },
        })
        .subscribe({
          next: ({ data }) => {
            resolve(data);
          },
          error: reject,
        });
    });
    await capture(one, ship('again', 50, [PALLET], { dest: A }));

    expect(await seen).toMatchObject({
      locationChanges: { change: { units: 2, lots: [{ lot: { lot: 'L1' }, units: 2 }] } },
    });
    client.stop();
  }, 30_000);
});
