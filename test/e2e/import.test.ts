import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Writer, importFile } from '../../src/capture/index.js';
import { systemClock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import { noMetrics } from '../../src/shared/metrics.js';
import { emptyGraph, graphForTests, neo4jOfTests } from '../support/neo4j-for-tests.js';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

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

/** Runs `custody-graph import` in the folder. */
function importPaths(
  ...paths: string[]
): Promise<{ code: number; out: string[]; notes: readonly string[] }> {
  const { uri, user, password } = neo4jOfTests();
  // eslint-disable-next-line no-restricted-properties -- handed on, nothing is read
  const env = { ...process.env, NODE_OPTIONS: '', NEO4J_URI: uri, NEO4J_USER: user };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), main, 'import', ...paths],
      { cwd: folder, env: { ...env, NEO4J_PASSWORD: password } },
      (error, stdout, stderr) => {
        const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
        resolve({
          code: error === null ? 0 : Number(error.code),
          out: lines(stdout),
          notes: lines(stderr),
        });
      },
    );
  });
}

test('a rerun tells again what is refused, until all is stored', async () => {
  const graph = await graphForTests();
  const path = join(folder, 'a.json');
  const importIt = async (...events: object[]): Promise<unknown[]> => {
    await writeFile(path, document(...events));
    const writer = new Writer({
      ...{ graph, clock: systemClock, logger: silentLogger, metrics: noMetrics },
      ...{ queueLimitEvents: 1000, retentionBatches: 1000, onCommit: () => undefined },
    });
    const limits = { maxEvents: 20, maxEpcsPerEvent: 100, maxDepth: 32 };
    const capture = { writer, clock: systemClock, metrics: noMetrics, limits };
    const done = await importFile({ capture, graph }, path, () => undefined);
    await writer.close();
    return [done.captured, done.repeated, ...done.faults.map(({ pointer }) => pointer)];
  };
  // The refused one stands in the second chunk of 20; chunks behind it are stored.
  const wrong = [...many('R', 30), event('R30', { action: 'SOLD' }), ...many('S', 30)];
  const fault = '/epcisBody/eventList/30/action';

  await expect(importIt(...wrong)).resolves.toEqual([60, 0, fault]);
  await expect(importIt(...wrong)).resolves.toEqual([0, 60, fault]);
  wrong[30] = event('R30');
  await expect(importIt(...wrong)).resolves.toEqual([1, 60]);
  await expect(importIt(...wrong)).resolves.toEqual([0, 61]);
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
    '4 files: 2 events stored, 0 known already, 3 faults, 0 warnings; 6 paths are not, or not wholly, stored.',
  );
  expect(notes.filter((line) => /: (skipped|not stored)/.test(line))).toEqual([
    'b/notes.txt: skipped, because its name has another ending.',
    'missing.json: not stored: ENOENT: no such file or directory',
    'b/gone.json: not stored: ENOENT: no such file or directory',
    'none: not stored: no .xml, .json, .jsonld or .ndjson file in this folder',
    'b/cut.json: not stored: 1 faults',
    'b/lines.ndjson: not stored: 1 faults',
    'b/nothing.ndjson: not stored: 1 faults',
  ]);
});
