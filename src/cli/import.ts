import { Command } from 'commander';
import { notWired } from './not-wired.js';

/** `custody-graph import`: capture EPCIS documents from files; run again to resume. */
export function importCommand(): Command {
  return new Command('import')
    .description('capture EPCIS documents from files; run again to resume')
    .argument('<files...>', 'EPCIS 2.0 JSON documents')
    .action(() => notWired('capture, inside withStore'));
}
