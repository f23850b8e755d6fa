import { Command } from 'commander';
import { notWired } from './not-wired.js';

/** `custody-graph verify`: compare the projection with a fresh derivation and report differences. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('compare the projection with a fresh derivation and report differences')
    .action(() => notWired('verify, inside withStore'));
}
