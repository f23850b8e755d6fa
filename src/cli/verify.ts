import { Command } from 'commander';
import { hostView } from '../access/view.js';
import { verifyAccesses } from '../audit/index.js';
import type { AccessVerdict } from '../audit/index.js';
import { verifyProjection } from '../rebuild/index.js';
import { startBar } from './progress.js';
import { note, say } from './terminal.js';
import { withStore } from './with-store.js';

const SHOWN = 20;

/** `custody-graph verify`: compares the projection with a fresh derivation, and checks the audit log; exit code 1 for any fault. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'compare the projection with a fresh derivation, check the audit log, and report differences',
    )
    .action(async () => {
      const { projection, audit } = await withStore(async ({ store: { graph } }) => {
        const bar = startBar('verify', 'events');
        try {
          const projection = await verifyProjection(graph, bar.update);
          return { projection, audit: await verifyAccesses(hostView(graph)) };
        } finally {
          bar.stop();
        }
      });
      tellAudit(audit);
      const { events, lines, missing, unexpected, movedOn } = projection;
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

function tellAudit({ entries, faults }: AccessVerdict): void {
  for (const fault of faults.slice(0, SHOWN)) note(`audit log: ${fault}`);
  if (faults.length === 0) say(`The audit log is whole: ${entries} entries.`);
  else process.exitCode = 1;
}
