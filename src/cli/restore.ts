import { Command } from 'commander';
import { restoreBackup } from '../backup/restore-backup.js';
import type { Restored } from '../backup/restore-backup.js';
import { systemClock } from '../shared/clock.js';
import { embeddedStore } from './embedded-store.js';
import { startBar } from './progress.js';
import { note, say } from './terminal.js';

/** `custody-graph restore`: puts the store of a backup into DATA_DIR, while no service uses it. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('put the store of a backup into DATA_DIR; the service must be stopped')
    .argument('<file>', 'a file that "custody-graph backup" wrote')
    .option('--replace', 'remove the store that is in DATA_DIR')
    .action(async (file: string, options: { readonly replace?: true }) => {
      const neo4j = embeddedStore('restore');
      const bar = startBar('restore', '%');
      try {
        const restored = await restoreBackup(file, {
          neo4j,
          replace: options.replace === true,
          now: () => systemClock.now(),
          onPercent: (percent) => {
            bar.update(percent, 100);
          },
        });
        bar.stop();
        tell(file, restored);
      } finally {
        bar.stop();
      }
    });
}

function tell(file: string, { facts, applied, serialPools }: Restored): void {
  const { events, position, createdAt } = facts;
  if (applied.length > 0) say(`Applied ${applied.join(', ')}.`);
  say(`${file}: restored ${events} events, up to position ${position}, as of ${createdAt}.`);
  note(
    'What was captured after that is missing: capture it again. Cursors of subscriptions that were given out after it get CURSOR_EXPIRED.',
  );
  if (serialPools > 0)
    note(
      'Serial numbers that were allocated after the backup would be given out again. Before you start the service, find out whether there are any.',
    );
}
