import { hostView } from '../../src/access/view.js';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writer, importFile } from '../../src/capture/index.js';
import { systemClock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import { noMetrics } from '../../src/shared/metrics.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../support/neo4j-for-tests.js';
import { runCommand, useNeo4j } from '../support/service-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-import-'));
  const graph = await graphForTests();
  await emptyGraph(graph);
  await graph.close();
});
afterAll(() => rm(folder, { recursive: true }));

const event = (id: string, more: object = {}): object => ({
  type: 'ObjectEvent',
  eventID: `urn:x:event:${id}`,
  eventTime: '2026-03-14T09:00:00Z',
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  epcList: ['urn:epc:id:sgtin:9506000.013435.I1'],
  ...more,
});

const document = (...eventList: object[]): string =>
  JSON.stringify({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: { eventList },
  });

const many = (name: string, count: number): object[] =>
  Array.from({ length: count }, (_, i) => event(`${name}${i}`));

interface Imported {
  readonly code: number;
  readonly out: readonly string[];
  readonly notes: readonly string[];
}

/** Runs `custody-graph import` in the folder. */
const importPaths = (...args: string[]): Promise<Imported> => importInput('', ...args);

/** The same, with this on standard input. */
async function importInput(input: string, ...args: string[]): Promise<Imported> {
  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  const ran = await runCommand(['import', ...args], useNeo4j(neo4jOfTests()), {
    cwd: folder,
    input,
  });
  return { code: Number(ran.code), out: lines(ran.out), notes: lines(ran.err) };
}

test('a rerun tells again what is refused, until all is stored', async () => {
  const graph = await graphForTests();
  const path = join(folder, 'a.json');
  const importIt = async (...events: object[]): Promise<unknown[]> => {
    await writeFile(path, document(...events));
    const writer = new Writer({
      ...{ graph, clock: systemClock, logger: silentLogger, metrics: noMetrics },
      ...{
        queueLimitEvents: 1000,
        retention: { batches: 1000, toldMs: 86_400_000 },
        onCommit: () => undefined,
      },
    });
    const limits = { maxEvents: 20, maxEpcsPerEvent: 100, maxDepth: 32 };
    const forPartners = { view: hostView(graph), partnerBackdateDays: 30 };
    const capture = { writer, clock: systemClock, metrics: noMetrics, limits, ...forPartners };
    const done = await importFile({ capture, graph }, path, () => undefined);
    await writer.close();
    const told = done.storedBefore ? ['stored before'] : done.faults.map(({ pointer }) => pointer);
    return [done.captured, done.repeated, ...told];
  };
  // The refused one stands in the second chunk of 20; chunks behind it are stored.
  const wrong = [...many('R', 30), event('R30', { action: 'SOLD' }), ...many('S', 30)];
  const fault = '/epcisBody/eventList/30/action';

  await expect(importIt(...wrong)).resolves.toEqual([60, 0, fault]);
  await expect(importIt(...wrong)).resolves.toEqual([0, 60, fault]);
  wrong[30] = event('R30');
  await expect(importIt(...wrong)).resolves.toEqual([1, 60]);
  await expect(importIt(...wrong)).resolves.toEqual([0, 61, 'stored before']);
  await expect(importIt(...wrong, event('R61'))).resolves.toEqual([1, 61]);
  await graph.close();
});

test('folders are walked, and every path of which not all is stored is named with the reason', async () => {
  const at = (name: string): string => join(folder, 'b', name);
  await mkdir(at('deep/empty'), { recursive: true });
  await mkdir(join(folder, 'none'));
  await writeFile(at('deep/one.json'), document(event('D1')));
  // A line separator inside a string ends no line, and bytes that are no UTF-8 are not stored as something else.
  await writeFile(
    at('lines.ndjson'),
    Buffer.concat([
      Buffer.from(
        `${document(event('D2', { 'ex:note': 'a\u2028b' })).replace('jsonld"', 'jsonld",{"ex":"urn:ex:"}')}\n\n`,
      ),
      Buffer.from(document(event('D3')).replace('2026-03-14T10', '\u00ff'), 'latin1'),
    ]),
  );
  await writeFile(at('nothing.ndjson'), '\n');
  await writeFile(at('cut.json'), document(event('D4')).slice(0, -5));
  await writeFile(at('notes.txt'), 'no document');
  await symlink('nowhere', at('gone.json'));
  await symlink('..', at('deep/round'));

  const { code, out, notes } = await importPaths('missing.json', 'b', 'none', 'b/deep/one.json');

  expect(code).toBe(1);
  expect(out.at(-1)).toBe(
    '4 files: 2 events stored, 0 known already, 3 faults, 0 warnings; 6 not, or not wholly, stored.',
  );
  // The list stands at the end.
  expect(notes.slice(-7).map((line) => line.replace(/found .*/, 'found'))).toEqual([
    'b/notes.txt: skipped, because its name has another ending.',
    'missing.json: not stored: ENOENT: no such file or directory',
    'b/gone.json: not stored: ENOENT: no such file or directory',
    'none: not stored: no .xml, .json, .jsonld or .ndjson file in this folder',
    'b/cut.json: not stored: document: found',
    'b/lines.ndjson: not wholly stored: :3: found',
    'b/nothing.ndjson: not stored: document: found',
  ]);
});

test('what is stored wholly is said to be stored before, and the exit code is 0 only when all is', async () => {
  await mkdir(join(folder, 'c'));
  await writeFile(join(folder, 'c/1.json'), document(...many('C', 3)));
  await writeFile(join(folder, 'c/2.json'), document(event('C3'), event('C4', { action: 'SOLD' })));

  const runs = [await importPaths('c'), await importPaths('c')];
  await writeFile(join(folder, 'c/2.json'), document(event('C3'), event('C4')));
  runs.push(await importPaths('c'), await importPaths('c'));

  expect(runs.map(({ code, out }) => [code, ...out])).toEqual([
    [
      1,
      'c/1.json: 3 stored, 0 known already, 0 faults, 0 warnings.',
      'c/2.json: 1 stored, 0 known already, 1 fault, 0 warnings.',
      '2 files: 4 events stored, 0 known already, 1 fault, 0 warnings; 1 not, or not wholly, stored.',
    ],
    [
      1,
      'c/1.json: stored before, 3 events.',
      'c/2.json: 0 stored, 1 known already, 1 fault, 0 warnings.',
      '2 files (1 stored before): 0 events stored, 4 known already, 1 fault, 0 warnings; 1 not, or not wholly, stored.',
    ],
    [
      0,
      'c/1.json: stored before, 3 events.',
      'c/2.json: 1 stored, 1 known already, 0 faults, 0 warnings.',
      '2 files (1 stored before): 1 events stored, 4 known already, 0 faults, 0 warnings; 0 not, or not wholly, stored.',
    ],
    [
      0,
      'c/1.json: stored before, 3 events.',
      'c/2.json: stored before, 2 events.',
      '2 files (2 stored before): 0 events stored, 5 known already, 0 faults, 0 warnings; 0 not, or not wholly, stored.',
    ],
  ]);
  const cause = /^c\/2\.json: not wholly stored: \/epcisBody\/eventList\/1\/action: found .*SOLD/;
  expect(runs.map(({ notes }) => notes.filter((line) => cause.test(line)).length)).toEqual([
    ...[1, 1, 0, 0],
  ]);
});

test('with --error-behaviour rollback, a document with a fault is not stored at all, and others are', async () => {
  // More than a chunk, which alone would be stored.
  const long = [...many('E', 600), event('E600', { action: 'SOLD' })];
  await writeFile(join(folder, 'e.json'), document(...long));
  await writeFile(join(folder, 'f.json'), document(...many('F', 600)));

  const { code, out } = await importPaths('--error-behaviour', 'rollback', 'e.json', 'f.json');
  const { out: then } = await importPaths('--error-behaviour', 'proceed', 'e.json');

  expect(code).toBe(1);
  expect(out.slice(0, 2)).toEqual([
    'e.json: 0 stored, 0 known already, 1 fault, 0 warnings.',
    'f.json: 600 stored, 0 known already, 0 faults, 0 warnings.',
  ]);
  expect(then[0]).toBe('e.json: 600 stored, 0 known already, 1 fault, 0 warnings.');
});

test('standard input is imported as what it is, beside files', async () => {
  const xml = `<?xml version="1.0"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" creationDate="2026-03-14T10:00:00Z">
<EPCISBody><EventList><ObjectEvent><eventTime>2026-03-14T09:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
<eventID>urn:x:event:X1</eventID><epcList><epc>urn:epc:id:sgtin:9506000.013435.I1</epc></epcList><action>OBSERVE</action></ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>`;
  const pretty = JSON.stringify(JSON.parse(document(event('P1'))), null, 2);
  const lines = `${document(event('L1'))}\n${document(event('L2'))}\n`;
  await writeFile(join(folder, 'g.json'), document(event('G1')));

  const runs = [
    await importInput(`\ufeff${xml}`, '-'),
    await importInput(pretty, '-', 'g.json'),
    await importInput(lines, '-'),
    await importInput(lines, '-'),
    await importInput('', '-'),
  ];

  expect(runs.map(({ code, out }) => [code, ...out.slice(0, -1)])).toEqual([
    [0, 'standard input: 1 stored, 0 known already, 0 faults, 0 warnings.'],
    [
      0,
      'g.json: 1 stored, 0 known already, 0 faults, 0 warnings.',
      'standard input: 1 stored, 0 known already, 0 faults, 0 warnings.',
    ],
    [0, 'standard input: 2 stored, 0 known already, 0 faults, 0 warnings.'],
    [0, 'standard input: stored before, 2 events.'],
    [1, 'standard input: 0 stored, 0 known already, 1 fault, 0 warnings.'],
  ]);
});
