import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const NOT_OURS = new Set(['node_modules', 'dist', '.data', '.git', 'coverage']);

const SETTINGS = ['.npmrc', 'package.json', 'package-lock.json'];

/** Every file of the checkout, what a run makes apart. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /\.(log|eslintcache)$/.test(entry.name) ? [] : [path];
  });
}

const read = (path: string): string => readFileSync(path, 'utf8');

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Package;

  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test.each(SETTINGS)('%s names no registry: whoever installs has one of his own', (file) => {
  expect(read(file)).not.toMatch(/"resolved"|registry *=|registry\.[a-z]|\b_auth|\/\/[^/\s]+\/:_/);
});

test('every package of the lock has the hash it is checked against when it is fetched', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { readonly integrity?: string }>;
  };

  const unchecked = Object.entries(packages).filter(
    ([path, { integrity }]) => path !== '' && !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''),
  );
  expect(unchecked).toEqual([]);
});

test('no file names a folder of the machine it was written on', () => {
  const machine = new RegExp(String.raw`(?<![\w.~-])/(?:work|root|Users|home/[a-z]+)/[\w.]`);

  expect(filesIn('.').filter((file) => machine.test(read(file)))).toEqual([]);
});
