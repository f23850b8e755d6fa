import { Command } from 'commander';
import { notWired } from './not-wired.js';

/** `custody-graph rebuild`: drop the projection and derive it again from the events. */
export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('drop the projection and derive it again from the events')
    .action(() => notWired('rebuild, inside withStore'));
}
