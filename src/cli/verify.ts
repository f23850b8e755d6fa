import { Command } from 'commander';
import { verifyProjection } from '../rebuild/index.js';
import { startBar } from './progress.js';
import { note, say } from './terminal.js';
import { withStore } from './with-store.js';

const SHOWN = 20;

/** `custody-graph verify`: compares the projection with a fresh derivation; exit code 1 when they differ. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('compare the projection with a fresh derivation and report differences')
    .action(async () => {
      const { events, lines, missing, unexpected, movedOn } = await withStore(async ({ store }) => {
        const bar = startBar('verify', 'events');
        try {
          return await verifyProjection(store.graph, bar.update);
        } finally {
          bar.stop();
        }
      });
      const differences = missing.length + unexpected.length;
      if (differences === 0) {
        say(`The projection is right: ${events} events give the ${lines} facts that are stored.`);
        return;
      }
      for (const line of missing.slice(0, SHOWN)) note(`missing    ${line}`);
      for (const line of unexpected.slice(0, SHOWN)) note(`unexpected ${line}`);
      const remedy = movedOn
        ? 'Events were captured meanwhile, which may be the reason. Verify again without captures.'
        : 'Run "custody-graph rebuild".';
      say(`${differences} differences; the first are above. ${remedy}`);
      process.exitCode = 1;
    });
}
