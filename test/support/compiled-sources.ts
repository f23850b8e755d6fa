/** The sources as JavaScript, for processes that tests start: they load in a third of the time that tsx takes. */
import { transformFile } from '@swc/core';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const NOT_LINKED = new Set(['src', 'test', 'node_modules', '.data', '.git']);

let compiled: Promise<string> | undefined;

/** Folder that looks like the checkout, with `src/` and the script in JavaScript; made once for a test file. The next run removes it. */
export function compiledSources(script: string): Promise<string> {
  compiled ??= compile(join(root, '.data', 'test', String(process.pid), 'compiled'), script);
  return compiled;
}

async function compile(folder: string, script: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(root))
    if (!NOT_LINKED.has(name)) await symlink(join(root, name), join(folder, name)).catch(() => 0);
  const files = await readdir(join(root, 'src'), { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.startsWith('playground'));
  for (const source of [...sources.map((file) => join('src', file)), script]) {
    const { code } = await transformFile(join(root, source), { cwd: root });
    const target = join(folder, source.replace(/ts$/, 'js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
  return folder;
}
