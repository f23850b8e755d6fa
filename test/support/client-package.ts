import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The folder of the client kit as a package, built first when it is older than its sources. */
export async function clientPackage(): Promise<string> {
  await run(process.execPath, [join('bin', 'build.js'), 'sdk']);
  return resolve('dist/sdk');
}

/** Installs the packed kit into a new folder, as somebody who has nothing else does. */
export async function installClientPackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const { stdout } = await run('npm', ['pack', await clientPackage(), '--json'], { cwd: folder });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed!.filename}`], {
    cwd: folder,
  });
}
