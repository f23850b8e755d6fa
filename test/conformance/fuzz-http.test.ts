import { request as httpRequest } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { cypher } from '../../src/graph/cypher.js';
import { readSource } from '../../src/epcis/source-document.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis, nextOf } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { diceFrom } from '../support/dice.js';
import type { Dice } from '../support/dice.js';
import { mutateQuery, oddHeaders } from '../support/mutate-query.js';
import { mutationSeeds } from '../support/mutate-seeds.js';
import { mutantFrom } from '../support/mutate.js';
import type { Mutant } from '../support/mutate.js';
import { historiesToTry, seed } from '../support/test-settings.js';

const DOCUMENTS = historiesToTry({ daily: 1000, nightly: 20_000 });
const QUERIES = historiesToTry({ daily: 300, nightly: 20_000 });
const LIMIT_BYTES = 200_000;
const MAY = { mayScan: 'counts are kept by the store' };
const COUNT = cypher<Counts>('test.countAll', MAY)`
CALL () { MATCH (n) RETURN count(n) AS nodes } CALL () { MATCH ()-[r]->() RETURN count(r) AS links }
CALL () { MATCH (e:Event) RETURN count(e) AS events } CALL () { MATCH (d:ErrorDeclaration) RETURN count(d) AS declarations }
RETURN nodes, links, events + declarations AS events`;

interface Counts {
  readonly nodes: number;
  readonly links: number;
  /** Error declarations among them. */
  readonly events: number;
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    env: { MAX_DOCUMENT_BYTES: String(LIMIT_BYTES), MAX_EVENTS_PER_DOCUMENT: '100' },
  });
});
afterAll(() => app.stop());

interface Sent {
  readonly path: '/capture' | '/events';
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** How a body may be packed, rightly or not. */
const PACKINGS: readonly ((bytes: Buffer, dice: Dice) => [string, Buffer])[] = [
  (bytes) => ['gzip', gzipSync(bytes)],
  (bytes) => ['br', brotliCompressSync(bytes)],
  (bytes) => ['deflate', deflateSync(bytes)],
  (bytes, dice) => ['gzip', gzipSync(bytes).subarray(0, dice.below(200))],
  (bytes, dice) => {
    const packed = gzipSync(bytes);
    packed[dice.below(packed.length)] = dice.below(256);
    return ['gzip', packed];
  },
  (bytes) => ['gzip', bytes],
  (bytes) => ['br', gzipSync(bytes)],
  (bytes) => ['gzip', gzipSync(gzipSync(bytes))],
  (bytes) => ['gzip, gzip', gzipSync(gzipSync(bytes))],
  (bytes) => ['zstd', bytes],
  () => ['gzip', gzipSync(Buffer.alloc(5_000_000, ' '))],
  (bytes) => ['gzip', Buffer.concat([gzipSync(bytes), gzipSync(bytes)])],
  () => ['gzip', Buffer.alloc(0)],
];

function sendable(dice: Dice, { bytes, contentType, how }: Mutant): Sent {
  const isAlone = how.startsWith('our single event');
  const path = dice.chance(isAlone ? 0.1 : 0.9) ? '/capture' : '/events';
  const headers: Record<string, string> = { 'content-type': contentType };
  if (dice.chance(0.4)) headers['gs1-capture-error-behaviour'] = dice.one(['proceed', 'rollback']);
  if (dice.chance(0.1)) headers['accept'] = 'application/json';
  if (!dice.chance(0.12)) return { path, headers, body: bytes };
  const [encoding, body] = dice.one(PACKINGS)(bytes, dice);
  return { path, headers: { ...headers, 'content-encoding': encoding }, body };
}

/** What is wrong with a refusal; null when it is one of the standard's, with its reasons. */
function wrongRefusal({ status, json, headers }: EpcisAnswer): string | null {
  if (![400, 409, 413, 415].includes(status)) return `status ${status}`;
  if (headers.get('content-type')?.startsWith('application/problem+json') !== true)
    return 'not a problem document';
  const { type, title, status: told, detail, faults } = json;
  if (!/^epcisException:\w+Exception$/.test(String(type)) || typeof title !== 'string')
    return `type ${String(type)}`;
  if (told !== status || typeof detail !== 'string')
    return `told ${String(told)}, ${String(detail)}`;
  if (faults === undefined) return null;
  const bad = (faults as Record<string, unknown>[]).find(
    ({ code, pointer, remedy }) =>
      !/^[A-Z0-9_]+$/.test(String(code)) ||
      typeof pointer !== 'string' ||
      typeof remedy !== 'string',
  );
  return bad === undefined ? null : JSON.stringify(bad).slice(0, 300);
}

async function counts(): Promise<Counts> {
  const [row] = await app.graph.read(COUNT);
  return row ?? { nodes: -1, links: -1, events: -1 };
}

/** What is wrong with what is stored after an answer; null when it is what the answer says. */
function wrongCounts({ status, json }: EpcisAnswer, before: Counts, after: Counts): string | null {
  const events = after.events - before.events;
  if (status === 202) return events === json['captured'] ? null : `${events} events stored`;
  // An event that is known already is answered like a new one.
  if (status === 201) return events === 0 || events === 1 ? null : `${events} events stored`;
  // What was in conflict leaves its job.
  if (status === 409) return events === 0 ? null : `${events} events stored`;
  return isDeepStrictEqual(before, after) ? null : 'something of it was stored';
}

async function complaintsOf(
  dice: Dice,
): Promise<{ complaints: string[]; statuses: Map<number, number> }> {
  const seeds = mutationSeeds();
  const complaints: string[] = [];
  const statuses = new Map<number, number>();
  let before = await counts();
  for (let left = DOCUMENTS; left > 0 && complaints.length < 10; left--) {
    const mutant = mutantFrom(dice, seeds);
    const { path, headers, body } = sendable(dice, mutant);
    const answer = await epcis(app, 'POST', path, { headers, body });
    const after = await counts();
    const refused = answer.status < 300 ? null : wrongRefusal(answer);
    const wrong = refused ?? wrongCounts(answer, before, after);
    const how = `${path} ${JSON.stringify(headers).slice(0, 200)} ${mutant.how.slice(0, 200)}`;
    if (wrong !== null) complaints.push(`${how} → ${wrong}: ${answer.text.slice(0, 300)}`);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    before = after;
  }
  return { complaints, statuses };
}

test(`${DOCUMENTS} mutated documents over HTTP are answered with 2xx or a problem, and what is refused leaves nothing`, async () => {
  const { complaints, statuses } = await complaintsOf(diceFrom(seed + 1_000_000));

  expect(complaints).toEqual([]);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([202, 201, 400, 413, 415]));
}, 600_000);

test('what was accepted of them can be read in every syntax', async () => {
  const asked = {
    JSON: {},
    'XML 2.0': { accept: 'application/xml' },
    'XML 1.2': { accept: 'application/xml', 'gs1-epcis-max': '1.2' },
  };
  const unreadable: string[] = [];
  for (const [syntax, headers] of Object.entries(asked)) {
    for (let next: string | undefined = '/events?perPage=20'; next !== undefined;) {
      const answer: EpcisAnswer = await epcis(app, 'GET', next, { headers });
      expect([syntax, answer.status]).toEqual([syntax, 200]);
      const limits = { maxEvents: 1000, maxEpcsPerEvent: 100_000, maxDepth: 100 };
      const type = answer.headers.get('content-type') ?? '';
      const read = readSource(Buffer.from(answer.text), type, limits);
      if (!read.ok) unreadable.push(`${syntax}: ${read.issues[0]?.message ?? ''}`);
      next = nextOf(answer);
    }
  }
  expect(unreadable).toEqual([]);
});

interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** A request whose address and headers nobody puts right. */
function raw(path: string, headers: Record<string, string>): Promise<RawAnswer> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

test(`${QUERIES} odd query strings are answered, or refused by the name of a parameter`, async () => {
  const dice = diceFrom(seed + 2_000_000);
  const complaints: string[] = [];
  const statuses = new Map<number, number>();
  for (let left = QUERIES; left > 0 && complaints.length < 10; left--) {
    const { search, names } = mutateQuery(dice);
    const path = dice.one([
      '/events',
      '/events',
      '/bizSteps/shipping/events',
      '/eventTypes/ObjectEvent/events',
    ]);
    const { status, text } = await raw(`/epcis${path}?${search}`, {});
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (![200, 400, 413, 414].includes(status))
      complaints.push(`${status} ${search.slice(0, 300)}: ${text.slice(0, 300)}`);
    if (status !== 400) continue;
    const { type, parameter } = JSON.parse(text) as Record<string, unknown>;
    const isNamed = names.some((name) => name.slice(0, 100) === String(parameter).slice(0, 100));
    if (type !== 'epcisException:QueryParameterException' || !isNamed)
      complaints.push(`400 ${search.slice(0, 300)}: ${text.slice(0, 300)}`);
  }
  expect(complaints).toEqual([]);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400]));
}, 600_000);

test(`${QUERIES} odd headers are answered, or refused with a problem`, async () => {
  const dice = diceFrom(seed + 3_000_000);
  const complaints: string[] = [];
  const statuses = new Map<number, number>();
  for (let left = QUERIES; left > 0 && complaints.length < 10; left--) {
    const headers = oddHeaders(dice);
    const path = dice.one([
      '/events?perPage=2',
      '/epcs',
      '/',
      '/capture',
      '/events/urn:x:none',
      '/queries',
      '/openapi.json',
    ]);
    const { status, text } = await raw(`/epcis${path}`, headers);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (![200, 400, 404, 406, 431].includes(status))
      complaints.push(`${status} ${JSON.stringify(headers)}: ${text.slice(0, 300)}`);
    else if (status >= 400 && !text.includes('epcisException:'))
      complaints.push(`${status} ${JSON.stringify(headers)}: ${text.slice(0, 300)}`);
  }
  expect(complaints).toEqual([]);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 406]));
}, 600_000);
