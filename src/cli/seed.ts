import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { loadScenarios } from '../capture/index.js';
import { Problem } from '../shared/problem.js';
import { say } from './terminal.js';
import { withCapture } from './with-capture.js';

const folder = fileURLToPath(new URL('../../seeds/scenarios', import.meta.url));

/** `custody-graph seed`: captures demo scenarios like any other document. */
export function seedCommand(): Command {
  return new Command('seed')
    .description('load demo scenarios through capture')
    .argument('[scenario...]', 'names of folders in seeds/scenarios')
    .option('--all', 'all of them')
    .action(async (names: string[], options: { all?: true }) => {
      if (names.length === 0 && options.all !== true)
        throw new Problem('SETUP', 'Name a scenario of seeds/scenarios, or use --all.');
      const loaded = await withCapture(({ capture }) =>
        loadScenarios(capture, folder, options.all === true ? undefined : names),
      );
      say(
        `${loaded.events} events of ${loaded.scenarios} scenarios stored; events that were already known are not counted.`,
      );
    });
}
