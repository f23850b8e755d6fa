import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { standards } from './test-settings.js';

const folder = standards ?? fileURLToPath(new URL('../../../shared/standards', import.meta.url));

/** The standards' own files (JSON schema, event hash vectors, examples); undefined where they are not on this machine. */
export const standardsFolder: string | undefined = existsSync(folder) ? folder : undefined;

/** `describe` for tests that read {@link standardsFolder}; skipped, and reported so, where it is absent. */
export const describeWithStandards: jest.Describe =
  standardsFolder === undefined ? describe.skip : describe;

/** The same for a single `test`. */
export const testWithStandards: jest.It = standardsFolder === undefined ? test.skip : test;
