import { Command } from 'commander';
import { makeBackup } from '../backup/make-backup.js';
import { systemClock } from '../shared/clock.js';
import { VERSION } from '../version.js';
import { embeddedStore } from './embedded-store.js';
import { startBar } from './progress.js';
import { say } from './terminal.js';

/** `custody-graph backup`: writes the store of DATA_DIR to one file, while no service uses it. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('write the store in DATA_DIR to one file; the service must be stopped')
    .argument('<file>', 'a new file; it gets this name when it is complete')
    .action(async (file: string) => {
      const neo4j = embeddedStore('backup');
      const bar = startBar('backup', '%');
      try {
        const { events, position } = await makeBackup(file, {
          neo4j,
          now: () => systemClock.now(),
          program: VERSION,
          onPercent: (percent) => {
            bar.update(percent, 100);
          },
        });
        bar.stop();
        say(`${file}: ${events} events, up to position ${position} of the log.`);
      } finally {
        bar.stop();
      }
    });
}
