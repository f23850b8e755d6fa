import { Command } from 'commander';
import { rebuildProjection } from '../rebuild/index.js';
import { startBar } from './progress.js';
import { say } from './terminal.js';
import { withStore } from './with-store.js';

/** `custody-graph rebuild`: drops the projection and derives it again from the events. */
export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('drop the projection and derive it again from the events')
    .action(async () => {
      let events = 0;
      await withStore(async ({ store }) => {
        const bar = startBar('rebuild', 'events');
        await rebuildProjection(store.graph, (done, total) => {
          events = done;
          bar.update(done, total);
        });
        bar.stop();
      });
      say(`Derived again from ${events} events.`);
    });
}
