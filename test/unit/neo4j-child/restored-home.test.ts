import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldersOf } from '../../../src/neo4j-child/folders.js';
import { settleHome } from '../../../src/neo4j-child/restored-home.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'custody-home-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

/** Which store each folder has when the process of a restore was killed, and which one is there afterwards. */
test.each([
  ['while it loads', { home: 'old', restoring: 'part' }, 'old'],
  ['when it is complete', { home: 'old', restored: 'new' }, 'new'],
  ['when the old one is moved away', { replaced: 'old', restored: 'new' }, 'new'],
  ['when the new one is in its place', { home: 'new', replaced: 'old' }, 'new'],
  [
    'after an earlier one left something',
    { home: 'old', replaced: 'older', restored: 'new' },
    'new',
  ],
  ['when there was no store', { restored: 'new' }, 'new'],
  ['when there was no store, while it loads', { restoring: 'part' }, undefined],
])('a restore that was killed %s leaves a whole store', async (_, found, expected) => {
  const folders = foldersOf(dataDir);
  for (const [name, store] of Object.entries(found)) {
    await mkdir(folders[name as keyof typeof found], { recursive: true });
    await writeFile(join(folders[name as keyof typeof found], 'store'), store);
  }
  await mkdir(folders.root, { recursive: true });

  await settleHome(folders);

  expect(await readdir(folders.root)).toEqual(expected === undefined ? [] : ['home']);
  const store = await readFile(join(folders.home, 'store'), 'utf8').catch(() => undefined);
  expect(store).toBe(expected);
});
