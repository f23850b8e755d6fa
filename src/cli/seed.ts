import { Command } from 'commander';
import { notWired } from './not-wired.js';

/** `custody-graph seed`: load demo scenarios through capture. */
export function seedCommand(): Command {
  return new Command('seed')
    .description('load demo scenarios through capture')
    .argument('[scenario]', 'name of a folder in seeds/scenarios')
    .option('--all', 'all of them')
    .action(() => notWired('capture, inside withStore'));
}
