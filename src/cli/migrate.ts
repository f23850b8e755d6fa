import { Command } from 'commander';
import { say } from './terminal.js';
import { withStore } from './with-store.js';

/** `custody-graph migrate`: applies the missing migrations to the database and reports them. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('apply the missing migrations of schema/migrations')
    .action(async () => {
      const { applied, present } = await withStore(({ store }) => Promise.resolve(store.report));
      say(
        applied.length === 0
          ? `Nothing to do: ${present.length} were applied before.`
          : `Applied ${applied.join(', ')}.`,
      );
    });
}
