import { Command } from 'commander';
import { say } from './terminal.js';
import { withStore } from './with-store.js';

/** `custody-graph migrate`: brings the database to this version's schema and says what was done. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('apply the migrations of schema/migrations that are missing')
    .action(async () => {
      const { applied, present } = await withStore(({ store }) => Promise.resolve(store.report));
      say(
        applied.length === 0
          ? `Nothing to do: ${present.length} applied before.`
          : `Applied ${applied.join(', ')}.`,
      );
    });
}
