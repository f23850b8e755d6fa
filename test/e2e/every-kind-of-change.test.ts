import { U1, tellStory } from '../support/told-story.js';
import type { ToldApp } from '../support/told-story.js';

/** The feed of the host: what is recorded, of every kind, by page and by subscription, in one contract of messages. */
let told: ToldApp;
beforeAll(async () => {
  told = await tellStory();
});
afterAll(() => told.app.stop());

const PAGE = `query ($filter: ChangeFilter, $after: Cursor) { changes(filter: $filter, after: $after, first: 100) {
  cursor seq hasMore
  messages { cursor seq eventId recordTime version kind location { package { key } } handoff { handoffKey }
    event { visibility eventId eventTime recordTime event { eventId bizStep } }
    exception { state code eventId eventTime recordTime event { eventId } package { key level identifier { key } } }
    job { jobId finishedAt success captured repeated } } } }`;
const EVENTS = `subscription ($after: Cursor) { told: eventChanges(after: $after) { cursor seq eventId recordTime version
  change { visibility eventId eventTime recordTime event { eventId bizStep } } } }`;
const EXCEPTIONS = `subscription ($after: Cursor) { told: exceptionChanges(after: $after) { cursor seq eventId recordTime version
  change { state code eventId eventTime recordTime event { eventId } package { key level identifier { key } } } } }`;
const JOBS = `subscription ($after: Cursor) { told: captureJobs(after: $after) { cursor seq eventId recordTime version
  change { jobId finishedAt success captured repeated } } }`;

interface Message {
  readonly cursor: string;
  readonly seq: number;
  readonly kind: string | null;
  readonly eventId: string | null;
  readonly [field: string]: unknown;
}

async function page(filter: object | null, after: string | null): Promise<Message[]> {
  const { changes } = await told.ask<{ changes: { messages: Message[] } }>(PAGE, { filter, after });
  return changes.messages;
}

async function subscribed(query: string, n: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  const variables = { after: told.feedStart };
  for await (const { data, errors } of told.app.webSocket().iterate({ query, variables })) {
    expect(errors).toBeUndefined();
    taken.push(data!['told']);
    if (taken.length >= n) break;
  }
  return taken;
}

/** The messages of a kind as its own subscription gives them. */
const alone = (messages: readonly Message[], field: string): unknown[] =>
  messages.flatMap(({ cursor, seq, eventId, recordTime, version, [field]: change }) =>
    change === null ? [] : [{ cursor, seq, eventId, recordTime, version, change }],
  );

test('one page has what places, handoffs, events, exceptions and jobs say, in the order of the log', async () => {
  const messages = await page(null, told.feedStart);

  expect(new Set(messages.map(({ kind }) => kind))).toEqual(
    new Set(['LOCATION', 'HANDOFF', 'EVENT', 'EXCEPTION', 'JOB']),
  );
  const seqs = messages.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  expect(messages.every(({ version }) => version === 1)).toBe(true);
});

test('an event that was declared in error was visible before, and tells it', async () => {
  const events = (await page({ kinds: ['EVENT'] }, told.feedStart)).filter(
    ({ eventId }) => eventId === 'urn:x:wrong',
  );

  expect(events.map(({ event }) => (event as { visibility: string }).visibility)).toEqual([
    'VISIBLE',
    'RETRACTED',
  ]);
});

test.each([
  ['eventChanges', EVENTS, 'event'],
  ['exceptionChanges', EXCEPTIONS, 'exception'],
  ['captureJobs', JOBS, 'job'],
])('%s gives what the page has of its kind', async (_, query, kind) => {
  const messages = alone(await page(null, told.feedStart), kind);

  expect(messages.length).toBeGreaterThan(0);
  expect(await subscribed(query, messages.length)).toEqual(messages);
});

test('a page goes on where the one before ended, and begins with the oldest that is kept', async () => {
  const all = await page(null, null);
  const { changes } = await told.ask<{ changes: { messages: Message[]; cursor: string } }>(
    '{ changes(first: 1) { messages { cursor } cursor } }',
  );
  const rest = await page(null, changes.cursor);

  expect([...changes.messages, ...rest].map(({ cursor }) => cursor)).toEqual(
    all.map(({ cursor }) => cursor),
  );
});

test('what is asked for by package, step and disposition is what its events say', async () => {
  const of = async (filter: object): Promise<number> => (await page(filter, null)).length;

  expect(await of({ ids: [U1], kinds: ['EVENT'] })).toBeGreaterThan(0);
  expect(await of({ bizSteps: ['commissioning'], kinds: ['EVENT'] })).toBeGreaterThan(0);
  expect(await of({ bizSteps: ['destroying'] })).toBe(0);
  expect(await of({ dispositions: ['in_transit'], kinds: ['LOCATION'] })).toBeGreaterThan(0);
  await expect(page({ lots: ['nonsense'] }, null)).rejects.toThrow();
});
