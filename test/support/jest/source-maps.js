/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
import { Buffer } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

/**
 * Where jest finds the source map of a module, by its URL: made when a stack is shown, which few are.
 *
 * @extends {Map<string, string>}
 */
export class SourceMaps extends Map {
  /**
   * @param {string} url
   * @override
   */
  get(url) {
    if (!this.has(url) && url.startsWith('file:') && url.endsWith('.ts')) {
      const { map = '' } = transformFileSync(fileURLToPath(url), { sourceMaps: true });
      this.set(url, `data:application/json;base64,${Buffer.from(map).toString('base64')}`);
    }
    return super.get(url);
  }
}
