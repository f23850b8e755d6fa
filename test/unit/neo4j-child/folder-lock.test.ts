import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { livingHolder, takeLock } from '../../../src/neo4j-child/folder-lock.js';
import { isSameProcess, processIdentity } from '../../../src/neo4j-child/process-identity.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'lock.json');
});
afterEach(() => rm(folder, { recursive: true }));

test('a lock is held until it is released, and leaves nothing behind', async () => {
  const lock = await takeLock(path);
  expect(await takeLock(path)).toMatchObject({ heldBy: { pid: process.pid } });
  await expect(livingHolder(path)).resolves.toMatchObject({ pid: process.pid });
  if ('release' in lock) await lock.release();
  await expect(readdir(folder)).resolves.toEqual([]);
});

test('the lock of a process that died is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  const pid = child.pid!;
  const identity = (await processIdentity(pid))!;
  await new Promise((done) => child.once('exit', done));
  await writeFile(path, JSON.stringify({ pid, identity }));
  await expect(livingHolder(path)).resolves.toBeUndefined();
  expect(await takeLock(path)).toHaveProperty('release');
});

test('the lock of a process whose number went to another is taken over', async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, identity: 'another beginning' }));
  expect(await takeLock(path)).toHaveProperty('release');
});

test('a lock file that is not whole is taken over', async () => {
  await writeFile(path, '{"pid":');
  expect(await takeLock(path)).toHaveProperty('release');
});

test('of many that find a stale lock, one wins', async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, identity: 'another beginning' }));
  const code = `import { takeLock } from ${JSON.stringify(new URL('../../../src/neo4j-child/folder-lock.ts', import.meta.url).href)};
    const got = await takeLock(${JSON.stringify(path)});
    process.stdout.write('release' in got ? 'won' : 'lost');
    setTimeout(() => undefined, 20_000);`;
  const script = join(folder, 'take.mts');
  await writeFile(script, code);
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script]),
  );
  const outcomes = await Promise.all(
    children.map(
      (child) =>
        new Promise<string>((done) => {
          child.stdout.once('data', (data: Buffer) => {
            done(data.toString());
          });
        }),
    ),
  );
  for (const child of children) child.kill();
  expect(outcomes.sort()).toEqual(['lost', 'lost', 'lost', 'won']);
});

test('a process is known by when it began', async () => {
  const mine = (await processIdentity(process.pid))!;
  await expect(isSameProcess(process.pid, mine)).resolves.toBe(true);
  await expect(isSameProcess(process.pid, 'another beginning')).resolves.toBe(false);
  await expect(processIdentity(2 ** 22 + 1)).resolves.toBeUndefined();
});
