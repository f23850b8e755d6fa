/** What goes wrong at a start, told in one line. No Neo4j is started for it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from '../../../src/neo4j-child/folder-lock.js';
import { runCommand } from '../../support/service-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-diagnosis-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What a start says that does not come to be: its exit code, and every line. */
async function startWith(settings: Record<string, string>): Promise<readonly unknown[]> {
  const { code, out, err } = await runCommand(['start'], { DATA_DIR: folder, ...settings });
  return [code, ...(out + err).trimEnd().split('\n')];
}

test('--version prints name and version', async () => {
  const { code, out } = await runCommand(['--version']);

  expect([code, out]).toEqual([0, 'custody-graph 0.1.0\n']);
});

test('a port in use is told with the way out', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;

  const said = await startWith({ PORT: String(port) });
  other.close();

  expect(said).toEqual([
    1,
    `PORT=${port} is in use at HOST=127.0.0.1: another program listens there. Stop it, or set PORT to a free port; PORT=0 takes any.`,
  ]);
});

test('a JAVA_HOME without Java is named, though the PATH has a good one', async () => {
  expect(await startWith({ JAVA_HOME: join(folder, 'none') })).toEqual([
    1,
    `JAVA_HOME=${join(folder, 'none')} has no bin/java that runs. Set JAVA_HOME to the folder of a Java 17 or later, or unset it to use the java of the PATH.`,
  ]);
});

test('a DATA_DIR that cannot be written is named', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');

  expect(await startWith({ DATA_DIR: join(file, 'data') })).toEqual([
    1,
    `DATA_DIR=${join(file, 'data')} cannot be written (ENOTDIR). Give this user the right to write there, or set DATA_DIR to another folder.`,
  ]);
});

test('of two services on one folder the second is refused, and names the first', async () => {
  const root = join(folder, 'shared', 'neo4j');
  await mkdir(root, { recursive: true });
  const lock = await takeLock(join(root, 'lock.json'));

  const said = await startWith({ DATA_DIR: join(folder, 'shared') });
  if ('release' in lock) await lock.release();

  expect(said).toEqual([
    1,
    `Another process (${process.pid}) already runs Neo4j in ${root}. Stop it, or set DATA_DIR to another folder.`,
  ]);
});

test('wrong settings are told with their rule, and a misspelt one with its right name', async () => {
  const settings = { PORT: 'abc', DEMO: 'maybe', NEO4J_URI: 'http://x:7687', NEO4J_HEAPMB: '1' };

  expect(await startWith(settings)).toEqual([
    1,
    'Warning: NEO4J_HEAPMB is not a setting and has no effect. Did you mean NEO4J_HEAP_MB?',
    'The settings are not usable:',
    '  PORT="abc": must be a whole number from 0 to 65535',
    '  NEO4J_URI="http://x:7687": must begin with bolt://, bolt+s://, bolt+ssc://, neo4j://, neo4j+s:// or neo4j+ssc://, e.g. bolt://127.0.0.1:7687',
    '  DEMO="maybe": must be true or false',
  ]);
});
