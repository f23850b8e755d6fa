import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('peers', import.meta.url));

/** A package that only the comparison with others needs: `bench/peers` has a lock file of its own. */
export const peer = createRequire(`${folder}/package.json`);

/** Installs these packages, once. */
export function installPeers(): void {
  if (existsSync(`${folder}/node_modules`)) return;
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', folder], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('npm could not install the packages of bench/peers');
}
