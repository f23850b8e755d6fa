/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
/**
 * Builds what is out of date: `dist/` by tsc from src/, `dist/playground/` by vite from src/playground/, and `dist/sdk/`, the package of
 * the client kit, by tsc from src/sdk/. Run by itself (`npm run build`) and by bin/custody-graph.js before every command.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (/** @type {string[]} */ ...parts) => join(root, ...parts);

/** What of src/ is built by itself. */
const APART = ['playground', 'sdk'];

/**
 * @param {string} path file or folder
 * @param {(path: string) => boolean} counts
 * @returns {number} newest change below it, ms; 0 when it is not there
 */
function newest(path, counts = () => true) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined || !counts(path)) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  // A folder's own time tells of files taken away.
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name), counts)),
    info.mtimeMs,
  );
}

/**
 * @param {string} what
 * @param {string[]} args of node
 * @param {string} cwd
 */
function run(what, args, cwd = root) {
  process.stderr.write(`Building ${what} …\n`);
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`Building ${what} failed.\n`);
  process.exit(1);
}

/**
 * @param {string} stamp
 * @param {number} since
 */
function isFresh(stamp, since) {
  return (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? -1) >= since;
}

function buildService() {
  const sources = Math.max(
    newest(at('src'), (path) => !APART.some((name) => path === at('src', name))),
    newest(at('tsconfig.json')),
    newest(at('package-lock.json')),
  );
  const stamp = at('dist', '.built');
  if (isFresh(stamp, sources)) return;
  const began = new Date(sources);
  const info = at('node_modules', '.cache', 'tsc-build.tsbuildinfo');
  // tsc leaves out what it believes to be there: without dist/ its memory is wrong.
  if (!existsSync(stamp)) rmSync(info, { force: true });
  run('the service', [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'src']);
  removeStale(at('dist'), at('src'));
  writeFileSync(stamp, `${began.toISOString()}\n`);
}

/**
 * @param {string} dist
 * @param {string} src
 */
function removeStale(dist, src) {
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    const built = join(dist, entry.name);
    const source = join(src, entry.name);
    if (entry.isDirectory()) {
      if (APART.some((name) => built === at('dist', name))) continue;
      if (existsSync(source)) removeStale(built, source);
      else rmSync(built, { recursive: true });
    } else if (/\.js(\.map)?$/.test(entry.name)) {
      if (!existsSync(source.replace(/\.js(\.map)?$/, '.ts'))) rmSync(built);
    }
  }
}

function buildPlayground() {
  const folder = at('src', 'playground');
  if (!existsSync(join(folder, 'index.html'))) return;
  const stamp = at('dist', '.built-playground');
  const sources = Math.max(newest(folder), newest(at('package-lock.json')));
  if (isFresh(stamp, sources) && existsSync(at('dist', 'playground', 'index.html'))) return;
  run(
    'the playground',
    [at('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
    folder,
  );
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(stamp, '');
}

function buildSdk() {
  const folder = at('src', 'sdk');
  const [made, stamp] = [at('dist', 'sdk'), at('dist', '.built-sdk')];
  const sources = Math.max(newest(folder), newest(at('tsconfig.json')));
  if (isFresh(stamp, sources) && existsSync(made)) return;
  // Beside, so that a service that starts meanwhile finds all of it.
  const making = at('dist', '.making-sdk');
  rmSync(making, { recursive: true, force: true });
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
  run('the client kit', [tsc, '-p', folder, '--outDir', making]);
  for (const name of ['package.json', 'README.md', 'portal.html'])
    copyFileSync(join(folder, name), join(making, name));
  copyFileSync(at('LICENSE'), join(making, 'LICENSE'));
  rmSync(made, { recursive: true, force: true });
  renameSync(making, made);
  writeFileSync(stamp, '');
}

/** Builds what is older than its sources; where there are no sources or no compiler (an image), there is nothing to do. */
export function build() {
  if (!existsSync(at('src')) || !existsSync(at('node_modules', 'typescript'))) return;
  buildService();
  buildPlayground();
  buildSdk();
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  if (process.argv[2] === 'sdk') buildSdk();
  else build();
}
