/** The sources as JavaScript, for processes that tests start: they load in a third of the time that tsx takes. */
import { transformFile } from '@swc/core';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const NOT_LINKED = new Set(['src', 'test', 'node_modules', '.data', '.git']);

/** What tests run as a process of its own, besides the service. */
const SCRIPTS = ['serve-when-told', 'hold-neo4j'].map((name) => join('test/support', `${name}.ts`));

let compiled: Promise<string> | undefined;

/** Folder that looks like the checkout, with `src/` and these scripts in JavaScript; made once for a worker. The next run removes it. */
export function compiledSources(): Promise<string> {
  compiled ??= compile(join(root, '.data', 'test', String(process.pid), 'compiled'));
  return compiled;
}

async function compile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(root))
    if (!NOT_LINKED.has(name)) await symlink(join(root, name), join(folder, name)).catch(() => 0);
  const files = await readdir(join(root, 'src'), { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.startsWith('playground'));
  for (const source of [...sources.map((file) => join('src', file)), ...SCRIPTS]) {
    const { code } = await transformFile(join(root, source), { cwd: root });
    const target = join(folder, source.replace(/ts$/, 'js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
  return folder;
}
