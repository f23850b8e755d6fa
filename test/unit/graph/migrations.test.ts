import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations, splitCommands } from '../../../src/graph/migrate.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('commands are parted by a semicolon at the end of a line, comments left out', () => {
  expect(splitCommands('// why; so\nCREATE A;\n\nCREATE\n  B;  \n// end\n')).toEqual([
    'CREATE A',
    'CREATE\n  B',
  ]);
  expect(splitCommands("SET a.b = 'x; y'")).toEqual(["SET a.b = 'x; y'"]);
});

test('files come in the order of their numbers', async () => {
  await writeFile(join(folder, '0002_b.cypher'), 'B;');
  await writeFile(join(folder, '0001_a.cypher'), 'A;');
  await writeFile(join(folder, 'README.md'), 'not one');
  const ids = (await readMigrations(folder)).map((m) => m.id);
  expect(ids).toEqual(['0001_a', '0002_b']);
});

test('the checksum does not depend on line ends', async () => {
  await writeFile(join(folder, '0001_a.cypher'), 'A;\nB;\n');
  const [unix] = await readMigrations(folder);
  await writeFile(join(folder, '0001_a.cypher'), 'A;\r\nB;\r\n');
  const [windows] = await readMigrations(folder);
  expect(windows).toEqual(unix);
});

test.each(['1_a.cypher', '0001-a.cypher', '0001_A.cypher'])(
  'the name %s is refused',
  async (name) => {
    await writeFile(join(folder, name), 'A;');
    await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'SETUP' });
  },
);

test('two files of one number are refused', async () => {
  await writeFile(join(folder, '0001_a.cypher'), 'A;');
  await writeFile(join(folder, '0001_b.cypher'), 'B;');
  await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'SETUP' });
});
