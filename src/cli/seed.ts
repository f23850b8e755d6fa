import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { createKey } from '../access/create-key.js';
import { hostView } from '../access/view.js';
import { loadScenarios } from '../capture/index.js';
import { admitDemoPartners } from '../rebuild/index.js';
import { systemClock } from '../shared/clock.js';
import { Problem } from '../shared/problem.js';
import { say } from './terminal.js';
import { withCapture } from './with-capture.js';
import { withStore } from './with-store.js';

const folder = fileURLToPath(new URL('../../seeds/scenarios', import.meta.url));

/** `custody-graph seed`: captures demo scenarios like any other document. */
export function seedCommand(): Command {
  return new Command('seed')
    .description('load demo scenarios through capture')
    .argument('[scenario...]', 'names of folders in seeds/scenarios')
    .option('--all', 'all of them')
    .option('--partners', 'let three companies of the demo take part, and print a key for each')
    .action(async (names: string[], options: { all?: true; partners?: true }) => {
      if (options.partners === true) await printPartners();
      if (names.length === 0 && options.all !== true) {
        if (options.partners === true) return;
        throw new Problem('SETUP', 'Name a scenario of seeds/scenarios, or use --all.');
      }
      const loaded = await withCapture(({ capture }) =>
        loadScenarios(capture, folder, options.all === true ? undefined : names),
      );
      say(
        `${loaded.events} events of ${loaded.scenarios} scenarios stored; events that were already known are not counted.`,
      );
    });
}

const partnersFile = fileURLToPath(new URL('../../seeds/partners.json', import.meta.url));
const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

/** The keys are good for 30 days. */
async function printPartners(): Promise<void> {
  await withStore(async ({ store: { graph } }) => {
    const deps = { view: hostView(graph), clock: systemClock };
    for (const { name, organisation } of await admitDemoPartners(graph, partnersFile)) {
      const { secret } = await createKey(deps, {
        ...{ label: `${name}, demo`, organisation, roles: ['partner'], scopes: null, sites: null },
        expiresAt: systemClock.now() + MONTH_MS,
      });
      say([name.padEnd(8), organisation, secret].join('  '));
    }
  });
}
