import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DocumentRead, DocumentReader } from '../../../src/capture/document-reader.js';
import type { GivenDocument, ReadDocument } from '../../../src/capture/read-document.js';
import { readDocument, readFrom } from '../../../src/capture/read-document.js';
import { jsonSource } from '../../../src/epcis/source-document.js';
import { COMMISSIONING, PACKING, documentOf } from '../epcis/fixtures.js';
import { EPCS, objectEvent, xmlDocument } from '../epcis/xml-fixtures.js';

const LIMITS = { maxEvents: 10_000, maxEpcsPerEvent: 100, maxDepth: 20 };

type Send = typeof Worker.prototype.postMessage;

/** Threads that were given something. */
const threads = new Set<Worker>();
/** What a thread is given instead, once. */
let instead: unknown;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
const send = Worker.prototype.postMessage;
// One for all: a thread takes seconds to begin where it is run from its source.
const logged: unknown[] = [];
const reader = new DocumentReader(LIMITS, { error: (fields) => logged.push(fields) });
beforeAll(() => {
  Worker.prototype.postMessage = function (this: Worker, ...[message, transfer]: Parameters<Send>) {
    threads.add(this);
    const given: unknown = instead ?? message;
    instead = undefined;
    send.call(this, given, given === message ? transfer : undefined);
  };
});
beforeEach(() => {
  threads.clear();
});
afterAll(async () => {
  Worker.prototype.postMessage = send;
  await reader.close();
});

const numbered = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));

/** Bytes are handed over to the thread: each reading has its own. */
const json = (document: unknown): GivenDocument => ({
  bytes: Buffer.from(JSON.stringify(document).replaceAll('"digits"', '1.50')),
  contentType: 'application/json',
  alone: false,
});
const xml = (version: '1' | '2', ...events: readonly string[]): GivenDocument => ({
  bytes: Buffer.from(xmlDocument(events.join('\n'), { version })),
  contentType: 'application/xml',
  alone: false,
});

/** With the texts that a thread says and one would work out here. */
function told({ events, ...rest }: ReadDocument): object {
  return {
    ...rest,
    events: events.map((one) => ({ ...one, text: one.text ?? JSON.stringify(one.event) })),
  };
}

const MANY = numbered(800, (i) => ({
  ...(i % 2 === 0 ? COMMISSIONING : PACKING),
  eventTime: new Date(Date.UTC(2026, 2, 14) + i * 1000).toISOString(),
  'ours:weight': i % 7 === 0 ? 'digits' : { at: `${i}` },
}));
const SAME_TWICE = {
  ...COMMISSIONING,
  epcList: [...COMMISSIONING.epcList, ...COMMISSIONING.epcList],
};
const SITE = {
  id: 'urn:epc:id:sgln:9506000.00001.0',
  attributes: [{ id: 'urn:epcglobal:cbv:mda#latitude', attribute: 'digits' }],
};
const WITH_SITES = {
  ...documentOf(...MANY),
  epcisHeader: {
    epcisMasterData: {
      vocabularyList: [
        {
          type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
          vocabularyElementList: numbered(450, () => SITE),
        },
      ],
    },
  },
};
const XML_MANY = numbered(600, (i) => objectEvent(`<x:n xmlns:x="urn:example:x">${i}</x:n>`));
const XML_TWICE = objectEvent().replace(EPCS, EPCS.replace('</epcList>', '') + EPCS.slice(9));

describe('a long document is read in a thread as it is read here', () => {
  it.each<[string, () => GivenDocument]>([
    ['in JSON', () => json(documentOf(...MANY))],
    ['in JSON with master data', () => json(WITH_SITES)],
    [
      'in JSON with faults and warnings',
      () => json(documentOf(...MANY, { ...PACKING, parentID: 'here' }, SAME_TWICE)),
    ],
    ['that is no JSON', () => ({ ...json('x'.repeat(100_000)), contentType: 'application/xml' })],
    [
      'one event alone',
      () => ({ ...json({ ...MANY[0], 'ours:x': 'x'.repeat(70_000) }), alone: true }),
    ],
    ['in XML 2.0', () => xml('2', ...XML_MANY)],
    ['in XML 1.2', () => xml('1', ...XML_MANY)],
    [
      'in XML with faults and warnings',
      () => xml('2', ...XML_MANY, objectEvent('<wrong/>'), XML_TWICE),
    ],
  ])('%s', async (_, given) => {
    const here = readDocument(given(), LIMITS);

    const read = await reader.read(given());

    expect(threads.size).toBe(1);
    expect(told(read)).toEqual(told(here));
  });

  it('in a GraphQL request, whose other variables stay', async () => {
    const document = documentOf(...MANY, { ...PACKING, parentID: 'here' });
    const request = { query: 'mutation', variables: { document, errorBehaviour: 'PROCEED' } };

    const operation = await reader.readOperation(Buffer.from(JSON.stringify(request)));

    const { variables, ...rest } = operation as typeof request;
    expect([rest, variables.errorBehaviour]).toEqual([{ query: 'mutation' }, 'PROCEED']);
    const read = variables.document as unknown;
    expect(read).toBeInstanceOf(DocumentRead);
    expect(told((read as DocumentRead).read)).toEqual(
      told(readFrom(jsonSource(document), LIMITS, false)),
    );
  });
});

it('the event loop turns while a long document is read, also while its events are taken over', async () => {
  const wide = MANY.map((event) => ({ ...event, 'ours:x': 'x'.repeat(2000) }));
  const given = json(documentOf(...wide));
  const parts = Math.floor(given.bytes.length / (200 * 1024));
  let turns = 0;
  const count = setInterval(() => turns++, 0);

  const { events } = await reader.read(given);
  clearInterval(count);

  expect(events).toHaveLength(MANY.length);
  expect(parts).toBeGreaterThan(5);
  expect(turns).toBeGreaterThan(parts);
});

describe('a sender who goes away', () => {
  it('ends the thread, and the next document is read', async () => {
    const going = new AbortController();
    const reading = reader.read(json(documentOf(...MANY)), going.signal);
    const [thread] = threads;
    const ended = once(thread!, 'exit');

    going.abort();

    await expect(reading).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await ended;
    await expect(reader.read(json(documentOf(...MANY)))).resolves.toMatchObject({ faults: [] });
    expect(threads.size).toBe(2);
  });

  it('before a thread was free, or before it was asked for, costs none', async () => {
    const going = new AbortController();
    const others = numbered(2, () => reader.read(json(documentOf(...MANY))));
    const waiting = reader.read(json(documentOf(...MANY)), going.signal);

    going.abort();
    const tooLate = reader.read(json(documentOf(...MANY)), going.signal);

    await expect(waiting).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(tooLate).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await Promise.all(others);
    expect(threads.size).toBeLessThanOrEqual(2);
  });
});

describe('a thread that dies', () => {
  it('of an error is told as unavailable, its cause is logged, and the next document is read', async () => {
    instead = { kind: 'document' };

    await expect(reader.read(json(documentOf(...MANY)))).rejects.toMatchObject({
      name: 'Problem',
      code: 'SERVICE_UNAVAILABLE',
      retryAfterSeconds: 1,
      cause: { name: 'TypeError' },
    });
    expect(logged).toMatchObject([{ err: { name: 'TypeError' } }]);
    await expect(reader.read(json(documentOf(...MANY)))).resolves.toMatchObject({ faults: [] });
  });
});

it('who waits when the service stops is told to come again', async () => {
  const readings = numbered(4, () => reader.read(json(documentOf(...MANY))));

  const [ends] = await Promise.all([Promise.allSettled(readings), reader.close()]);

  expect(ends).toEqual(
    readings.map(() => ({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }) as unknown,
    })),
  );
  await expect(reader.read(json(documentOf(...MANY)))).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});
